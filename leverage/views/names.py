"""Where do names stand, so that none covers another? Shared by page and picture, in lengths of the drawing."""

from __future__ import annotations

from collections.abc import Sequence

Flag = tuple[int, bool]


def flags(at: Sequence[float], wide: Sequence[float], low: float, high: float) -> list[Flag]:
    """The line, from the top, of each name at a post, and whether it stands at the left of it.

    ``at`` are the posts in order, ``wide`` the names' lengths, and between ``low`` and ``high`` there is room. A name
    stands on the first line where it touches no other, turned away from the middle of the posts where it can be.

    >>> flags([1.0, 2.0, 9.0], [3.0, 3.0, 3.0], 0.0, 10.0)
    [(0, False), (1, False), (0, True)]
    """
    found: list[Flag] = []
    ends: list[list[tuple[float, float]]] = []  # of the names on each line
    for index, (post, length) in enumerate(zip(at, wide, strict=True)):
        spans = {False: (post, post + length), True: (post - length, post)}
        outer = 2 * index < len(at) - 1
        held = [left for left in (outer, not outer) if low <= spans[left][0] and spans[left][1] <= high]
        line, left = min(((_line(ends, *spans[left]), left) for left in held or [outer]), key=lambda place: place[0])
        if line == len(ends):
            ends.append([])
        ends[line].append(spans[left])
        found.append((line, left))
    return found


def _line(ends: Sequence[Sequence[tuple[float, float]]], start: float, end: float) -> int:
    """The first line with nothing between the ends."""
    free = (i for i, held in enumerate(ends) if all(end <= left or right <= start for left, right in held))
    return next(free, len(ends))


def apart(levels: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """The levels moved as little as can be (in squares) to be ``least`` apart, in their order, between low and high.

    Where there is no room for that they are spread evenly.

    >>> apart([1.0, 1.0, 5.0], 1.0, 0.0, 10.0)
    [0.5, 1.5, 5.0]
    """
    count = len(levels)
    least = min(least, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=lambda i: levels[i])
    # less what stands below it each may be where the one before is: a regression that only has to rise
    blocks: list[tuple[float, int]] = []
    for rank, index in enumerate(order):
        mean, size = levels[index] - rank * least, 1
        while blocks and blocks[-1][0] >= mean:
            before, held = blocks.pop()
            mean, size = (before * held + mean * size) / (held + size), held + size
        blocks.append((mean, size))
    top = high - max(count - 1, 0) * least
    free = [min(max(mean, low), top) for mean, size in blocks for _ in range(size)]
    moved = [0.0] * count
    for rank, index in enumerate(order):
        moved[index] = free[rank] + rank * least
    return moved
