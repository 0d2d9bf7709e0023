"""Formulas as cells of a workbook have them, without the leading ``=``; ids stand where the cells' names will.

A minus before a value binds tighter there than a power, a comparison is no number, and words join nothing.
"""

from __future__ import annotations

import math

from leverage.formula.forms import ATOM, Dialect, Form, Written, digits
from leverage.formula.nodes import Number

COMPARE, ADD, MULTIPLY, POWER, MINUS = 1, 2, 3, 4, 5  # in Excel -2^2 is 4
BOTH = (ADD, ADD)


def _forms() -> dict[str, Form]:
    signs = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "=", "not_equal": "<>"}
    calls = {
        **{"min": "MIN", "max": "MAX", "abs": "ABS", "floor": "INT", "sign": "SIGN", "mod": "MOD"},
        **{"exp": "EXP", "log": "LN", "log10": "LOG10", "sqrt": "SQRT", "sin": "SIN", "cos": "COS", "tan": "TAN"},
        **{"arcsin": "ASIN", "arccos": "ACOS", "arctan": "ATAN", "sinh": "SINH", "cosh": "COSH", "tanh": "TANH"},
    }
    return {
        **{op: Form(f"#1{sign}#2", COMPARE, BOTH, truth=True) for op, sign in signs.items()},
        **{op: Form(f"{call}(#*)") for op, call in calls.items()},
        "add": Form("#1+#2", ADD, (ADD, MULTIPLY)),
        "sub": Form("#1-#2", ADD, (ADD, MULTIPLY)),
        "mul": Form("#1*#2", MULTIPLY, (MULTIPLY, POWER)),
        "div": Form("#1/#2", MULTIPLY, (MULTIPLY, POWER)),
        "pow": Form("#1^#2", POWER, (ATOM, MINUS)),
        "neg": Form("-#1", MINUS, (MINUS,)),
        "and": Form("AND(#1,#2)", truth=True, conditions=(0, 1)),
        "or": Form("OR(#1,#2)", truth=True, conditions=(0, 1)),
        "not": Form("NOT(#1)", truth=True, conditions=(0,)),
        "where": Form("IF(#1,#2,#3)", conditions=(0,)),
        "ceil": Form("-INT(-#1)", MINUS, (MINUS,)),
        # halves go to the even neighbour, which Excel's ROUND does not do
        "round": Form("IF(ABS(#1)-INT(ABS(#1))=0.5,2*ROUND((#1)/2,0),ROUND(#1,0))"),
        "log1p": Form("LN(1+#1)", needs=(MULTIPLY,)),
        "expm1": Form("EXP(#1)-1", ADD),
        "logistic": Form("1/(1+EXP(MIN(-#1,700)))", MULTIPLY, (MINUS,)),  # EXP(710) is an error there
        "normal_cdf": Form("NORM.S.DIST(#1,TRUE)"),
    }


def _number(node: Number) -> Written:
    if node.value == math.pi and not node.percent:
        return "PI()", ATOM
    text = digits(node).upper() + "%" * node.percent
    return text, MINUS if text.startswith("-") else ATOM


EXCEL = Dialect(
    "excel", _forms(), _number, str, str, None, separator=",", figure=("N(", ")"), curves=False, longest=8_192
)
