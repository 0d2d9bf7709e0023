"""What knowing a player is worth: which coordinates are looked at, however they are fetched."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.influence.worth import NOTHING
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.moves.options import stories
from leverage.verbs.players import valued as room
from leverage.verbs.players.valued import Judged, Question, judged
from leverage.verbs.players.who import players
from tests.trees import tree
from tests.verbs.over_time import KEYS


def asked(model: Tree, by: str = "leaf", **settings: Any) -> tuple[Judged, tuple[str, ...]]:
    chance = Chance.of(**{"samples": 1_024, **settings})
    drawn = cast(model.cells, chance)
    among = players(model, drawn, by)
    return judged(Question(model, drawn, among, stories(model), chance)), tuple(player.id for player in among)


def year(**scenario: Any) -> Tree:
    return tree(**{**KEYS, "scenarios": {"other": scenario}})


def test_coordinates_fetched_one_by_one_give_the_same_worths(monkeypatch: pytest.MonkeyPatch) -> None:
    model = year(set={"price": 66}, change={"visits[ads]": "-22%", "visits[social]": "-9%"})
    told, _ = asked(model, by="channel")
    monkeypatch.setattr(room, "BATCH", 1)
    again, _ = asked(model, by="channel")
    assert (told.all, told.each) == (again.all, again.each)
    assert told.all.value > 0


def test_a_label_that_no_option_touches_is_worth_nothing() -> None:
    """The margin adds up over channels: what organic visits bring is the same under both."""
    model = year(change={"visits[ads]": "-40%", "spend[ads]": "-40%"})
    told, ids = asked(model, by="cell")
    worths = dict(zip(ids, told.each, strict=True))
    assert worths["visits[organic]"] == NOTHING
    assert worths["rate[social]"] == NOTHING
    assert told.all.value >= worths["rate[ads]"].value > 0


def test_a_leaf_that_a_scenario_clips_is_looked_at_where_it_stands_free() -> None:
    """Two cells of one draw, one of them at the end of its range in most draws: the other one tells."""
    metrics = {
        "k": "(sum(x) - cost) * go",
        "go": 0,
        "x": {"value": {"a": 0.5, "b": 0.5}, "uncertainty": "beta(2, 2)", "shared": True},
        "cost": {"uncertainty": "normal(1.8, 0.01)"},
    }
    model = tree("k", metrics, dimensions={"side": ["a", "b"]}, scenarios={"go": {"set": {"go": 1}}})
    found, ids = asked(model.with_(add={"x[a]": 0.45}))
    assert ids == ("x", "cost")
    assert 0.9 * found.all.value < found.each[0].value < found.all.value
