"""Do a metric's keys go together? One row a rule: the keys that it objects to, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from leverage.errors import LeverageError, Place, listed
from leverage.files.plain import Mapping
from leverage.tree.faults import Spot

DOUBTS = ("range", "spread", "uncertainty")
OF_LEAVES = (*DOUBTS, "lever", "growth", "seasonality", "parts", "repeat", "shared", "draws")

Keys = Collection[str]


class NotTogether(LeverageError):
    """Keys of a metric of which one is too many, or missing."""

    def __init__(self, message: str, *, at: Place, metric: str | None) -> None:
        super().__init__(message, at=at, metric=metric)


@dataclass(frozen=True, slots=True)
class Rule:
    """``objects`` gives the keys, of those that stand, which the ``sentence`` is about; "" is the metric as a whole."""

    objects: Callable[[Keys], tuple[str, ...]]
    sentence: str


def _among(has: Keys, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if key in has)


def _both(has: Keys) -> tuple[str, ...]:
    return ("formula",) if "value" in has and "formula" in has else ()


def _neither(has: Keys) -> tuple[str, ...]:
    return ("",) if not _among(has, ("value", "formula", *DOUBTS)) else ()


def _several(has: Keys) -> tuple[str, ...]:
    doubts = _among(has, DOUBTS)
    return doubts if len(doubts) > 1 else ()


def _round_nothing(has: Keys) -> tuple[str, ...]:
    return _among(has, ("range", "spread")) if not _among(has, ("value", "formula")) else ()


def _of_a_leaf(has: Keys) -> tuple[str, ...]:
    return _among(has, OF_LEAVES) if "formula" in has and "value" not in has else ()


RULES = (
    Rule(_both, "it has both a value and a formula; keep one"),
    Rule(_neither, "it has neither a value nor a formula; give it one of them"),
    Rule(_several, "{keys} exclude each other; keep one"),
    Rule(_round_nothing, "{keys} needs the value that it stands round; add value"),
    Rule(_of_a_leaf, "a formula metric takes no {keys}; give it to the leaves that the formula uses"),
)


def clashes(plain: Mapping, spot: Spot) -> Iterator[NotTogether]:
    """What is wrong with the keys of one metric, each at the last key that it is about."""
    for sentence, keys in objections(tuple(plain.entries)):
        at = plain.keys[keys[-1]].at if keys[-1] else plain.at
        yield NotTogether(sentence.format(keys=listed(keys)), at=at, metric=spot.metric)


@lru_cache(maxsize=1_000)  # most metrics of a large file have the same few keys
def objections(has: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each rule's sentence and the keys that it objects to, of a metric that has these."""
    found = ((rule.sentence, rule.objects(has)) for rule in RULES)
    return tuple((sentence, keys) for sentence, keys in found if keys)
