"""Panels as a fragment of a page: well formed, escaped, and without anything that runs or loads."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from typing import get_args

import numpy as np
import pytest

from leverage.panels import Bars, Figure, Lines, Panel, Tree, TreeNode
from leverage.views.cloud import POINTS
from leverage.views.html import PAINTERS, write
from leverage.views.svg import ticks
from tests.views import examples
from tests.views.examples import (
    BARS,
    BOXES,
    BRIDGE,
    CHANNELS,
    COURSES,
    ELASTICITIES,
    ERRORS,
    EXAMPLES,
    FAN,
    GROUPED,
    HEATMAP,
    HISTOGRAM,
    LINES,
    PERIODS,
    SCATTER,
    SERIES,
    SPIDER,
    SWINGS,
    TABLE,
    TREE,
)

DRAWN = {"svg", "line", "text", "rect", "circle", "polyline", "polygon", "title"}
TAGS = {
    "div",
    "p",
    "b",
    "br",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
    "details",
    "summary",
} | DRAWN
VOID = frozenset(("br",))


class Page(HTMLParser):
    """The elements of a fragment, its text, and whether every tag is closed in its turn."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(fragment)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of one kind."""
        return [attributes for name, attributes in self.found if name == tag]

    @property
    def text(self) -> str:
        return " ".join(word for word in self.words if word.strip())


def style(attributes: dict[str, str | None], key: str) -> str | None:
    found = re.search(rf"(?:^|;){key}:([^;]+)", attributes.get("style") or "")
    return found[1] if found else None


def test_every_kind_of_panel_has_a_painter() -> None:
    assert set(PAINTERS) == set(get_args(Panel))


@pytest.mark.parametrize("panel", [*EXAMPLES, *examples.hostile()], ids=lambda panel: type(panel).__name__)
def test_a_fragment_is_well_formed_and_can_neither_run_nor_load(panel: Panel) -> None:
    page = Page(write([panel], notes=(examples.HOSTILE,), foot=examples.HOSTILE))
    assert {tag for tag, _ in page.found} <= TAGS
    for _, attributes in page.found:
        assert not any(name.startswith("on") or name in ("href", "src", "id", "class") for name in attributes)
        assert "url(" not in (attributes.get("style") or "")


@pytest.mark.parametrize("panel", examples.hostile(), ids=lambda panel: type(panel).__name__)
def test_names_are_shown_and_steer_nothing(panel: Panel) -> None:
    fragment = write([panel], foot=examples.HOSTILE)
    assert "<script>" not in fragment
    assert {unicodedata.category(character) for character in fragment}.isdisjoint({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
    assert "<script>alert(1)</script>\\u202ec =d&$x^$_" in Page(fragment).text


def test_a_table_says_its_figures_units_and_ids() -> None:
    page = Page(write([TABLE]))
    assert page.text == (
        "Levers of profit metric gain USD/month best owner ad_spend 12.4k 61.5% Marketing 売上 950 30% UX price - -"
    )
    assert [row.get("data-id") for row in page.all("tr")] == [None, "ad_spend", "売上", "price"]
    assert [style(cell, "text-align") for cell in page.all("td")[:4]] == ["left", "right", "right", "left"]


def test_a_tree_folds_and_names_a_shared_driver_once() -> None:
    page = Page(write([TREE]))
    assert len(page.all("details")) == 3
    assert all("open" in attributes for attributes in page.all("details"))
    ids = [attributes["data-id"] for attributes in page.all("span") if "data-id" in attributes]
    assert ids == ["profit", "revenue", "visits", "rate", "cost"]
    assert page.text.count("120k") == 1
    assert "Visits (above)" in page.text.replace("  ", " ")


def test_a_large_tree_opens_its_first_levels_alone() -> None:
    nodes = {str(i): TreeNode(str(i), f"m{i}", (), tuple(str(2 * i + k) for k in (1, 2))) for i in range(127)}
    page = Page(write([Tree("", "0", nodes, ())]))
    assert len(page.all("details")) == 63
    assert sum("open" in attributes for attributes in page.all("details")) == 1 + 2 + 4


def test_a_missed_target_is_told_by_word_and_colour() -> None:
    page = Page(write([TREE]))
    toned = [attributes for attributes in page.all("span") if (style(attributes, "color") or "").startswith("#D55E00")]
    assert len(toned) == 1
    assert "-32k missed" in page.text.replace("  ", " ")


def test_bars_lie_where_their_figures_are() -> None:
    page = Page(write([BARS]))
    strokes = [
        (style(a, "left"), style(a, "width"), "gradient" in (a["style"] or ""))
        for a in page.all("div")
        if style(a, "width") and style(a, "position") == "absolute"
    ]
    # from 90 to 130 with the reference at 100: rate 90..130, cost_ratio 95..110; the worse side is hatched
    assert strokes == [
        ("25.00%", "75.00%", False),
        ("0.00%", "25.00%", True),
        ("25.00%", "25.00%", False),
        ("12.50%", "12.50%", True),
    ]
    assert "90 at 1.9% 130 at 3.1%" in page.text
    assert "bars start at 100" in page.text


def test_a_bridge_has_signed_steps_between_its_totals() -> None:
    page = Page(write([BRIDGE]))
    assert page.text == "Why, USD target 100 rate -40 visits +25 actual 85"
    widths = [style(a, "width") for a in page.all("div") if style(a, "position") == "absolute" and style(a, "width")]
    assert widths == ["100.00%", "40.00%", "25.00%", "85.00%"]


def test_higher_cells_of_a_heatmap_are_darker_and_all_are_written() -> None:
    page = Page(write([HEATMAP]))
    shades = [style(cell, "background") for cell in page.all("td")]
    assert shades == [f"rgba(0,114,178,{shade})" for shade in ("0.00", "0.20", "0.40", "0.60")]
    assert page.text.endswith("2% 3% 58 1 2 68 3 4")


def test_curves_differ_in_colour_and_dash() -> None:
    page = Page(write([LINES]))
    first, second = page.all("polyline")
    assert first["stroke"] != second["stroke"]
    assert first.get("stroke-dasharray") != second.get("stroke-dasharray")
    assert len(page.all("polygon")) == 1
    assert all(word in page.text for word in ("best", "today", "P10 to P90", "now", "budget", "profit"))


def test_a_fan_is_darker_inside_and_its_legend_says_how_dark() -> None:
    page = Page(write([FAN]))
    outer, inner = (len((band["points"] or "").split()) for band in page.all("polygon"))
    assert outer == inner == 6
    samples = [box["fill-opacity"] for box in page.all("rect")]
    assert samples == ["0.18", "0.33"]  # 1 - 0.82 and 1 - 0.82**2
    assert all(word in page.text for word in (*PERIODS, "P5 to P95", "target", "plan", "EUR"))
    dashed = [curve for curve in page.all("polyline") if curve["stroke"] == "currentColor"]
    assert len(dashed) == 2


def test_names_of_periods_are_thinned_until_they_stand_apart() -> None:
    x = np.arange(48.0)
    names = tuple(f"{2027 + i // 12}-{i % 12 + 1:02d}" for i in range(48))
    page = Page(write([Lines("", x, x[None, :], ("median",), x_names=names)]))
    placed = [float(words["x"] or 0) for words, word in zip(page.all("text"), page.words, strict=False) if "-" in word]
    assert placed
    assert min(np.diff(placed)) > 7 * 7  # seven letters of seven


def test_a_curve_breaks_where_a_level_is_missing_and_a_point_alone_is_a_dot() -> None:
    curve = np.array([1.0, 2.0, np.nan, 3.0, np.nan])
    page = Page(write([Lines("", np.arange(5.0), curve[None, :], ("a",))]))
    assert len(page.all("polyline")) == 1
    assert len(page.all("circle")) == 1


def test_a_series_is_a_line_that_says_its_ends_and_extremes() -> None:
    page = Page(write([SERIES]))
    lines = [shape for shape in page.all("svg") if shape.get("role") == "img"]
    assert [shape["aria-label"] for shape in lines] == [
        "from 12M to 15.25M, lowest 12M, highest 15.25M",
        "from 2% to 2%, lowest 2%, highest 2%",
    ]
    assert page.text.count("lowest 12M, highest 15.25M") == 1  # the pointer's title
    assert "12M" in page.words
    assert len(Page(write([COURSES])).all("polyline")) == 1


def test_small_plots_stand_on_one_scale_under_one_legend() -> None:
    page = Page(write([CHANNELS]))
    ads, social = ([float(p.split(",")[1]) for p in (c["points"] or "").split()] for c in page.all("polyline"))
    assert min(social) > max(ads)  # 7 lies below 10
    apart = Page(write([replace(CHANNELS, share_y=False)])).all("polyline")
    assert apart[0]["points"] == apart[1]["points"]
    assert page.text.count("P10 to P90") == 1
    assert all(word in page.text for word in ("By channel, EUR", "ads", "social"))


def test_small_bars_share_their_scale_too() -> None:
    ends = [
        (style(bar, "left"), style(bar, "width")) for bar in Page(write([SWINGS])).all("div") if style(bar, "width")
    ]
    # from 70 to 130 for both: the bar from 100 to 130 is half of it
    assert ends[1] == ("50.00%", "50.00%")
    assert ("0.00%", "50.00%") in ends


def test_names_stand_where_a_heatmap_has_no_levels() -> None:
    page = Page(write([ELASTICITIES]))
    assert page.text.endswith("2027-01 2027-02 2027-03 rate 0.5 0.25 1 visits 3 4 2")
    sides = [style(head, "text-align") for head in page.all("th")]
    assert sides == ["left", "right", "right", "right", "left", "left"]


def test_a_histogram_has_a_bar_a_bin_and_a_line_a_mark() -> None:
    page = Page(write([HISTOGRAM]))
    heights = [float(bar["height"] or 0) for bar in page.all("rect")]
    # half and a quarter of the samples; drawn to a tenth of a pixel
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)
    assert heights[0] == heights[2]
    assert "P50 15" in page.text
    assert "target 25" in page.text


def test_a_scatter_has_a_mark_a_point_and_groups_differ_in_colour_and_shape() -> None:
    page = Page(write([SCATTER]))
    dots, corners = page.all("circle"), page.all("polygon")
    assert (len(dots), len(corners)) == (2 + 1, 1 + 1)  # with those of the legend
    assert {dot["fill"] for dot in dots}.isdisjoint(corner["fill"] for corner in corners)


def test_a_box_stands_around_its_points_and_an_open_end_runs_to_the_frame() -> None:
    page = Page(write([BOXES]))
    fails, _ = ([float(box[key] or 0) for key in ("x", "y", "width", "height")] for box in page.all("rect"))
    left, top, wide, tall = fails
    placed = [(float(dot["cx"] or 0), float(dot["cy"] or 0)) for dot in page.all("circle")[:2]]
    third, fourth = ((corner["points"] or "").split()[0].split(",") for corner in page.all("polygon")[:2])
    assert all(x < left for x, _ in placed)  # prices 1 and 2 lie before 2.5
    assert float(third[0]) > left
    assert float(third[1]) > top > float(fourth[1])  # 30% lies below the box's end at 35%, and 40% above it
    assert (left + wide, top + tall) == pytest.approx((640 - 28, 320 - 46), abs=0.1)  # the frame of a plane
    assert all(word in page.text for word in ("fails here", "holds here", "price, EUR", "20%"))


def test_of_a_large_cloud_so_many_points_are_drawn_and_how_many_is_said() -> None:
    count = 3 * POINTS
    page = Page(write([replace(SCATTER, x=np.arange(count) / 7, y=np.ones(count), group=None, names=())]))
    assert len(page.all("circle")) == POINTS
    assert "2,048 of 6,144 points are drawn" in page.text


def test_an_interval_lies_on_its_bar_and_stands_beside_it() -> None:
    page = Page(write([ERRORS]))
    pieces = [(style(a, "left"), style(a, "width")) for a in page.all("div") if style(a, "width") and style(a, "left")]
    # the scale runs from 0 to 50, where the widest interval ends
    assert pieces[:4] == [("0.00%", "80.00%"), ("60.00%", "40.00%"), ("0.00%", "20.00%"), ("18.00%", "4.00%")]
    assert len(pieces) == 5  # the last bar has none
    assert page.text.endswith("rate 40 30 to 50 visits 10 9 to 11 fee 2 whiskers: 95% interval")


def test_bars_of_a_group_bear_one_name_and_each_its_series() -> None:
    page = Page(write([GROUPED]))
    assert [head.get("rowspan") for head in page.all("th")] == ["2", "2"]
    assert "Purchase rate first 50% 45% to 55% total 70% 60% to 80% visits first 20%" in page.text
    fills = [
        style(a, "background") for a in page.all("div") if style(a, "width") and "border" not in (a["style"] or "")
    ]
    drawn = [fill for fill in fills if fill]
    assert drawn[0] == drawn[2] != drawn[1] == drawn[3]


def test_curves_of_a_spider_are_named_where_they_end_and_meet_in_a_dot() -> None:
    page = Page(write([SPIDER]))
    curves = [curve for curve in page.all("polyline") if curve["stroke"] != "currentColor"]
    leads = [curve for curve in page.all("polyline") if curve["stroke"] == "currentColor"]
    ends = [(curve["points"] or "").split()[-1] for curve in curves]
    assert [(lead["points"] or "").split()[0] for lead in leads] == ends
    middles = [(curve["points"] or "").split()[1] for curve in curves]
    (dot,) = page.all("circle")
    assert {f"{dot['cx']},{dot['cy']}"} == set(middles)
    assert all(word in page.text for word in ("Purchase rate", "Visits", "change", "profit, USD", "-20%"))


def test_the_marks_of_a_histogram_stand_on_lines_of_their_own() -> None:
    marks = tuple((f"P{i}", 14.0 + i / 10) for i in range(5))
    page = Page(write([replace(HISTOGRAM, marks=marks)]))
    placed = [(words["y"], words["text-anchor"]) for words in page.all("text")[-5:]]
    assert len(set(placed)) == 5


def test_figures_that_are_no_numbers_are_said_and_not_drawn() -> None:
    panel = Bars("", ("a", "b"), np.array([np.nan, 0.0]), np.array([np.inf, 1.0]))
    assert "not finite" in write([panel])
    assert "nan%" not in write([panel])


@pytest.mark.parametrize(
    ("low", "high", "levels"),
    [
        (0.0, 10.0, [0, 2, 4, 6, 8, 10]),
        (-0.13, 0.31, [-0.1, 0.0, 0.1, 0.2, 0.3]),
        (96e3, 204e3, [100e3, 120e3, 140e3, 160e3, 180e3, 200e3]),
    ],
)
def test_ticks_are_round_and_within(low: float, high: float, levels: list[float]) -> None:
    assert ticks(low, high) == levels


def test_the_notes_stand_before_what_to_run_next() -> None:
    text = Page(write([examples.TEXT, examples.NEXT], notes=("seed 0",), foot="model 1")).text
    assert [text.index(word) for word in ("Push", "seed 0", "leverage allocate", "model 1")] == sorted(
        text.index(word) for word in ("Push", "seed 0", "leverage allocate", "model 1")
    )


def test_a_figure_of_a_cell_is_rounded_as_text_rounds_it() -> None:
    assert "0.1235" in write(
        [Tree("", "a", {"a": TreeNode("a", "a", (Figure(0.1234567),))}, (examples.TREE.columns[0],))]
    )
