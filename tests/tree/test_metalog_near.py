"""The nearest quantiles that a metalog has: against another optimiser, and pasted back over random refusals."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, minimize

from leverage.errors import LeverageError
from leverage.quantity import read as figure
from leverage.tree import metalog, metalog_fit
from leverage.tree.families.unsmooth import NoSmoothDistribution
from leverage.tree.metalog_near import LEAST_SLOPE, folds, nearest, weighed
from leverage.tree.uncertainty import ranged, read

INF = math.inf
MANY = [5, 10, 25, 50, 75, 90, 95]
CASES = {
    "three": ((0.1, 0.5, 0.9), (1.0, 4.9, 5.0)),
    "three, not round the median": ((0.2, 0.4, 0.7), (1.0, 1.05, 5.0)),
    "five": ((0.05, 0.25, 0.5, 0.75, 0.95), (1.0, 2.0, 3.9, 4.0, 6.0)),
    "seven": (tuple(p / 100 for p in MANY), (2.2, 3.4, 4.3, 4.5, 5.2, 5.3, 7.8)),
}
BOUNDS = {"none": (-INF, INF), "low": (0.0, INF), "high": (-INF, 9.0), "both": (0.0, 9.0)}


def distance(x: np.ndarray, levels: tuple[float, ...], figures: tuple[float, ...]) -> float:
    return float(np.sum(weighed(levels) * (x - np.array(figures)) ** 2))


@pytest.mark.parametrize(("low", "high"), BOUNDS.values(), ids=BOUNDS)
@pytest.mark.parametrize("case", CASES)
def test_no_other_optimiser_finds_nearer_quantiles(case: str, low: float, high: float) -> None:
    """SciPy's SLSQP with the slopes at 2,000 points for constraints, half of ours."""
    levels, figures = CASES[case]
    found = nearest(levels, figures, low, high)
    assert found is not None
    m = metalog.open_up(np.array(figures), low, high)
    assert metalog_fit.fit(levels, m) is None
    assert metalog_fit.fit(levels, metalog.open_up(found, low, high)) is not None
    t = np.log(np.array(levels) / (1 - np.array(levels)))
    least = LEAST_SLOPE * np.ptp(m) / np.ptp(t)
    by_figure = metalog_fit.solved(levels, np.eye(len(levels)))
    assert by_figure is not None
    slopes = np.concatenate([metalog_fit.slopes(len(by_figure))[:-2:4], metalog_fit.slopes(len(by_figure))[-2:]])
    result = minimize(
        lambda m: distance(metalog.close_in(m, low, high), levels, figures),
        m.mean() + (t - t.mean()) * np.ptp(m) / np.ptp(t),  # a straight line, which rises
        constraints=LinearConstraint(slopes @ by_figure, least, INF),
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    # ours stops at gains of 1e-10; between points 0.04 apart a slope dips by less than the least one is
    assert distance(found, levels, figures) <= result.fun * 1.02


def test_three_quantiles_are_moved_to_the_border_that_the_paper_gives() -> None:
    """Symmetric levels: (middle - low) / (high - low) lies within k and 1 - k, less what the least slope keeps off."""
    found = nearest((0.1, 0.5, 0.9), (0.0, 0.99, 1.0), -INF, INF)
    assert found is not None
    k = (1 - metalog_fit.STEEPEST * 0.4) / 2
    place = (found[1] - found[0]) / (found[2] - found[0])
    assert place == pytest.approx(1 - k, abs=0.02)
    assert place < 1 - k
    # by hand: the shortest weighted way to the plane x1 = r x2 + (1 - r) x0, whose normal is (r - 1, 1, -r)
    normal, weights = np.array([place - 1, 1, -place]), np.array([0.3, 0.4, 0.3])
    off = normal @ np.array([0.0, 0.99, 1.0])
    by_hand = np.array([0.0, 0.99, 1.0]) - off * normal / weights / np.sum(normal**2 / weights)
    np.testing.assert_allclose(found, by_hand, atol=2e-3)  # the plane turns a little with the spread


def test_a_level_counts_for_the_draws_nearer_to_it_than_to_others() -> None:
    np.testing.assert_allclose(weighed((0.1, 0.5, 0.9)), [0.3, 0.4, 0.3])
    np.testing.assert_allclose(weighed((0.01, 0.5, 0.7)), [0.255, 0.345, 0.4])


PASTED = re.compile(r"the nearest that (?:would not|one has) are (p[0-9]{2}=[^,]+(?:, p[0-9]{2}=[^,]+)*?)(?:, or |$)")
RANGED = re.compile(r"the nearest that (?:would not|one has) are value: (\S+) with range: \[(\S+), (\S+)\]")


@settings(max_examples=150, deadline=None)
@given(
    low=st.floats(-1e6, 1e6) | st.floats(1e-9, 1),
    spread=st.floats(1e-3, 1e6),
    r=st.floats(0.001, 0.999),
    percent=st.booleans(),
)
def test_what_is_offered_for_a_range_is_accepted_as_it_is_printed(
    low: float, spread: float, r: float, percent: bool
) -> None:
    value, high = low + r * spread, low + spread
    assume(low < value < high)
    try:
        ranged(low, value, high, percent=percent)
    except NoSmoothDistribution as error:
        offered = RANGED.search(str(error))
        assert offered is not None
        middle, first, last = (figure(text).value for text in offered.groups())
        ranged(first, middle, last, percent=percent)


@settings(max_examples=80, deadline=None)
@given(
    percents=st.lists(st.integers(1, 99), min_size=3, max_size=9, unique=True),
    steps=st.lists(st.floats(0.01, 10), min_size=9, max_size=9),
    start=st.sampled_from([-50.0, 0.5, 300.0, 1e6]),
    bound=st.sampled_from(["", ", low=-100", ", high=2M", ", low=-100, high=2M"]),
    percent=st.booleans(),
)
def test_what_is_offered_for_quantiles_is_accepted_as_it_is_printed(
    percents: list[int], steps: list[float], start: float, bound: str, percent: bool
) -> None:
    figures = [float(f"{x:.6g}") for x in start + np.cumsum(steps)[: len(percents)]]
    assume(all(np.diff(figures) > 0))
    texts = [f"p{p:02d}={x!r}{'%' if percent else ''}" for p, x in zip(sorted(percents), figures, strict=True)]
    try:
        read(f"quantiles({', '.join(texts)}{bound})")
    except NoSmoothDistribution as error:
        offered = PASTED.search(str(error))
        assume(offered is not None)  # levels so near to each other that rounding decides: told in other words
        assert offered is not None
        read(f"quantiles({offered.group(1)}{bound})")


@pytest.mark.parametrize("count", [3, 4, 5, 7])
def test_of_few_quantiles_nearly_every_refusal_has_an_offer(count: int) -> None:
    """200 random sets of levels at least 5 points apart, with random figures."""
    rng, offered, refused = np.random.default_rng(3), 0, 0
    for _ in range(200):
        percents = 5 * np.sort(rng.choice(np.arange(1, 20), count, replace=False))
        figures = np.round(np.cumsum(rng.exponential(size=count)), 4)
        if np.any(np.diff(figures) <= 0):
            continue
        try:
            read(f"quantiles({', '.join(f'p{p:02d}={x}' for p, x in zip(percents, figures.tolist(), strict=True))})")
        except LeverageError as error:
            refused += 1
            offered += PASTED.search(str(error)) is not None
    assert refused > 20
    assert offered >= 0.98 * refused


@pytest.mark.parametrize("count", [40, pytest.param(1_500, marks=pytest.mark.slow)])
def test_offers_of_figures_of_any_size_and_bounds_are_accepted_as_they_are_printed(count: int) -> None:
    """3 to 12 random levels, some side by side; figures from 1e-9 to 1e11, some with steps of very unlike sizes."""
    rng, pasted = np.random.default_rng(11), 0
    for _ in range(count):
        percents = np.sort(rng.choice(np.arange(1, 100), int(rng.integers(3, 13)), replace=False))
        size = 10.0 ** int(rng.integers(-9, 12))
        steps = rng.exponential(size=len(percents)) ** rng.choice([1, 4])
        figures = [float(f"{x:.8g}") for x in rng.choice([0, 1, -1, 1000]) * size + np.cumsum(steps) * size]
        ends = (f", low={figures[0] - float(rng.exponential()) * size!r}", f", high={figures[-1] + size!r}")
        bound = ["", ends[0], ends[1], "".join(ends)][rng.integers(4)]
        texts = [f"p{p:02d}={x!r}" for p, x in zip(percents.tolist(), figures, strict=True)]
        try:
            read(f"quantiles({', '.join(texts)}{bound})")
        except LeverageError as error:
            offered = PASTED.search(str(error))
            if offered is not None:
                read(f"quantiles({offered.group(1)}{bound})")
                pasted += 1
    assert pasted > count / 2


@pytest.mark.parametrize(
    ("levels", "figures", "where"),
    [
        ((0.1, 0.5, 0.9), (1.0, 4.9, 5.0), "above P73"),
        ((0.1, 0.5, 0.9), (1.0, 1.1, 5.0), "below P27"),
        (tuple(p / 100 for p in MANY), (2.2, 3.4, 4.3, 4.5, 5.2, 5.3, 7.8), "between P74 and P86"),
    ],
)
def test_where_it_folds_is_where_its_quantiles_fall(
    levels: tuple[float, ...], figures: tuple[float, ...], where: str
) -> None:
    m = np.array(figures)
    assert folds(levels, m) == where
    a = metalog_fit.solved(levels, m[:, None])
    assert a is not None
    p = np.linspace(0.001, 0.999, 1999)
    falls = np.diff(metalog.quantile(p, 1 - p, a[:, 0], -INF, INF)) < 0
    ends = [float(end) / 100 for end in re.findall(r"P(\d+)", where)]
    first, last = (0.0, ends[0]) if "below" in where else (ends[0], 1.0) if "above" in where else ends
    inside = (p[:-1] > first + 0.011) & (p[1:] < last - 0.011)  # shares are told in whole percents
    beside = ((p[:-1] > first - 0.03) & (p[1:] < first - 0.011)) | ((p[:-1] > last + 0.011) & (p[1:] < last + 0.03))
    assert np.all(falls[inside])
    assert not np.any(falls[beside])


def test_the_sentence_is_worked_out_when_it_is_read() -> None:
    """A hostile file has a thousand such faults, and a hundred are shown."""
    with pytest.raises(NoSmoothDistribution) as caught:
        ranged(1.0, 4.9, 5.0)
    assert caught.value.args == ("",)
    assert caught.value.message == str(caught.value)
    assert caught.value.message.startswith(
        "no smooth distribution has P10 1, P50 4.9, P90 5: they would fold back above"
    )
