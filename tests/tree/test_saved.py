"""What was tried reads back from the file that it is written to: to the same figures, and briefly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.files.yaml import read
from leverage.model import Model
from leverage.program.run import point
from leverage.tree.build import build
from leverage.tree.saved import compact
from tests.verbs.over_time import CHANNELS, MONTHS, year

YEAR = year()


def again(model: Model) -> Model:
    """The model read back from its own text, as it was tried."""
    model = Model.of(build(read(model.to_yaml(), "again.yaml")))
    return model.with_(scenario="tried") if "tried" in model.scenarios else model


LEAVES = {"visits": CHANNELS, "spend": CHANNELS, "fixed": (), "price": (), "orders": CHANNELS, "margin": ()}
TIMED = ("visits", "spend", "fixed", "orders", "margin")


@st.composite
def moves(draw: st.DrawFn) -> tuple[str, str, float]:
    """A kind, an address and an amount; of what is uncertain a share, since shares and shifts are two things."""
    id = draw(st.sampled_from(sorted(LEAVES)))
    labels = [draw(st.sampled_from(("paid", *LEAVES[id])))] if LEAVES[id] and draw(st.booleans()) else []
    labels += [draw(st.sampled_from(MONTHS))] if id in TIMED and draw(st.booleans()) else []
    kind = "change" if id == "visits" else draw(st.sampled_from(("set", "change", "add")))
    amount = draw(st.floats(-0.5, 0.9)) if kind == "change" else draw(st.floats(1, 500))
    return kind, f"{id}[{','.join(labels)}]" if labels else id, amount


@settings(max_examples=40, deadline=None)
@given(st.lists(moves(), min_size=1, max_size=5))
def test_what_was_tried_reads_back_to_the_same_figures(tried: list[tuple[str, str, float]]) -> None:
    model = YEAR
    for kind, address, amount in tried:
        model = model.with_(**{kind: {address: amount}})
    found, wanted = point(again(model).tree.cells), point(model.tree.cells)
    # shares of several moves are multiplied out, and the sums of 36 cells round apart by as many last digits
    scale = max(map(abs, wanted.values()))
    assert found == {id: pytest.approx(figure, rel=1e-12, abs=1e-13 * scale) for id, figure in wanted.items()}


def test_another_limit_of_every_period_reads_back() -> None:
    model = YEAR.with_(resources={"budget": "30k"})
    assert "tried: {resources: {budget: 30000}}" in model.to_yaml()
    assert dict(again(model).tree.limits) == dict(model.tree.limits)


PLAIN = dict.fromkeys(MONTHS, "2")
LIST = ["1", *["2"] * 11]


@pytest.mark.parametrize(
    ("cells", "brief"),
    [
        ({f"visits[{c},{m}]": "2" for c in CHANNELS for m in MONTHS}, "2"),
        ({f"visits[ads,{m}]": "2" for m in MONTHS}, {"ads": "2"}),
        ({f"visits[{c},{m}]": c for c in CHANNELS for m in MONTHS}, {c: c for c in CHANNELS}),
        ({f"visits[ads,{m}]": x for m, x in zip(MONTHS, LIST, strict=True)}, {"ads": LIST}),
        ({f"visits[{c},2027-03]": "2" for c in CHANNELS}, {"2027-03": "2"}),
        (
            {"visits[ads,2027-03]": "2", "visits[social,2027-01]": "3"},
            {"ads": {"2027-03": "2"}, "social": {"2027-01": "3"}},
        ),
    ],
)
def test_moves_are_written_once_where_they_are_the_same(cells: dict[str, Any], brief: object) -> None:
    assert compact(YEAR.tree, "visits", cells) == brief
