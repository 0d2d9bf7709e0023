"""Panels as terminal text, word by word."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from textwrap import dedent
from typing import get_args

import numpy as np
import pytest

from leverage.panels import Bars, Bridge, Column, Figure, Lines, Panel, Scatter, Table, Text, Tree, TreeNode
from leverage.views.measure import width
from leverage.views.text import PAINTERS, write
from tests.views import examples
from tests.views.examples import EXAMPLES, NEXT, NOTE, TABLE, TEXT, TREE


def text(*panels: Panel, columns: int = 60, **more: object) -> str:
    """The panels as they stand in a file: no colour, box characters."""
    return write(panels, width=columns, color=False, ascii=False, **more)  # type: ignore[arg-type]


GOLDEN = {
    "TABLE": """
        Levers of profit
        metric         gain   best  owner
                  USD/month
        ─────────────────────────────────────
        ad_spend      12.4k  61.5%  Marketing
        売上            950  30%    UX
        price             -      -
    """,
    "TREE": """
        Shop
                                     value    gap          owner
        ────────────────────────────────────────────────────────
        Profit                        118k   -32k  missed  CEO
        ├─ Revenue                    196k
        │  ├─ Visits                  120k
        │  └─ Rate            lever   2.4%                 UX
        └─ Cost                        78k  -2000  met     CFO
           └─ Visits (above)
    """,
    "BARS": """
        Tornado, USD
        Purchase rate  90 at 1.9%  ▒▒▒▒▒│██████████████  130 at 3.1%
        cost_ratio     95 at 66%     ▒▒▒│█████           110 at 54%
                                       100
    """,
    "GAINS": """
        Gains, USD
        ads    +40           │██████████████████████████████████████
        price  -10  ▒▒▒▒▒▒▒▒▒│
    """,
    "ERRORS": """
        Worth knowing, USD
                         95%
                    interval
        ────────────────────────────────────────────────────────────
        rate    40  30 to 50  │██████████████████████├─────────────┤
        visits  10   9 to 11  │███████┼
        fee      2            │█
    """,
    "GROUPED": """
        Share of the variance
                                          95%
                                     interval
        ────────────────────────────────────────────────────────────
        Purchase rate  first  50%  45% to 55%  │███████████├─┤
                       total  70%  60% to 80%  │▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒├───┤
        visits         first  20%  15% to 25%  │████├┤
                       total  30%              │▒▒▒▒▒▒▒
    """,
    "SPIDER": """
        Spider, USD
                            change       profit
                                            USD
        ───────────────────────────────────────
        Purchase rate  -10% to 20%   90 ▁▃█ 120
        Visits         -50% to 50%  105 █▅▁  95
    """,
    "BOXES": """
        Cases
        group  price  rate
                 EUR
        ──────────────────
        holds      1   10%
        holds      2   20%
        fails      3   30%
        fails      4   40%

        box            price        rate  holds in it  fails in it
                         EUR
        ──────────────────────────────────────────────────────────
        fails here  from 2.5   up to 35%            0            1
        holds here  0.5 to 2  10% to 20%            2            0
    """,
    "CUMULATIVE": """
        How likely
        profit  share
           EUR
        ─────────────
            10    10%
            20    50%
            30    90%
    """,
    "BRIDGE": """
        Why, USD
        target  100  │██████████████████████████████████████████████
        rate    -40  │                            ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
        visits  +25  │                            ███████████
        actual   85  │███████████████████████████████████████
    """,
    "LINES": """
        Frontier
        budget    best   today  P10 to P90
                profit  profit      profit
        ──────────────────────────────────
             1      10      10     8 to 12
             2      15      12    12 to 18
             3      18      13    14 to 22

        point  budget  profit
        ─────────────────────
        now         2      12
    """,
    "HISTOGRAM": """
        Spread, USD
        from  to  share
        ────────────────────────────────────────────────────────────
           0  10  25.0%  │██████████████
          10  20  50.0%  │█████████████████████████████  ◂ P50 15
          20  30  25.0%  │██████████████                 ◂ target 25
    """,
    "HEATMAP": """
        Profit, USD
        price down, rate across
        price  2%  3%
        ─────────────
           58   1   2
           68   3   4
    """,
    "SCATTER": """
        Plans
        group  price  rate
        ──────────────────
        holds      1     4
        fails      2     5
        holds      3     6
    """,
    "SERIES": """
        Values
        metric             value
                             EUR
        ────────────────────────
        revenue  12M ▁▂ █ 15.25M
        rate      2% ▄▄       2%
        price                 68
    """,
    "COURSES": """
        Over time
                                value   gap
        ───────────────────────────────────────────
        Profit          100k ▁█▅ 150k  -32k  missed
        └─ Rate  lever           2.4%
    """,
    "FAN": """
        Revenue, EUR
        month    median  P10 to P90  P5 to P95  target  plan
        ────────────────────────────────────────────────────
        2027-01      10    10 to 10   10 to 10      13    11
        2027-02      12    11 to 13   10 to 14      13    12
        2027-03      14    12 to 16   10 to 18      13    13

        point   month    EUR
        ────────────────────
        launch  2027-02   12
    """,
    "CHANNELS": """
        By channel, EUR
                            median  P10 to P90
                2027-01 to 2027-03     2027-03
        ──────────────────────────────────────
        ads              10 ▁▅█ 14    10 to 18
        social            5 ▁▅█  7      5 to 9
    """,
    "SWINGS": """
        Swings, USD
                Purchase rate  cost_ratio
        ─────────────────────────────────
        ads         90 to 130   95 to 110
        social      70 to 130    90 to 95
    """,
    "SHAPES": """
        Spreads, USD
                from  share of samples  to  P50  target
        ───────────────────────────────────────────────
        ads        0               ▁█▁  30   15      25
        social     0               ▁█▁  30    -       -
    """,
    "ELASTICITIES": """
        Elasticity
        driver down, month across
        driver  2027-01  2027-02  2027-03
        ─────────────────────────────────
        rate        0.5     0.25        1
        visits      3       4           2
    """,
    "TEXT": "Push ad_spend to 50k: profit rises by 12.4k.",
    "NOTE": "Note: correlations are not followed",
    "NEXT": "Next: leverage allocate shop.yaml --limit budget=120_000",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_each_kind_of_panel_reads_as_it_should(name: str) -> None:
    assert text(getattr(examples, name)) == dedent(GOLDEN[name]).strip()


CELLS = tuple(f"Price level of a country [{country}]" for country in ("de", "fr", "jp"))


def test_names_that_are_cut_tell_their_cells_apart() -> None:
    figures = tuple(Column(f"column {k}") for k in range(5))
    table = Table("", (Column("metric", text=True), *figures), tuple((name, *map(Figure, range(5))) for name in CELLS))
    swings = Bars("", CELLS, np.array([90.0, 80, 70]), np.array([110.0, 120, 130]), reference=100)
    bridge = Bridge("", "before", "after", 100.0, 103.0, CELLS, np.ones(3))
    for panel, columns in ((table, 60), (swings, 36), (bridge, 28)):
        cut = re.findall(r"^Price level of a[^]]*… \[(..)\] ", text(panel, columns=columns), re.MULTILINE)
        assert cut == ["de", "fr", "jp"]


def test_a_trees_names_are_cut_at_their_units() -> None:
    tree = Tree("", "m", {"m": TreeNode("m", "Profit of all the shops [million USD]", (), ())}, ())
    assert text(tree, columns=30) == "Profit of all the shops [mill…"


def test_every_kind_of_panel_has_a_painter() -> None:
    assert set(PAINTERS) == set(get_args(Panel))


def test_panels_are_set_apart_and_the_foot_closes_them() -> None:
    closing = text(TEXT, NOTE, NEXT, notes=("seed 0",), foot="model 1a2b3c4d  seed 0")
    assert (
        closing
        == dedent(
            """
        Push ad_spend to 50k: profit rises by 12.4k.

        Note: correlations are not followed
        Note: seed 0

        Next: leverage allocate shop.yaml --limit budget=120_000

        model 1a2b3c4d  seed 0
        """
        ).strip()
    )


def test_nothing_to_say_says_nothing() -> None:
    assert text() == ""
    assert text(foot="model 1") == "model 1"
    assert text(Table("Levers", (Column("metric", text=True),), ())) == "Levers\nmetric\n──────\n(none)"


@pytest.mark.parametrize("columns", [40, 57, 80, 120, 200])
@pytest.mark.parametrize(
    "panel", [panel for panel in EXAMPLES if panel is not NEXT], ids=lambda panel: type(panel).__name__
)
def test_no_line_is_wider_than_the_terminal_or_ends_in_a_space(panel: Panel, columns: int) -> None:
    for line in text(panel, columns=columns).split("\n"):
        assert width(line) <= columns
        assert line == line.rstrip()


def test_a_command_stays_whole_so_that_it_can_be_copied() -> None:
    assert text(NEXT, columns=24) == "Next: leverage allocate shop.yaml --limit budget=120_000"


def test_a_sentence_wraps_below_its_beginning() -> None:
    assert (
        text(Text("correlations are not followed", "warning"), columns=24)
        == "Note: correlations are\n      not followed"
    )


def test_ascii_is_enough_for_every_panel() -> None:
    written = write([panel for panel in EXAMPLES if panel is not TABLE], width=60, color=False, ascii=True)
    assert written.isascii()
    assert "|- Revenue" in written
    assert "90 at 1.9%  =====|##############  130 at 3.1%" in written


def test_a_series_in_ascii_is_its_ends() -> None:
    written = write([examples.SERIES, examples.SHAPES], width=60, color=False, ascii=True)
    assert "revenue  12M .. 15.25M" in written
    assert "share of samples" not in written  # a shape that cannot be shown


def test_of_many_periods_some_are_told_and_the_last() -> None:
    x = np.arange(36.0)
    panel = Lines("", x, x[None, :], ("median",), "month", x_names=tuple(f"m{i}" for i in range(36)))
    assert [line.split()[0] for line in text(panel).split("\n")[2:]] == [f"m{i}" for i in (*range(0, 36, 3), 35)]


def test_a_level_that_is_missing_is_a_dash_and_a_gap() -> None:
    curve = np.array([1.0, np.nan, 3.0])
    panel = replace(examples.FAN, y=curve[None, :], bands=(), references=(), marks=())
    assert [line.split()[1] for line in text(panel).split("\n")[3:]] == ["1", "-", "3"]
    assert "▁ █" in text(replace(examples.CHANNELS, panels=(panel,)))


def test_there_is_no_colour_unless_it_is_asked_for() -> None:
    assert "\x1b" not in write(EXAMPLES, foot="model", width=60)  # standard output is captured: no terminal
    assert "\x1b" in write(EXAMPLES, foot="model", width=60, color=True)


def test_colour_adds_nothing_but_colour() -> None:
    written = write(EXAMPLES, foot="model 1", width=60, color=True, ascii=False)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", written)
    assert bare == text(*EXAMPLES, foot="model 1")
    assert "\x1b[33m-32k\x1b[0m" in written
    assert "\x1b[36m-2000\x1b[0m" in written
    assert written.endswith("\x1b[2mmodel 1\x1b[0m")


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("panel", examples.hostile(), ids=lambda panel: type(panel).__name__)
def test_names_steer_nothing(panel: Panel, color: bool) -> None:
    written = write([panel], notes=(examples.HOSTILE,), foot=examples.HOSTILE, width=120, color=color, ascii=False)
    own = re.sub(r"\x1b\[(?:1|2|33|36)m|\x1b\[0m|\n", "", written)
    assert {unicodedata.category(character) for character in own}.isdisjoint({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
    assert "\x1b[31m" not in written


def test_a_metric_that_lies_deep_keeps_its_name() -> None:
    nodes = {str(i): TreeNode(str(i), f"metric {i}", (Figure(float(i)),), (str(i + 1),)) for i in range(90)}
    lines = text(Tree("", "0", nodes, (Column("value"),)), columns=80).split("\n")
    assert len(lines) == 90 + 2
    assert lines[-1].startswith("… ")
    assert lines[-1].endswith("└─ metric 89     89")
    assert all(width(line) <= 80 for line in lines)


def test_a_long_name_met_again_keeps_its_reference() -> None:
    nodes = dict(TREE.nodes) | {"visits": replace(TREE.nodes["visits"], label="Visits of all channels together")}
    assert "   └─ Visits of… (above)" in text(replace(TREE, nodes=nodes), columns=60)


def test_bars_without_room_still_give_their_figures() -> None:
    assert (
        text(examples.BARS, columns=40)
        == dedent(
            """
        Tornado, USD
        Purchase rate  90 at 1.9%  130 at 3.1%
        cost_ratio     95 at 66%   110 at 54%
        """
        ).strip()
    )


def test_a_bridge_whose_bars_do_not_begin_at_zero_says_so() -> None:
    panel = replace(examples.BRIDGE, start=150e3, end=130e3, steps=np.array([-30e3, 10e3]))
    assert text(panel).split("\n")[-1] == "bars begin at 100k"


def test_a_step_too_short_for_a_character_leaves_a_trace() -> None:
    panel = Bars("", ("a", "b"), np.zeros(2), np.array([1000.0, 1.0]))
    assert text(panel).split("\n")[1] == "b     1  │▏"


def test_a_whisker_in_ascii_has_ends_too() -> None:
    written = write([examples.ERRORS], width=60, color=False, ascii=True)
    assert "rate    40  30 to 50  |######################|-------------|" in written
    assert "visits  10   9 to 11  |#######+" in written


def test_a_large_cloud_is_told_by_its_groups() -> None:
    x = np.arange(101.0)
    panel = Scatter("", x, 2 * x, "price", "rate", (x >= 51).astype(np.intp), ("holds", "fails"))
    # of 0..50 the quantiles at 0.1, 0.5 and 0.9 are 5, 25 and 45; of 51..100 they are 55.9, 75.5 and 95.1
    assert (
        text(panel, columns=90)
        == dedent(
            """
        group  points                price                  rate
                          P50 (P10 to P90)      P50 (P10 to P90)
        ────────────────────────────────────────────────────────
        holds      51         25 (5 to 45)         50 (10 to 90)
        fails      50  75.5 (55.9 to 95.1)  151 (111.8 to 190.2)
        """
        ).strip()
    )


def test_an_endless_name_is_cut_in_no_time() -> None:
    table = Table("", (Column("a", text=True), Column("b", text=True)), (("x" * 1_000_000, "売" * 1_000_000),))
    assert len(text(table)) < 20_000


def test_text_and_page_need_no_picture_library() -> None:
    loaded = "import sys, leverage.views.text, leverage.views.html; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
