"""What people write for what the language spells otherwise, and the right spelling.

Every row is a mend, the second half of an error's sentence. Symbols are found by `tokens`, words between values by
`parse`, words before a bracket where a function is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RESERVED = frozenset({"and", "or", "not", "if", "else", "pi", "period", "time"})

CHOICE = "write a if condition else b"
QUOTES = "names stand without quotes, and a label with spaces in backquotes, as `organic search`"
CURRENCY = "write the number alone, and the currency under 'unit'"
CHANCE = "chance belongs under a metric's 'uncertainty'; write that metric's id here"


def _rows(*rows: tuple[str, str]) -> Mapping[str, str]:
    """Each row gives one mend to several spellings, with spaces between them."""
    return MappingProxyType({spelling: mend for spellings, mend in rows for spelling in spellings.split()})


SYMBOLS = _rows(
    ("^", "write ** for a power"),
    ("² ³", "write ** 2 or ** 3 for a power"),
    ("× · ⋅ ∙ • ✕ ∗", "write * to multiply"),
    ("÷ ∕ ⁄", "write / to divide"),
    ("− – — ‐ ‑", "write the minus as -"),
    ("%", "write mod(a, b) for the remainder, and 3% for a share, without a space"),
    ("//", "write floor(a / b) to divide to a whole number"),
    ("&& & ∧", "write and"),
    ("|| | ∨", "write or"),
    ("! ~ ¬", "write not"),
    ("<> ≠ !==", "write != for not equal"),
    ("===", "write == to compare"),
    ("=< ≤", "write <="),
    ("=> ≥", "write >="),
    (":=", "give the part a metric of its own, and write its id here"),
    (": ?", f"{CHOICE} for a choice"),
    (";", "write , between arguments, and one formula a metric"),
    (".", "a metric has no parts: write its id alone, or pick(x, label) for one label's part"),
    ("{ }", "write ( and )"),
    ("' \" “ ” „ ‘ ’ « »", QUOTES),
    ("$ € £ ¥ ₹ ₩", CURRENCY),
    ("#", "write remarks under the metric's 'note'"),
    ("√", "write sqrt(x)"),
    ("∑", "write sum(x)"),
    ("∞", "leave the limit out where there is none"),
    ("`", "write a label between two of them, as `organic search`"),
)

BETWEEN = _rows(
    ("AND And", "write and"),
    ("OR Or", "write or"),
    ("NOT Not", "write not"),
    ("IF If ELSE Else THEN Then then elif elseif ELSEIF endif ENDIF", CHOICE),
    ("is eq EQ", "write == to compare"),
    ("ne xor XOR", "write != for not equal"),
    ("in", "write x == a or x == b for one of several"),
    ("mod MOD", "write mod(a, b) for the remainder"),
    ("div DIV", "write floor(a / b) to divide to a whole number"),
    ("times", "write * to multiply"),
    ("plus", "write + to add"),
    ("minus", "write - to subtract"),
    ("for", "write sum(x, over=...) to add over a dimension"),
    ("lambda", "a formula defines no functions: write the expression itself"),
    ("import def return class del assert while", "a formula is one expression and no statement"),
)

FUNCTIONS = _rows(  # compared in small letters
    ("if iif iff ifs ifelse", f"{CHOICE}, or where(condition, a, b)"),
    ("and", "write a and b"),
    ("or", "write a or b"),
    ("not", "write not a"),
    ("ln loge", "write log(x)"),
    ("log2", "write log(x) / log(2)"),
    ("pow power", "write x ** y"),
    ("sqr square", "write x ** 2"),
    ("avg average", "write mean(x) over a dimension, or (a + b) / 2"),
    ("ceiling roundup", "write ceil(x)"),
    ("int trunc rounddown", "write floor(x)"),
    ("rint", "write round(x)"),
    ("sgn", "write sign(x)"),
    ("fabs", "write abs(x)"),
    ("minimum", "write min(a, b)"),
    ("maximum", "write max(a, b)"),
    ("clamp", "write clip(x, low, high)"),
    ("sigmoid", "write logistic(x)"),
    ("normsdist norm_cdf cdf phi", "write normal_cdf(x)"),
    ("asin", "write arcsin(x)"),
    ("acos", "write arccos(x)"),
    ("atan", "write arctan(x)"),
    ("total", "write sum(x)"),
    ("sumproduct", "write sum(a * b)"),
    ("previous", "write prev(x, initial)"),
    ("shift delay offset", "write lag(x, n, initial)"),
    ("rand random randbetween normal lognormal uniform triangular pert beta gamma weibull exponential", CHANCE),
    ("student_t cauchy arcsine gumbel poisson binomial bernoulli discrete quantiles truncated history", CHANCE),
)

VALUES = _rows(  # names that no metric bears in most files; `tree.build` may add the mend to "unknown name"
    ("inf Inf INF infinity Infinity nan NaN NAN", "infinity and NaN are refused; leave the limit out"),
    ("True true TRUE", "write 1"),
    ("False false FALSE", "write 0"),
    ("None none null NULL", "write a number, or 0 where there is nothing"),
    ("π", "write pi"),
    ("days", "write days() for the days of a period"),
)
