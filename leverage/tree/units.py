"""What is a unit? A label with an algebra, as in ``USD/month`` or ``USD/(visit*month)``; no figure depends on it.

A label is any text; ``%`` and ``1`` are no unit, and ``visits`` is ``visit``. A text that follows no algebra is not
known, and what is not known is never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

TOKEN = re.compile(r"\s*(\*\*|[*/()^·]|[^*/()^·]+)")
SYMBOLS = ("*", "/", "(", ")", "^", "·", "**")
POWERS = str.maketrans({"²": "^2", "³": "^3"})
TIMES = frozenset(["second", "minute", "hour", "day", "week", "month", "quarter", "year"])
NO_UNIT = frozenset({"%", "1", "‰"})
LONGEST = 200  # characters of a label that is taken for algebra; a longer one is text

Power = int | Fraction  # a Fraction below a root alone: whole ones are ten times as fast


@dataclass(frozen=True, slots=True)
class Unit:
    """Labels and their powers; ``words`` are the labels as the file spells them."""

    powers: frozenset[tuple[str, Power]] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict, compare=False)

    def times(self, other: Unit, power: Power = 1) -> Unit:
        """This unit times a power of another.

        >>> str(unit("order/visit").times(unit("visits/month")))
        'order/month'
        """
        powers: dict[str, Power] = dict(self.powers)
        for word, exponent in other.powers:
            powers[word] = powers.get(word, 0) + exponent * power
        return Unit(frozenset((word, p) for word, p in powers.items() if p), {**other.words, **self.words})

    @property
    def timeless(self) -> Unit:
        """The unit without its time words: USD/month becomes USD."""
        return Unit(frozenset((word, power) for word, power in self.powers if word not in TIMES), self.words)

    def __str__(self) -> str:
        above, below = (self._side(sign) for sign in (1, -1))
        under = f"/({below})" if "*" in below else f"/{below}" if below else ""
        return f"{above or '1'}{under}" if above or below else "no unit"

    def _side(self, sign: int) -> str:
        powers = sorted((word, abs(power)) for word, power in self.powers if power * sign > 0)
        return "*".join(f"{self.words[word]}{'' if power == 1 else f'^{power}'}" for word, power in powers)


ONE = Unit()
PLAIN_NUMBER = Unit(frozenset({("a number", 1)}))  # takes the other side's unit in a sum, none in a product
Known = Unit | None


def unit(text: str) -> Known:
    """The unit that a label writes, or None where it follows no algebra.

    >>> unit("USD/(visit*month)") == unit("usd / visits / month"), unit("m²") == unit("m*m"), unit("USD/")
    (True, True, None)
    """
    if len(text) > LONGEST:
        return None
    tokens = TOKEN.findall(re.sub(r"\bper\b", "/", text.translate(POWERS)).strip())
    try:
        found = _product(tokens) if tokens else None
    except (IndexError, ValueError):
        return None
    return found if not tokens else None


def _product(tokens: list[str]) -> Unit:
    found = _power(tokens)
    while tokens and tokens[0] in "*/·":
        sign = -1 if tokens.pop(0) == "/" else 1
        found = found.times(_power(tokens), sign)
    return found


def _power(tokens: list[str]) -> Unit:
    token = tokens.pop(0)
    if token == "(":
        found = _product(tokens)
        if tokens.pop(0) != ")":
            raise ValueError
    elif token.strip() in NO_UNIT:
        found = ONE
    else:
        found = _label(token)
    if tokens and tokens[0] in ("^", "**"):
        tokens.pop(0)
        return ONE.times(found, int(tokens.pop(0)))
    return found


def _label(token: str) -> Unit:
    word = " ".join(token.split())
    if not word or word in SYMBOLS:
        raise ValueError
    folded = word.casefold()
    if len(folded) > 3 and folded.endswith("s") and not folded.endswith("ss"):
        folded = folded[:-1]
    return Unit(frozenset({(folded, 1)}), {folded: word})
