"""Rows summed up together: the figures of each row alone, to the bit, and the rows as they were."""

from __future__ import annotations

from dataclasses import fields
from unittest.mock import patch

import numpy as np
import pytest

from leverage.sampling import rows
from leverage.sampling.rows import summaries
from leverage.sampling.summary import Summary, summarise

QUANTILES = (0.0, 0.05, 0.5, 0.9, 1.0)


def drawn(rows: int, n: int, seed: int = 0) -> np.ndarray:
    """Rows of very different sizes."""
    rng = np.random.default_rng(seed)
    return np.asarray(np.exp(rng.normal(size=(rows, n))) * 10.0 ** rng.integers(-5, 6, size=(rows, 1)))


def bits(summary: Summary) -> list[object]:
    """Every figure, so that a not-a-number equals another and a float only the same one."""
    figures = (getattr(summary, field.name) for field in fields(summary))
    return [repr(x.tolist() if isinstance(x, np.ndarray) else x) for x in figures]


def alike(values: np.ndarray, repeats: int) -> None:
    targets = [None if row % 3 == 0 else float(np.nanmedian(values[row])) for row in range(len(values))]
    signs = [1.0 if row % 2 else -1.0 for row in range(len(values))]
    bases = [None if row % 4 == 1 else float(np.nanmax(values[row]) / 2) for row in range(len(values))]
    asked = {"targets": targets, "signs": signs, "bases": bases, "tail": 0.05}
    found = summaries(values, quantiles=QUANTILES, repeats=repeats, **asked)
    for row, (target, sign) in enumerate(zip(targets, signs, strict=True)):
        alone = summarise(
            values[row], quantiles=QUANTILES, repeats=repeats, target=target, sign=sign, base=bases[row], tail=0.05
        )
        assert bits(found[row]) == bits(alone), row


@pytest.mark.parametrize("n", [1, 7, 16, 23, 1001, rows.LONG, rows.LONG + 1])
@pytest.mark.parametrize("repeats", [1, 8])
def test_rows_together_have_the_figures_of_each_row_alone_to_the_bit(n: int, repeats: int) -> None:
    alike(drawn(9, n), repeats)


@pytest.mark.parametrize("repeats", [1, 8])
def test_rows_with_samples_that_are_not_finite_and_constant_ones_do_not_disturb_their_neighbours(repeats: int) -> None:
    values = drawn(12, 400)
    values[2, 5], values[3, 7], values[4] = np.inf, np.nan, 1.5
    values[5] = np.inf
    alike(values, repeats)


def test_where_slabs_end_changes_no_bit_and_the_rows_stay_as_they_are() -> None:
    values = drawn(25, 640)
    before = values.copy()
    settings = {"quantiles": QUANTILES, "repeats": 8, "targets": [1.0] * 25, "signs": [1.0] * 25}
    wanted = [bits(found) for found in summaries(values, **settings)]
    for slab in (1, 640 * 7, 640 * 24):
        with patch.object(rows, "SLAB", slab):
            assert [bits(found) for found in summaries(values, **settings)] == wanted
    np.testing.assert_array_equal(values, before)
