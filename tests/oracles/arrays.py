"""What functions over axes mean, on NumPy arrays: what the cells of models over time and dimensions are judged by.

Every figure is an array with an array axis for each axis of the grid, of length 1 where it has no such axis, and one
more for what is tried side by side; so operators meet by an axis's name through NumPy's own broadcasting. ``xp`` is
``numpy``, or ``autograd.numpy`` for its slopes; figures may be complex, for slopes by complex steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

Figure = Any  # an array, real or complex, or autograd's own

LABELS = {"channel": ("organic", "ads", "social"), "country": ("de", "fr", "jp"), "time": ("0", "1", "2", "3")}
GROUPS = {"emea": ("de", "fr"), "apac": ("jp",)}
DIMENSIONS = {"channel": ["organic", "ads", "social"], "country": {"emea": ["de", "fr"], "apac": ["jp"]}}
NAMES = tuple(LABELS)
SHAPE = tuple(len(labels) for labels in LABELS.values())
TIME = NAMES.index("time")
PERIODS = SHAPE[TIME]


@dataclass(frozen=True)
class Arrays:
    """The functions, in the words of formulas."""

    xp: Any = numpy

    def at(self, x: Figure, axis: int, place: int) -> Figure:
        """The part of one label; what has no such axis is the same for each."""
        if x.shape[axis] == 1:
            return x
        cut = [slice(None)] * x.ndim
        cut[axis] = slice(place, place + 1)
        return x[tuple(cut)]

    def fold(self, join: Callable[[Figure, Figure], Figure], x: Figure, axes: Sequence[int]) -> Figure:
        """The labels of the axes joined from the left, the first axis first."""
        for axis in sorted(axes):
            found = self.at(x, axis, 0)
            for place in range(1, x.shape[axis]):
                found = join(found, self.at(x, axis, place))
            x = found
        return x

    def had(self, x: Figure) -> list[int]:
        """The axes that a figure has."""
        return [axis for axis in range(len(SHAPE)) if x.shape[axis] > 1]

    def sum(self, x: Figure, axes: Sequence[int] | None = None) -> Figure:
        """Once per label of an axis that x does not have."""
        axes = self.had(x) if axes is None else axes
        times = numpy.prod([SHAPE[axis] for axis in axes if x.shape[axis] == 1])
        return self.fold(lambda a, b: a + b, x, axes) * times

    def mean(self, x: Figure, axes: Sequence[int] | None = None) -> Figure:
        axes = self.had(x) if axes is None else axes
        return self.sum(x, axes) / numpy.prod([SHAPE[axis] for axis in axes])

    def choose(self, condition: Figure, x: Figure, y: Figure) -> Figure:
        """``where`` of figures that were brought to one shape before, which autograd's slopes of it need."""
        zero = 0.0 * condition + 0 * x + 0 * y
        return self.xp.where(condition, x + zero, y + zero)

    def larger(self, x: Figure, y: Figure) -> Figure:
        """The first of two that tie, as slopes go."""
        return self.choose(self.xp.real(x) >= self.xp.real(y), x, y)

    def smaller(self, x: Figure, y: Figure) -> Figure:
        return self.choose(self.xp.real(x) <= self.xp.real(y), x, y)

    def max(self, x: Figure, axes: Sequence[int] | None = None) -> Figure:
        return self.fold(self.larger, x, self.had(x) if axes is None else axes)

    def min(self, x: Figure, axes: Sequence[int] | None = None) -> Figure:
        return self.fold(self.smaller, x, self.had(x) if axes is None else axes)

    def first(self, x: Figure, axes: Sequence[int] = (TIME,)) -> Figure:
        return self.fold(lambda a, b: a, x, axes)

    def last(self, x: Figure, axes: Sequence[int] = (TIME,)) -> Figure:
        return self.fold(lambda a, b: b, x, axes)

    def pick(self, x: Figure, label: str) -> Figure:
        """One label's part, or the sum of a group's members."""
        axis, labels = next(
            (k, all) for k, all in enumerate(LABELS.values()) if {label, *GROUPS.get(label, ())} & {*all}
        )
        parts = [self.at(x, axis, labels.index(member)) for member in GROUPS.get(label, (label,))]
        return sum(parts[1:], start=parts[0])

    def abs(self, x: Figure) -> Figure:
        return self.xp.where(self.xp.real(x) < 0, -x, x)

    def where(self, x: Figure, y: Figure, a: Figure, b: Figure) -> Figure:
        """a where x > y, else b."""
        return self.choose(self.xp.real(x) > self.xp.real(y), a, b)

    def over_time(self, step: Callable[[int, list[Figure]], Figure], *of: Figure) -> Figure:
        """A figure per period from those before it, in the shape that all of the arguments meet in."""
        zero = sum(0 * x for x in of)
        path: list[Figure] = []
        for t in range(PERIODS):
            path.append(step(t, path) + self.at(zero, TIME, 0))
        return self.xp.concatenate(path, axis=TIME)

    def lag(self, x: Figure, n: int, initial: Figure) -> Figure:
        def before(t: int, path: list[Figure]) -> Figure:
            return self.at(initial, TIME, t) if t < n else self.at(x, TIME, t - n)

        return self.over_time(before, x, initial)

    def prev(self, x: Figure, initial: Figure) -> Figure:
        return self.lag(x, 1, initial)

    def adstock(self, x: Figure, decay: Figure) -> Figure:
        def carried(t: int, path: list[Figure]) -> Figure:
            return self.at(x, TIME, t) + (self.at(decay, TIME, t) * path[-1] if t else 0)

        return self.over_time(carried, x, decay)

    def cumsum(self, x: Figure) -> Figure:
        return self.over_time(lambda t, path: self.at(x, TIME, t) + (path[-1] if t else 0), x)

    def npv(self, rate: Figure, x: Figure) -> Figure:
        return sum(self.at(x, TIME, t) / (1 + self.at(rate, TIME, t)) ** (t + 1) for t in range(PERIODS))

    def stock(self, initial: Figure, kept: Figure, added: Figure) -> Figure:
        """What the formula ``prev(itself, initial) * tanh(kept) / 2 + added`` comes to."""

        def next_(t: int, path: list[Figure]) -> Figure:
            before = path[-1] if t else self.at(initial, TIME, 0)
            return before * self.xp.tanh(self.at(kept, TIME, t)) / 2 + self.at(added, TIME, t)

        return self.over_time(next_, initial, kept, added)

    def ring(self, initial: Figure, x: Figure, y: Figure) -> tuple[Figure, Figure]:
        """Two metrics in a loop: ``u: prev(w, initial) / 2 + x`` and ``w: tanh(u) + y``; both."""

        def next_(t: int, path: list[Figure]) -> Figure:
            before = path[-1] if t else self.at(initial, TIME, 0)
            return self.xp.tanh(before / 2 + self.at(x, TIME, t)) + self.at(y, TIME, t)

        w = self.over_time(next_, initial, x, y)
        return self.prev(w, initial) / 2 + x + 0 * w, w

    @property
    def period(self) -> Figure:
        return numpy.arange(float(PERIODS)).reshape(1, 1, -1, 1)
