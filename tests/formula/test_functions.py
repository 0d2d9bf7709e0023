"""The functions that formulas may call are those of the model format, each with a signature and a small letter."""

from __future__ import annotations

import pytest

from leverage.formula.functions import FUNCTIONS, HINTS, OVER_DIMENSIONS_AND_TIME
from leverage.formula.macros import MACROS
from leverage.formula.words import BETWEEN, RESERVED
from leverage.formula.words import FUNCTIONS as FOREIGN
from leverage.ops.table import OPS

FORMAT = """
abs min max exp log log10 log1p expm1 sqrt floor ceil round sign mod clip where
sin cos tan arcsin arccos arctan sinh cosh tanh logistic normal_cdf
hill saturate diminish scurve interpolate
sum mean min max first last pick
prev lag cumsum adstock npv
"""


def test_the_functions_are_those_of_the_model_format() -> None:
    assert set(FUNCTIONS) == {*FORMAT.split(), "days"}  # the days of a period, which calendars need


@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("hill", "hill(x, half, shape)"),
        ("max", "max(x, ...)"),
        ("sum", "sum(x, over=...)"),
        ("where", "where(condition, a, b)"),
        ("interpolate", "interpolate(x, xs, ys)"),
        ("lag", "lag(x, n, initial)"),
    ],
)
def test_a_signature_shows_how_a_function_is_called(name: str, signature: str) -> None:
    assert FUNCTIONS[name].signature == signature


def test_every_function_is_an_operator_a_curve_or_a_word_over_dimensions_and_time() -> None:
    assert set(FUNCTIONS) <= set(OPS) | set(MACROS) | OVER_DIMENSIONS_AND_TIME
    assert not set(MACROS) & set(OPS)
    assert not OVER_DIMENSIONS_AND_TIME & (set(OPS) | set(MACROS))


def test_no_function_is_reserved_foreign_or_capital() -> None:
    assert not set(FUNCTIONS) & (RESERVED | set(FOREIGN))
    assert all(name == name.lower() for name in FUNCTIONS)
    assert set(HINTS) <= set(FUNCTIONS)
    assert not set(BETWEEN) & RESERVED


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_kinds_are_of_parameters(function: object) -> None:
    from leverage.formula.functions import Function

    assert isinstance(function, Function)
    assert set(function.kinds) <= set(function.parameters)
    assert function.parameters or function.name == "days"
