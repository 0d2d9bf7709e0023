"""Pictures, judged by what stands on their axes; a few are rendered."""

from __future__ import annotations

import itertools
import stat
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.text import Text

from leverage.panels import Column, Figure, Panel, Spark, Table, Tree, TreeNode, pictures
from leverage.views.cloud import POINTS
from leverage.views.markup import BLUE, GREY, VERMILLION
from leverage.views.paint import MOST, STEPS
from leverage.views.picture import PAINTERS, NothingToDraw, UnknownFormat, UnknownPicture, draw, save
from leverage.views.place import NotWritten
from tests.views import examples
from tests.views.examples import (
    BARS,
    BOXES,
    BRIDGE,
    COURSES,
    CUMULATIVE,
    ELASTICITIES,
    ERRORS,
    EXAMPLES,
    GAINS,
    GROUPED,
    HEATMAP,
    HISTOGRAM,
    LINES,
    NOTE,
    PERIODS,
    SCATTER,
    SERIES,
    SPIDER,
    TABLE,
    TEXT,
    TREE,
)

DRAWN = [panel for panel in EXAMPLES if PAINTERS[type(panel)] is not None]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    pyplot.close("all")


def axes() -> Axes:
    return Canvas(figsize=(8, 5)).subplots()


def bars_of(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_every_kind_of_panel_has_a_painter_or_says_that_it_is_no_picture() -> None:
    assert set(PAINTERS) == set(get_args(Panel))
    assert [kind.__name__ for kind, picture in PAINTERS.items() if picture is None] == ["Text"]


def test_a_tornado_has_its_bars_in_order_from_the_reference() -> None:
    ax = draw([BARS], axes())
    assert [(bar.get_x(), bar.get_width(), round(bar.get_y() + bar.get_height() / 2)) for bar in bars_of(ax)] == [
        (100.0, 30.0, 0),
        (100.0, -10.0, 0),
        (100.0, 10.0, 1),
        (100.0, -5.0, 1),
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Purchase rate", "cost_ratio"]
    top, bottom = ax.get_ylim()[::-1]
    assert top < bottom  # the first bar stands at the top
    assert ax.get_title(loc="left") == "Tornado"
    assert ax.get_xlabel() == "USD"


def test_a_tornado_names_the_level_at_each_end_and_the_reference() -> None:
    ax = draw([BARS], axes())
    placed = {text.get_text(): (text.xy[0], text.get_ha()) for text in ax.texts}  # type: ignore[attr-defined]
    assert placed == {
        "1.9%": (90.0, "right"),
        "3.1%": (130.0, "left"),
        "66%": (95.0, "right"),
        "54%": (110.0, "left"),
        "100": (100.0, "center"),
    }


@pytest.mark.parametrize(("better", "up"), [("higher", BLUE), ("lower", VERMILLION)])
def test_blue_helps_and_hatched_vermillion_hurts(better: str, up: str) -> None:
    right, left, *_ = bars_of(draw([replace(BARS, better=better)], axes()))  # type: ignore[arg-type]
    assert to_hex(right.get_facecolor()).upper() == up
    assert {to_hex(bar.get_facecolor()).upper() for bar in (right, left)} == {BLUE, VERMILLION}
    for bar in (right, left):
        assert bool(bar.get_hatch()) == (to_hex(bar.get_facecolor()).upper() == VERMILLION)


def test_a_legend_says_what_the_colours_say() -> None:
    legend = draw([BARS], axes()).get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["better", "worse"]
    assert draw([replace(GAINS, high=np.array([40.0, 10.0]))], axes()).get_legend() is None


def test_the_legend_of_a_tornado_covers_no_level_however_wide_its_last_bar() -> None:
    """Two drivers of one swing: at the lower right it lay on the level of the second."""
    ends = np.array([90.0, 90.0]), np.array([130.0, 130.0])
    ax = draw([replace(BARS, low=ends[0], high=ends[1])], axes())
    ax.figure.canvas.figure.draw_without_rendering()
    legend, title = ax.get_legend(), next(t for t in ax.get_children() if getattr(t, "get_text", str)() == BARS.title)
    assert legend is not None
    words = [text.get_window_extent() for text in legend.get_texts()]
    levels = [text.get_window_extent() for text in ax.texts]
    assert not any(word.overlaps(level) for word in words for level in levels)
    assert max(word.y1 for word in words) < title.get_window_extent().y0


def test_bars_of_one_value_bear_their_figures() -> None:
    assert words(draw([GAINS], axes())) == ["40", "-10"]


def test_a_picture_of_many_bars_shows_the_first_and_says_how_many_are_left_out() -> None:
    ids = tuple(f"driver_{i}" for i in range(MOST + 5))
    ax = draw([replace(GAINS, ids=ids, low=np.zeros(MOST + 5), high=np.arange(MOST + 5.0)[::-1] + 1)], axes())
    assert len(bars_of(ax)) == MOST
    assert ax.get_xlabel() == "USD  (5 smaller ones are not drawn)"


def test_a_waterfall_steps_from_total_to_total() -> None:
    ax = draw([BRIDGE], axes())
    assert [(bar.get_y(), bar.get_height()) for bar in bars_of(ax)] == [
        (0.0, 100.0),
        (100.0, -40.0),
        (60.0, 25.0),
        (0.0, 85.0),
    ]
    assert [to_hex(bar.get_facecolor()).upper() for bar in bars_of(ax)] == [GREY, VERMILLION, BLUE, GREY]
    assert words(ax) == ["100", "-40", "+25", "85"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["target", "rate", "visits", "actual"]
    # a line leads from each level to the next bar
    assert [line.get_ydata()[0] for line in ax.lines] == [100.0, 60.0, 85.0]  # type: ignore[index]


def test_a_waterfall_that_does_not_begin_at_zero_says_so() -> None:
    ax = draw([replace(BRIDGE, start=150e3, end=130e3, steps=np.array([-30e3, 10e3]))], axes())
    assert ax.get_ylim()[0] == 100e3
    assert ax.get_xlabel() == "the axis begins at 100k"


def test_a_long_name_breaks_behind_an_underscore() -> None:
    ax = draw([replace(BRIDGE, ids=("organic_visits_of_ads", "unexplained at cost"))], axes())
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names[1:3] == ["organic_\nvisits_of_\nads", "unexplained\nat cost"]


def test_a_long_name_keeps_the_labels_of_its_cell() -> None:
    name = "Price level of a country, before tax [de]"
    ax = draw([replace(BARS, ids=(name, "rate"), labels=())], axes())
    assert next(tick.get_text() for tick in ax.get_yticklabels()) == "Price level of a country,… [de]"


def test_the_smallest_steps_of_a_long_waterfall_are_one_and_it_still_adds_up() -> None:
    steps = np.array([*np.arange(1.0, 20.0), -50.0])
    panel = replace(BRIDGE, ids=tuple(f"m{i}" for i in range(20)), steps=steps, start=100.0, end=100.0 + steps.sum())
    bars = bars_of(draw([panel], axes()))
    assert len(bars) == STEPS + 2
    inner = bars[1:-1]
    assert inner[-1].get_height() == sum(range(1, 8))  # 1 to 7: all but the 13 largest
    assert sum(bar.get_height() for bar in inner) == steps.sum()


def test_curves_bands_and_points_carry_their_names() -> None:
    ax = draw([LINES], axes())
    best, today, now = ax.lines
    assert best.get_xydata().tolist() == [[1.0, 10.0], [2.0, 15.0], [3.0, 18.0]]  # type: ignore[union-attr]
    assert (best.get_color(), best.get_linestyle()) != (today.get_color(), today.get_linestyle())
    assert best.get_linestyle() != today.get_linestyle()
    assert now.get_xydata().tolist() == [[2.0, 12.0]]  # type: ignore[union-attr]
    assert words(ax) == ["now"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["P10 to P90", "best", "today"]  # type: ignore[union-attr]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("budget", "profit")


def test_a_name_with_an_underscore_first_stands_in_the_legend_too() -> None:
    legend = draw([replace(LINES, names=("_best", "today"))], axes()).get_legend()
    assert legend is not None
    assert [text.get_text().strip() for text in legend.get_texts()] == ["P10 to P90", "_best", "today"]


def test_names_stand_beside_a_heatmap_as_far_as_there_is_room() -> None:
    ax = draw([ELASTICITIES], axes())
    assert [label.get_text() for label in ax.get_yticklabels()] == ["rate", "visits"]
    assert [label.get_text() for label in ax.get_xticklabels()] == list(PERIODS)
    many = replace(ELASTICITIES, values=np.ones((2, 90)), column_levels=tuple(f"period {i:03d}" for i in range(90)))
    ax = draw([many], axes())
    assert len(ax.get_xticklabels()) < 10
    assert words(ax) == []  # 180 figures would touch: a scale stands in their place


def test_a_series_in_a_box_is_a_line_below_its_figures() -> None:
    ax = draw([COURSES], axes())
    line, end = ax.lines
    left, right = (np.asarray(line.get_xdata())[i] for i in (0, -1))
    assert left < right
    # 1e5, 2e5, 1.5e5 on an axis that runs down
    low, high, last = np.asarray(line.get_ydata())
    assert high < last < low
    assert last == pytest.approx((low + high) / 2)
    assert np.asarray(end.get_ydata()).tolist() == [last]
    assert words(ax)[:3] == ["Profit", "100k → 150k", "-32k missed"]


def test_a_series_in_a_table_takes_three_columns() -> None:
    cells = {where: cell.get_text().get_text() for where, cell in draw([SERIES], axes()).tables[0].get_celld().items()}
    assert [[cells[row, column] for column in range(4)] for row in range(4)] == [
        ["metric", "", "", "value, EUR"],
        ["revenue", "12M", "▁▂ █", "15.25M"],
        ["rate", "2%", "▄▄", "2%"],
        ["price", "", "", "68"],
    ]


def test_a_histogram_shows_shares_and_its_marks() -> None:
    ax = draw([HISTOGRAM], axes())
    assert [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in bars_of(ax)] == [
        (0.0, 10.0, 0.25),
        (10.0, 10.0, 0.5),
        (20.0, 10.0, 0.25),
    ]
    assert [(text.get_text(), text.get_horizontalalignment()) for text in ax.texts] == [
        ("P50 15", "right"),
        ("target 25", "left"),
    ]
    assert [line.get_xdata()[0] for line in ax.lines] == [15.0, 25.0]  # type: ignore[index]


def test_a_heatmap_writes_each_figure_in_its_cell() -> None:
    ax = draw([HEATMAP], axes())
    assert ax.images[0].get_array().tolist() == [[1.0, 2.0], [3.0, 4.0]]  # type: ignore[union-attr]
    assert words(ax) == ["1", "2", "3", "4"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2%", "3%"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["58", "68"]
    assert ax.get_title(loc="left") == "Profit, USD"


def test_groups_of_a_scatter_differ_in_shape_too() -> None:
    ax = draw([SCATTER], axes())
    first, second = ax.collections
    assert np.asarray(first.get_offsets()).tolist() == [[1.0, 4.0], [3.0, 6.0]]
    assert np.asarray(second.get_offsets()).tolist() == [[2.0, 5.0]]
    assert len(first.get_paths()[0]) != len(second.get_paths()[0])


def test_an_interval_lies_on_its_bar_and_the_figure_beyond_it() -> None:
    ax = draw([ERRORS], axes())
    drawn = [np.asarray(line.get_xydata()).tolist() for line in ax.lines if line.get_marker() == "|"]
    assert drawn == [[[30.0, 0.0], [50.0, 0.0]], [[9.0, 1.0], [11.0, 1.0]]]  # the third bar has none
    assert [text.xy for text in ax.texts] == [(50.0, 0), (11.0, 1), (2.0, 2)]  # type: ignore[attr-defined]
    assert ax.get_xlabel() == "USD, whiskers: 95% interval"


def test_the_bars_of_a_group_touch_and_differ_in_colour_and_hatch() -> None:
    ax = draw([GROUPED], axes())
    bars = bars_of(ax)
    assert [bar.get_width() for bar in bars] == [0.5, 0.2, 0.7, 0.3]  # a series after the other
    assert bars[0].get_y() + bars[0].get_height() == pytest.approx(bars[2].get_y())
    assert bars[2].get_y() + bars[2].get_height() < bars[1].get_y()
    looks = [(to_hex(bar.get_facecolor()), bar.get_hatch()) for bar in bars]
    assert looks[0] == looks[1] != looks[2] == looks[3]
    assert looks[0][1] != looks[2][1]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["first", "total"]  # type: ignore[union-attr]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Purchase rate", "visits"]
    assert len([line for line in ax.lines if line.get_marker() == "|"]) == 3  # one bar has no interval


def test_names_beside_many_bars_do_not_touch_where_the_axes_are_low() -> None:
    ids = tuple(f"driver_{i}" for i in range(MOST))
    panel = replace(GAINS, ids=ids, low=np.zeros(MOST), high=np.arange(MOST, 0.0, -1))
    for ax in (axes(), draw([panel])):
        if not ax.texts:
            draw([panel], ax)
        ax.figure.canvas.draw()
        boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
        # the first is the highest on the canvas, whose y runs up
        assert all(below.y1 <= above.y0 for above, below in itertools.pairwise(boxes))


def test_curves_of_a_spider_have_their_own_grounds_and_are_named_in_the_order_of_their_ends() -> None:
    ax = draw([SPIDER], axes())
    first, second, origin = ax.lines
    assert np.asarray(first.get_xydata()).tolist() == [[-0.1, 90.0], [0.0, 100.0], [0.2, 120.0]]
    assert np.asarray(second.get_xdata()).tolist() == [-0.5, 0.0, 0.5]
    assert np.asarray(origin.get_xydata()).tolist() == [[0.0, 100.0]]
    assert first.get_linestyle() != second.get_linestyle()
    assert {text.get_text(): text.xy for text in ax.texts} == {  # type: ignore[attr-defined]
        "Purchase rate": (0.2, 120.0),
        "Visits": (0.5, 95.0),
    }
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("change", "profit, USD")
    assert ax.xaxis.get_major_formatter()(0.5) == "50%"


def test_names_at_the_ends_of_curves_do_not_touch() -> None:
    y = np.array([[0.0, 0.0, 1.0 + i / 1000] for i in range(8)])
    panel = replace(SPIDER, x=np.tile([-1.0, 0.0, 1.0], (8, 1)), y=y, names=tuple(f"driver {i}" for i in range(8)))
    ax = draw([panel])
    ax.figure.canvas.draw()
    # an annotation's own box holds its arrow, too
    boxes = sorted((Text.get_window_extent(text) for text in ax.texts), key=lambda box: box.y0)
    assert all(below.y1 <= above.y0 for below, above in itertools.pairwise(boxes))


def test_boxes_of_a_scatter_stand_where_they_are_and_open_ends_run_to_the_frame() -> None:
    ax = draw([BOXES], axes())
    fails, holds = bars_of(ax)
    right, bottom = ax.get_xlim()[1], ax.get_ylim()[0]
    assert (fails.get_x(), fails.get_x() + fails.get_width()) == pytest.approx((2.5, right))
    assert (fails.get_y(), fails.get_y() + fails.get_height()) == pytest.approx((bottom, 0.35))
    assert (holds.get_x(), holds.get_y()) == (0.5, 0.1)
    assert (holds.get_width(), holds.get_height()) == pytest.approx((1.5, 0.1))
    assert words(ax) == ["fails here", "holds here"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("price, EUR", "rate")
    assert ax.yaxis.get_major_formatter()(0.25) == "25%"


def test_of_a_large_cloud_so_many_points_are_drawn_and_how_many_is_said() -> None:
    count = 3 * POINTS
    ax = draw([replace(SCATTER, x=np.arange(count) / 7, y=np.ones(count), group=None, names=())], axes())
    assert sum(len(np.asarray(drawn.get_offsets())) for drawn in ax.collections) == POINTS
    assert ax.get_xlabel() == "price  (2,048 of 6,144 points are drawn)"


def test_names_of_the_marks_of_a_histogram_do_not_touch() -> None:
    marks = tuple((name, 14.0 + i / 2) for i, name in enumerate(("P5", "P10", "P50", "P90", "P95", "target", "value")))
    ax = draw([replace(HISTOGRAM, marks=marks)])
    ax.figure.canvas.draw()
    boxes = [Text.get_window_extent(text) for text in ax.texts]
    assert len(boxes) == 7
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    tallest = ax.transData.transform((0.0, 0.5))[1]
    assert all(box.y0 > tallest for box in boxes)  # above the bars, the highest of which is a half


def test_levels_along_a_cumulative_curve_bear_their_unit() -> None:
    ax = draw([CUMULATIVE], axes())
    assert ax.get_xlabel() == "profit, EUR"
    assert (ax.xaxis.get_major_formatter()(20.0), ax.yaxis.get_major_formatter()(0.5)) == ("20", "50%")


def test_a_picture_is_chosen_by_its_name(tmp_path: Path) -> None:
    panels: list[Panel] = [TEXT, TABLE, GAINS, CUMULATIVE, replace(GAINS, title="More gains")]
    assert list(pictures(panels)) == ["bars", "cumulative", "bars-2"]
    assert draw(panels, axes(), picture="cumulative").get_title(loc="left") == "How likely"
    assert draw(panels, axes(), picture="bars-2").get_title(loc="left") == "More gains"
    save(panels, tmp_path / "a.svg", picture="cumulative")
    written = (tmp_path / "a.svg").read_text("utf-8")
    assert ">How likely" in written
    assert ">Gains" not in written


def test_a_name_of_no_picture_is_told_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownPicture) as caught:
        draw([GAINS, CUMULATIVE], axes(), picture="spider")
    assert str(caught.value) == "no picture of this answer is called 'spider'; there are 'bars' and 'cumulative'"
    with pytest.raises(UnknownPicture) as caught:
        save([GAINS], tmp_path / "a.svg", picture="spider")
    assert str(caught.value) == "no picture of this answer is called 'spider'; there is 'bars' alone"
    assert list(tmp_path.iterdir()) == []


def test_axes_bear_figures_as_the_panel_writes_them() -> None:
    ax = draw([replace(GAINS, high=np.array([0.4, 0.1]), percent=True)], axes())
    assert ax.xaxis.get_major_formatter()(0.05) == "5%"
    assert draw([GAINS], axes()).xaxis.get_major_formatter()(150_000.0) == "150k"


def test_a_tree_has_a_box_a_metric_and_a_line_an_edge() -> None:
    ax = draw([TREE], axes())
    assert len([patch for patch in ax.patches if isinstance(patch, FancyBboxPatch)]) == 5
    assert len([patch for patch in ax.patches if isinstance(patch, PathPatch)]) == 5
    said = words(ax)
    assert said[:4] == ["Profit", "118k", "-32k missed", "CEO"]
    assert said.count("Visits") == 1
    assert "UX · lever" in said


def test_a_gap_of_a_tree_has_a_colour_beside_its_sign_and_word() -> None:
    colors = {text.get_text(): text.get_color() for text in draw([TREE], axes()).texts}
    assert colors["-32k missed"] == VERMILLION
    assert colors["-2000 met"] == BLUE


@pytest.mark.parametrize("value", [Figure(1234.5), Spark((12.35e6, 15.31e6, 14.44e6))], ids=["figure", "series"])
@pytest.mark.parametrize("count", [1, 5, 20, 40])
def test_the_letters_of_a_tree_fit_their_boxes(count: int, value: Figure | Spark) -> None:
    nodes = {
        str(i): TreeNode(
            str(i),
            f"A metric with a longer name {i}",
            (value, Figure(-321.5, signed=True), "missed", "Customer support"),
            tuple(str(k) for k in (3 * i + 1, 3 * i + 2, 3 * i + 3) if k < count),
            "lever, uncertain",
        )
        for i in range(count)
    }
    heads = (Column("value", "EUR/month" if isinstance(value, Spark) else ""), *TREE.columns[1:])
    ax = draw([Tree("Tree", "0", nodes, heads)])
    ax.figure.canvas.draw()
    boxes = [patch.get_window_extent() for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    for text in ax.texts:
        held = text.get_window_extent()
        # half a point of a letter's edge
        assert any(
            b.x0 <= held.x0 + 1 and held.x1 <= b.x1 + 1 and b.y0 <= held.y0 + 1 and held.y1 <= b.y1 + 1 for b in boxes
        )


def test_a_table_is_drawn_where_nothing_else_is() -> None:
    ax = draw([TEXT, TABLE], axes())
    cells = {where: cell.get_text().get_text() for where, cell in ax.tables[0].get_celld().items()}
    assert cells[0, 1] == "gain, USD/month"
    assert [cells[row, 0] for row in (1, 2, 3)] == ["ad_spend", "売上", "price"]
    assert len(draw([TABLE, GAINS], axes()).tables) == 0


def test_the_first_panel_that_is_a_picture_is_drawn_on_the_axes_given() -> None:
    ax = axes()
    assert draw([TEXT, TABLE, GAINS, BRIDGE], ax) is ax
    assert ax.get_title(loc="left") == "Gains"


def test_a_new_figure_is_laid_out_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyplot, "show", lambda *_, **__: pytest.fail("a picture was shown"))
    ax = draw([BARS])
    assert type(ax.figure.get_layout_engine()).__name__ == "ConstrainedLayoutEngine"
    assert pyplot.get_fignums() == [1]


def test_settings_are_left_as_they_were(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    draw([BARS])
    save([BARS], tmp_path / "a.svg")
    assert dict(matplotlib.rcParams) == before
    assert pyplot.get_fignums() == [1]  # that of draw; save leaves none behind


def test_text_alone_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(NothingToDraw) as caught:
        draw([TEXT, NOTE])
    assert str(caught.value) == "there is no picture of this answer, which is text alone; print it instead"
    with pytest.raises(NothingToDraw):
        save([TEXT], tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("format", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_all_panels_are_saved_below_each_other_and_alike_each_time(tmp_path: Path, format: str, start: bytes) -> None:
    panels: list[Panel] = [GAINS, BRIDGE, TEXT]
    for name in ("a", "b"):
        save(panels, tmp_path / f"{name}.{format}")
    first, second = (tmp_path / f"{name}.{format}" for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a.{format}", f"b.{format}"]


@pytest.mark.parametrize("panel", DRAWN, ids=lambda panel: type(panel).__name__)
def test_every_picture_holds_its_words_as_text(tmp_path: Path, panel: Panel) -> None:
    save([panel], tmp_path / "a.svg")
    written = (tmp_path / "a.svg").read_text("utf-8")
    assert f">{panel.title}" in written  # type: ignore[union-attr]
    assert "dc:date" not in written


@pytest.mark.parametrize(
    "panel",
    [panel for panel in examples.hostile() if PAINTERS[type(panel)] is not None],
    ids=lambda panel: type(panel).__name__,
)
def test_names_are_no_formulas_and_no_markup(tmp_path: Path, panel: Panel) -> None:
    save([panel], tmp_path / "a.svg")
    written = (tmp_path / "a.svg").read_text("utf-8")
    assert "<script" not in written
    assert "\u202e" not in written
    assert "&lt;script&gt;" in written
    assert "$x^$_" in written


def test_letters_that_no_font_has_are_said_once_and_left_to_the_reader_of_an_svg(tmp_path: Path) -> None:
    panel = replace(GAINS, ids=("\U00010383", "\U00010380"))  # Ugaritic
    with pytest.warns(UserWarning, match="no font here") as caught:
        save([panel], tmp_path / "a.png")
    assert [str(warning.message) for warning in caught] == [
        "no font here has the letters \U00010383\U00010380: save as .svg, or install one that does"
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save([panel], tmp_path / "a.svg")
    assert "\U00010383" in (tmp_path / "a.svg").read_text("utf-8")


def test_a_name_that_says_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat) as caught:
        save([GAINS], "plan.bmp")
    assert str(caught.value) == "cannot tell a picture's format from 'plan.bmp'; end its name in .png, .svg or .pdf"
    save([GAINS], tmp_path / "PLAN.SVG")
    assert (tmp_path / "PLAN.SVG").exists()


def test_a_folder_that_is_not_there_is_said() -> None:
    with pytest.raises(NotWritten) as caught:
        save([GAINS], "no/such/plan.svg")
    assert str(caught.value) == "cannot write 'no/such/plan.svg': No such file or directory"


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "plan.svg"
    target.write_text("old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotWritten, match="No space left on device"):
        save([GAINS], target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_written_file_has_the_rights_of_any_other(tmp_path: Path) -> None:
    save([GAINS], tmp_path / "plan.svg")
    (tmp_path / "other").write_text("")
    rights = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plan.svg", "other")]
    assert rights[0] == rights[1]


def test_panels_without_figures_are_drawn_all_the_same(tmp_path: Path) -> None:
    none = np.array([])
    empty: list[Panel] = [
        replace(BARS, ids=(), low=none, high=none, low_names=(), high_names=(), labels=()),
        replace(BRIDGE, ids=(), steps=none, end=100.0),
        replace(HISTOGRAM, edges=none, counts=none, marks=()),
        replace(SCATTER, x=none, y=none, group=None, names=()),
        replace(BOXES, x=none, y=none, group=None, boxes=(("all", -np.inf, np.inf, np.nan, 1.0),)),
        replace(ERRORS, ids=(), low=none, high=none, errors=(none, none)),
        replace(GROUPED, ids=(), values=none.reshape(2, 0), errors=None, labels=()),
        replace(SPIDER, y=np.full((2, 3), np.nan)),
        replace(SPIDER, x=none.reshape(0, 3), y=none.reshape(0, 3), names=(), origin=None),
        Table("", (Column("a"),), ()),
        Tree("", "a", {"a": TreeNode("a", "a", ())}, ()),
        replace(GAINS, low=np.array([np.nan, -1e308]), high=np.array([np.inf, 1e308])),
        replace(HEATMAP, values=np.array([[np.nan, 1.0], [1.0, np.inf]])),
    ]
    for panel in empty:
        save([panel], tmp_path / "a.svg")
