"""How is a move written? ``set`` to a level, ``change`` by a share, ``add`` an amount: in files, options and Python.

Going back, `net` is the one move that brings a metric where a chain of moves left it, and `written` its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leverage.errors import NOWHERE, LeverageError, Place
from leverage.quantity import read
from leverage.tree.grid import TIME, Grid
from leverage.tree.read import AmbiguousShare
from leverage.tree.scenario import Kind, Move
from leverage.tree.tree import NotFinite


class NotOneMove(LeverageError):
    """Moves of one metric that no single entry of a scenario says."""

    def __init__(self, id: str) -> None:
        super().__init__("it was changed by a share and moved besides, which no one entry says; set it", metric=id)


def amount(kind: Kind, value: float | str, *, metric: str = "", key: str = "", at: Place = NOWHERE) -> float:
    """The amount of a move, from text such as ``-15%`` or ``30k``, or from a number.

    Raises:
        BadNumber: the text is no number.
        AmbiguousShare: a change of size 1 or more without ``%``; 15 could be 15 % or 1500 %.

    >>> amount("change", "-15%"), amount("change", -0.15), amount("set", "30k")
    (-0.15, -0.15, 30000.0)
    """
    if isinstance(value, str):
        quantity = read(value, at=at, key=key or f"{kind} {metric}")
        figure, percent = quantity.value, quantity.percent
    else:
        figure, percent = _float(kind, metric, value), False
    if kind == "change" and not percent and abs(figure) >= 1:
        raise AmbiguousShare(figure, at=at, key=key or f"{kind} {metric}")
    return figure


def single(address: str, figure: Any, grid: Grid) -> Iterator[tuple[str, Any]]:
    """The figures of a move one by one, each with its address: nested per label, or a list per period.

    >>> list(single("visits", {"ads": "20%", "social": 0.1}, Grid()))
    [('visits[ads]', '20%'), ('visits[social]', 0.1)]

    Raises:
        NotFinite: a list of another length than the periods.
    """
    if isinstance(figure, Mapping):
        for label, inner in figure.items():
            yield from single(_inside(address, str(label)), inner, grid)
    elif isinstance(figure, list | tuple) or getattr(figure, "ndim", False):
        if len(figure) != grid.periods:
            raise NotFinite(address, "a list for", figure)
        for period, inner in zip(grid[TIME].labels, figure, strict=True):
            yield from single(_inside(address, period), inner, grid)
    else:
        yield address, figure


def _inside(address: str, label: str) -> str:
    return f"{address[:-1]},{label}]" if address.endswith("]") else f"{address}[{label}]"


def _float(kind: Kind, metric: str, value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise NotFinite(metric, kind, value) from None


def net(moves: Iterable[Move]) -> Move:
    """The one move that does what the moves of one metric do one after the other.

    Raises:
        NotOneMove: a share and a shift together; on an uncertain leaf they are two things.

    >>> net([Move("price", "change", 0.1), Move("price", "set", 70.0)])
    Move(metric='price', kind='set', amount=70.0, ...)
    """
    chain = list(moves)
    last = chain[0]
    for move in chain[1:]:
        last = _after(last, move)
    return last


def _after(last: Move, move: Move) -> Move:
    if move.kind == "set" or last.kind == "set":
        level = move.amount if move.kind == "set" else _moved(last.amount, move)
        return Move(move.metric, "set", level, certain=last.certain or move.certain)
    if last.kind != move.kind:
        raise NotOneMove(move.metric)
    total = (1 + last.amount) * (1 + move.amount) - 1 if move.kind == "change" else last.amount + move.amount
    return Move(move.metric, move.kind, total)


def _moved(level: float, move: Move) -> float:
    return level * (1 + move.amount) if move.kind == "change" else level + move.amount


def written(figure: float, *, percent: bool = False) -> str:
    """A figure as a file writes it, every digit kept.

    >>> written(0.024, percent=True), written(70.0), written(1.5)
    ('2.4%', '70', '1.5')
    """
    from decimal import Decimal

    exact = Decimal(repr(figure)) * (100 if percent else 1)
    text = f"{exact:f}" if abs(exact.adjusted()) < 16 else f"{exact:e}"
    text = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    return f"{text}%" if percent else text
