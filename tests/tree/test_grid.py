"""Cells come row by row, and labels tell their axis."""

from __future__ import annotations

from leverage.tree.grid import NO_GRID, TIME, Axis, Grid, cell_id

GRID = Grid(
    (
        Axis("country", ("de", "fr", "jp"), {"emea": ("de", "fr"), "apac": ("jp",)}),
        Axis("channel", ("ads", "seo")),
        Axis(TIME, ("2027-01", "2027-02"), days=(31, 28)),
    )
)


def test_a_model_without_axes_has_an_empty_grid() -> None:
    assert not NO_GRID
    assert (NO_GRID.periods, NO_GRID.cells(())) == (0, [()])


def test_axes_come_in_the_grids_order_whatever_the_order_asked() -> None:
    assert GRID.ordered([TIME, "country"]) == ("country", TIME)
    assert GRID.shape(("country", TIME)) == (3, 2)


def test_cells_go_row_by_row_the_last_axis_fastest() -> None:
    assert GRID.cells(("country", TIME))[:3] == [("de", "2027-01"), ("de", "2027-02"), ("fr", "2027-01")]


def test_a_label_and_a_group_tell_their_axis() -> None:
    assert {label: axis.name for label, axis in GRID.owners.items() if label in ("emea", "seo", "2027-02")} == {
        "emea": "country",
        "seo": "channel",
        "2027-02": TIME,
    }
    assert GRID["country"].members("emea") == ("de", "fr")
    assert GRID["country"].members("jp") == ("jp",)


def test_a_cell_is_written_with_its_labels_and_a_single_figure_without() -> None:
    assert (cell_id("visits", ("ads", "2027-03")), cell_id("price", ())) == ("visits[ads,2027-03]", "price")
