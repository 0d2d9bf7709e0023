"""What a box holds: against counts by hand, SciPy's binomial test, the EMA Workbench, and the cover of intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leverage.influence.boxes import (
    Box,
    Limit,
    Share,
    chance_of,
    inside,
    judged,
    p_value,
    p_values,
    rounded,
    score,
    share,
    without,
)
from tests.influence.failing import uniform, with_chance


def test_a_box_holds_what_lies_within_all_its_limits_ends_included() -> None:
    x = np.array([[0.0, 1, 2, 3], [5, 6, 7, 8]])
    assert inside({}, x).tolist() == [True] * 4
    assert inside({0: Limit(low=1), 1: Limit(high=7)}, x).tolist() == [False, True, True, False]
    assert inside({0: Limit(low=1, high=2)}, x).tolist() == [False, True, True, False]
    assert inside({0: Limit(values=(0.0, 3.0))}, x).tolist() == [True, False, False, True]
    assert without({0: Limit(low=1), 1: Limit(high=7)}, 0) == {1: Limit(high=7)}


def test_coverage_density_and_mass_are_counts_by_hand() -> None:
    held, miss = np.array([1, 1, 1, 0, 0], dtype=bool), np.array([1, 1, 0, 1, 0], dtype=bool)
    assert share(held, miss) == Share(2 / 3, 2 / 3, 3 / 5)
    assert share(held, miss, all_misses=8) == Share(2 / 8, 2 / 3, 3 / 5)
    assert share(~held & False, miss) == Share(0.0, 0.0, 0.0)


def test_the_score_is_0_without_a_box_and_1_for_all_misses_and_nothing_else() -> None:
    assert score(Share(1.0, 0.3, 1.0), 0.3) == 0
    assert score(Share(1.0, 1.0, 0.3), 0.3) == 1
    assert score(Share(0.5, 0.2, 0.5), 0.3) == 0  # worse than everywhere
    assert score(Share(1.0, 1.0, 1.0), 1.0) == 0  # all miss: nothing to tell apart


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.001, 0.999))
def test_the_chance_of_so_many_misses_is_scipys_binomial_test(misses: int, more: int, base: float) -> None:
    count = misses + more
    if count:
        expected = stats.binomtest(misses, count, base, alternative="greater").pvalue
        assert chance_of(misses, count, base) == pytest.approx(expected, rel=1e-9)


def test_a_p_value_compares_a_box_with_what_it_lies_in() -> None:
    box, wider = np.array([1] * 6 + [0] * 14, dtype=bool), np.ones(20, dtype=bool)
    miss = np.array([1] * 5 + [0] + [1] * 3 + [0] * 11, dtype=bool)
    assert p_value(box, wider, miss) == pytest.approx(stats.binomtest(5, 6, 8 / 20, alternative="greater").pvalue)
    assert p_value(~wider, wider, miss) == 1.0


def test_quasi_p_values_are_those_of_the_ema_workbench() -> None:
    """EMA Workbench 2.5.3, ``PrimBox.qp`` of the box that its own PRIM found on these samples."""
    rng = np.random.default_rng(3)
    x = rng.random((4, 2000))
    miss = (x[0] < 0.5) & (x[1] > 0.4) & (rng.random(2000) < 0.9) | (rng.random(2000) < 0.05)
    box = {0: Limit(high=0.513138), 1: Limit(low=0.387874)}
    told = share(inside(box, x), miss)
    assert (round(told.coverage, 6), round(told.density, 6), told.mass) == (0.891057, 0.854914, 0.3205)
    found = p_values(box, x, miss, np.ones(2000, dtype=bool))
    assert found == pytest.approx({0: 2.055285482615735e-92, 1: 3.629303552545422e-61}, rel=1e-9)


@pytest.mark.parametrize("seeds", [150, pytest.param(1000, marks=pytest.mark.slow)])
def test_intervals_of_95_percent_cover(seeds: int) -> None:
    """Density and coverage of a given box.

    The share of seeds that cover has a standard error of sqrt(0.95 * 0.05 / seeds); four of them below 0.95, and 0.01
    for the delta method's curvature at four repeats of 250.
    """
    box, cover = {0: Limit(high=0.4)}, np.zeros(2)
    repeat = np.arange(1000) % 4
    for seed in range(seeds):
        x = uniform(2, 1000, seed)
        miss = with_chance(np.where(x[0] < 0.4, 0.6, 0.2), seed)
        told = judged(inside(box, x), miss, np.ones(1000, dtype=bool), repeat, 4)
        assert told.density[0] <= told.share.density <= told.density[1]
        cover += told.density[0] <= 0.6 <= told.density[1], told.coverage[0] <= 0.24 / 0.36 <= told.coverage[1]
    assert np.all(cover / seeds >= 0.94 - 4 * math.sqrt(0.95 * 0.05 / seeds))
    assert np.all(cover / seeds <= 0.96 + 4 * math.sqrt(0.95 * 0.05 / seeds))


def test_where_all_repeats_agree_the_interval_is_wilsons_and_no_point() -> None:
    held = np.arange(80) < 40
    told = judged(held, held, np.ones(80, dtype=bool), np.arange(80) % 4, 4)
    expected = stats.binomtest(40, 40).proportion_ci(method="wilson")
    assert told.density == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert told.density[1] == 1.0
    assert told.density[0] < 0.95


def test_limits_are_rounded_to_what_people_read() -> None:
    x = np.array([np.linspace(0.26, 0.32, 1001), np.linspace(150e3, 210e3, 1001), np.full(1001, 7.0)])
    box: Box = {0: Limit(high=0.287113), 1: Limit(low=166_666.6, high=188_888.8), 2: Limit(low=7.0)}
    # P10 to P90 are 0.048 and 48,000 wide: a 50th is 0.00096 and 960, rounded down to a power of ten
    expected = {0: Limit(high=0.2871), 1: Limit(low=166_700.0, high=188_900.0), 2: Limit(low=7.0)}
    assert rounded(box, x) == expected


def test_in_a_thin_box_and_far_out_limits_stay_fine_enough_to_hold_what_they_held() -> None:
    x = np.array([np.linspace(0, 1, 10_001), np.geomspace(1e-4, 1e4, 10_001)])
    # a 50th of what lies between P10 and P90 is 0.016 of the first, and 50 of the second
    box: Box = {0: Limit(low=0.497013, high=0.503013), 1: Limit(high=0.00512345)}
    told = rounded(box, x)
    assert told == {0: Limit(low=0.497, high=0.503), 1: Limit(high=0.005)}
    for row, limit in told.items():
        before, after = box[row].holds(x[row]), limit.holds(x[row])
        assert np.count_nonzero(before != after) <= 0.05 * np.count_nonzero(before)


def test_levels_too_far_apart_for_numbers_to_hold_stay_as_they_are() -> None:
    box: Box = {0: Limit(high=0.123456)}
    assert rounded(box, np.linspace(-1, 1, 101)[None] * 1.7e308) == box
    assert rounded(box, np.where(np.arange(100) < 50, -np.inf, np.inf)[None]) == box


def test_values_side_by_side_become_a_range() -> None:
    x = np.array([[0.0, 1, 2, 3, 4]])
    expected = {(0, 1): Limit(high=1), (3, 4): Limit(low=3), (1, 2): Limit(1, 2), (1, 3): Limit(values=(1, 3))}
    for values, limit in expected.items():
        assert rounded({0: Limit(values=values)}, x) == {0: limit}
