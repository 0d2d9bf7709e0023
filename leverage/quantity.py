"""How a number is written and read: `120_000`, `1.2e6`, `2.4%`, `150k`; the same in files, formulas and options.

`read` turns text into a `Quantity`, refusing what a reader could take two ways; `show` writes a figure for people,
with 3 to 4 significant digits, as the file writes it. JSON and CSV never pass here: they keep full precision.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from leverage.errors import NOWHERE, LeverageError, Place, clip

SUFFIXES = {"k": 1e3, "M": 1e6, "B": 1e9, "%": 1e-2}
SHIFTS = {"k": 3, "M": 6, "B": 9, "%": -2}  # the same as exponents of 10
NUMBER = re.compile(
    r"(?:(0|[1-9][0-9]*(?:_[0-9]+)*)(\.[0-9]+(?:_[0-9]+)*)?|(\.[0-9]+(?:_[0-9]+)*))(?:[eE]([+-]?[0-9]+))?"
)
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})?")  # as most numbers are: nothing to be asked about
DIGITS = 400  # of one number: more is no figure, and costs time to convert
SPELLINGS: tuple[
    tuple[re.Pattern[str], Callable[[str], str]], ...
] = (  # what is met, and the mend; the first that fits
    (re.compile(r"^[+-]?0[0-9]"), lambda t: f"write {_no_leading_zero(t)} without the leading 0"),
    (re.compile(r"^[−–—]"), lambda t: f"write the minus as '-': -{t[1:]}"),
    (re.compile(r"^[+-]?[0-9]{1,3}(,[0-9]{3})+"), lambda t: f"write {t.replace(',', '_')}, or the digits alone"),
    (re.compile(r"^[+-]?[0-9._]+ +[kMB%]$"), lambda t: f"write {t.replace(' ', '')}, without the space"),
    (re.compile(r"^[+-]?[0-9._]+K$"), lambda t: f"write {t[:-1]}k for thousands"),
    (re.compile(r"^[+-]?[0-9._]+(?:m|mio|mn|mm|MM)$"), lambda t: f"write {t.rstrip('mionM')}M for millions"),
    (re.compile(r"^[+-]?[0-9._]+(?:b|bn|Bn|G)$"), lambda t: f"write {t.rstrip('bnBG')}B for billions"),
    (re.compile(r"^[+-]?\.?(?:inf|nan)(?:inity)?$", re.I), lambda t: "leave the key out where there is no limit"),
    (re.compile(r"^[$€£¥]"), lambda t: "write the number alone, and the currency under 'unit'"),
)


def _no_leading_zero(text: str) -> str:
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    return sign + (digits.lstrip("0_") or "0")


class BadNumber(LeverageError):
    """Text that is no number, or one that could be read two ways."""

    def __init__(self, text: str, *, at: Place = NOWHERE, metric: str | None = None, key: str | None = None) -> None:
        shown = clip(text)
        mend = next(
            (mend(shown) for met, mend in SPELLINGS if met.search(shown)), "write it like 120_000, 2.4% or 150k"
        )
        subject = f"{key}: " if key else ""
        super().__init__(f"{subject}{shown!r} is not a number; {mend}", at=at, metric=metric)


class Quantity(NamedTuple):
    """A number as it was written: its value, and whether it was written with ``%``."""

    value: float
    percent: bool = False


def read(text: str, *, at: Place = NOWHERE, metric: str | None = None, key: str | None = None) -> Quantity:
    """The number that the text writes, with an optional sign.

    Raises:
        BadNumber: the text is no number as the project writes them; the sentence gives the right spelling.

    >>> read("2.4%")
    Quantity(value=0.024, percent=True)
    >>> read("-150k").value
    -150000.0
    """
    body = text.strip()
    sign = -1.0 if body.startswith("-") else 1.0
    unsigned = body[1:] if body[:1] in ("-", "+") else body
    number = scan(unsigned, 0)
    if number is None or number[1] != len(unsigned):
        raise BadNumber(body, at=at, metric=metric, key=key)
    quantity, _ = number
    return Quantity(sign * quantity.value, quantity.percent)


def plain(text: str) -> Quantity | None:
    """The number where the text is digits with a point and a minus at most; None for all else, for `read` to say."""
    return Quantity(float(text)) if PLAIN.fullmatch(text) else None


def scan(text: str, start: int) -> tuple[Quantity, int] | None:
    """The unsigned number that begins at ``start`` and where it ends, or None; suffixes belong to the number.

    A number that does not fit a float (1e999) is none: infinity is refused everywhere.
    """
    found = NUMBER.match(text, start)
    if found is None or found.end() - start > DIGITS:
        return None
    end = found.end()
    digits = found.group().replace("_", "")
    suffix = text[end : end + 1]
    exponent, shift = found.group(4), SHIFTS.get(suffix, 0)
    if exponent is not None or shift:
        if abs(int(exponent or 0)) > DIGITS:
            return None
        # the suffix joins the exponent, so that 2.4% is the float nearest to 0.024 and not 2.4 * 0.01
        digits = f"{digits.lower().partition('e')[0]}e{int(exponent or 0) + shift}"
    value = float(digits)
    if not math.isfinite(value):
        return None
    return Quantity(value, suffix == "%"), end + (1 if shift else 0)


def show(value: float | None, *, percent: bool = False, signed: bool = False, digits: int = 4) -> str:
    """A figure for people: at most ``digits`` significant digits, ``k``, ``M`` and ``B`` as files have them.

    >>> show(0.024, percent=True), show(1_234_567), show(68.0), show(-0.000012345), show(None)
    ('2.4%', '1.235M', '68', '-1.234e-05', '-')
    """
    if value is None:
        return "-"
    if not math.isfinite(value):
        return "not finite"
    scaled, suffix = (value * 100, "%") if percent else _suffixed(value, digits)
    text = f"{scaled:.{digits}g}"
    if "e" in text and 1 <= abs(scaled) < 1e15:
        text = f"{float(text):.0f}"
    if text in ("-0", "0"):
        text = "0"
    plus = "+" if signed and not text.startswith("-") and text != "0" else ""
    return f"{plus}{text}{suffix if text != '0' or percent else ''}"


def _suffixed(value: float, digits: int) -> tuple[float, str]:
    size = abs(float(f"{value:.{digits}g}"))
    for suffix, factor in (("B", 1e9), ("M", 1e6), ("k", 1e3)):
        # four-digit figures stay whole: 1,234 reads better than 1.234k, and 9,999 is not yet 10k
        if size >= factor * (10 if suffix == "k" else 1):
            return value / factor, suffix
    return value, ""
