"""What may be chosen: which scenarios are options, what they move, and which of them nobody chooses."""

from __future__ import annotations

import pytest

from leverage.errors import UnknownName
from leverage.program.run import point
from leverage.tree.tree import Tree
from leverage.verbs.moves.options import stories, unchosen
from tests.trees import tree


def model() -> Tree:
    metrics = {"k": "a + b", "a": {"value": 1, "lever": {"min": 0, "max": 9}}, "b": 2}
    scenarios = {
        "storm": {"set": {"b": 1}},
        "answer": {"extends": "storm", "set": {"a": 5}},
        "push": {"add": {"a": 1}},
    }
    return tree("k", metrics, scenarios=scenarios)


def test_every_scenario_stands_on_the_tree_as_it_is() -> None:
    found = {choice.name: point(choice.tree)["k"] for choice in stories(model().with_(set={"b": 10}))}
    assert found == {"base": 11, "storm": 2, "answer": 6, "push": 12}


def test_what_a_choice_moves_is_told_from_where_the_tree_stood() -> None:
    here = model().with_(set={"b": 10})
    assert {choice.name: choice.moved(here) for choice in stories(here)} == {
        "base": frozenset(),
        "storm": {"b"},
        "answer": {"a", "b"},
        "push": {"a"},
    }


def test_what_stands_already_is_no_option_unless_it_is_named() -> None:
    here = model().with_(scenario="storm")
    assert [choice.name for choice in stories(here)] == ["base", "push"]
    assert [choice.name for choice in stories(here, ["answer"])] == ["answer"]


def test_a_name_may_stand_alone_and_an_unknown_one_is_refused() -> None:
    assert [choice.name for choice in stories(model(), "push")] == ["push"]
    with pytest.raises(UnknownName, match=r"unknown option 'psh'; did you mean 'push'\?"):
        stories(model(), ["psh"])


def test_what_moves_no_lever_befalls() -> None:
    assert list(unchosen(model(), stories(model()))) == ["storm"]
