"""In which order do instructions run, and in which rows do they write, so that few rows are live at a time?

A row is a block of samples of one slot. It is used again as soon as nothing reads it any more, also for the result of
the very instruction that reads it last, so that the live rows stay in the core's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from leverage.program.program import Instruction

FEW = 4  # rows that no other order needs to be looked for


def rowed(
    instructions: Sequence[Instruction], kept: Sequence[int]
) -> tuple[Sequence[Instruction], Mapping[int, int], int]:
    """The instructions in the better of two orders, the row of each slot that they write, and the number of rows.

    The orders: as they stand, and depth first from the kept slots, the argument that needs most rows first (Sethi and
    Ullman 1970, JACM 17:715). ``kept`` slots have the first rows, in their order, which nothing writes over.
    """
    row, count = _rows(instructions, kept)
    if count <= FEW:
        return instructions, row, count
    order = _depth_first(instructions, kept)
    better, fewer = _rows(order, kept)
    return (order, better, fewer) if fewer < count else (instructions, row, count)


def _depth_first(instructions: Sequence[Instruction], kept: Iterable[int]) -> list[Instruction]:
    """Each instruction when it is first needed; of its arguments first the one that needs most rows."""
    writers = {each.out: each for each in instructions}
    below = _by_need(instructions)
    order: list[Instruction] = []
    done: set[int] = set()
    stack = [(slot, False) for slot in reversed([*kept]) if slot in writers]
    while stack:
        slot, ready = stack.pop()
        if ready:
            order.append(writers[slot])
        elif slot not in done:
            done.add(slot)
            stack.append((slot, True))
            stack.extend((arg, False) for arg in below[slot] if arg not in done)
    return order


def _by_need(instructions: Sequence[Instruction]) -> dict[int, list[int]]:
    """For each slot its arguments among the slots written, the one that needs most rows last."""
    need: dict[int, int] = {}
    below: dict[int, list[int]] = {}
    for _, args, out in instructions:
        parts = [arg for arg in dict.fromkeys(args) if arg in need]
        parts.sort(key=need.__getitem__)
        below[out] = parts
        count = len(parts)
        need[out] = max([1, *(need[arg] + count - 1 - place for place, arg in enumerate(parts))])
    return below


def _rows(instructions: Sequence[Instruction], kept: Sequence[int]) -> tuple[dict[int, int], int]:
    """A row for each slot; free again after the last instruction that reads it."""
    last = {arg: at for at, each in enumerate(instructions) for arg in each.args}
    written = {each.out for each in instructions}
    row = {slot: place for place, slot in enumerate(slot for slot in kept if slot in written)}
    firm, free, count = set(row), list[int](), len(row)
    for at, (_, args, out) in enumerate(instructions):
        free.extend(row[arg] for arg in set(args) if last[arg] == at and arg in row and arg not in firm)
        if out in firm:
            continue
        if free:
            row[out] = free.pop()
        else:
            row[out], count = count, count + 1
        if out not in last:
            free.append(row[out])
    return row, count
