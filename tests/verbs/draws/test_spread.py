"""What is left of samples: bins that fit whatever the samples are."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.verbs.draws.spread import Kept


@pytest.mark.parametrize("least", [0.3, 0.0, -7.0, 1e20, -1e200])
def test_samples_that_differ_by_rounding_alone_fall_into_the_middle_of_bins(least: float) -> None:
    values = np.array([least, np.nextafter(least, np.inf), np.nan])
    counts, ends = Kept({"y": values}).histogram("y", 24)
    assert counts.sum() == 2
    assert counts[11:13].sum() == 2
    assert (np.diff(ends) > 0).all()


def test_bins_go_from_the_least_sample_to_the_greatest() -> None:
    values = np.random.default_rng(0).normal(size=1_000)
    counts, ends = Kept({"y": values}).histogram("y", 24)
    expected, edges = np.histogram(values, 24)
    assert counts.tolist() == expected.tolist()
    assert ends.tolist() == edges.tolist()
