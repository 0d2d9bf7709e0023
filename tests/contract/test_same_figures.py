"""The command line and Python answer alike, figure for figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import leverage as lv
from leverage.verbs.table import VERBS
from tests.app.models import cafe
from tests.app.running import here

FEW = {"samples": 2048}
CHANGED = {"scenario": "price-war", "set": {"mails": 5}, "change": {"item_price": "-5%"}, "add": {"cart_add": "0.2%"}}
WORDS = "--scenario price-war --set mails=5 --change item_price=-5% --add cart_add=0.2%"
APART = ("sweep", "allocate", "simulate", "levers", "impulse")  # asked with what they need
ASKED: list[tuple[str, str, dict[str, Any]]] = [  # verb, options, the same in Python
    *((verb, "", {}) for verb in VERBS if verb not in APART),
    *((verb, WORDS, CHANGED) for verb in VERBS if verb not in APART),
    ("compare", "--scenario price-war --set mails=5", {"scenario": ["price-war"], "set": {"mails": 5}}),
    ("sweep", "--vary mails=0:6:3 --vary items=1:3:5", {"vary": {"mails": (0, 6, 3), "items": (1, 3, 5)}}),
    ("sweep", "--vary item_price=30:40:5 --of orders", {"vary": {"item_price": (30, 40, 5)}, "of": "orders"}),
    ("seek", "--target 120k --lever mails --lever items", {"target": 120_000, "lever": ["mails", "items"]}),
    ("elasticities", "--of orders", {"of": "orders"}),
    ("simulate", "--samples 2048 --seed 3 --of orders", {**FEW, "seed": 3, "of": ["orders"]}),
    ("simulate", f"--samples 2048 --points random --quantiles 0.5,0.99 {WORDS}",
     {**FEW, "points": "random", "quantiles": ["0.5", "0.99"], **CHANGED}),
    ("levers", "--samples 2048 --by budget --limit budget=60k", {**FEW, "by": "budget", "limit": {"budget": 60_000}}),
    ("explain", "--from base --to price-war", {"from_": "base", "to": "price-war"}),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "options", "settings"), ASKED, ids=lambda part: part if isinstance(part, str) else "")
def test_a_command_gives_the_figures_of_the_method(verb: str, options: str, settings: dict[str, Any]) -> None:
    ran = here(verb, "shop", *options.split(), "--json")
    assert (ran.status, ran.err) == (0, "")
    told = getattr(lv.load("shop"), verb)(**settings).to_dict()
    assert ran.json == json.loads(json.dumps(told, allow_nan=False))


OVER_TIME: list[tuple[str, str, dict[str, Any]]] = [
    ("impulse", "", {}),
    (
        "impulse",
        "--lever marketing_spend --at 2027-03 --push 5%",
        {"lever": ["marketing_spend"], "at": "2027-03", "push": 0.05},
    ),
    ("impulse", "--of new_arr --change marketing_spend=10%", {"of": "new_arr", "change": {"marketing_spend": "10%"}}),
    ("tornado", "--of running_arr", {"of": "running_arr"}),
    ("elasticities", "--of running_arr[2027-06]", {"of": "running_arr[2027-06]"}),
]


@pytest.mark.parametrize(
    ("verb", "options", "settings"), OVER_TIME, ids=lambda part: part if isinstance(part, str) else ""
)
def test_over_time_a_command_gives_the_figures_of_the_method(verb: str, options: str, settings: dict[str, Any]) -> None:
    ran = here(verb, "saas", *options.split(), "--json")
    assert (ran.status, ran.err) == (0, "")
    told = getattr(lv.load("saas"), verb)(**settings).to_dict()
    assert ran.json == json.loads(json.dumps(told, allow_nan=False))


def test_allocate_gives_the_plan_of_the_method(tmp_path: Path) -> None:
    path = cafe(tmp_path)
    ran = here("allocate", path, "--limit", "money=1.5k", "--at-most", "price=8", "--json")
    assert (ran.status, ran.err) == (0, "")
    told = lv.load(path).allocate({"money": "1.5k"}, at_most={"price": 8}).to_dict()
    assert ran.json == json.loads(json.dumps(told, allow_nan=False))
