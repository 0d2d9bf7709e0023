"""Plain data as it grows while a file is read: on a stack of its own, so that depth costs no recursion.

Every format's reader tells a `Growing` what it meets, in order, and each refusal that formats share is made here:
duplicate and missing keys, keys that are no text, too many levels, too many nodes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from leverage.errors import SHOWN, InvalidModel, LeverageError, Place, clip
from leverage.files.plain import Mapping, Plain, Scalar, Sequence
from leverage.files.raw import LIMITS, Limits


class DuplicateKey(LeverageError):
    """A key that its mapping holds already."""

    def __init__(self, key: str, first: int, *, at: Place, metric: str | None) -> None:
        lines = f"in line {first}" if first == at.line else f"in lines {first} and {at.line}"
        super().__init__(f"key {clip(key)!r} stands twice, {lines}; keep one", at=at, metric=metric)


class KeyIsNoText(LeverageError):
    """A list or a mapping where a key is due."""

    def __init__(self, *, at: Place, metric: str | None) -> None:
        message = "a list or a mapping stands where a key is due; write the key as plain text"
        super().__init__(message, at=at, metric=metric)


class NoKey(LeverageError):
    """An empty key."""

    def __init__(self, *, at: Place, metric: str | None) -> None:
        super().__init__("a key is missing; write its name before the ':'", at=at, metric=metric)


class TooDeep(LeverageError):
    """Lists and mappings inside each other past the limit."""

    def __init__(self, limit: int, *, at: Place, metric: str | None) -> None:
        message = f"lists and mappings stand more than {limit} deep in each other; write fewer levels"
        super().__init__(message, at=at, metric=metric)


class TooMany(LeverageError):
    """Entries of a list or a mapping, or keys and values of the whole file, past the limit."""

    def __init__(self, what: str, limit: int, of: str, *, at: Place) -> None:
        super().__init__(f"{what} has more than {limit:,} {of}; is it the right file?", at=at)


class Empty(LeverageError):
    """A file with nothing in it, or nothing but comments."""

    def __init__(self, *, at: Place) -> None:
        super().__init__("the file is empty; a model begins with 'kgi: ...' and 'metrics:'", at=at)


class Growing:
    """What has been read so far: the node that is being filled, those around it, and the findings."""

    def __init__(self, file: str, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.findings: list[LeverageError] = []
        self.innermost: Mapping | Sequence | None = None
        self._file = file
        self._root: Plain | None = None
        self.key: Scalar | None = None  # of the innermost mapping, while its value is due
        self._around: list[tuple[Mapping | Sequence | None, Scalar | None]] = []
        self._nodes = 0

    @property
    def wants_key(self) -> bool:
        """Whether the next thing is a key."""
        return self.key is None and isinstance(self.innermost, Mapping)

    @property
    def metric(self) -> str | None:
        """The metric that is being read: findings among the entries of ``metrics`` name it."""
        path = [key.text for _, key in (*self._around[1:3], (None, self.key)) if key is not None]
        return path[1] if len(path) > 1 and path[0] == "metrics" else None

    def find(self, finding: LeverageError) -> None:
        """One more finding; where they are too many to be listed, reading ends."""
        self.findings.append(finding)
        if len(self.findings) >= SHOWN:
            raise InvalidModel(self.findings)

    def fail(self, finding: LeverageError) -> InvalidModel:
        """What to raise where reading cannot go on: all findings and this one, in the order of the file."""
        return InvalidModel(sorted([*self.findings, finding], key=lambda found: found.at))

    def put(self, node: Plain) -> None:
        """The next node: a key where one is due, else a value."""
        self._nodes += 1
        if self._nodes > self.limits.nodes:
            raise self.fail(TooMany("the file", self.limits.nodes, "keys and values", at=node.at))
        parent, key = self.innermost, self.key
        if isinstance(parent, Mapping):
            if key is None:
                self._put_key(parent, node)
            else:
                parent.entries.setdefault(key.text, node)  # of duplicates the first stays; reading fails in the end
                self.key = None
        elif parent is None:
            self._root = node
        else:
            parent.items.append(node)
            if len(parent.items) > self.limits.entries:
                raise self.fail(TooMany("this list", self.limits.entries, "entries", at=parent.at))

    def start(self, node: Mapping | Sequence) -> None:
        """A list or a mapping begins."""
        if len(self._around) >= self.limits.depth:
            raise self.fail(TooDeep(self.limits.depth, at=node.at, metric=self.metric))
        key = self.key
        self.put(node)
        self._around.append((self.innermost, key))
        self.innermost, self.key = node, None

    def end(self) -> None:
        """The innermost list or mapping ends."""
        self.innermost, _ = self._around.pop()
        self.key = None

    def finish(self) -> Plain:
        """The whole.

        Raises:
            InvalidModel: there were findings, or there is nothing.
        """
        if self.findings:
            raise InvalidModel(sorted(self.findings, key=lambda found: found.at))
        if self._root is None or (isinstance(self._root, Scalar) and not self._root.text):
            raise InvalidModel([Empty(at=Place(self._file))])
        return self._root

    def _put_key(self, parent: Mapping, node: Plain) -> None:
        if not isinstance(node, Scalar):
            raise self.fail(KeyIsNoText(at=node.at, metric=self.metric))
        self.key = node
        first = parent.keys.setdefault(node.text, node)
        if len(parent.keys) > self.limits.entries:
            raise self.fail(TooMany("this mapping", self.limits.entries, "entries", at=parent.at))
        if not node.text:
            self.find(NoKey(at=node.at, metric=self.metric))
        elif first is not node:
            self.find(DuplicateKey(node.text, first.at.line, at=node.at, metric=self.metric))


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles while a file is read: it makes none, and the search is a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
