"""What stands in a cell or beside a mark: figures as `quantity.show` writes them, names as no terminal obeys them."""

from __future__ import annotations

from collections.abc import Iterable

from leverage.errors import clip, printable
from leverage.panels import Cell, Figure, Panel, Spark, Text
from leverage.quantity import show

LONGEST = 4000  # characters of one name or line: nobody reads more, and measuring them costs time


def label(text: str) -> str:
    """A name on one line that steers nothing: control and bidi characters written out, an endless one cut.

    >>> label("net\\nsales\\u202e")
    'net sales\\\\u202e'
    """
    return printable(clip(" ".join(text.split()), LONGEST))


def shown(cell: Cell, nothing: str = "") -> str:
    """The cell in words, ``nothing`` where it is None.

    >>> shown(Figure(0.003, percent=True, signed=True))
    '+0.3%'
    """
    if isinstance(cell, Figure):
        return show(cell.value, percent=cell.percent, signed=cell.signed)
    if isinstance(cell, Spark):
        return " .. ".join(filter(None, ends(cell)))
    return nothing if cell is None else label(cell)


def ends(spark: Spark) -> tuple[str, str]:
    """The first and the last figure of a series, "" for the last where there are not two.

    >>> ends(Spark((12e6, None, 15.2e6)))
    ('12M', '15.2M')
    """
    held = [show(value, percent=spark.percent) for value in spark.values if value is not None]
    return held[0] if held else show(None), held[-1] if len(held) > 1 else ""


def tone(cell: Cell) -> str:
    """How the cell's figure stands to what was wanted: "good", "bad", or "" where nobody said."""
    return cell.tone if isinstance(cell, Figure) else ""


def titled(title: str, unit: str) -> str:
    """A heading with its unit behind it.

    >>> titled("Tornado", "USD/month")
    'Tornado, USD/month'
    """
    return ", ".join(part for part in (label(title), label(unit)) if part)


def named(names: tuple[str, ...], ids: tuple[str, ...]) -> list[str]:
    """What people read of each id: its label, or the id where there is none."""
    return [label(name or id) for name, id in zip(names or ids, ids, strict=True)]


def told(panels: Iterable[Panel], notes: Iterable[str]) -> list[Panel]:
    """The panels with the notes among them: before the closing panels that say what to run next, else last."""
    shown = list(panels)
    end = len(shown)
    while end and isinstance(last := shown[end - 1], Text) and last.tone == "next":
        end -= 1
    return [*shown[:end], *(Text(note, "warning") for note in notes), *shown[end:]]
