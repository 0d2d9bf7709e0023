"""Response curves against their closed forms at 50 digits, at plain places and at the ends of the number line."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.formula.interpolate import pieces
from leverage.formula.macros import MACROS, expand
from leverage.formula.nodes import Apply, Name, Node, Number, Series, postorder
from leverage.formula.parse import parse
from leverage.ops.table import OPS
from tests.formula.numeric import depth, slopes, value

EPS = 2.0**-52
TINY = mp.mpf("1e-320")  # below it floats have no full set of digits

ARGUMENTS = {"interpolate": "x, [0, 1, 3], [0, 5, 6]"}
CALLS = {name: f"{name}({ARGUMENTS.get(name, ', '.join(row.parameters))})" for name, row in MACROS.items()}
HILL, SATURATE, DIMINISH, SCURVE = (expand(parse(CALLS[name])) for name in ("hill", "saturate", "diminish", "scurve"))


def hill(x: float, half: float, shape: float) -> Any:
    x, half, shape = mp.mpf(x), mp.mpf(half), mp.mpf(shape)
    return mp.mpf(0) if x <= 0 else 1 / (1 + (half / x) ** shape)


def scurve(x: float, mid: float, slope: float) -> Any:
    def logistic(at: Any) -> Any:
        return 1 / (1 + mp.exp(-mp.mpf(slope) * (at - mp.mpf(mid))))

    return (logistic(mp.mpf(x)) - logistic(0)) / (1 - logistic(0))


def close(found: float, exact: Any, roundings: float) -> bool:
    return abs(mp.mpf(found) - exact) <= roundings * EPS * abs(exact) + TINY


@pytest.mark.parametrize("name", MACROS)
def test_a_curve_is_written_out_in_operators_and_its_own_parameters(name: str) -> None:
    parts = list(postorder(expand(parse(CALLS[name]))))
    assert {part.op for part in parts if isinstance(part, Apply)} <= set(OPS)
    assert {part.id for part in parts if isinstance(part, Name)} <= set(MACROS[name].parameters)


@pytest.mark.parametrize("name", [name for name, row in MACROS.items() if row.smooth])
def test_a_curve_s_own_choices_are_smooth_and_those_of_its_arguments_are_not(name: str) -> None:
    for part in postorder(expand(parse(CALLS[name]))):
        if isinstance(part, Apply) and (OPS[part.op].steps or OPS[part.op].tie or part.op == "where"):
            assert part.smooth, part
    call = CALLS[name].replace("x", "max(x, y)", 1)
    assert any(isinstance(p, Apply) and p.op == "max" and not p.smooth for p in postorder(expand(parse(call))))


def test_clip_is_the_choices_that_somebody_wrote() -> None:
    assert expand(parse("clip(x, low, high)")) == parse("min(max(x, low), high)")


def test_what_has_no_curve_stays_the_same_object() -> None:
    node = parse("a + b * max(c, d)")
    assert expand(node) is node


def test_a_curve_stands_where_its_call_stood() -> None:
    node = expand(parse("2 + saturate(spend, 15k)"))
    assert {part.span for part in postorder(node) if isinstance(part, Apply)} == {(0, 24), (4, 24)}
    assert next(part for part in postorder(node) if part == Name("spend")).span == (13, 18)


def test_curves_in_curves_stay_small() -> None:
    text = "x"
    for _ in range(60):
        text = f"hill({text}, a, b)"
    assert sum(1 for _ in postorder(expand(parse(text)))) < 60 * 40


def test_a_constant_shape_keeps_only_the_piece_that_it_needs() -> None:
    ops = {part.op for part in postorder(expand(parse("hill(x, 30k, shape=2)"))) if isinstance(part, Apply)}
    assert ops == {"where", "less_equal", "div", "min", "max", "pow", "add"}
    assert "less" in {part.op for part in postorder(expand(parse("hill(x, 30k, 0.5)"))) if isinstance(part, Apply)}


@pytest.mark.parametrize("shape", [0.05, 0.5, 1.0, 1.4, 2.0, 7.5, 20.0])
@pytest.mark.parametrize("half", [1e-8, 1.0, 30e3, 1e12])
@pytest.mark.parametrize("size", [1e-30, 1e-3, 0.5, 1.0, 1.0 + 1e-9, 3.0, 1e6, 1e30])
def test_hill_agrees_with_its_closed_form(size: float, half: float, shape: float) -> None:
    x = size * half
    with mp.workdps(50):
        # the power makes `shape` roundings of the one in the ratio; a few more follow
        assert close(value(HILL, x=x, half=half, shape=shape), hill(x, half, shape), 8 + 2 * shape)


@pytest.mark.parametrize("shape", [0.05, 0.5, 1.0, 1.4, 20.0])
@pytest.mark.parametrize("half", [1e-8, 1.0, 1e12])
@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-150, 1e-8, 1.0, 1e150, 1e300])
def test_hill_is_finite_with_finite_slopes_at_any_size(x: float, half: float, shape: float) -> None:
    found = slopes(HILL, x=x, half=half, shape=shape)
    assert all(math.isfinite(slope) for slope in found.values())
    assert 0 <= value(HILL, x=x, half=half, shape=shape) <= 1
    assert found["x"] >= 0 >= found["half"]


@pytest.mark.parametrize("shape", [0.5, 1.0, 1.4, 6.0])
@pytest.mark.parametrize("size", [1e-3, 0.7, 1.0, 1.5, 1e3])
def test_the_slopes_of_hill_agree_with_its_closed_form(size: float, shape: float) -> None:
    half = 30e3
    found = slopes(HILL, x=size * half, half=half, shape=shape)
    with mp.workdps(50):
        point = tuple(mp.mpf(figure) for figure in (size * half, half, shape))
        for position, name in enumerate(("x", "half", "shape")):
            exact = mp.diff(hill, point, tuple(int(position == i) for i in range(3)))
            # where x is far above half the slope is the small difference of 1 / (1 + p) to 1, known to a few roundings
            assert abs(mp.mpf(found[name]) - exact) <= 64 * (1 + shape) * EPS * abs(exact) + mp.mpf("1e-20"), name


@pytest.mark.parametrize(("shape", "slope"), [(1.0, 1 / 30e3), (1.0001, 0.0), (1.4, 0.0), (20.0, 0.0)])
def test_the_slope_of_hill_at_0(shape: float, slope: float) -> None:
    assert slopes(HILL, x=0.0, half=30e3, shape=shape) == {"x": slope, "half": 0.0, "shape": 0.0}


def test_the_slope_of_hill_at_0_is_huge_and_finite_below_shape_1() -> None:
    assert 1e60 < slopes(HILL, x=0.0, half=30e3, shape=0.5)["x"] < 1e160


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0])
def test_hill_below_0_is_what_it_is_at_0(shape: float) -> None:
    assert value(HILL, x=-5.0, half=2.0, shape=shape) == 0.0
    assert slopes(HILL, x=-5.0, half=2.0, shape=shape)["x"] == 0.0


@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0])
def test_hill_with_a_constant_shape_is_hill_with_a_metric_of_that_shape(shape: float) -> None:
    written = expand(parse(f"hill(x, half, {shape})"))
    for x in (0.0, 1e-9, 1.0, 2.0, 1e9):
        assert value(written, x=x, half=2.0) == value(HILL, x=x, half=2.0, shape=shape)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 15e3])
@pytest.mark.parametrize("size", [0.0, 1e-18, 1e-6, 0.7, 5.0, 40.0, 1e6, -0.5, -3.0])
def test_saturate_and_diminish_agree_with_their_closed_forms(size: float, scale: float) -> None:
    x = size * scale
    with mp.workdps(50):
        ratio = mp.mpf(x) / mp.mpf(scale)
        assert close(value(SATURATE, x=x, scale=scale), -mp.expm1(-ratio), 8 + 4 * abs(size))
        if size > -1:
            assert close(value(DIMINISH, x=x, scale=scale), mp.log1p(ratio), 8)
    found = {**slopes(SATURATE, x=abs(x), scale=scale), **slopes(DIMINISH, x=abs(x), scale=scale)}
    assert all(math.isfinite(slope) for slope in found.values())


def test_the_slopes_of_saturate_and_diminish_at_0_are_those_of_the_straight_line() -> None:
    assert slopes(SATURATE, x=0.0, scale=15e3) == {"x": 1 / 15e3, "scale": 0.0}
    assert slopes(DIMINISH, x=0.0, scale=15e3) == {"x": 1 / 15e3, "scale": 0.0}


@pytest.mark.parametrize(("mid", "slope"), [(5.0, 2.0), (50e3, 1e-4), (1e3, 1.0), (5.0, 1e-9), (0.0, 3.0), (-2.0, 1.0)])
@pytest.mark.parametrize("size", [0.0, 1e-18, 1e-3, 0.5, 1.0, 2.0, 1e4, -1e-9, -0.3, -20.0])
def test_scurve_agrees_with_its_closed_form(size: float, mid: float, slope: float) -> None:
    x = size * (abs(mid) or 1.0)
    u, v = abs(slope * x), abs(slope * mid)
    if size < 0 and u > 300:
        return  # far below 0 the closed form leaves the numbers
    with mp.workdps(1000):  # the closed form loses digits as 1 - L(0) goes to 0, which the safe form does not
        assert close(value(SCURVE, x=x, mid=mid, slope=slope), scurve(x, mid, slope), 16 + 4 * (u + v))
    assert all(math.isfinite(s) for s in slopes(SCURVE, x=x, mid=mid, slope=slope).values())


@pytest.mark.parametrize(("mid", "slope"), [(5.0, 2.0), (50e3, 1e-4), (1e3, 1.0)])
@pytest.mark.parametrize("x", [0.0, 1e-6, 1.0, 1e4, -1e-6, -3.0])
def test_the_slope_of_scurve_agrees_with_its_closed_form(x: float, mid: float, slope: float) -> None:
    with mp.workdps(1200):
        exact = mp.diff(lambda at: scurve(at, mid, slope), mp.mpf(x))
        roundings = 32 + 8 * (abs(slope * x) + abs(slope * mid))
        assert close(slopes(SCURVE, x=x, mid=mid, slope=slope)["x"], exact, roundings)


@pytest.mark.parametrize("x", [1e6, 1e150, 1e300])
def test_scurve_and_saturate_end_at_1(x: float) -> None:
    assert value(SCURVE, x=x, mid=5.0, slope=2.0) == value(SATURATE, x=x, scale=3.0) == 1.0
    assert slopes(SCURVE, x=x, mid=5.0, slope=2.0)["x"] == slopes(SATURATE, x=x, scale=3.0)["x"] == 0.0


@st.composite
def lines(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Rising knots of sizes that people write, with a height each."""
    steps = draw(st.lists(st.floats(1e-3, 1e6), min_size=2, max_size=40))
    start = draw(st.floats(-1e6, 1e6))
    xs = [start + rise for rise in np.cumsum(steps).tolist()]
    return xs, draw(st.lists(st.floats(-1e6, 1e6), min_size=len(xs), max_size=len(xs)))


@settings(deadline=None, max_examples=60)
@given(lines(), st.floats(-0.1, 1.1))
def test_interpolate_agrees_with_numpy(line: tuple[list[float], list[float]], place: float) -> None:
    xs, ys = line
    x = xs[0] + place * (xs[-1] - xs[0])
    found = value(interpolated(xs, ys), x=x)
    # NumPy and we round the slope, the run and the product, each by one part in 2**52 of the largest height's size
    steepest = max(abs((b - a) / (v - u)) for u, v, a, b in zip(xs, xs[1:], ys, ys[1:], strict=False))
    assert found == pytest.approx(np.interp(x, xs, ys), rel=0, abs=16 * EPS * (max(map(abs, ys)) + steepest * abs(x)))


@settings(deadline=None, max_examples=30)
@given(lines())
def test_at_a_knot_interpolate_has_its_height_and_the_slope_of_the_piece_to_the_right(
    line: tuple[list[float], list[float]],
) -> None:
    xs, ys = line
    node = interpolated(xs, ys)
    rises = [(ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) for i in range(len(xs) - 1)]
    for x, y, rise in zip(xs, ys, [*rises, 0.0], strict=True):
        assert value(node, x=x) == y
        assert slopes(node, x=x)["x"] == rise
    assert slopes(node, x=xs[0] - 1.0)["x"] == 0.0


def interpolated(xs: list[float], ys: list[float]) -> Node:
    return pieces((Name("x"), *(Series(tuple(map(Number, figures))) for figures in (xs, ys))), (0, 0))


def test_interpolate_is_a_balanced_tree() -> None:
    xs = [float(i) for i in range(256)]
    assert depth(interpolated(xs, xs)) <= 8 + 1 + 4  # log2 of the pieces, and a piece
