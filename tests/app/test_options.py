"""Every option: that it does what it says, and what a value gets that it cannot have."""

from __future__ import annotations

from pathlib import Path

import pytest

from leverage.verbs.table import VERBS
from tests.app.models import cafe, quarters
from tests.app.running import here

NUMBER = "is not a number; write it like 120_000, 2.4% or 150k"
WHOLE = "give a whole number up to 9,007,199,254,740,992"
BAD = {  # what is typed between the verb and its model, and the answer
    "evaluate --set price": "--set 'price': write --set ID=VALUE",
    "evaluate --set =3": "--set '=3': write --set ID=VALUE",
    "evaluate --set price=": "--set 'price=': write --set ID=VALUE",
    "evaluate --set price=1 --set price=2": "--set 'price=2': price is given twice; give it once",
    "evaluate --set price=dear": f"--set price: 'dear' {NUMBER}",
    "evaluate --set price=1,000": "--set price: '1,000' is not a number; write 1_000, or the digits alone",
    "evaluate --set price=5K": "--set price: '5K' is not a number; write 5k for thousands",
    "evaluate --set price=−3": "--set price: '−3' is not a number; write the minus as '-': -3",
    "evaluate --set price=inf": "--set price: 'inf' is not a number; leave the key out where there is no limit",
    "evaluate --set price=1e999": f"--set price: '1e999' {NUMBER}",
    "evaluate --change price=15": "--change price: 15 could be meant two ways; write 15% or 1500%",
    "evaluate --change price=-1": "--change price: -1 could be meant two ways; write -1% or -100%",
    "evaluate --add price=much": f"--add price: 'much' {NUMBER}",
    "evaluate --set prise=3": "unknown metric 'prise'; did you mean 'price'?",
    "evaluate --set price[a]=3": "unknown label 'a' in price[a]",
    "evaluate --scenario dear-bean": "unknown scenario 'dear-bean'; did you mean 'dear-beans'?",
    "compare --scenario cheep": "unknown scenario 'cheep'; did you mean 'cheap'?",
    "simulate --samples many": f"--samples: 'many' {NUMBER}",
    "simulate --samples ": f"--samples: '' {NUMBER}",
    "levers --by ": "unknown resource ''",
    "simulate --samples 2.5": f"--samples '2.5': {WHOLE}",
    "simulate --samples 1e300": f"--samples '1e300': {WHOLE}",
    "simulate --samples 0": "samples 0: give at least 1",
    "simulate --samples -5": "samples -5: give at least 1",
    "simulate --seed -5": "seed -5: a seed is a whole number from 0",
    "simulate --threads 0": "threads 0: give at least 1",
    "simulate --points sobl": "--points 'sobl': did you mean 'sobol'?",
    "simulate --points grid": "--points 'grid': write sobol or random or latin",
    "simulate --of prise": "unknown metric 'prise'; did you mean 'price'?",
    "simulate --quantiles 0.5,high": f"--quantiles: 'high' {NUMBER}",
    "simulate --tail 2": "tail 2.0: give probabilities between 0 and 1, such as 0.05 or 5%",
    "simulate --beside cheep": "unknown scenario 'cheep'; did you mean 'cheap'?",
    "simulate --digits 0": "digits 0: give a whole number from 1 to 8",
    "sensitivity --method sobl": "--method 'sobl': did you mean 'sobol'?",
    "sensitivity --by owners": "unknown grouping 'owners'; did you mean 'owner'?",
    "sensitivity --of prise": "unknown metric 'prise'; did you mean 'price'?",
    "sensitivity --samples 0": "samples 0: give at least 1",
    "information --options cheep": "unknown option 'cheep'; did you mean 'cheap'?",
    "information --decide plans": "--decide 'plans': write scenarios or levers",
    "information --by owners": "unknown grouping 'owners'; did you mean 'owner'?",
    "discover --target much": f"--target: 'much' {NUMBER}",
    "discover --of prise": "unknown metric 'prise'; did you mean 'price'?",
    "levers --by hours": "unknown resource 'hours'",
    "levers --limit money": "--limit 'money': write --limit RESOURCE=VALUE",
    "levers --limit monny=3": "unknown resource 'monny'; did you mean 'money'?",
    "levers --limit money=lots": f"--limit money: 'lots' {NUMBER}",
    "sweep --vary price": "--vary 'price': write --vary ID=LOW:HIGH:N",
    "sweep --vary price=1:2": "--vary 'price=1:2': write --vary ID=LOW:HIGH:N",
    "sweep --vary price=1:high:3": f"--vary price: 'high' {NUMBER}",
    "sweep --vary price=1:2:3.5": f"--vary '3.5': {WHOLE}",
    "seek --target high": f"--target: 'high' {NUMBER}",
    "seek --lever prise": "unknown metric 'prise'; did you mean 'price'?",
    "explain --from nowhere": "unknown scenario 'nowhere'",
    "allocate --at-most price": "--at-most 'price': write --at-most ID=VALUE",
    "allocate --at-least prise=3": "unknown metric 'prise'; did you mean 'price'?",
    "evaluate --plot cafe.gif": "cannot tell a picture's format from 'cafe.gif'; end its name in .png, .svg or .pdf",
    "tornado --picture spider": "--picture 'spider': a picture needs a file; give --plot FILE, too",
    "evaluate --plot zzz/cafe.png": "cannot write 'zzz/cafe.png': No such file or directory",
}


@pytest.mark.parametrize("line", BAD)
def test_a_value_that_an_option_cannot_have_is_refused_word_by_word(line: str, tmp_path: Path) -> None:
    verb, *rest = line.split(" ")
    ran = here(verb, cafe(tmp_path).name, *rest, folder=tmp_path)
    assert (ran.status, ran.out, ran.err) == (2, "", BAD[line] + "\n")


FEW = dict.fromkeys((verb.name for verb in VERBS.values() if verb.draws), ("--samples", "1000"))
# an option, a value it may have, and a verb's answer that shows it was heard
HEARD = {
    ("evaluate", "--scenario", "dear-beans"): lambda told: told["metrics"]["bean_cost"] == 3,
    ("evaluate", "--set", "price=8"): lambda told: told["metrics"]["price"] == 8,
    ("evaluate", "--set", " price = 8 "): lambda told: told["metrics"]["price"] == 8,
    ("evaluate", "--set", "ｐｒｉｃｅ=8"): lambda told: told["metrics"]["price"] == 8,
    ("evaluate", "--change", "price=-20%"): lambda told: told["metrics"]["price"] == 6,
    ("evaluate", "--change", "price=-0.2"): lambda told: told["metrics"]["price"] == 6,
    ("evaluate", "--change", "price=150%"): lambda told: told["metrics"]["price"] == 18.75,
    ("evaluate", "--add", "ads=1k"): lambda told: told["metrics"]["ads"] == 1500,
    ("evaluate", "--add", "ads=-0.1k"): lambda told: told["metrics"]["ads"] == 400,
    ("simulate", "--samples", "1k"): lambda told: told["samples"] == 1000,
    ("simulate", "--samples", "2_048"): lambda told: told["samples"] == 2048,
    ("simulate", "--seed", "7"): lambda told: told["seed"] == 7,
    ("simulate", "--seed", "none"): lambda told: told["seed"] > 0,
    ("simulate", "--points", "latin"): lambda told: told["run"]["points"] == "latin",
    ("simulate", "--quantiles", "0.25, 0.75"): lambda told: list(told["quantiles"]) == ["0.25", "0.75"],
    ("simulate", "--of", "revenue"): lambda told: list(told["metrics"]) == ["revenue"],
    ("simulate", "--tail", "10%"): lambda told: told["tail"] == 0.1,
    ("simulate", "--beside", "cheap"): lambda told: [s["scenario"] for s in told["scenarios"]] == ["cheap"],
    ("simulate", "--digits", "3"): lambda told: told["digits"]["mean"] >= 3,
    ("sensitivity", "--samples", "1k"): lambda told: told["run"]["samples"] == 1000,
    ("sensitivity", "--method", "shapley"): lambda told: told["method"] == "shapley",
    ("sensitivity", "--of", "revenue"): lambda told: told["metric"] == "revenue",
    ("sensitivity", "--by", "owner"): lambda told: [each["metric"] for each in told["indices"]] == ["nobody"],
    ("sensitivity", "--second"): lambda told: sorted(told["second"][0]["metrics"]) == ["bean_cost", "buys"],
    ("information", "--options", "base", "--options", "cheap"): lambda told: len(told["options"]) == 2,
    ("information", "--plans", "1", "--decide", "levers"): lambda told: told["options"] != [],
    ("information", "--decide", "levers"): lambda told: told["decide"] == "levers",
    ("information", "--by", "owner"): lambda told: [each["metric"] for each in told["drivers"]] == ["nobody"],
    ("discover", "--target", "12k"): lambda told: told["target"] == 12000,
    ("discover", "--of", "profit"): lambda told: told["metric"] == "profit",
    ("levers", "--by", "money"): lambda told: "ads" in {lever["metric"] for lever in told["levers"]},
    ("levers", "--limit", "money=600"): lambda told: told["levers"] != [],
    ("sweep", "--vary", "price=7:8:3"): lambda told: told["axes"] == [{"metric": "price", "values": [7, 7.5, 8]}],
    ("seek", "--target", "-3k"): lambda told: told["target"] == -3000,
    ("seek", "--lever", "price"): lambda told: [lever["metric"] for lever in told["levers"]] == ["price"],
    ("elasticities", "--of", "revenue"): lambda told: told["kgi"] == "revenue",
    ("explain", "--from", "cheap"): lambda told: told["contributions"] != [],
    ("explain", "--to", "cheap"): lambda told: "price" in {part["metric"] for part in told["contributions"]},
    ("allocate", "--limit", "money=1k"): lambda told: told["resources"]["money"]["limit"] == 1000,
    ("allocate", "--at-most", "price=7.8"): lambda told: told["levers"]["price"] <= 7.8,
    ("allocate", "--at-least", "guests=7k"): lambda told: told["guards"][0]["value"] >= 6999.9,
    ("compare", "--scenario", "cheap"): lambda told: [s["scenario"] for s in told["scenarios"]] == ["base", "cheap"],
    ("compare", "--set", "price=8"): lambda told: told["scenarios"][-1]["scenario"] == "what-if",
}
# the same of a model over time and dimensions
HEARD_OVER_TIME = {
    ("evaluate", "--set", "ads[2027-Q2]=900"): lambda told: told["metrics"]["ads"] == [500, 900, 500, 500],
    ("evaluate", "--change", "price[tea]=20%"): lambda told: told["metrics"]["price"]["tea"][0] == 6,
    ("simulate", "--of", "revenue[tea]"): lambda told: "revenue[tea,2027-Q4]" in told["metrics"],
    ("simulate", "--level", "80%"): lambda told: told["level"] == 0.8,
    ("tornado", "--of", "revenue[tea]"): lambda told: told["kgi"] == "revenue[tea]",
    ("impulse", "--of", "revenue[tea]"): lambda told: told["of"] == ["revenue[tea]"],
    ("impulse", "--at", "2027-Q2"): lambda told: {lever["at"] for lever in told["levers"]} == {"2027-Q2"},
    ("impulse", "--push", "5%"): lambda told: told["push"] == 0.05,
    ("impulse", "--lever", "ads"): lambda told: [lever["metric"] for lever in told["levers"]] == ["ads"],
}


@pytest.mark.parametrize("asked", HEARD, ids=" ".join)
def test_an_option_is_heard(asked: tuple[str, ...], tmp_path: Path) -> None:
    verb, *option = asked
    extra = () if "--samples" in option or "--digits" in option else FEW.get(verb, ())
    ran = here(verb, cafe(tmp_path).name, *option, *extra, "--json", folder=tmp_path)
    assert ran.err == ""
    assert HEARD[asked](ran.json)


@pytest.mark.parametrize("asked", HEARD_OVER_TIME, ids=" ".join)
def test_an_option_is_heard_over_time(asked: tuple[str, str, str], tmp_path: Path) -> None:
    verb, *option = asked
    ran = here(verb, quarters(tmp_path).name, *option, *FEW.get(verb, ()), "--json", folder=tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert HEARD_OVER_TIME[asked](ran.json)


def test_every_option_of_every_verb_is_tried_here_or_leaves_the_figures_as_they_are() -> None:
    tried = {(verb, option) for verb, option, *_ in (*HEARD, *HEARD_OVER_TIME)}
    missing = {
        (verb.name, f"--{option.word}")
        for verb in VERBS.values()
        for option in verb.options
        if (verb.name, f"--{option.word}") not in tried
    }
    drawing = [verb.name for verb in VERBS.values() if verb.draws]
    # as for simulate, from the same rows
    chance = {(verb, f"--{word}") for verb in drawing for word in ("samples", "seed", "points")}
    silent = {(verb, f"--{word}") for verb in drawing for word in ("threads", "strict", "executor", "checkpoint")}
    assert missing <= chance | silent | {("sweep", "--of")}


def test_threads_change_nothing_and_strict_is_heard(tmp_path: Path) -> None:
    path = cafe(tmp_path).name
    one, two = (here("simulate", path, "--threads", n, "--json", folder=tmp_path).out for n in (1, 2))
    assert one == two
    plain, strict = (here("simulate", path, *more, "--json", folder=tmp_path).out for more in ((), ("--strict",)))
    assert plain == strict  # there is nothing to be strict about


def test_changes_come_from_the_left_scenarios_then_set_change_and_add(tmp_path: Path) -> None:
    words = ("--add", "price=1", "--change", "price=10%", "--set", "price=20", "--scenario", "cheap")
    ran = here("evaluate", cafe(tmp_path).name, *words, "--json", folder=tmp_path)
    assert ran.json["metrics"]["price"] == 20 * 1.1 + 1


def test_the_last_of_two_single_options_holds(tmp_path: Path) -> None:
    ran = here("seek", cafe(tmp_path).name, "--target", "5k", "--target", "6k", "--json", folder=tmp_path)
    assert ran.json["target"] == 6000


def test_options_may_stand_before_the_model(tmp_path: Path) -> None:
    ran = here("evaluate", "--set", "price=8", "--json", cafe(tmp_path).name, folder=tmp_path)
    assert ran.json["metrics"]["price"] == 8


@pytest.mark.parametrize("name", ["--plot", "--picture", "--save-scenario"])
def test_a_name_that_is_empty_is_refused(name: str, tmp_path: Path) -> None:
    file = ("--plot", "cafe.png") if name == "--picture" else ()
    ran = here("evaluate", cafe(tmp_path).name, *file, name, " ", folder=tmp_path)
    assert (ran.status, ran.out, ran.err) == (2, "", f"{name} ' ': a name is missing\n")
