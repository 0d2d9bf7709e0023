"""Units have an algebra; what a formula gives follows from it, and what is not known is never guessed."""

from __future__ import annotations

import pytest

from leverage.formula.macros import MACROS
from leverage.formula.parse import parse
from leverage.ops.table import OPS
from leverage.tree.axes import WORDS
from leverage.tree.derived import RULES, derived
from leverage.tree.units import unit

UNITS = {
    "visits": "visit/month",
    "rate": "order/visit",
    "value": "USD/order",
    "share": "%",
    "hours": "hour",
    "spend": "USD",
    "fee": "USD/month",
    "odd": "USD/",
    "side": "m",
}
DECLARED = {id: unit(text) for id, text in UNITS.items()}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("USD/(visit*month)", "USD/visit/month"),
        ("usd per visit", "USD/visit"),
        ("visits", "visit"),
        ("kWh*h", "h·kWh"),
        ("m²", "m^2"),
        ("m**2", "m*m"),
        ("%", "1"),
        ("page views/session", "page  view / sessions"),
        ("(USD/month)^2", "USD*USD/(month*month)"),
    ],
)
def test_two_spellings_are_one_unit(text: str, same: str) -> None:
    assert unit(text) is not None
    assert unit(text) == unit(same)


@pytest.mark.parametrize("text", ["USD", "USD/month", "order/visit", "%", "m^2", "kUSD", "class"])
def test_different_units_differ(text: str) -> None:
    others = {"USD", "USD/month", "order/visit", "%", "m^2", "kUSD", "class"} - {text}
    assert all(unit(text) != unit(other) for other in others)


@pytest.mark.parametrize("text", ["", "USD/", "/", "(USD", "USD)", "m^x", "USD//month", "()"])
def test_a_label_that_follows_no_algebra_is_not_known(text: str) -> None:
    assert unit(text) is None


@pytest.mark.parametrize(
    ("formula", "gives"),
    [
        ("visits * rate * value", "USD/month"),
        ("spend / hours", "USD/hour"),
        ("1 / hours", "1/hour"),
        ("2 * spend + 3", "USD"),
        ("spend * (1 + share)", "USD"),
        ("-spend", "USD"),
        ("spend - min(spend, 100)", "USD"),
        ("spend if hours > 3 else 0", "USD"),
        ("side ** 2", "m^2"),
        ("sqrt(side ** 2)", "m"),
        ("100k * hill(spend, 30k, 2)", None),
        ("spend * saturate(hours, 3)", "USD"),
        ("spend * logistic(hours)", "USD"),
        ("clip(spend, 0, 100)", "USD"),
        ("side ** hours", None),
        ("spend * unknown", None),
        ("spend * odd", None),
        ("2 + 3", None),
        ("interpolate(spend, [0, 1], [0, 1])", None),
    ],
)
def test_a_formulas_unit_follows_from_its_names(formula: str, gives: str | None) -> None:
    found, clashes = derived(parse(formula), DECLARED)
    assert clashes == []
    assert (None if found is None else str(found)) == gives


@pytest.mark.parametrize(
    ("formula", "left", "right"),
    [
        ("spend + hours", "USD", "hour"),
        ("spend + 50 * hours", "USD", "hour"),
        ("max(spend, hours)", "USD", "hour"),
        ("spend + unknown + hours", "USD", "hour"),
        ("1 if spend > hours else 0", "USD", "hour"),
        ("spend + fee", "USD", "USD/month"),
    ],
)
def test_a_sum_of_different_units_is_a_clash(formula: str, left: str, right: str) -> None:
    _, clashes = derived(parse(formula), DECLARED)
    assert [(str(clash.left), str(clash.right)) for clash in clashes] == [(left, right)]


def test_every_operator_every_curve_and_every_word_over_axes_has_a_rule() -> None:
    assert (OPS.keys() | MACROS.keys() | WORDS.keys()) - RULES.keys() == set()


def test_a_label_too_long_for_algebra_is_text_and_no_recursion() -> None:
    assert unit("(" * 50_000 + "x" + ")" * 50_000) is None
    assert unit("x" * 201) is None


def test_a_sum_of_thousands_of_terms_is_no_recursion() -> None:
    assert str(derived(parse(" + ".join(["spend"] * 1_200)), DECLARED)[0]) == "USD"
