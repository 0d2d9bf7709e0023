"""Which claims are there, and how did each last come out? The table of the README, made from the kept results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import HOME, RESULTS

CLAIMS = (
    "monte_carlo",
    "sobol_mean",
    "evaluation",
    "elasticities",
    "cone",
    "sensitivity",
    "threads",
    "cold_start",
    "scale",
    "axes",
    "billion",
)
START, END = "<!-- results -->", "<!-- end of results -->"
README = HOME / "README.md"


def renew() -> None:
    """Write the table between the marks in the README."""
    before, rest = README.read_text(encoding="utf-8").split(START)
    after = rest.split(END)[1]
    README.write_text(f"{before}{START}\n{table()}\n{END}{after}", encoding="utf-8")


def table() -> str:
    """A row a claim, and below them where and with what it was measured."""
    found = [told for name in CLAIMS if (told := last(name)) is not None]
    rows = [line for told in found for line in _rows(told)]
    head = ["| file | claim | measured | bound | kept |", "| --- | --- | ---: | --- | --- |"]
    return "\n".join([*head, *rows, "", *_notes(found), "", *dict.fromkeys(_machines(found))])


def last(name: str) -> dict[str, Any] | None:
    """The kept result of a claim, None where it was never run."""
    file = RESULTS / f"{name}.json"
    if not file.is_file():
        return None
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def _rows(told: dict[str, Any]) -> Iterator[str]:
    file = f"`{told['benchmark']}.py`"
    for claim in told["claims"]:
        kept = "yes" if claim["met"] else "**no**"
        yield f"| {file} | {claim['claim']} | {claim['figure']:.3g} | {claim['bound']} | {kept} |"
        file = ""


def _notes(found: list[dict[str, Any]]) -> Iterator[str]:
    for told in found:
        said = [*told["notes"], *told["left_out"]]
        if said:
            load = f", load {told['load'][0]}" if told["load"] else ""
            yield f"- `{told['benchmark']}`, {told['date']}{load}: {'; '.join(said)}"


def _machines(found: list[dict[str, Any]]) -> Iterator[str]:
    for told in found:
        versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
        yield f"{told['processor']}, {told['cores']} cores, shared; {versions}."
