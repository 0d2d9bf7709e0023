"""Who is judged? Leaves, and groups of them, so that each draw is in one player and no player is empty."""

from __future__ import annotations

import pytest

from leverage.errors import UnknownName
from leverage.model import load
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players.who import Player, crossing, players
from tests.trees import tree
from tests.verbs.models import NAMES

LEAF = {"uncertainty": "normal(0, 1)"}


def drawn(of: Tree) -> Cast:
    return cast(of.cells, Chance.of(samples=64))


def among(of: Tree, by: str = "leaf", goal: str | None = None) -> dict[str, Player]:
    return {player.id: player for player in players(of, drawn(of), by, goal)}


def small(**keys: object) -> Tree:
    metrics = {
        "y": "gain - cost",
        "gain": "a * b",
        "cost": "a + c",
        "a": LEAF | {"owner": "Ann"},
        "b": LEAF | {"owner": "Bob", "label": "The second"},
        "c": LEAF,
        "idle": LEAF,
        "sure": 3,
    }
    return tree("y", metrics, **keys)


def test_each_uncertain_leaf_is_a_player_with_the_name_that_people_read() -> None:
    found = among(small())
    assert list(found) == ["a", "b", "c", "idle"]
    assert found["b"].name == "The second"
    assert [len(player.draws) for player in found.values()] == [1, 1, 1, 1]


def test_owners_are_players_and_leaves_without_one_are_nobodys() -> None:
    assert {id: player.cells for id, player in among(small(), "owner").items()} == {
        "Ann": ("a",),
        "Bob": ("b",),
        "nobody": ("c", "idle"),
    }


def test_a_branch_holds_the_leaves_all_of_whose_effect_runs_through_it() -> None:
    """a reaches the goal on two ways and stands alone; what the goal does not use is elsewhere."""
    found = {id: player.cells for id, player in among(small(), "branch").items()}
    assert found == {"a": ("a",), "gain": ("b",), "cost": ("c",), "elsewhere": ("idle",)}


def test_below_a_goal_of_one_driver_the_branches_are_that_drivers() -> None:
    whole = tree("z", {"z": "2 * y", "y": "p + q", "p": "3 * a", "q": "b + c", "a": LEAF, "b": LEAF, "c": LEAF})
    assert {id: player.cells for id, player in among(whole, "branch").items()} == {"p": ("a",), "q": ("b", "c")}


def test_branches_may_be_those_of_another_metric() -> None:
    assert {id: player.cells for id, player in among(small(), "branch", "cost").items()} == {
        "a": ("a",),
        "elsewhere": ("b", "idle"),
        "c": ("c",),
    }


def test_a_leaf_whose_doubt_has_ended_is_none() -> None:
    sure = small(scenarios={"known": {"set": {"a": {"value": 1, "certain": True}}}}).with_(scenario="known")
    assert list(among(sure)) == ["b", "c", "idle"]


@pytest.mark.parametrize("name", NAMES)
def test_each_draw_of_a_shipped_model_belongs_to_one_player_whatever_the_grouping(name: str) -> None:
    of = load(name).tree
    known = drawn(of)
    for by in ("leaf", "cell", "owner", "branch", *(axis.name for axis in of.grid.axes)):
        found = players(of, known, by)
        assert sorted(draw for player in found for draw in player.draws) == list(range(len(known.draws.rows)))
        assert sorted(cell for player in found for cell in player.cells) == sorted(known.stands)
        assert len({player.id for player in found}) == len(found)


def test_labels_are_players_and_what_does_not_run_over_them_stands_alone() -> None:
    found = among(load("marketing").tree, "channel")
    assert {"search", "display", "form_views"} <= set(found)
    assert all("[search" in cell for cell in found["search"].cells)


def test_cells_of_one_draw_are_one_player_named_by_the_draw() -> None:
    found = among(load("saas").tree, "cell")
    assert len(found["organic_trials"].cells) == 12
    assert len(found["organic_trials"].draws) == 1


def test_correlations_cross_players_unless_both_ends_are_in_one() -> None:
    tied = small(correlations=[["a", "b", 0.5]])
    known = drawn(tied)
    assert [(a.id, b.id) for a, b in crossing(known, players(tied, known))] == [("a", "b")]
    both = small(correlations=[["c", "idle", 0.5]])
    known = drawn(both)
    assert crossing(known, players(both, known, "owner")) == ()


def test_another_grouping_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownName, match="did you mean 'owner'"):
        among(small(), "owners")
