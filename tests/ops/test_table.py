"""Every row of the operator table, today's and tomorrow's, against mpmath at 400 digits, at easy and hard points."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from leverage.ops.kernels import KERNELS
from leverage.ops.record import Slot
from leverage.ops.table import FUNCTIONS, OPS, Op

EPS = 2.0**-52
DIGITS = 400  # 1 - tanh(300) and its like have their first digit far to the right

TRUTH: dict[str, Callable[..., Any]] = {
    **{"add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y},
    **{
        "pow": mp.power,
        "neg": lambda x: -x,
        "where": lambda c, a, b: a if c else b,
        "min": min,
        "max": max,
        "abs": abs,
    },
    **{"less": lambda x, y: x < y, "less_equal": lambda x, y: x <= y, "greater": lambda x, y: x > y},
    **{"greater_equal": lambda x, y: x >= y, "equal": lambda x, y: x == y, "not_equal": lambda x, y: x != y},
    **{"and": lambda x, y: bool(x) and bool(y), "or": lambda x, y: bool(x) or bool(y), "not": lambda x: not x},
    **{
        "floor": mp.floor,
        "ceil": mp.ceil,
        "round": mp.nint,
        "sign": mp.sign,
        "mod": lambda x, y: x - y * mp.floor(x / y),
    },
    **{"exp": mp.exp, "log": mp.log, "log10": mp.log10, "sqrt": mp.sqrt, "log1p": mp.log1p, "expm1": mp.expm1},
    **{"sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan},
    **{"sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "logistic": lambda x: 1 / (1 + mp.exp(-x))},
    "normal_cdf": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
}
PAIRS = [(3.0, 2.0), (-1.5, 0.25), (1e-300, 1e-8), (1e300, -7.0), (0.0, 5.0), (1 / 3, 1e16), (-2.0, -2.5)]
WAVE = [(0.3,), (-2.0,), (1e-9,), (0.0,), (3.14159,), (1e6,)]
UNIT = [(0.3,), (-0.7,), (1e-12,), (0.0,), (1 - 1e-14,), (-1 + 1e-12,)]
ABOVE = [(0.3,), (1.0,), (17.5,), (1e-300,), (1e300,), (1 + 1e-12,)]
WIDE = [(0.3,), (-0.7,), (1e-18,), (0.0,), (20.0,), (-40.0,), (300.0,), (-300.0,)]
POINTS: dict[str, list[tuple[float, ...]]] = {
    **dict.fromkeys(("add", "sub", "mul", "div", "min", "max", "and", "or"), PAIRS),
    **{op: [*PAIRS, (2.0, 2.0)] for op in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")},
    **{op: [(0.0,), (2.5,), (-1e-300,)] for op in ("neg", "not")},
    "pow": [(2.0, 3.0), (1e-5, 3.7), (-2.0, 3.0), (0.0, 2.0), (0.0, 0.0), (0.0, 1.0), (9.0, -0.5), (1 + 1e-10, 1e12)],
    "where": [(1.0, 3.0, 4.0), (0.0, 3.0, 4.0), (-2.0, 1e300, 0.0)],
    "abs": [(2.0,), (-3.5,), (1e-300,)],
    **{op: [(0.4,), (-0.4,), (2.5,), (3.5,), (-7.0,), (1e15 + 0.5,)] for op in ("floor", "ceil", "round", "sign")},
    "mod": [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (0.3, 5.0), (1e6 + 0.5, 3.0)],
    **{op: [(0.3,), (-0.7,), (1e-18,), (0.0,), (20.0,), (-40.0,), (700.0,), (-700.0,)] for op in ("exp", "expm1")},
    **dict.fromkeys(("log", "log10", "sqrt"), ABOVE),
    "log1p": [(0.3,), (-0.7,), (1e-18,), (0.0,), (1e300,), (-1 + 1e-10,)],
    **dict.fromkeys(("sin", "cos", "tan"), WAVE),
    **dict.fromkeys(("arcsin", "arccos"), UNIT),
    "arctan": [*WIDE, (1e300,)],
    **dict.fromkeys(("sinh", "cosh", "tanh"), WIDE),
    "logistic": [*WIDE, (700.0,), (-700.0,)],
    "normal_cdf": [(0.3,), (-0.7,), (0.0,), (8.0,), (-8.0,), (-30.0,)],
}
CASES = [pytest.param(op, point, id=f"{op.name}{point}") for op in OPS.values() for point in POINTS.get(op.name, [])]


class Notes:
    """A recorder that keeps the names of what is recorded."""

    def __init__(self) -> None:
        self.instructions: list[tuple[str, tuple[Any, ...]]] = []

    def record(self, op: str, args: tuple[Slot | float, ...]) -> Slot:
        self.instructions.append((op, args))
        return Slot(self, -len(self.instructions))

    def figures(self, given: tuple[float, ...]) -> list[Any]:
        """What the instructions come to, on slots 0, 1, ... of the given figures."""
        found: list[Any] = []
        for op, args in self.instructions:
            plain = [
                arg if not isinstance(arg, Slot) else given[arg.index] if arg.index >= 0 else found[-arg.index - 1]
                for arg in args
            ]
            found.append(KERNELS[op](*(np.float64(value) for value in plain)))
        return found


def value_of(op: Op, point: tuple[float, ...]) -> Any:
    with np.errstate(all="ignore"):
        return np.float64(op.value(*(np.float64(x) for x in point)))


def test_every_row_has_its_truth_and_its_points() -> None:
    assert set(TRUTH) == set(OPS) == set(POINTS)


@pytest.mark.parametrize(("op", "point"), CASES)
def test_value_agrees_with_mpmath(op: Op, point: tuple[float, ...]) -> None:
    with mp.workdps(DIGITS):
        exact = mp.mpf(TRUTH[op.name](*(mp.mpf(x) for x in point)) + 0)
        # a few roundings each; scipy rounds x / sqrt(2) before it takes exp(-x**2 / 2), which costs x**2 of them
        roundings = 32 + (point[0] ** 2 if op.name == "normal_cdf" else 0)
        assert abs(mp.mpf(float(value_of(op, point))) - exact) <= roundings * EPS * abs(exact) + mp.mpf("1e-320")


@pytest.mark.parametrize(("op", "point"), CASES)
def test_slope_agrees_with_mpmath(op: Op, point: tuple[float, ...]) -> None:
    out = value_of(op, point)
    for position, rule in enumerate(op.slopes):
        if rule is None or (op.name == "pow" and position == 1 and point[0] <= 0):
            continue  # the power's slope in its exponent at a base of 0 or less has a test of its own
        with np.errstate(all="ignore"):
            slope = float(rule(np.float64(1.5), out, *(np.float64(x) for x in point)))
        with mp.workdps(DIGITS):
            exact = mp.mpf("1.5") * partial(op, point, position)
            assert abs(mp.mpf(slope) - exact) <= 64 * EPS * abs(exact) + mp.mpf("1e-320"), (position, slope, exact)


def partial(op: Op, point: tuple[float, ...], position: int) -> Any:
    """The slope in one argument at many digits, by differences that are exact in so many."""

    def along(x: Any) -> Any:
        args = [mp.mpf(value) for value in point]
        args[position] = x
        return mp.mpf(TRUTH[op.name](*args))

    return mp.diff(along, mp.mpf(point[position]), direction=1 if point[position] == 0 and op.name == "pow" else 0)


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_rules_on_slots_record_kernels_that_give_the_same_figures(op: Op) -> None:
    point = POINTS[op.name][0]
    out, g = value_of(op, point), 0.75
    for rule, given in [(op.value, point), *((rule, (g, float(out), *point)) for rule in op.slopes if rule)]:
        notes = Notes()
        result = rule(*(Slot(notes, index) for index in range(len(given))))
        assert {name for name, _ in notes.instructions} <= set(KERNELS)
        figures = notes.figures(given)
        found = figures[-result.index - 1] if result.index < 0 else given[result.index]
        assert float(found) == float(rule(*(np.float64(x) for x in given)))


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_rules_take_arrays_that_broadcast(op: Op) -> None:
    points = np.array(POINTS[op.name]).T
    with np.errstate(all="ignore"):
        values = np.asarray(op.value(*points), dtype=np.float64)
        assert values.shape == (points.shape[1],)
        for rule in op.slopes:
            if rule is not None:
                assert np.broadcast_to(rule(np.float64(1.0), values, *points), values.shape).shape == values.shape


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_a_function_names_its_parameters_and_an_operator_has_a_symbol(op: Op) -> None:
    assert op.name in OPS
    assert bool(op.symbol) != (op.name in FUNCTIONS)
    if op.symbol:
        assert not op.parameters
    elif not op.fold:
        assert len(op.parameters) == len(set(op.parameters)) == op.arity
    assert op.arity == len(POINTS[op.name][0])
    if op.fold:
        assert op.arity == 2


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("div", (1.0, 2.0), (1.0, 0.0)),
        ("mod", (1.0, 2.0), (1.0, 0.0)),
        ("pow", (-2.0, 3.0), (-2.0, 0.5)),
        ("pow", (0.0, 0.5), (0.0, -1.0)),
        ("exp", (708.0,), (710.0,)),
        ("expm1", (708.0,), (710.0,)),
        ("log", (1e-300,), (0.0,)),
        ("log10", (1e-300,), (-1.0,)),
        ("log1p", (-0.5,), (-1.0,)),
        ("sqrt", (0.0,), (-1e-9,)),
        ("arcsin", (1.0,), (1.1,)),
        ("arccos", (-1.0,), (-1.1,)),
    ],
)
def test_a_domain_holds_where_the_value_is_finite(
    name: str, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    domain = OPS[name].domain
    assert domain is not None
    assert domain.holds(*inside)
    assert math.isfinite(value_of(OPS[name], inside))
    assert not domain.holds(*outside)
    assert not math.isfinite(value_of(OPS[name], outside))


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.domain], ids=lambda op: op.name)
def test_every_point_of_the_tests_lies_in_the_domain(op: Op) -> None:
    assert op.domain is not None
    assert op.domain.words
    assert all(op.domain.holds(*point) for point in POINTS[op.name])


def test_every_step_and_every_tie_is_marked() -> None:
    assert {op.name for op in OPS.values() if None in op.slopes} - {"where"} <= {
        o.name for o in OPS.values() if o.steps
    }
    assert {op.name for op in OPS.values() if op.tie} == {"min", "max", "abs"}


@pytest.mark.parametrize("name", ["min", "max"])
def test_at_a_tie_the_first_argument_takes_the_slope(name: str) -> None:
    op = OPS[name]
    assert op.tie is not None
    assert op.tie(2.0, 2.0)
    assert not op.tie(2.0, 3.0)
    assert [float(rule(1.0, 2.0, 2.0, 2.0)) for rule in op.slopes if rule] == [1.0, 0.0]


def test_the_slope_of_abs_at_0_is_0() -> None:
    op = OPS["abs"]
    assert op.slopes[0] is not None
    assert float(op.slopes[0](1.0, 0.0, 0.0)) == 0.0
    assert op.tie is not None
    assert op.tie(0.0)


def test_a_power_is_flat_in_its_exponent_at_base_0() -> None:
    rule = OPS["pow"].slopes[1]
    assert rule is not None
    assert [float(rule(1.0, np.float64(0.0), np.float64(0.0), y)) for y in (0.5, 1.0, 3.0)] == [0.0, 0.0, 0.0]


SHORTER = [(op, exponent) for op in OPS.values() for exponent in op.shorter]


@pytest.mark.parametrize(("op", "constant"), SHORTER, ids=lambda part: getattr(part, "name", part))
def test_a_shorter_slope_is_the_slope(op: Op, constant: float) -> None:
    for x in (0.3, 1.0, 17.5, 1e-6, 1e6, 0.0):
        args = (np.float64(x), np.float64(constant))
        out = value_of(op, args)
        with np.errstate(all="ignore"):
            plain, shorter = (float(rule(1.5, out, *args)) for rule in (op.slopes[0], op.shorter[constant]) if rule)
        assert shorter == plain or abs(shorter - plain) <= 8 * EPS * abs(plain)  # a few roundings each


def test_a_power_has_a_finite_slope_at_base_0_where_it_has_one() -> None:
    rule = OPS["pow"].slopes[0]
    assert rule is not None
    with np.errstate(all="ignore"):
        found = [float(rule(1.0, np.float64(0.0), np.float64(0.0), np.float64(y))) for y in (0.5, 1.0, 1.7, 3.0)]
    assert found == [math.inf, 1.0, 0.0, 0.0]
