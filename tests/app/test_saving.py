"""`--save-scenario`: what was tried stands in the file as a scenario that gives the same figures; all else stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.models import CAFE, cafe
from tests.app.running import here

LAST = "  cheap: {change: {price: -10%}}\n"
TRIED = {  # what is tried, and what stands in the file then
    ("--set", "price=8"): "  new: {set: {price: 8}}\n",
    ("--set", "price=8", "--set", "ads=1k"): "  new: {set: {price: 8, ads: 1k}}\n",
    ("--change", "price=-15%"): "  new: {change: {price: -15%}}\n",
    ("--change", "price=150%"): "  new: {change: {price: 150%}}\n",
    ("--add", "buys=0.5%"): "  new: {add: {buys: 0.5%}}\n",
    ("--scenario", "cheap", "--set", "ads=1k"): "  new: {extends: cheap, set: {ads: 1k}}\n",
    # its own entry would replace the inherited one, so the metric is set to where it came to stand
    ("--scenario", "cheap", "--add", "price=1"): "  new: {set: {price: 7.75}}\n",
    ("--set", "ads=1k", "--change", "ads=50%", "--add", "ads=10"): "  new: {set: {ads: 1510}}\n",
    ("--scenario", "cheap", "--scenario", "dear-beans"): "  new: {change: {price: -10%}, set: {bean_cost: 3}}\n",
    ("--change", "revenue=10%"): "  new: {change: {revenue: 10%}}\n",
}


@pytest.mark.parametrize("words", TRIED, ids=" ".join)
def test_the_scenario_stands_in_its_place_and_every_other_byte_stays(words: tuple[str, ...], tmp_path: Path) -> None:
    path = cafe(tmp_path)
    ran = here("evaluate", path.name, *words, "--save-scenario", "new", folder=tmp_path)
    assert ran.status == 0
    assert ran.err == "saved scenario 'new' in cafe.yaml\nNext: leverage evaluate cafe.yaml --scenario new\n"
    assert path.read_text(encoding="utf-8") == CAFE.replace(LAST, LAST + TRIED[words])


@pytest.mark.parametrize("words", TRIED, ids=" ".join)
@pytest.mark.parametrize("verb", ["evaluate", "simulate"])
def test_asking_for_the_scenario_gives_the_figures_of_what_was_tried(
    verb: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    path, few = cafe(tmp_path).name, ("--samples", "1000") if verb == "simulate" else ()
    tried = here(verb, path, *words, *few, "--json", "--save-scenario", "new", folder=tmp_path).json
    told = here(verb, path, "--scenario", "new", *few, "--json", folder=tmp_path).json
    for key in tried.keys() - {"run"}:
        assert _near(told[key], tried[key])


def _near(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_near(one[key], other[key]) for key in one)
    return one == (pytest.approx(other, rel=1e-12) if isinstance(other, float) else other)


def test_line_ends_and_the_last_line_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(b"kgi: a\r\nmetrics:\r\n  a: 1  # one")
    assert here("evaluate", "m.yaml", "--set", "a=2", "--save-scenario", "two", folder=tmp_path).status == 0
    assert path.read_bytes().startswith(b"kgi: a\r\nmetrics:\r\n  a: 1  # one\r\n")
    assert here("evaluate", "m.yaml", "--scenario", "two", "--json", folder=tmp_path).json["value"] == 2


def test_a_json_model_stays_json(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"kgi": "a",\n "metrics": {"a": 1}}\n')
    assert here("evaluate", "m.json", "--set", "a=2", "--save-scenario", "two", folder=tmp_path).status == 0
    assert json.loads(path.read_text())["scenarios"] == {"two": {"set": {"a": 2}}}
    assert here("evaluate", "m.json", "--scenario", "two", "--json", folder=tmp_path).json["value"] == 2


def test_another_limit_is_saved_with_what_was_tried(tmp_path: Path) -> None:
    path = cafe(tmp_path)
    words = ("--set", "price=8", "--limit", "money=1k", "--samples", "1000")
    assert here("levers", path.name, *words, "--save-scenario", "new", folder=tmp_path).status == 0
    assert "  new: {set: {price: 8}, resources: {money: 1000}}\n" in path.read_text(encoding="utf-8")


def test_compare_saves_its_column_of_options_alone(tmp_path: Path) -> None:
    path = cafe(tmp_path)
    words = ("--scenario", "cheap", "--set", "ads=1k", "--save-scenario", "new")
    assert here("compare", path.name, *words, folder=tmp_path).status == 0
    assert "  new: {set: {ads: 1k}}\n" in path.read_text(encoding="utf-8")


STAND = """\
kgi: profit
time: {periods: 3}
dimensions: {channel: [organic, ads, "word of mouth"]}
metrics:
  profit: sum(visits * rate) - sum(rent)
  visits: {value: {organic: 80, ads: 30, word of mouth: 12}, growth: 2%}
  rate: {value: {organic: 2%, ads: 1%, word of mouth: 4%}, spread: [-20%, 30%]}
  rent: [1, 1, 2]
scenarios:
  more: {change: {visits: 50%}}
"""
OVER = {  # over time and dimensions: as typed where that says it, else as briefly as it goes
    ("--change", "visits[ads]=20%"): 'change: {"visits[ads]": 20%}',
    ("--set", "rent=3"): "set: {rent: 3}",
    ("--set", "visits[word of mouth,1]=9"): 'set: {"visits[word of mouth,1]": 9}',
    ("--change", "visits[ads]=50%", "--change", "visits=100%"): "change: {visits: {organic: 100%, ads: 200%, "
    "word of mouth: 100%}}",
    ("--scenario", "more", "--add", "rent[2]=1"): 'extends: more, add: {"rent[2]": 1}',
    ("--scenario", "more", "--change", "visits[0]=100%"): "change: {visits: [200%, 50%, 50%]}",
    ("--set", "rate=5%"): "set: {rate: 5%}",
    ("--change", "profit=10%"): "change: {profit: 10%}",
}


@pytest.mark.parametrize("words", OVER, ids=" ".join)
def test_over_axes_what_was_tried_stands_in_the_file_and_gives_its_figures(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "stand.yaml"
    path.write_text(STAND)
    tried = here("evaluate", "stand.yaml", *words, "--json", "--save-scenario", "new", folder=tmp_path)
    assert (tried.status, path.read_text()) == (0, f"{STAND}  new: {{{OVER[words]}}}\n")
    told = here("evaluate", "stand.yaml", "--scenario", "new", "--json", folder=tmp_path).json
    for cell, figure in _flat(tried.json["metrics"]).items():
        assert _flat(told["metrics"])[cell] == pytest.approx(figure, rel=1e-12)


def _flat(nested: object, path: str = "") -> dict[str, float]:
    if isinstance(nested, dict | list):
        parts = nested.items() if isinstance(nested, dict) else enumerate(nested)
        return {key: figure for at, part in parts for key, figure in _flat(part, f"{path}/{at}").items()}
    assert isinstance(nested, int | float)
    return {path: nested}


def test_allocate_saves_its_plan(tmp_path: Path) -> None:
    path = cafe(tmp_path)
    plan = here("allocate", path.name, "--json", "--save-scenario", "plan", folder=tmp_path).json
    told = here("evaluate", path.name, "--scenario", "plan", "--json", folder=tmp_path).json
    assert told["value"] == pytest.approx(plan["value"], rel=1e-12)


def test_what_has_no_answer_saves_nothing(tmp_path: Path) -> None:
    path = cafe(tmp_path)
    words = ("--set", "price=8", "--target", "100M", "--save-scenario", "x")
    assert here("seek", path.name, *words, folder=tmp_path).status == 1
    assert path.read_text(encoding="utf-8") == CAFE


NOTHING = "nothing was tried; give --set, --change or --add, too"
REFUSED = {
    ("cafe.yaml", "x"): NOTHING,
    ("cafe.yaml", "x", "--scenario", "cheap"): NOTHING,
    ("cafe.yaml", "cheap", "--set", "price=8"): "that name stands in cafe.yaml already; choose another",
    ("cafe.yaml", "base", "--set", "price=8"): "that name means the file as it stands; choose another",
    ("shop", "x", "--set", "mails=2"): "shop is no file to write to; leverage new shop my-shop.yaml",
    ("-", "x", "--set", "price=8"): "- is no file to write to; name a file",
    ("cafe.yaml", "x", "--set", "buys=45%", "--change", "buys=5%"): "no one entry of a scenario says how buys came to "
    "stand here; move it once",
}


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_what_cannot_be_saved_is_refused_and_the_file_stays(words: tuple[str, ...], tmp_path: Path) -> None:
    path = cafe(tmp_path)
    model, name, *more = words
    ran = here("evaluate", model, "--save-scenario", name, *more, folder=tmp_path, stdin=CAFE.encode())
    assert (ran.status, ran.out, ran.err) == (2, "", f"--save-scenario {name!r}: {REFUSED[words]}\n")
    assert path.read_text(encoding="utf-8") == CAFE
