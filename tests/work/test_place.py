"""What may be given as an executor, and how wide it is."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import pytest

from leverage.work.place import SCHEMES, BadExecutor, checked, opened, width

MEND = ": write dask://HOST:PORT; in Python a concurrent.futures.Executor may be given, too"


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)
def test_an_address_of_every_scheme_is_taken(scheme: Any) -> None:
    for address in ("10.0.0.1:8786", "cluster.example.org:1", "[::1]:8786"):
        assert checked(f"{scheme.name}://{address}") == f"{scheme.name}://{address}"


@pytest.mark.parametrize(
    "wrong", ["", "dask", "dask://", "dask://host", "dask://:8786", "dask://host:port", "ray://a:1"]
)
def test_any_other_text_is_refused_with_the_way_to_write_it(wrong: str) -> None:
    with pytest.raises(BadExecutor) as refused:
        checked(wrong)
    assert str(refused.value) == f"executor {wrong!r}{MEND}"


def test_what_is_no_executor_is_refused_by_its_kind() -> None:
    with pytest.raises(BadExecutor) as refused:
        checked(4)
    assert str(refused.value) == f"executor int{MEND}"


def test_an_executor_tells_its_width_where_it_can() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert width(pool) == 3
    assert width(Executor()) >= 1


def test_what_was_handed_in_is_left_open() -> None:
    with ThreadPoolExecutor(1) as pool:
        with opened(executor=pool):
            pass
        assert pool.submit(len, "abc").result() == 3
