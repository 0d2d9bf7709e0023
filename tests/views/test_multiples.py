"""Small plots in a grid: one scale, one legend, and words that do not meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from leverage.panels import Lines, Multiples
from leverage.views.multiples import PLOTS
from leverage.views.picture import draw, save
from tests.views.examples import CHANNELS, SHAPES, SWINGS

EACH = pytest.mark.parametrize("panel", [CHANNELS, SWINGS, SHAPES], ids=lambda panel: panel.title)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def many(panel: Multiples, count: int) -> Multiples:
    plot = panel.panels[0]
    return replace(panel, panels=tuple(replace(plot, title=f"channel {i}") for i in range(count)))


def plots(head: Axes) -> list[Axes]:
    return [ax for ax in head.figure.axes if ax is not head]


def title(ax: Axes) -> str:
    return ax.get_title(loc="left")


def test_each_plot_has_its_label_and_the_whole_its_title() -> None:
    head = draw([CHANNELS])
    assert title(head) == "By channel"
    assert [title(ax) for ax in plots(head)] == ["ads", "social"]


def test_curves_stand_on_one_scale_unless_each_has_its_own() -> None:
    ads, social = plots(draw([CHANNELS]))
    assert ads.get_ylim() == social.get_ylim()
    low, high = ads.get_ylim()
    assert low <= 4
    assert high >= 18
    ads, social = plots(draw([replace(CHANNELS, share_y=False)]))
    assert ads.get_ylim() == pytest.approx(tuple(2 * limit for limit in social.get_ylim()))


def test_bars_and_shapes_share_the_axis_of_their_figures() -> None:
    for panel in (SWINGS, SHAPES):
        first, second = plots(draw([panel]))
        assert first.get_xlim() == second.get_xlim()


def test_one_legend_stands_for_all() -> None:
    head = draw([CHANNELS])
    legend = head.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["P10 to P90", "median"]
    assert [ax.get_legend() for ax in plots(head)] == [None, None]


def test_the_legend_says_what_stands_in_some_plots_only() -> None:
    plain, other = CHANNELS.panels
    assert isinstance(other, Lines)
    aimed = replace(other, references=(("target", np.array(5.0)),))
    legend = draw([Multiples("", (plain, aimed, *SWINGS.panels))]).get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["P10 to P90", "median", "target", "better", "worse"]


def test_what_all_plots_say_stands_at_the_edge() -> None:
    drawn = plots(draw([many(CHANNELS, 5)]))
    assert [bool(ax.get_ylabel()) for ax in drawn] == [True, False, False, True, False]
    below = [any(label.get_visible() for label in ax.get_xticklabels()) for ax in drawn]
    assert below == [False, False, True, True, True]  # the third has none below it


def test_a_picture_of_very_many_says_how_many_it_shows() -> None:
    head = draw([many(CHANNELS, PLOTS + 3)])
    assert len(plots(head)) == PLOTS
    assert title(head) == f"By channel ({PLOTS} of {PLOTS + 3})"


@EACH
@pytest.mark.parametrize("count", [1, 2, 5, 11])
def test_titles_legends_and_plots_do_not_meet(panel: Multiples, count: int) -> None:
    head = draw([many(panel, count)])
    head.figure.canvas.draw()
    held = [ax.get_tightbbox() for ax in plots(head)]
    boxes = [box for box in (head.get_tightbbox(), *held) if box is not None]
    for index, box in enumerate(boxes):
        for other in boxes[index + 1 :]:
            # a pixel of a frame's line
            apart = (other.x0 - box.x1, box.x0 - other.x1, other.y0 - box.y1, box.y0 - other.y1)
            assert max(apart) > -1


@EACH
def test_the_axes_that_are_given_make_room_for_the_grid(panel: Multiples) -> None:
    left, right = Canvas(figsize=(12, 5)).subplots(1, 2)
    assert draw([panel], left) is left
    inner = [ax for ax in left.figure.axes if ax not in (left, right)]
    assert len(inner) == len(panel.panels)
    assert max(ax.get_position().x1 for ax in inner) < right.get_position().x0
    free = Canvas(figsize=(8, 5)).add_axes((0.1, 0.1, 0.8, 0.8))
    assert len(plots(draw([panel], free))) == len(panel.panels)


def test_plots_of_several_kinds_and_none_at_all_are_drawn(tmp_path: Path) -> None:
    mixed = Multiples("", (*CHANNELS.panels, *SWINGS.panels, *SHAPES.panels))
    save([mixed, Multiples("none", ())], tmp_path / "a.svg")
    assert (tmp_path / "a.svg").exists()
