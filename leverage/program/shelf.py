"""What is made once and kept for the next who asks, at most so much of it: schedules, figures, pinned programs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Shelf:
    """Things by key, the longest unused given away first. ``most``: how much may stand on it, by the things' weights.

    A shelf pickles empty: what stands on it can be made again.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._things: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def take(self, key: Hashable, make: Callable[[], T], weight: Callable[[T], int] = lambda _: 1) -> T:
        """The thing of that key, made when it does not stand there."""
        with self._lock:
            found = self._things.get(key)
            if found is not None:
                self._things.move_to_end(key)
                thing: T = found[0]
                return thing
        thing = make()
        with self._lock:
            self._put(key, thing, weight(thing))
        return thing

    def _put(self, key: Hashable, thing: object, weight: int) -> None:
        old = self._things.pop(key, None)
        self._weight += weight - (old[1] if old is not None else 0)
        self._things[key] = (thing, weight)
        while self._weight > self.most and len(self._things) > 1:
            _, (_, lighter) = self._things.popitem(last=False)
            self._weight -= lighter

    def __len__(self) -> int:
        return len(self._things)

    def __reduce__(self) -> Any:
        return (Shelf, (self.most,))
