"""Where do the slots of a block stand? In memory that is used again as soon as nothing reads it any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from leverage.program.arrays.axes import Part
from leverage.program.arrays.program import Array, Step
from leverage.tree.grid import Axes

BESIDE = 72  # figures between two pieces: nine lines of the cache, so that they do not crowd its sets
APART = frozenset(("where", "power", "copy", "given"))  # steps that may not write over what they read


@dataclass(frozen=True, eq=False)
class Memory:
    """Pieces of memory, ``cells`` figures a sample in all; slots that are not live together share a piece.

    ``pieces``: cells of each; ``slots``: the piece and the shape of each slot.
    """

    pieces: tuple[int, ...]
    slots: Mapping[int, tuple[int, tuple[int, ...]]]

    @property
    def cells(self) -> int:
        """Figures a sample."""
        return sum(self.pieces)

    def size(self, length: int) -> int:
        """Figures for blocks of the length."""
        return self.cells * length + BESIDE * len(self.pieces)

    def arrays(self, memory: Array, length: int) -> dict[int, Array]:
        """The slots' arrays ``(labels..., length)`` in one stretch of memory."""
        starts = np.cumsum([0, *(cells * length + BESIDE for cells in self.pieces)]).tolist()
        return {
            slot: memory[starts[piece] : starts[piece] + prod(shape) * length].reshape(*shape, length)
            for slot, (piece, shape) in self.slots.items()
        }


def placed(steps: Sequence[Step], axes: Mapping[int, Axes], sizes: Mapping[str, int], kept: Iterable[int]) -> Memory:
    """A piece for each slot that the steps write; those of ``kept`` slots nothing writes over."""
    last = {slot: at for at, step in enumerate(steps) for slot in (step.out.slot, *[arg.slot for arg in step.args])}
    last.update(dict.fromkeys(kept, len(steps)))
    pieces: list[int] = []
    free: dict[int, list[int]] = {}
    found: dict[int, tuple[int, tuple[int, ...]]] = {}

    def release(slots: Iterable[int]) -> None:
        for slot in slots:
            piece, shape = found[slot]
            free.setdefault(prod(shape), []).append(piece)

    for at, (op, args, out) in enumerate(steps):
        ended = [slot for slot in dict.fromkeys(arg.slot for arg in args) if last[slot] == at and slot in found]
        over = [slot for slot in ended if _written_over(op, slot, args, out, axes)]
        release(over)
        if out.slot not in found:
            shape = tuple([sizes[axis] for axis in axes[out.slot]])
            cells = prod(shape)
            if not free.get(cells):
                pieces.append(cells)
                free.setdefault(cells, []).append(len(pieces) - 1)
            found[out.slot] = (free[cells].pop(), shape)
        release(slot for slot in ended if slot not in over and slot != out.slot)
        if last[out.slot] == at:
            release([out.slot])
    return Memory(tuple(pieces), found)


def _written_over(op: str, slot: int, args: tuple[Part, ...], out: Part, axes: Mapping[int, Axes]) -> bool:
    """Whether a step may write its result over what it reads for the last time: label by label in the same places."""
    whole = Part(slot, out.axes)
    same = axes[slot] == axes[out.slot] == out.axes and not out.at and slot != out.slot
    return same and op not in APART and all(arg == whole for arg in args if arg.slot == slot)
