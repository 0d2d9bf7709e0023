"""Shares of a whole add up to one, over the axis that they say, in the base and where a scenario moves them."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.files.plain import from_python
from leverage.tree.build import build
from leverage.tree.parts import misparted, unequal, uneven
from tests.tree.test_cells import AXES


def said(share: dict[str, Any], **scenarios: Any) -> list[str]:
    model = {"kgi": "y", "metrics": {"y": "sum(share)", "share": share}, "scenarios": scenarios, **AXES}
    return [fault.message for fault in misparted(build(from_python(model)))]


MUST = "they must add up to"


@pytest.mark.parametrize(
    ("share", "message"),
    [
        ({"value": {"ads": "40%", "seo": "60%"}, "parts": "channel"}, ""),
        ({"value": {"emea": 0.25, "jp": 0.5}, "parts": "country"}, ""),
        ({"value": [0.1, 0.2, 0.7], "parts": "time"}, ""),
        ({"value": {"ads": 0.1, "seo": 0.2}, "parts": "channel"}, f"its parts over channel add up to 0.3; {MUST} 1"),
        (
            {"value": {"ads": {"emea": 0.5, "jp": 0.4}, "seo": 0.5}, "parts": "channel"},
            f"its parts over channel add up to 0.9 for jp; {MUST} 1",
        ),
        (
            {"value": {"ads": 0.5, "seo": 0.5}, "growth": "10%", "parts": "channel"},
            f"its parts over channel add up to 1.1 for 2027-02; {MUST} 1",
        ),
        (
            {"value": {"ads": 0.5, "seo": 0.5}, "parts": "chanel"},
            "its figures do not run over chanel; write parts: channel",
        ),
        ({"value": 1, "parts": "channel"}, "its figures do not run over channel; give it a figure for each label"),
    ],
)
def test_what_does_not_add_up_is_told_once_where_it_first_does_not(share: dict[str, Any], message: str) -> None:
    assert said(share) == ([message] if message else [])


HALVES = {"value": {"ads": {"emea": 0.5, "jp": 0.2}, "seo": {"emea": 0.5, "jp": 0.8}}, "parts": "channel"}


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ({"set": {"share": {"ads": {"jp": 0.3}, "seo": {"jp": 0.7}}}}, ""),
        ({"set": {"y": 3}}, ""),
        ({"add": {"share[jp,ads]": 0.1}}, f"its parts over channel add up to 1.1 for jp in scenario 's'; {MUST} 1"),
        ({"change": {"share": "10%"}}, f"its parts over channel add up to 1.1 for de in scenario 's'; {MUST} 1"),
    ],
)
def test_a_scenario_moves_shares_together_or_is_told(moves: dict[str, Any], message: str) -> None:
    assert said(HALVES, s=moves) == ([message] if message else [])


def test_moves_on_top_of_a_scenario_are_added_up_as_well() -> None:
    tree = build(from_python({"kgi": "y", "metrics": {"y": "sum(share)", "share": HALVES}, **AXES}))
    moved = tree.with_(add={"share[ads,de]": 0.1}).with_(add={"share[seo,de]": -0.1, "share[seo,fr]": 0.25})
    assert list(unequal(tree.metrics["share"], tree.grid, moved.moves)) == [("fr", 1.25)]


def test_a_sentence_says_what_moved_shares_come_to() -> None:
    tree = build(from_python({"kgi": "y", "metrics": {"y": "sum(share)", "share": HALVES}, **AXES}))
    moved = tree.with_(change={"share[ads,de]": 0.5})
    sentence = "its parts over channel now add up to 1.25 in de; move others along, to 1"
    assert list(uneven(tree)) == []
    assert [(metric.id, said) for metric, said in uneven(moved)] == [("share", sentence)]
    assert list(uneven(moved.cells)) == list(uneven(moved))
    assert list(uneven(moved.with_(change={"share[seo,de]": -0.5}))) == []
