"""Limits settle where the misses end, and where no thin slice makes the box better."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.influence.boxes import Box, Limit, inside, score, share
from leverage.influence.settle import SLICE, settled
from tests.influence.failing import uniform, with_chance


@pytest.mark.parametrize(
    "box",
    [
        {0: Limit(low=0.25, high=0.57), 1: Limit(low=0.43)},  # too wide, too narrow
        {0: Limit(low=0.34, high=0.66), 1: Limit(low=0.61)},
    ],
)
def test_limits_come_within_a_thin_slice_of_where_misses_end(box: Box) -> None:
    x = uniform(2, 20_000)
    miss = (x[0] > 0.3) & (x[0] < 0.6) & (x[1] > 0.5)
    found = settled(x, miss, box)
    # a slice of 1 % of the box is 0.003 of the first leaf's length and 0.005 of the second's
    assert (found[0].low, found[0].high, found[1].low) == pytest.approx((0.3, 0.6, 0.5), abs=1.5 * SLICE * 0.5)


def test_a_limit_that_is_moved_past_all_samples_goes() -> None:
    x = uniform(2, 2000)
    assert set(settled(x, x[0] < 0.4, {0: Limit(high=0.4), 1: Limit(low=0.1)})) == {0}


def test_values_come_and_go() -> None:
    x = np.tile([0.0, 1, 2, 3, 4], 200)[None]
    miss = np.isin(x[0], (1.0, 4.0))
    assert settled(x, miss, {0: Limit(values=(1.0, 2.0))}) == {0: Limit(values=(1.0, 4.0))}


def test_no_move_makes_the_score_fall_or_the_density_less_than_wanted() -> None:
    x = uniform(3, 5000)
    miss = with_chance(np.clip(1.2 - x.sum(axis=0), 0, 1))
    box: Box = {0: Limit(high=0.3), 1: Limit(high=0.3)}
    before = share(inside(box, x), miss)
    for dense in (0.0, before.density - 0.01):
        after = share(inside(settled(x, miss, box, dense), x), miss)
        assert after.density >= dense
        assert score(after, float(miss.mean())) >= score(before, float(miss.mean()))
