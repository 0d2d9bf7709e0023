"""Panels as matplotlib pictures: on axes that were given, or in a file of their own.

`draw` is for notebooks and scripts, and takes pyplot's figures; `save` makes a figure that nobody else sees. Neither
changes matplotlib's settings beyond its own work, and the same panels give the same bytes.
"""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leverage.errors import LeverageError, clip, listed
from leverage.panels import (
    Bars,
    Bridge,
    Curves,
    GroupedBars,
    Heatmap,
    Histogram,
    Lines,
    Multiples,
    Panel,
    Scatter,
    Table,
    Text,
    Tree,
    pictures,
)
from leverage.views import multiples
from leverage.views.boxes import measured, paint_tree
from leverage.views.curves import paint_curves, paint_lines
from leverage.views.groups import grouped_size, paint_grouped
from leverage.views.ink import settings
from leverage.views.paint import MOST, STEPS, paint_bars, paint_bridge, paint_histogram
from leverage.views.place import put
from leverage.views.plot import ROWS, heat_size, paint_heatmap, paint_scatter, paint_table

DPI = 160
LARGEST = 40.0  # inches of a figure's side; beyond it letters shrink instead
FORMATS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # what a file says of itself must not say when it was written
        "png": {"dpi": DPI},
        "svg": {"metadata": {"Date": None}},
        "pdf": {"metadata": {"CreationDate": None}},
    }
)


@dataclass(frozen=True, slots=True)
class Picture:
    """How a panel is drawn, and the width and height in inches at which it reads well."""

    paint: Callable[[Axes, Any], None]
    size: Callable[[Any], tuple[float, float]]


PAINTERS: Mapping[type[Panel], Picture | None] = MappingProxyType(
    {
        Tree: Picture(paint_tree, lambda tree: (measured(tree)[0] + 0.2, measured(tree)[1] + 0.4)),
        Bars: Picture(paint_bars, lambda bars: (8.0, 1.3 + 0.34 * min(len(bars.ids), MOST))),
        GroupedBars: Picture(paint_grouped, grouped_size),
        Bridge: Picture(paint_bridge, lambda bridge: (max(6.5, 2.0 + 0.95 * min(len(bridge.ids), STEPS)), 4.2)),
        Lines: Picture(paint_lines, lambda _: (8.0, 4.2)),
        Curves: Picture(paint_curves, lambda _: (8.0, 4.6)),
        Histogram: Picture(paint_histogram, lambda _: (8.0, 3.8)),
        Heatmap: Picture(paint_heatmap, heat_size),
        Scatter: Picture(paint_scatter, lambda _: (7.0, 4.5)),
        Multiples: Picture(multiples.paint_multiples, multiples.measured),
        Table: Picture(paint_table, lambda table: (8.0, 1.0 + 0.27 * min(len(table.rows), ROWS))),
        Text: None,  # a sentence is no picture
    }
)


class NothingToDraw(LeverageError):
    """An answer without figures to draw."""

    def __init__(self) -> None:
        super().__init__("there is no picture of this answer, which is text alone; print it instead")


class UnknownFormat(LeverageError):
    """A file name that says no format that pictures are written in."""

    def __init__(self, path: Path) -> None:
        endings = listed([f".{name}" for name in FORMATS]).replace(" and ", " or ")
        super().__init__(f"cannot tell a picture's format from '{path}'; end its name in {endings}")


class UnknownPicture(LeverageError):
    """A name of no picture of the answer."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        few = (
            f"there is {known[0]!r} alone" if len(known) == 1 else f"there are {listed([repr(each) for each in known])}"
        )
        super().__init__(f"no picture of this answer is called {clip(name)!r}; {few}")


def draw(panels: Sequence[Panel], ax: Axes | None = None, *, picture: str | None = None) -> Axes:
    """Draw the panel of that name, else the first that is a picture, and return its axes.

    Args:
        ax: where to draw; None makes a new figure of pyplot's, which a notebook shows. Nothing is shown here. Small
            multiples stand in a grid in its place, and the axes themselves bear their title.
        picture: a name of `panels.pictures`, where a table is one only where nothing else is.

    Raises:
        NothingToDraw: every panel is text.
        UnknownPicture: none of them has that name.
    """
    panel = _chosen(panels, picture)[0]
    figure = None
    if ax is None:
        from matplotlib import pyplot  # chooses a backend, so only where a figure is wanted

        # before our settings: a notebook's backend turns itself on with the first figure, and they would undo it
        figure = pyplot.figure(figsize=_size(panel), layout="constrained")
    with settings():
        axes = figure.add_subplot() if figure is not None else ax
        assert axes is not None
        _painter(panel).paint(axes, panel)
    return axes


def save(panels: Sequence[Panel], path: str | os.PathLike[str], *, picture: str | None = None) -> None:
    """Write every panel that is a picture below each other, or the one of that name, to a PNG, SVG or PDF file.

    The file is written whole or not at all.

    Raises:
        NothingToDraw: every panel is text.
        UnknownPicture: none of them has that name.
        UnknownFormat: the name ends in none of .png, .svg and .pdf.
        NotWritten: the file system refuses; what stood there before still stands.
    """
    target = Path(path)
    format = target.suffix[1:].lower()
    if format not in FORMATS:
        raise UnknownFormat(target)
    drawn = _chosen(panels, picture)
    sizes = [_size(panel) for panel in drawn]
    with settings(**{"svg.fonttype": "none", "svg.hashsalt": "leverage", "pdf.fonttype": 42}):
        figure = Figure(figsize=(max(w for w, _ in sizes), sum(h for _, h in sizes)), layout="constrained")
        parts = figure.subfigures(len(drawn), 1, squeeze=False, height_ratios=[h for _, h in sizes])[:, 0]
        content = io.BytesIO()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            for part, panel in zip(parts, drawn, strict=True):
                _painter(panel).paint(part.subplots(), panel)
            figure.savefig(content, format=format, **FORMATS[format])
    _repeat(said, format)
    put(target, content.getvalue())


def _chosen(panels: Sequence[Panel], name: str | None) -> Sequence[Panel]:
    """The panels that are pictures, or the one of that name."""
    held = pictures(panels)
    if not held:
        raise NothingToDraw
    if name is not None and name not in held:
        raise UnknownPicture(name, list(held))
    return list(held.values()) if name is None else [held[name]]


def _painter(panel: Panel) -> Picture:
    picture = PAINTERS[type(panel)]
    assert picture is not None
    return picture


def _size(panel: Panel) -> tuple[float, float]:
    wide, tall = _painter(panel).size(panel)
    shrink = min(1.0, LARGEST / max(wide, tall))
    return wide * shrink, tall * shrink


def _repeat(said: Sequence[warnings.WarningMessage], format: str) -> None:
    """Pass warnings on, those of letters that no font here has in one; a reader of SVG has fonts of its own."""
    missing = {found[1]: None for warning in said if (found := re.match(r"Glyph (\d+) ", str(warning.message)))}
    for warning in said:
        if not str(warning.message).startswith("Glyph "):
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    if missing and format != "svg":
        letters = "".join(chr(int(code)) for code in missing)
        warnings.warn(f"no font here has the letters {letters}: save as .svg, or install one that does", stacklevel=3)
