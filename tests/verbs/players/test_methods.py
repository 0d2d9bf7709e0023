"""The row ``given``: first-order indices from the samples of a run, of leaves, groups and leaves over months."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leverage.influence.interval import Index
from leverage.influence.sobol import NoSpread
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.players.methods import METHODS, Question
from leverage.verbs.players.who import players
from tests.oracles.spread import KNOWN
from tests.trees import tree


def told(of: Tree, by: str = "leaf", **settings: Any) -> tuple[Index, list[str]]:
    """The indices, and the players' ids."""
    chance = Chance.of(**{"samples": 8_192, **settings})
    drawn = cast(of.cells, chance)
    among = players(of, drawn, by)
    found = METHODS["given"].judge(Question(of.cells, drawn, chance, among, of.kgi))
    return found.measures["first"], [player.id for player in among]


@pytest.mark.parametrize("name", KNOWN)
def test_indices_are_those_of_functions_whose_spread_is_known(name: str) -> None:
    """Within 5 errors, and 0.2 % where the error itself is judged by 8 figures that agree by chance."""
    known = KNOWN[name]()
    found, ids = told(known.tree)
    order = [ids.index(id) for id in known.inputs]
    off = np.abs(found.value[order] - known.first)
    assert (off <= 5 * found.error[order] + 0.002).all(), off.max()


def test_a_leaf_that_the_metric_does_not_use_explains_nothing_though_it_tells_of_one_that_it_uses() -> None:
    leaves = {id: {"uncertainty": "normal(mean=0, sd=1)"} for id in ("a", "b", "idle")}
    of = tree("y", {"y": "a + b", "z": "idle", **leaves}, correlations=[["a", "idle", 0.9]])
    found, ids = told(of)
    assert found.value[ids.index("idle")] == 0
    assert found.error[ids.index("idle")] == 0
    np.testing.assert_allclose(found.value[[ids.index("a"), ids.index("b")]], 0.5, atol=0.01)


def test_groups_and_leaves_over_months_are_judged_whole() -> None:
    """Three months of each price, sd 1, and of units, sd 2 and one draw for all: 3 : 36 of the spread of the sum."""
    price = {"uncertainty": ["normal(mean=1, sd=1)"] * 3, "owner": "Sales", "draws": "per_period"}
    units = {"uncertainty": "normal(mean=9, sd=2)", "owner": "Plant"}
    of = tree("y", {"y": "sum(price + units)", "price": price, "units": units}, time={"start": "2027-01", "periods": 3})
    for by, first in (("leaf", "price"), ("owner", "Sales")):
        found, ids = told(of, by)
        place = ids.index(first)
        np.testing.assert_allclose(found.value[[place, 1 - place]], [3 / 39, 36 / 39], atol=0.01)


def test_no_spread_is_refused() -> None:
    for formula in ("b * 2", "b + 0 * a"):
        with pytest.raises(NoSpread):
            told(tree("y", {"y": formula, "b": 3, "a": {"uncertainty": "normal(mean=0, sd=1)"}}))
