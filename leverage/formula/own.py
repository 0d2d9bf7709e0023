"""Formulas as model files have them."""

from __future__ import annotations

import math

from leverage.formula.forms import ATOM, Dialect, Form, Written, digits
from leverage.formula.functions import FUNCTIONS
from leverage.formula.nodes import Label, Number, Series
from leverage.formula.parse import CHOOSE, COMPARE, INFIX, MINUS, NOT, OR, POWER
from leverage.formula.words import RESERVED


def _forms() -> dict[str, Form]:
    """From the table that `parse` reads by, so that the two cannot drift apart."""
    found = {name: Form(f"{name}(#*)") for name in FUNCTIONS}
    for symbol, row in INFIX.items():
        left = row.right if row.power == COMPARE else ATOM if row.power == POWER else row.power
        found[row.op] = Form(f"#1 {symbol} #2", row.power, (left, row.right))
    return found | {
        "where": Form("#2 if #1 else #3", CHOOSE, (OR, OR, CHOOSE)),
        "neg": Form("-#1", MINUS, (MINUS,)),
        "not": Form("not #1", NOT, (NOT,)),
        "period": Form("period"),
        "days": Form("days()"),
    }


def _number(node: Number) -> Written:
    if node.value == math.pi and not node.percent:
        return "pi", ATOM
    text = digits(node)
    whole = text.lstrip("-").isdigit() and not node.percent
    text = f"{int(text):_}" if whole and text != "-0" else text
    return text + "%" * node.percent, MINUS if text.startswith("-") else ATOM


def _label(text: str) -> str:
    plain = text.isidentifier() and text.isascii() and (text not in RESERVED or text == "time")
    return text if plain else f"`{text.replace('`', '``')}`"


def series(node: Series) -> str:
    """A list of numbers, or the dimensions that are reduced."""
    if not any(isinstance(item, Label) for item in node.items):
        return "[#*]"
    return "over=#1" if len(node.items) == 1 else "over=[#*]"


OWN = Dialect("own", _forms(), _number, str, _label, series)
