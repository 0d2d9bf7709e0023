"""Formulas as LaTeX sets them; response curves and words over dimensions and time stand by their names."""

from __future__ import annotations

import math

from leverage.formula.forms import ATOM, Dialect, Form, Written, digits
from leverage.formula.functions import FUNCTIONS
from leverage.formula.nodes import Number, Series
from leverage.formula.own import OWN, series
from leverage.formula.parse import CHOOSE, COMPARE, MINUS, MULTIPLY, NOT, POWER

SIGNS = {"less": "<", "less_equal": r"\le", "greater": ">", "greater_equal": r"\ge", "equal": "=", "not_equal": r"\ne"}
NAMED = ("min", "max", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh")
CALLED = POWER  # \ln(x) to a power takes brackets, as x ** y does


def _forms() -> dict[str, Form]:
    own = OWN.forms
    words = {name: Form(rf"\operatorname{{{_escaped(name)}}}\left(#*\right)", CALLED) for name in FUNCTIONS}
    return {
        **words,
        **{op: Form(f"#1 {sign} #2", COMPARE, own[op].needs) for op, sign in SIGNS.items()},
        **{call: Form(rf"\{call}\left(#*\right)", CALLED) for call in NAMED},
        "add": own["add"],
        "sub": own["sub"],
        "mul": Form(r"#1 \cdot #2", MULTIPLY, (MULTIPLY, MINUS + 1)),
        "div": Form(r"\frac{#1}{#2}", POWER),
        "pow": Form("#1^{#2}", POWER, (ATOM, 0)),
        "neg": Form("-#1", MINUS, (MINUS + 1,)),
        "and": Form(r"#1 \land #2", own["and"].power, own["and"].needs),
        "or": Form(r"#1 \lor #2", own["or"].power, own["or"].needs),
        "not": Form(r"\lnot #1", NOT, (ATOM,)),
        "where": Form(r"\begin{cases} #2 & \text{if } #1 \\ #3 & \text{otherwise} \end{cases}", CHOOSE),
        "abs": Form(r"\left|#1\right|"),
        "floor": Form(r"\left\lfloor #1 \right\rfloor"),
        "ceil": Form(r"\left\lceil #1 \right\rceil"),
        "mod": Form(r"#1 \bmod #2", MULTIPLY, (MULTIPLY, MINUS + 1)),
        "log": Form(r"\ln\left(#1\right)", CALLED),
        "exp": Form("e^{#1}", POWER),
        "expm1": Form("e^{#1} - 1", own["sub"].power),
        "log10": Form(r"\log_{10}\left(#1\right)", CALLED),
        "log1p": Form(r"\ln\left(1 + #1\right)", CALLED, (MULTIPLY,)),
        "sqrt": Form(r"\sqrt{#1}"),
        "normal_cdf": Form(r"\Phi\left(#1\right)", CALLED),
        "period": Form(r"\text{period}"),
        "days": Form(r"\text{days}"),
    }


def _number(node: Number) -> Written:
    if node.value == math.pi and not node.percent:
        return r"\pi", ATOM
    mantissa, _, exponent = digits(node).partition("e")
    whole, point, fraction = mantissa.partition(".")
    text = f"{int(whole):_}".replace("_", r"\,") if whole not in ("-0", "0") else whole
    text += point + fraction + (rf" \cdot 10^{{{int(exponent)}}}" if exponent else "") + r"\%" * node.percent
    return text, MINUS if text.startswith("-") else MULTIPLY if exponent else ATOM


def _escaped(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c, f"\\{c}" if c in "{}$&#_%" else c) for c in text)


def _name(text: str) -> str:
    return text if len(text) == 1 and text.isascii() and text.isalpha() else rf"\text{{{_escaped(text)}}}"


def _series(node: Series) -> str:
    return series(node).replace("over", r"\text{over}")


LATEX = Dialect("latex", _forms(), _number, _name, _name, _series, brackets=(r"\left(", r"\right)"))
