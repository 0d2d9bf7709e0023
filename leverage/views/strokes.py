"""Bars, bridges and histograms in block characters: each bar beside its name and figures, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leverage.panels import Bars, Bridge, GroupedBars, Histogram
from leverage.quantity import show
from leverage.views.cells import label
from leverage.views.grid import GAP, Strip, lay
from leverage.views.measure import pad, width
from leverage.views.scale import Bar, End, Span, Stroke, bars, bins, bridge, floor, interval, series, span
from leverage.views.terminal import Look

SHORTEST = 8  # a scale of fewer characters tells nothing and is left out
LONGEST = 48
LEVEL = 14  # columns of a driver's level beside its figure


@dataclass(frozen=True, slots=True)
class Scale:
    """Which of ``room`` characters stands for which level of a span."""

    span: Span
    room: int

    def at(self, level: float) -> int:
        """The place between characters that is nearest to the level."""
        return round(self.span.part(level) * self.room)

    def draw(self, bar: Bar, look: Look, fill: str = "") -> str:
        """The bar's strokes, its whisker and the axis, as wide as every other bar of this scale."""
        cells = [" "] * self.room
        for stroke in bar.strokes:
            start, end = sorted((self.at(stroke.start), self.at(stroke.end)))
            if start < end:
                glyph = fill or (look.glyphs.worse if stroke.better is False else look.glyphs.better)
                cells[start:end] = glyph * (end - start)
            else:  # too short for a character, and yet not nothing
                beside = start if stroke.end > stroke.start else start - 1
                cells[min(max(beside, 0), self.room - 1)] = look.glyphs.trace
        if bar.whisker:
            self._lay(bar.whisker, cells, look.glyphs.whisker)
        axis = self.at(self.span.base)
        return "".join([*cells[:axis], look.glyphs.axis, *cells[axis:]])

    def _lay(self, whisker: tuple[float, float], cells: list[str], glyphs: str) -> None:
        """The interval over what stands in the cells: its ends, or both in one character."""
        left, between, right, both = list(glyphs)
        start = min(self.at(min(whisker)), self.room - 1)
        end = max(start, self.at(max(whisker)) - 1)
        cells[start : end + 1] = both if start == end else [left, *between * (end - start - 1), right]

    def under(self, text: str) -> str:
        """The text centred below the axis."""
        before = min(max(0, self.at(self.span.base) - width(text) // 2), max(0, self.room + 1 - width(text)))
        return pad(" " * before + text, self.room + 1)


def write_bars(panel: Bars, look: Look) -> list[str]:
    """Name, left end, bar, right end; below the bars the reference that they start from."""
    rows = bars(panel)
    names, count = [row.name for row in rows], max((len(row.ends) for row in rows), default=0)
    signed = count == 1 and any(row.ends[0].figure < 0 for row in rows)
    sides = [_side([row.ends[side] for row in rows], panel.percent, signed, look) for side in range(count)]
    within = [[interval(panel, row) for row in rows]] if panel.errors else []
    scale = _scale(rows, panel.reference, [names, *sides, *within], look)
    drawn = [[scale.draw(row, look) for row in rows]] if scale else []
    if scale and count > 1:
        drawn[0].append(scale.under(show(panel.reference, percent=panel.percent)))
        names, *columns = ([*column, ""] for column in (names, *sides, *within))
        sides, within = columns[:count], columns[count:]
    figures = [Strip(cells) for cells in (*sides[:1], *drawn, *sides[1:])]
    figures[1:1] = [Strip(cells, label(panel.errors_name)) for cells in within]
    return lay([Strip(names, text=True, named=True), *figures], look)


def write_grouped(panel: GroupedBars, look: Look) -> list[str]:
    """A line a bar, those of a group below each other: name, series, figure, interval and bar."""
    held = [(part, bars(part)) for part in series(panel)]
    order = [(index, place) for place in range(len(panel.ids)) for index in range(len(held))]
    rows = [held[index][1][place] for index, place in order]
    fills = [(look.glyphs.better, look.glyphs.worse)[index % 2] for index, _ in order]
    names = ["" if index else row.name for (index, _), row in zip(order, rows, strict=True)]
    which = [label(panel.names[index]) for index, _ in order]
    figures = [show(row.ends[0].figure, percent=panel.percent) for row in rows]
    within = [[interval(panel, row) for row in rows]] if panel.errors else []
    scale = _scale(rows, 0.0, [names, which, figures, *within], look)
    drawn = [Strip([scale.draw(row, look, fill) for row, fill in zip(rows, fills, strict=True)])] if scale else []
    intervals = [Strip(cells, label(panel.errors_name)) for cells in within]
    return lay([Strip(names, text=True, named=True), Strip(which, text=True), Strip(figures), *intervals, *drawn], look)


def write_bridge(panel: Bridge, look: Look) -> list[str]:
    """Totals and signed steps, each with its bar where the running total puts it."""
    rows, last = bridge(panel), len(panel.ids) + 1
    figures = [show(row.ends[0].figure, percent=panel.percent, signed=0 < i < last) for i, row in enumerate(rows)]
    names, base = [row.name for row in rows], floor(panel)
    scale = _scale(rows, base, [names, figures], look)
    drawn = [Strip([scale.draw(row, look) for row in rows])] if scale else []
    said = [look.paint(f"bars begin at {show(base, percent=panel.percent)}", "dim")] if scale and base else []
    return [*lay([Strip(names, text=True, named=True), Strip(figures), *drawn], look), *said]


def write_histogram(panel: Histogram, look: Look) -> list[str]:
    """A row a bin: its edges, its share of all samples, a bar, and the marks that lie in it."""
    shares, edges, marks = bins(panel)
    rows = [Bar("", (Stroke(0.0, float(share), True),) if share else (), ()) for share in shares]
    steps = [show(float(edge), percent=panel.percent, digits=3) for edge in edges]
    parts = [f"{share:.1%}" for share in shares]
    named = [", ".join(f"{name} {show(level, percent=panel.percent)}" for name, level in within) for within in marks]
    pointed = [f"{look.glyphs.mark} {names}" if names else "" for names in named]
    aside = [" " * min(max(map(width, pointed), default=0), look.width // 3)]
    scale = _scale(rows, 0.0, [["from", *steps], ["to", *steps], ["share", *parts], aside], look)
    drawn = [Strip([scale.draw(row, look) for row in rows])] if scale else []
    columns = [Strip(steps[:-1], "from"), Strip(steps[1:], "to"), Strip(parts, "share"), *drawn]
    return lay([*columns, Strip(pointed, text=True)] if any(pointed) else columns, look)


def _side(ends: Sequence[End], percent: bool, signed: bool, look: Look) -> list[str]:
    """The figures of one side, and behind each the level that reaches it."""
    figures = [show(end.figure, percent=percent, signed=signed) for end in ends]
    levels = [f" at {look.cut(end.level, LEVEL)}" if end.level else "" for end in ends]
    wide, deep = max(map(width, figures), default=0), max(map(width, levels), default=0)
    if not deep:
        return figures
    return [pad(figure, wide, right=True) + pad(level, deep) for figure, level in zip(figures, levels, strict=True)]


def _scale(rows: Sequence[Bar], base: float, beside: Sequence[Sequence[str]], look: Look) -> Scale | None:
    """The scale in the columns that what stands beside the bars leaves, or None where they are too few."""
    left = look.width - sum(max(map(width, column), default=0) + GAP for column in beside) - 1
    return None if left < SHORTEST else Scale(span(rows, base), min(left, LONGEST))
