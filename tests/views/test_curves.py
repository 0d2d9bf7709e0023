"""A fan on axes: light to dark, with its median, references and periods."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas

from leverage.panels import Lines
from leverage.views.fan import SHADE
from leverage.views.picture import draw
from tests.views.examples import FAN, LINES, PERIODS


def axes(wide: float = 8.0) -> Axes:
    return Canvas(figsize=(wide, 5), layout="constrained").subplots()


def entries(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []


def test_a_fan_has_a_legend_of_bands_median_and_references() -> None:
    ax = draw([FAN], axes())
    assert entries(ax) == ["P5 to P95", "P10 to P90", "median", "target", "plan"]
    median, target, plan, mark = ax.lines
    assert np.asarray(median.get_ydata()).tolist() == [10.0, 12.0, 14.0]
    assert np.asarray(target.get_ydata()).tolist() == [13.0] * 3
    assert np.asarray(plan.get_ydata()).tolist() == [11.0, 12.0, 13.0]
    assert np.asarray(mark.get_xydata()).tolist() == [[1.0, 12.0]]
    assert ax.get_ylabel() == "EUR"


def test_the_legend_has_the_shades_that_bands_have_on_each_other() -> None:
    ax = draw([FAN], axes())
    areas = [area for area in ax.collections if isinstance(area, PolyCollection)]
    drawn, samples = areas[:2], areas[2:]
    assert [area.get_alpha() for area in drawn] == [SHADE, SHADE]
    assert [area.get_alpha() for area in samples] == pytest.approx([SHADE, 1 - (1 - SHADE) ** 2])


@pytest.mark.parametrize("wide", [4.0, 8.0, 16.0])
@pytest.mark.parametrize("count", [3, 12, 36, 120])
def test_names_of_periods_do_not_touch(count: int, wide: float) -> None:
    x = np.arange(float(count))
    names = tuple(f"{2027 + i // 12}-{i % 12 + 1:02d}" for i in range(count))
    ax = draw([Lines("", x, x[None, :], ("median",), x_names=names)], axes(wide))
    ax.figure.canvas.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert ax.get_xticklabels()[0].get_text() == "2027-01"
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


@pytest.mark.parametrize("names", [1, 4, 12])
def test_the_legend_stands_between_title_and_axes(names: int) -> None:
    y = np.arange(3.0 * names).reshape(names, 3)
    panel = replace(FAN, y=y, names=tuple(f"curve of a channel {i}" for i in range(names)))
    ax = draw([panel], axes())
    ax.figure.canvas.figure.draw_without_rendering()
    legend = ax.get_legend()
    assert legend is not None
    words = [text.get_window_extent() for text in legend.get_texts()]
    title = next(t for t in ax.get_children() if getattr(t, "get_text", str)() == "Revenue").get_window_extent()
    assert max(box.y1 for box in words) < title.y0
    assert min(box.y0 for box in words) > ax.get_window_extent().y1
    assert max(box.x1 for box in words) <= ax.get_window_extent().x1


def test_axes_bear_percents_where_the_curve_is_one() -> None:
    ax = draw([replace(FAN, percent=True, unit="")], axes())
    assert ax.yaxis.get_major_formatter()(0.024) == "2.4%"
    assert [label.get_text() for label in ax.get_xticklabels()] == list(PERIODS)


def test_a_curve_has_gaps_and_a_point_alone_a_dot() -> None:
    curve = np.array([[1.0, np.nan, 3.0]])
    ax = draw([replace(LINES, y=curve, names=("a",), bands=(), marks=())], axes())
    line, *alone = ax.lines
    assert np.isnan(np.asarray(line.get_ydata())).tolist() == [False, True, False]
    assert [np.asarray(dot.get_xydata()).tolist() for dot in alone] == [[[1.0, 1.0]], [[3.0, 3.0]]]
    assert entries(ax) == []
