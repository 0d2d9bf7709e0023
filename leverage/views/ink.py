"""What all pictures share: colours with a second sign beside them, figures on axes, fonts, names that stay names."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from leverage.quantity import show
from leverage.views.cells import label
from leverage.views.markup import BLUE, GREY, VERMILLION
from leverage.views.measure import cut_name, width
from leverage.views.scale import Stroke, drawable

NAME = 32  # columns of a name beside a mark
LETTER = 5.2  # points of a letter of small words
PADS = {"figure.constrained_layout.w_pad": 0.1, "figure.constrained_layout.h_pad": 0.08}  # inches
FULL, SMALLEST = 0.8, 4.0  # of a row, that its name takes; points of the smallest name
LINE, SMALL = 13, 8.3  # points of a line of small words, and of its letters
SAMPLE = 6  # letters that a sample takes before its name, and the gap after it
INK, FAINT = "#222222", "#666666"
FILLS: dict[bool | None, dict[str, Any]] = {
    True: {"facecolor": BLUE, "edgecolor": "white"},
    False: {"facecolor": VERMILLION, "edgecolor": "white", "hatch": "///"},
    None: {"facecolor": GREY, "edgecolor": "white"},
}
WORLD = (  # fonts with more than Latin letters, where one is installed: a label may be in any language
    "Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Meiryo", "IPAexGothic", "IPAGothic",
    "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", "Malgun Gothic", "Noto Sans",
)  # fmt: skip


def plain(text: str, room: int = NAME) -> str:
    """A name as a picture shows it: cut to its room, and a dollar sign begins no formula."""
    return cut_name(label(text), room).replace("$", r"\$")


@cache
def _fallbacks() -> list[str]:
    installed = set(font_manager.fontManager.get_font_names())
    return [name for name in WORLD if name in installed]


@contextmanager
def settings(**more: Any) -> Iterator[None]:
    """matplotlib's settings while we draw, put back afterwards: fonts for any language, and what is asked for."""
    family = [*matplotlib.rcParams["font.family"], *_fallbacks()]
    rows: dict[Any, Any] = {"font.family": family, "hatch.linewidth": 0.8, **PADS, **more}
    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(_about_weights)
    try:
        with matplotlib.rc_context(rows):
            yield
    finally:
        log.removeFilter(_about_weights)


def _about_weights(record: logging.LogRecord) -> bool:
    # a font of many letters often has one weight, and matplotlib would say so for every text
    return "font weight" not in str(record.msg)


def finish(
    ax: Axes, title: str, *, x_percent: bool | None = None, y_percent: bool | None = None, above: int = 0
) -> None:
    """Title at the left, open frame, and figures on the axes as their panel writes them (None: the axis bears names).

    ``above``: lines of small words between the axes and the title.
    """
    ax.set_title(plain(title, 90), loc="left", fontsize="medium", fontweight="bold", pad=7 + LINE * above)
    ax.spines[["top", "right"]].set_visible(False)
    for axis, percent in ((ax.xaxis, x_percent), (ax.yaxis, y_percent)):
        if percent is not None:
            axis.set_major_formatter(figures(percent))


def room(ax: Axes) -> tuple[float, float]:
    """Width and height of the axes in points, as far as they are known before all is laid out."""
    held, dot = ax.get_window_extent(), 72 / ax.figure.dpi
    return float(held.width) * dot, float(held.height) * dot


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """A name a row beside the axes, the first at the top; small where rows are low, so that none touches another."""
    ax.set_yticks(range(len(names)), [plain(name) for name in names])
    ax.set_ylim(max(len(names), 1) - 0.5, -0.5)
    each = FULL * room(ax)[1] / max(len(names), 1)
    size = matplotlib.rcParams["font.size"]
    ax.tick_params(axis="y", length=0, labelsize=min(size, max(each, SMALLEST)))


def entry(name: str) -> str:
    """A name in a legend."""
    # matplotlib leaves out of a legend what begins with an underscore, and an id may
    text = plain(name)
    return f" {text}" if text.startswith("_") else text


def key(ax: Axes, drawn: Sequence[Artist]) -> int:
    """A legend between axes and title, where it covers nothing, and the lines that it takes."""
    wide = sum(width(str(artist.get_label())) + SAMPLE for artist in drawn) * LETTER
    lines = min(max(1, math.ceil(wide / room(ax)[0])), len(drawn))
    ax.legend(
        handles=drawn, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=math.ceil(len(drawn) / lines), frameon=False,
        fontsize="small", borderaxespad=0.1, borderpad=0.2, handlelength=1.8, columnspacing=1.5,
    )  # fmt: skip
    return lines


def figures(percent: bool) -> FuncFormatter:
    """The tick labels of `quantity.show`: 2.4%, 150k, 1.2M."""
    return FuncFormatter(lambda level, _: show(float(level), percent=percent))


def beside(ax: Axes, at: tuple[float, float], text: str, side: str) -> None:
    """Small words next to a point: "left", "right", "above", or "below" it at the right, readable on any ground."""
    if not drawable(*at):
        return
    ha, va, offset = {
        "left": ("right", "center", (-4, 0)),
        "right": ("left", "center", (4, 0)),
        "above": ("center", "bottom", (0, 3)),
        "below": ("left", "top", (4, -4)),
    }[side]
    words: dict[str, Any] = {"ha": ha, "va": va, "fontsize": "small", "color": FAINT, "bbox": ground(ax)}
    ax.annotate(text, at, xytext=offset, textcoords="offset points", **words)


def ground(ax: Axes) -> dict[str, Any]:
    """What lies behind small words, so that they are read on anything."""
    return {"facecolor": ax.get_facecolor(), "edgecolor": "none", "alpha": 0.85, "pad": 0.6}


def judged(ax: Axes, strokes: Iterable[Stroke], above: int | None = None) -> int:
    """A legend of what helps and what hurts, where both are drawn, and the lines that it takes above the axes.

    ``above``: lines of small words between the axes and it; None lays it on the axes, where it covers least.
    """
    if not {stroke.better for stroke in strokes} >= {True, False}:
        return 0
    keys = [Patch(label=name, **FILLS[better]) for better, name in ((True, "better"), (False, "worse"))]
    style: dict[str, Any] = {"handles": keys, "frameon": False, "fontsize": "small"}
    if above is None:
        ax.legend(loc="best", **style)
        return 0
    pad = 0.1 + above * LINE / SMALL
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=pad, borderpad=0.2, **style)
    return 1
