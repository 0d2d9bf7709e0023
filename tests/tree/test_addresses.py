"""An address names the cells that a reader would name by it, and says why it names none."""

from __future__ import annotations

import pytest

from leverage.errors import UnknownName
from leverage.tree.addresses import Addresses, NotAnAddress, metric_of, parted
from tests.tree.test_grid import GRID

ADDRESSES = Addresses(GRID, ("visits", "price", "churn"), {"visits": ("country", "channel"), "churn": ("time",)})


def test_an_address_names_its_cells_in_the_grids_order_whatever_the_order_of_its_labels() -> None:
    assert (
        ADDRESSES.cells("visits[seo, emea]")
        == ("visits[de,seo]", "visits[fr,seo]")
        == ADDRESSES.cells("visits[emea,seo]")
    )
    assert ADDRESSES.cells("visits[jp]") == ("visits[jp,ads]", "visits[jp,seo]")
    assert len(ADDRESSES.cells("visits")) == 6
    assert ADDRESSES.cells("price") == ("price",)


def test_every_cell_is_its_own_address() -> None:
    for cell in (*ADDRESSES.cells("visits"), *ADDRESSES.cells("churn")):
        assert ADDRESSES.cells(cell) == (cell,)
        assert metric_of(cell) == parted(cell)[0]


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("visit[ads]", UnknownName, "unknown metric 'visit'; did you mean 'visits'?"),
        ("visits[adds]", UnknownName, "unknown label 'adds' in visits[adds]; did you mean 'ads'?"),
        (
            "visits[2027-01]",
            NotAnAddress,
            "'visits[2027-01]': '2027-01' is of time, and visits runs over country and channel",
        ),
        ("price[ads]", NotAnAddress, "'price[ads]': 'ads' is of channel, and price has a single figure"),
        ("visits[ads,seo]", NotAnAddress, "'visits[ads,seo]': two labels of channel; name one, or each on its own"),
        ("visits[ads", NotAnAddress, "'visits[ads': write labels in one pair of brackets, as visits[ads,2027-03]"),
        ("visits[]", NotAnAddress, "'visits[]': a label is missing between the brackets"),
    ],
)
def test_what_names_no_cell_is_answered_with_the_mend(address: str, kind: type, said: str) -> None:
    with pytest.raises(kind) as refused:
        ADDRESSES.cells(address)
    assert str(refused.value) == said
