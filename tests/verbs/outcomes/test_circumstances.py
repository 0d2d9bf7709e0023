"""What may be restricted, and how a restriction reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leverage.influence.boxes import Limit, Share
from leverage.verbs.draws.cast import cast
from leverage.verbs.draws.chance import Chance
from leverage.verbs.outcomes.circumstances import Factor, Restriction, factors, restricted
from leverage.views.cells import shown
from tests.trees import tree
from tests.verbs.over_time import year

ALONE = Share(0.5, 0.5, 0.25)


def restriction(limit: Limit, levels: list[float], **leaf: Any) -> Restriction:
    lead = tree("y", {"y": "x", "x": leaf}).metrics["x"]
    return restricted(Factor("x", lead, lead.name, True), limit, np.array(levels), ALONE, 0.01)


SMOOTH: dict[str, Any] = {"uncertainty": "normal(3, 1)", "unit": "USD"}
STEPPED: dict[str, Any] = {"uncertainty": "poisson(2)"}


@pytest.mark.parametrize(
    ("limit", "leaf", "where", "ends"),
    [
        (Limit(high=2.5), SMOOTH, "below 2.5 USD", ("-", "2.5")),
        (Limit(low=1.5), SMOOTH, "above 1.5 USD", ("1.5", "-")),
        (Limit(1.5, 2.5), SMOOTH, "between 1.5 and 2.5 USD", ("1.5", "2.5")),
        (Limit(high=2), {**SMOOTH, "uncertainty": "normal(300%, 100%)", "unit": "share"}, "below 200%", ("-", "200%")),
        (Limit(high=2), STEPPED, "at most 2", ("-", "2")),
        (Limit(low=2), STEPPED, "at least 2", ("2", "-")),
        (Limit(2, 3), STEPPED, "between 2 and 3", ("2", "3")),
        (Limit(high=1), STEPPED, "at 1", ("1", "1")),
        (Limit(values=(1, 4)), STEPPED, "at 1 or 4", ("1 or 4", "-")),
    ],
)
def test_a_restriction_reads_as_people_say_it(
    limit: Limit, leaf: dict[str, Any], where: str, ends: tuple[str, str]
) -> None:
    found = restriction(limit, [1, 2, 3, 4], **leaf)
    assert found.where == where
    assert tuple(shown(cell) or "-" for cell in found.ends) == ends


def test_percentiles_are_of_the_leafs_own_draws() -> None:
    found = restriction(Limit(1.5, 3), [1, 2, 3, 4], **SMOOTH)
    assert (found.low, found.high, found.low_percentile, found.high_percentile) == (1.5, 3, 0.25, 0.75)
    assert restriction(Limit(high=3), [1, 2, 3, 4], **SMOOTH).low_percentile is None


def test_what_may_be_restricted_are_the_draws_that_are_used_in_the_order_of_ids() -> None:
    whole = year().tree
    drawn = cast(whole.cells, Chance.of(samples=64))
    found = factors(whole, drawn, drawn.ids)
    assert [factor.metric for factor in found] == [
        f"{leaf}[{label}]" for leaf in ("rate", "visits") for label in ("ads", "organic", "social")
    ]
    by = {factor.metric: factor for factor in found}
    assert (by["rate[ads]"].lead.id, by["rate[ads]"].name, by["rate[ads]"].alike) == ("rate[ads]", "rate [ads]", True)
    grown = by["visits[ads]"]  # 1 % more a month: a limit is of one month
    assert (grown.lead.id, grown.name, grown.alike) == ("visits[ads,2027-01]", "visits [ads, 2027-01]", False)
    used = [cell for cell in drawn.ids if cell.startswith("visits[ads") and cell.endswith("-12]")]
    assert [factor.lead.id for factor in factors(whole, drawn, used)] == ["visits[ads,2027-12]"]
