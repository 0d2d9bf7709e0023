"""What is kept: made once, given away when there is too much of it, and left behind by pickle."""

from __future__ import annotations

import pickle

from leverage.program.shelf import Shelf


def test_a_thing_is_made_once() -> None:
    shelf, made = Shelf(10), list[int]()
    for _ in range(3):
        assert shelf.take("a", lambda: made.append(1) or len(made)) == 1


def test_the_longest_unused_goes_first_and_a_heavy_one_alone_stays() -> None:
    shelf = Shelf(3)
    for key in "abc":
        shelf.take(key, lambda key=key: key)
    shelf.take("a", lambda: "made again")
    shelf.take("d", lambda: "d")
    assert [shelf.take(key, lambda: "new") for key in "acd"] == ["a", "c", "d"]
    assert len(shelf) == 3
    assert shelf.take("heavy", lambda: "heavy", lambda _: 99) == "heavy"
    assert len(shelf) == 1


def test_a_shelf_pickles_empty() -> None:
    shelf = Shelf(3)
    shelf.take("a", lambda: lambda: None)  # which cannot be pickled
    assert len(pickle.loads(pickle.dumps(shelf))) == 0
