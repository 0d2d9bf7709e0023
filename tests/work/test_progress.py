"""A bar after a second, a clean line at the end, and silence where nobody asked."""

from __future__ import annotations

import pytest

from leverage.work import progress
from leverage.work.progress import shown


@pytest.mark.parametrize("asked", [None, False])
def test_where_nobody_asked_nothing_is_shown(asked: bool | None, capsys: pytest.CaptureFixture[str]) -> None:
    with shown(asked, "samples") as told:
        told(1, 2)
    assert capsys.readouterr().err == ""


def test_what_is_done_within_a_second_needs_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(True, "samples") as told:
        for done in range(1, 1001):
            told(done, 1000)
    assert capsys.readouterr().err == ""


def test_a_bar_counts_in_its_unit_and_leaves_a_clean_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "AFTER", -1.0)
    with shown(True, "samples") as told:
        told(2_000_000, 5_000_000)
        told(5_000_000, 5_000_000)
        during = capsys.readouterr().err
    assert "2.00M/5.00M" in during
    assert "samples" in during
    assert capsys.readouterr().err.rsplit("\r", 2)[1].strip() == ""


def test_a_function_is_told_and_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[int, int]] = []
    with shown(lambda done, total: told.append((done, total)), "samples") as tell:
        tell(1, 2)
    assert told == [(1, 2)]
    assert capsys.readouterr().err == ""
