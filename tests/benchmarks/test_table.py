"""The README of the benchmarks names every claim, and its table is the one that the kept results give."""

from __future__ import annotations

import re

import pytest

from benchmarks import table
from benchmarks.measure import HOME, RESULTS

SHARED = {"__init__", "__main__", "measure", "workloads", "fused", "processes", "table"}
README = table.README.read_text(encoding="utf-8")


def test_every_file_is_a_claim_or_shared() -> None:
    assert {path.stem for path in HOME.glob("*.py")} - SHARED == set(table.CLAIMS)


@pytest.mark.parametrize("name", [*table.CLAIMS, *sorted(SHARED - {"__init__", "__main__"})])
def test_the_readme_names_the_file(name: str) -> None:
    assert f"`{name}.py`" in README


def test_the_table_is_that_of_the_kept_results() -> None:
    shown = README.split(table.START)[1].split(table.END)[0]
    assert shown.strip() == table.table().strip()
    assert {path.stem for path in RESULTS.glob("*.json")} <= set(table.CLAIMS)


@pytest.mark.parametrize("name", table.CLAIMS)
def test_a_claim_says_what_it_claims_and_how_it_runs(name: str) -> None:
    opening = (HOME / f"{name}.py").read_text(encoding="utf-8").split('"""')[1]
    assert opening.startswith("Claim: ")
    assert re.search(rf"Run:\s+python\s+-m\s+benchmarks\.{name}", opening)
