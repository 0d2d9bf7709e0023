"""Peeling: against a plain loop over samples, against the EMA Workbench, and on misses whose box is known."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.influence.boxes import Box, Flags, Limit, inside, share
from leverage.influence.prim import LEAST, PEEL, SURE, Ground, peel
from leverage.panels import Array
from tests.influence.failing import uniform, with_chance

EMA = (  # mass, coverage and density on the way, EMA Workbench 2.5.3: Prim(..., peel_alpha=0.05).find_box()
    (0.95, 0.996748, 0.322632),
    (0.8570, 0.977236, 0.350642),
    (0.6970, 0.956098, 0.421808),
    (0.5385, 0.931707, 0.532033),
    (0.4375, 0.917073, 0.644571),
    (0.3745, 0.904065, 0.742323),
    (0.3205, 0.891057, 0.854914),
    (0.2740, 0.798374, 0.895985),
    (0.2225, 0.658537, 0.910112),
)


def slowly(x: Array, miss: Flags) -> list[list[int]]:
    """The samples on the way, by loops and sorts anew at every step; levels all differ."""
    left, least = list(range(len(miss))), LEAST * miss.sum()
    path = [left]
    while 0 < sum(miss[left]) < len(left):
        density, best = sum(miss[left]) / len(left), None
        for part in PEEL:
            size, top = max(1, int(part * len(left))), None
            for row in x if size < len(left) else []:
                order = sorted(left, key=lambda i, row=row: row[i])
                for gone, kept in ((order[:size], order[size:]), (order[-size:], order[:-size])):
                    gain = (sum(miss[kept]) / len(kept) - density) / size
                    sure = (size * density - sum(miss[gone])) / math.sqrt(size * density * (1 - density))
                    if top is None or gain > top[0]:
                        top = (gain, sure, kept)
            best = best or top
            if top is not None and top[1] >= SURE:
                best = top
                break
            if best is None:
                return path
        assert best is not None
        left = sorted(best[2])
        if sum(miss[left]) < least:
            break
        path.append(left)
    return path


@given(st.integers(1, 4), st.integers(20, 120), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_way_is_that_of_a_plain_loop_over_samples(k: int, n: int, seed: int) -> None:
    x = uniform(k, n, seed)
    miss = with_chance(np.where(x[0] < 0.4, 0.8, 0.2), seed)
    path = peel(Ground.of(x, miss), range(k))
    assert [np.flatnonzero(inside(box, x)).tolist() for box in path] == slowly(x, miss)


def test_the_way_is_that_of_the_ema_workbench() -> None:
    """Its slices differ from ours by a sample, so figures are read between the steps of our way: 0.01 is two slices'
    worth of chance (a slice of 5 % of 700 samples has 35, of which a tenth misses or not by luck).
    """
    rng = np.random.default_rng(3)
    x = rng.random((4, 2000))
    miss = (x[0] < 0.5) & (x[1] > 0.4) & (rng.random(2000) < 0.9) | (rng.random(2000) < 0.05)
    way = [share(inside(box, x), miss) for box in reversed(peel(Ground.of(x, miss), range(4)))]
    masses = [told.mass for told in way]
    for mass, coverage, density in EMA:
        assert np.interp(mass, masses, [told.coverage for told in way]) == pytest.approx(coverage, abs=0.01)
        assert np.interp(mass, masses, [told.density for told in way]) == pytest.approx(density, abs=0.01)


def test_every_box_lies_within_the_one_before_and_holds_a_tenth_of_the_misses() -> None:
    x = uniform(5, 3000)
    miss = x[:3].sum(axis=0) < 1.1
    held = [inside(box, x) for box in peel(Ground.of(x, miss), range(5))]
    for wider, box in pairwise(held):
        assert not np.any(box & ~wider)
        assert np.count_nonzero(box) < np.count_nonzero(wider)
    assert all(share(box, miss).coverage >= LEAST for box in held)


def test_along_a_straight_edge_density_rises_as_coverage_falls() -> None:
    """No box fits a straight edge, so the way is a trade; steps of it are noise of a slice, 1 / sqrt(500) at most."""
    x = uniform(2, 20_000)
    miss = x.sum(axis=0) < 0.8
    way = [share(inside(box, x), miss) for box in peel(Ground.of(x, miss), range(2))]
    coverage, density = (np.array([getattr(told, name) for told in way]) for name in ("coverage", "density"))
    assert np.all(np.diff(coverage) <= 0)
    assert np.all(np.diff(density) > -0.02)
    assert density[-1] > 0.99


def test_misses_at_both_ends_of_a_leaf_are_found_though_no_thin_slice_helps() -> None:
    x = uniform(3, 20_000)
    miss = (x[0] < 0.3) | (x[0] > 0.8)
    last = peel(Ground.of(x, miss), range(3))[-1]
    assert share(inside(last, x), miss).density > 0.95
    assert set(last) == {0}


def test_a_leaf_of_few_values_loses_them_one_by_one_and_in_no_order() -> None:
    x = np.array([np.tile([0.0, 1, 2, 3, 4], 400), uniform(1, 2000)[0]])
    miss = np.isin(x[0], (1.0, 4.0))
    assert peel(Ground.of(x, miss), range(2))[-1] == {0: Limit(values=(1.0, 4.0))}


def test_equal_levels_go_together() -> None:
    """A leaf held at its bound: half of the samples are 0 and cannot be told apart."""
    x = np.maximum(uniform(1, 2000) - 0.5, 0)
    path = peel(Ground.of(x, x[0] > 0), range(1))
    assert [np.count_nonzero(inside(box, x)) for box in path] == [2000, np.count_nonzero(x > 0)]


@pytest.mark.parametrize("miss", [np.zeros(100, dtype=bool), np.ones(100, dtype=bool)])
def test_where_all_samples_are_alike_there_is_nothing_to_peel(miss: Flags) -> None:
    assert peel(Ground.of(uniform(2, 100), miss), range(2)) == [{}]


def test_only_the_named_leaves_are_restricted_and_of_equals_the_first() -> None:
    x = np.repeat(uniform(1, 1000), 3, axis=0)
    ground = Ground.of(x, x[0] < 0.3)
    assert [set(peel(ground, rows)[-1]) for rows in ([0, 1, 2], [1, 2], [2])] == [{0}, {1}, {2}]


def test_what_a_box_does_not_hold_is_sorted_as_if_it_were_alone() -> None:
    x = uniform(3, 500)
    miss = x[1] < 0.5
    box: Box = {0: Limit(high=0.4)}
    left, alone = Ground.of(x, miss).outside(box), x[0] > 0.4
    anew = Ground.of(x[:, alone], miss[alone])
    for name in ("x", "miss", "order", "few"):
        np.testing.assert_array_equal(getattr(left, name), getattr(anew, name))


def test_the_scale_of_a_leaf_tells_nothing() -> None:
    x = uniform(3, 2000)
    miss = with_chance(np.clip(1.4 - x.sum(axis=0), 0, 1))
    other = np.array([np.exp(9 * x[0]), -1 / (1 + x[1]), 1e9 + x[2]])
    ways = ([inside(box, each) for box in peel(Ground.of(each, miss), range(3))] for each in (x, other))
    for one, two in zip(*ways, strict=True):
        np.testing.assert_array_equal(one, two)
