"""Slopes of all uses at once: those of one use after the other, and the same everywhere where uses are sums."""

from __future__ import annotations

import numpy as np
import pytest

from leverage.program.program import USE
from leverage.program.run import prepared_slopes, stand
from leverage.verbs.moves.limits import use_slopes
from tests.trees import tree

OF = tree(
    "y",
    {
        "y": "x * z + sqrt(w)",
        "risk": "exp(x / 9) * z",
        "x": {"value": 5, "lever": {"min": 0, "max": 9, "cost": {"hours": "2 per 1"}}},
        "z": {"value": 2, "lever": {"min": 0, "max": 9}},
        "w": {"value": 4, "lever": {"min": 0, "max": 9}},
    },
    resources={"money": {"limit": 9, "use": "3 * x + z / 4"}, "hours": {"limit": 9, "use": "w ** 2"}},
)
IDS = ("w", "x", "z")


@pytest.mark.parametrize(
    "outputs",
    [(USE + "money",), (USE + "money", USE + "hours"), ("risk", USE + "hours", "risk"), ("y", USE + "money")],
    ids=len,
)
def test_all_slopes_at_once_are_those_of_each_use_to_the_bit(outputs: tuple[str, ...]) -> None:
    together, each = use_slopes(stand(OF), IDS, outputs), [prepared_slopes(OF, IDS, output) for output in outputs]
    for x in np.random.default_rng(1).uniform(0, 9, (6, 3)):
        np.testing.assert_array_equal(together(x), [one(x) for one in each])


def test_no_limit_has_no_slopes() -> None:
    assert use_slopes(stand(OF), IDS, ())(np.zeros(3)).shape == (0, 3)
