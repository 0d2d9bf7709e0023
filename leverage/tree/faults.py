"""All that is wrong with a file, collected while it is read on, so that one run lists every fault.

A reader that meets a fault adds it and goes on with what it could read; the builder refuses at the end. A value's
`Spot` says in words whose it is: the metric, and the keys above it as people write them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from leverage.errors import SUGGESTIONS_FROM, InvalidModel, LeverageError, Place, UnknownName, clip

SUGGESTIONS = 50  # findings of a file that get a suggestion
MOST = 1_000  # findings after which a file is read no further: one in ten is shown, and a hostile file ends early
USUAL = 24  # characters of a name: to compare longer ones takes longer
COMPARISONS = 60_000  # names looked through for all of them: a file of faults must not cost more than a second


class Enough(Exception):
    """So many faults that it is no use to read on; `build` meets it and refuses the file."""


class Faults:
    """The faults met so far. Each is added once, in the order met; `raise_any` sorts them by their places."""

    def __init__(self) -> None:
        self.errors: list[LeverageError] = []
        self._catching = Catching(self)
        self._suggested = 0
        self._compared = 0

    def add(self, error: LeverageError) -> None:
        """One more fault, or all those of an `InvalidModel`.

        Raises:
            Enough: this was the last that is worth reading on for.
        """
        self.errors.extend(error.errors if isinstance(error, InvalidModel) else (error,))
        if len(self.errors) >= MOST:
            raise Enough

    def catching(self) -> Catching:
        """Adds the fault that ends the block, if one does."""
        return self._catching

    def unknown(
        self, name: str, known: Collection[str], *, what: str, where: str = "", at: Place, metric: str | None = None
    ) -> None:
        """Adds that nothing bears the name; the nearest is offered while the file has few faults."""
        offered = known if self.suggests(name, len(known)) else ()
        self.add(UnknownName(name, offered, what=what, where=where, at=at, metric=metric))

    def suggests(self, name: str, known: int) -> bool:
        """Whether the file has so few faults that one more name may be looked for among so many known ones."""
        offers = self._suggested < SUGGESTIONS and self._compared < COMPARISONS
        self._suggested += 1
        self._compared += min(known, SUGGESTIONS_FROM) * (1 + len(name) // USUAL) if offers else 0
        return offers

    def raise_any(self) -> None:
        """Refuses the file if anything is wrong with it.

        Raises:
            InvalidModel: all findings, in the order of the file; those without a place first.
        """
        if self.errors:
            raise self.refusal()

    def refusal(self) -> InvalidModel:
        """All findings as one error."""
        found = sorted(self.errors, key=lambda error: (error.at.line, error.at.column))
        return InvalidModel(found, cut=len(found) >= MOST)


@dataclass(frozen=True, slots=True)
class Catching:
    """A block of reading whose fault is added to the others; a class, as a generator costs a large file seconds."""

    faults: Faults

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, LeverageError):
            return False
        self.faults.add(error)
        return True


class Spot:
    """Whose value is read: ``key`` as people write it (`lever.min`), under ``metric`` if it is one's.

    There is one for every value of a file, and few have a fault: the words are put together when a sentence needs them.
    """

    __slots__ = ("_above", "_key", "faults", "metric")

    def __init__(
        self, faults: Faults | None = None, key: str = "", metric: str | None = None, above: Spot | None = None
    ) -> None:
        self.faults = Faults() if faults is None else faults
        self.metric = metric
        self._key = key
        self._above = above

    @property
    def key(self) -> str:
        """The key with those above it."""
        if self._above is None:
            return self._key
        above = self._above.key
        if not above:
            return clip(self._key)
        joint = " " if above.endswith(("'", ":")) else "."
        return f"{above}{joint}{clip(self._key)}"

    def below(self, key: str) -> Spot:
        """The spot of a key of this mapping, or of an entry of this list."""
        return Spot(self.faults, key, self.metric, self)

    def named(self, sentence: str) -> str:
        """The sentence, with the key before it where there is one."""
        key = self.key
        return f"{key}: {sentence}" if key else sentence
