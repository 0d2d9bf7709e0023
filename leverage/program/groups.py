"""Instructions of one kind that are ready together, run as one: over a list of floats, or over an array.

A loop over instructions one by one costs as much in the loop as in the arithmetic. A group costs one call: `map` of an
operator over lists, or a ufunc over arrays where the groups are large. No text is made and run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np

from leverage.ops.kernels import KERNELS
from leverage.program.cone import direct
from leverage.program.program import Instruction
from leverage.program.scalars import RAISED, SCALARS

Built = Callable[[Sequence[float]], Sequence[float]]  # the figures that are read to those that are wanted
Pick = Callable[[Any], Any]
Group = list[Instruction]

LISTED, ARRAYED = 2.0, 32.0  # instructions a group from which lists, and from which arrays, beat one by one
ALONE = 4  # figures from which one call of a ufunc on an array beats one a figure


def build(instructions: Sequence[Instruction], reads: Sequence[int], wanted: Sequence[int]) -> Built | None:
    """The instructions as a function of the figures of ``reads``; None where groups are too small to pay."""
    alias, plain = direct(instructions)
    groups = _groups(plain, reads)
    size = len(plain) / max(len(groups), 1)
    if size < LISTED:
        return None
    cell = {slot: at for at, slot in enumerate(reads)}
    for at, (_, _, out) in enumerate((each for group in groups for each in group), start=len(cell)):
        cell[out] = at
    cell.update((slot, cell[behind]) for slot, behind in alias.items() if behind in cell)
    places = [cell[slot] for slot in wanted]
    return (_arrayed if size >= ARRAYED else _listed)(groups, cell, places)


def _groups(instructions: Sequence[Instruction], reads: Iterable[int]) -> list[Group]:
    """Always the kind of which most are ready."""
    known = set(reads)
    waiting, users = _waiting(instructions, known)
    ready: dict[str, Group] = {}
    for instruction, missing in zip(instructions, waiting, strict=True):
        if not missing:
            ready.setdefault(instruction.op, []).append(instruction)
    groups = []
    while ready:
        op = max(ready, key=lambda op: len(ready[op]))
        groups.append(ready.pop(op))
        for _, _, out in groups[-1]:
            for at in users.get(out, ()):
                waiting[at] -= 1
                if not waiting[at]:
                    ready.setdefault(instructions[at].op, []).append(instructions[at])
    return groups


def _waiting(instructions: Sequence[Instruction], known: set[int]) -> tuple[list[int], Mapping[int, list[int]]]:
    """For each instruction how many of its arguments are to come, and for each slot who waits for it."""
    users: dict[int, list[int]] = {}
    waiting = []
    for at, (_, args, _) in enumerate(instructions):
        missing = [arg for arg in args if arg not in known]
        waiting.append(len(missing))
        for arg in missing:
            users.setdefault(arg, []).append(at)
    return waiting, users


def _listed(groups: Sequence[Group], cell: Mapping[int, int], places: Sequence[int]) -> Built:
    """A list of floats that grows by a group at a time. A group that floats cannot compute is left to NumPy."""
    steps = [(_mapped(group), [_picked(column) for column in _columns(group, cell)], group[0]) for group in groups]
    pick = _picked(places)

    def run(figures: Sequence[float]) -> Sequence[float]:
        cells = [*figures]
        with np.errstate(all="ignore"):
            for call, columns, (op, _, out) in steps:
                try:
                    # written out by number of arguments: a generator costs as much as a short group
                    if len(columns) == 2:
                        first, second = columns
                        cells += call(first(cells), second(cells))
                    else:
                        cells += call(*[column(cells) for column in columns])
                except RAISED:
                    del cells[cell[out] :]  # what of the group came before
                    cells += KERNELS[op](*[np.array(column(cells)) for column in columns]).tolist()
        found: Sequence[float] = pick(cells)
        return found

    return run


def _mapped(group: Group) -> Callable[..., Any]:
    """What runs one kernel over lists: an operator on floats, or a ufunc on numbers or arrays."""
    op = group[0].op
    if op in SCALARS:
        return partial(map, SCALARS[op])
    kernel = KERNELS[op]
    if len(group) >= ALONE or len(group[0].args) > 1:
        return lambda *columns: kernel(*map(np.array, columns)).tolist()
    return lambda column: map(float, map(kernel, column))


def _arrayed(groups: Sequence[Group], cell: Mapping[int, int], places: Sequence[int]) -> Built:
    """An array into which each group writes its own stretch."""
    steps = []
    at = min((cell[group[0].out] for group in groups), default=0)
    size = at + sum(map(len, groups))
    for group in groups:
        columns = [_stretch(column) for column in _columns(group, cell)]
        steps.append((KERNELS[group[0].op], columns, slice(at, at + len(group))))
        at += len(group)
    pick = _stretch(places)

    def run(figures: Sequence[float]) -> Sequence[float]:
        cells = np.empty(size)
        cells[: len(figures)] = figures
        with np.errstate(all="ignore"):
            for kernel, columns, out in steps:
                kernel(*[cells[column] for column in columns], out=cells[out])
        found: Sequence[float] = cells[pick].tolist()
        return found

    return run


def _columns(group: Group, cell: Mapping[int, int]) -> list[list[int]]:
    """The cells of the group's first arguments, of its second ones, ..."""
    return [[cell[slot] for slot in column] for column in zip(*(each.args for each in group), strict=True)]


def _stretch(places: Sequence[int]) -> Any:
    """A slice where the places follow each other, else an array of them."""
    first = places[0] if places else 0
    if list(places) == list(range(first, first + len(places))):
        return slice(first, first + len(places))
    return np.array(places, dtype=np.intp)


def _picked(places: Sequence[int]) -> Pick:
    """What takes the places out of a list, as a list or tuple."""
    stretch = _stretch(places)
    return itemgetter(stretch) if isinstance(stretch, slice) else itemgetter(*places)
