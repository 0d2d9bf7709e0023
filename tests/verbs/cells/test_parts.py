"""Rows of labels beneath a metric: in order, groups above their members, and not endlessly many."""

from __future__ import annotations

from leverage.model import Model
from leverage.panels import Cell, Column
from leverage.verbs.cells.parts import MOST, Part, by_label, parts
from tests.verbs.over_time import year

YEAR = year().tree


def test_a_row_stands_for_each_label_and_a_groups_above_its_members() -> None:
    assert [(part.address, part.labels) for part in parts(YEAR, "visits")] == [
        ("visits[organic]", ("organic",)),  # a group of one label is that label
        ("visits[paid]", ("paid",)),
        ("visits[ads]", ("ads",)),
        ("visits[social]", ("social",)),
    ]
    assert parts(YEAR, "margin") == parts(YEAR, "profit") == ()


def test_groups_of_groups_stand_outer_first() -> None:
    dimensions = {"place": {"world": {"emea": ["de", "fr"], "apac": ["jp", "kr"]}, "rest": ["xx", "yy"]}}
    tree = Model(kgi="k", dimensions=dimensions, metrics={"k": "sum(x)", "x": {"value": {"world": 1, "rest": 2}}}).tree
    labels = ["world", "emea", "de", "fr", "apac", "jp", "kr", "rest", "xx", "yy"]
    assert [part.labels for part in parts(tree, "x")] == [(label,) for label in labels]


def test_every_address_names_the_cells_that_its_row_means() -> None:
    for part in parts(YEAR, "visits"):
        cells = {
            cell for cell in YEAR.cells_of("visits") if YEAR.cells.metrics[cell].labels[0] in part.meant["channel"]
        }
        assert set(YEAR.cells_of(part.address)) == cells


def test_metrics_of_the_same_dimensions_share_a_table() -> None:
    (table,) = by_label(YEAR, YEAR.metrics, (Column("n"),), _count)
    assert table.title == "By channel"
    assert [column.title for column in table.columns] == ["metric", "channel", "n"]
    assert table.rows[:5] == (
        ("orders", "organic", "12"),
        (None, "paid", "24"),
        (None, "ads", "12"),
        (None, "social", "12"),
        ("visits", "organic", "12"),
    )
    assert table.ids[:2] == ("orders[organic]", "orders[paid]")


def test_rows_without_cells_are_left_out_and_so_is_a_table_without_rows() -> None:
    (table,) = by_label(YEAR, ["orders"], (Column("n"),), lambda id, part: ("1",) if part.labels == ("ads",) else None)
    assert table.rows == (("orders", "ads", "1"),)
    assert by_label(YEAR, YEAR.metrics, (), lambda id, part: None) == ()


def test_of_many_labels_a_dozen_are_shown_and_the_rest_is_counted() -> None:
    labels = [f"c{number}" for number in range(40)]
    metrics = {"k": "sum(x)", "x": {"value": dict.fromkeys(labels, 1)}}
    tree = Model(kgi="k", dimensions={"channel": labels}, metrics=metrics).tree
    (table,) = by_label(tree, tree.metrics, (Column("n"),), _count)
    assert len(table.rows) == MOST + 1
    assert table.rows[-1] == ("and 28 more: --json has all", None, None)
    assert table.ids[-1] == ""


def _count(id: str, part: Part) -> tuple[Cell, ...]:
    return (str(len(YEAR.cells_of(part.address) if id in YEAR.metrics else ()) or 1),)
