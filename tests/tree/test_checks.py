"""Each check finds what it is for, says it with its mend, and is silent on a tree that is sound."""

from __future__ import annotations

import re

import pytest

from leverage.files.yaml import read
from leverage.tree.build import build
from leverage.tree.checks import CHECKS, ROWS, Finding

SOUND = """\
kgi: profit
metrics:
  profit: {formula: revenue - cost, unit: USD, target: 20, owner: CEO}
  revenue: {formula: visits * rate * price, unit: USD, thresholds: {warn: 90, alert: 80}, target: 120}
  cost: {value: 80, unit: USD, owner: COO, range: [70, 95]}
  visits: {value: 100, unit: visit, owner: ads, lever: {min: 50, max: 200, cost: {budget: 5 per 1}}}
  rate: {value: 10%, unit: order/visit, owner: UX, better: higher}
  price: {value: 10, unit: USD/order, owner: sales, lever: {choices: [10, 12]}}
resources:
  budget: {limit: 300, unit: USD}
"""


def found(text: str, check: str) -> list[tuple[str, str | None, str]]:
    tree = build(read(text, "m.yaml"))
    tree = tree.with_(scenario=tree.scenarios)  # what is tried there
    return [(finding.severity, finding.metric, finding.message) for finding in CHECKS[check](tree)]


def sums(*terms: str, **formulas: str) -> str:
    """A model whose KGI is the sum of the terms; names without a formula are leaves."""
    formulas = {"kgi": " + ".join(terms), **formulas}
    names = {name for text in formulas.values() for name in re.findall(r"\w+", text)}
    metrics = {**formulas, **dict.fromkeys(sorted(names - formulas.keys()), "1")}
    return "kgi: kgi\nmetrics:\n" + "".join(f"  {id}: {text}\n" for id, text in metrics.items())


@pytest.mark.parametrize("check", CHECKS)
def test_a_sound_tree_gives_no_finding(check: str) -> None:
    assert found(SOUND, check) == []


FOUND = {
    "driverless": [
        (
            "{kgi: a, metrics: {a: 1}}",
            ("warning", "a", "is the KGI and a leaf: nothing drives it; give it a formula"),
        )
    ],
    "unused": [
        (
            "{kgi: a, metrics: {a: b, b: 1, likes: 2, l: {value: 1, lever: {}}, m: {value: 1, lever: {}}}, "
            "resources: {r: {limit: 1, use: m}}}",
            ("note", "likes", "is not used by the KGI; use it in a formula, or delete it"),
            ("note", "l", "is a lever that the KGI does not use; use it in a formula, or delete it"),
            ("note", "m", "is a lever that the KGI does not use, but a resource does; it costs and brings nothing"),
        )
    ],
    "wide": [
        (
            sums(*"abcdefgh"),
            ("note", "kgi", "has 8 drivers, more than 7; group some under a metric of their own"),
        )
    ],
    "deep": [
        (
            sums("m0", **{f"m{i}": f"m{i + 1}" for i in range(9)}),
            (
                "note",
                "kgi",
                "stands on 11 levels, more than 10: kgi -> m0 -> m1 -> ... -> m8 -> m9; join steps that nobody watches",
            ),
        ),
        (sums("m0", **{f"m{i}": f"m{i + 1}" for i in range(8)}),),
    ],
    "counted_twice": [
        (
            sums("new", "all", all="new + old"),
            ("warning", "kgi", "counts new more than once; leave it out of one of the terms"),
        ),
        (
            sums("a", "b", top="kgi + c", a="x + y", b="x + z", x="p + q"),
            ("warning", "kgi", "counts x more than once; leave it out of one of the terms"),
        ),
        (
            sums("a", "b", "a"),
            ("warning", "kgi", "counts a more than once; leave it out of one of the terms"),
        ),
        (sums("gross", gross="net + tax"),),
        (sums("a", "b", a="x + y", b="z - x"),),  # what is taken away again is not counted twice
        (sums("a", "b", a="x * y", b="x + z"),),
    ],
    "leverless": [
        (
            "{kgi: a, metrics: {a: b, b: 1}}",
            ("note", None, "no metric has a lever; give leaves that somebody can set a lever: {min: ..., max: ...}"),
        )
    ],
    "out_of_bounds": [
        (
            "{kgi: a, metrics: {a: {value: 5%, lever: {min: 6%}}}}",
            ("warning", "a", "stands at 5%, below its min of 6%; correct the value or the lever"),
        ),
        (
            "{kgi: a, metrics: {a: {value: 5, lever: {max: 4}}}}",
            ("warning", "a", "stands at 5, above its max of 4; correct the value or the lever"),
        ),
        (
            "{kgi: a, metrics: {a: {value: 5, lever: {choices: [0, 1]}}}}",
            ("warning", "a", "stands at 5, which is none of its choices; correct the value or the lever"),
        ),
        (
            "{kgi: a, metrics: {a: {value: 0.5, lever: {integer: true}}}}",
            ("warning", "a", "stands at 0.5, which is no whole number; correct the value or the lever"),
        ),
        ("{kgi: a, metrics: {a: {value: 0, lever: {min: 5, off: 0}}}}",),
    ],
    "immovable": [
        (
            "{kgi: a, metrics: {a: {value: 5, lever: {min: 5, max: 5}}}}",
            ("warning", "a", "is a lever with a single level; widen its bounds"),
        ),
        (
            "{kgi: a, metrics: {a: {value: 5, lever: {choices: [5]}}}}",
            ("warning", "a", "is a lever with a single level; widen its bounds"),
        ),
        ("{kgi: a, metrics: {a: {value: 5, lever: {min: 5, max: 5, off: 0}}}}",),
    ],
    "unpriced": [
        (
            "{kgi: a, metrics: {a: {value: 5, lever: {cost: {budgt: 5 per 1, time_off: 1 per 1}}}}, "
            "resources: {budget: {limit: 1, use: a}}}",
            ("note", "a", "has a cost in 'budgt', which is no resource; did you mean 'budget'?"),
            ("note", "a", "has a cost in 'time_off', which is no resource; add 'time_off' under resources"),
        )
    ],
    "idle": [
        (
            "{kgi: a, metrics: {a: b, b: {value: 1, lever: {}}, c: 2}, "
            "resources: {r: {limit: 1}, s: {limit: 1, use: c}, t: {limit: 1, use: a}}}",
            ("note", None, "resource 'r' is used by nothing; give it a use, or name it in a lever's cost"),
            ("note", None, "resource 's' is moved by no lever: no plan changes what is used of it; check its use"),
        )
    ],
    "unowned": [
        (
            "{kgi: a, metrics: {a: b, b: 1}}",
            ("note", None, "no metric has an owner; name under 'owner' who answers for each lever"),
        ),
        (
            "{kgi: a, metrics: {a: b + c + d, b: {value: 1, lever: {}}, c: 1, d: {value: 1, owner: me}}}",
            ("warning", "b", "is a lever that nobody owns; name under 'owner' who moves it"),
            ("note", "c", "has no owner; name under 'owner' who answers for it"),
        ),
    ],
    "targetless": [
        (
            "{kgi: a, metrics: {a: 1}}",
            ("note", "a", "is the KGI and has no target; add one to see the gap and its chance"),
        )
    ],
    "disagreeing": [
        (
            "{kgi: a, goal: minimize, metrics: {a: {value: 1, better: higher}}}",
            (
                "note",
                "a",
                "is better higher, but the goal is to minimize it; correct the goal, or 'better' and thresholds",
            ),
        ),
        (
            "{kgi: a, metrics: {a: {value: 1, thresholds: {warn: 2, alert: 3}}}}",
            (
                "note",
                "a",
                "is better lower, but the goal is to maximize it; correct the goal, or 'better' and thresholds",
            ),
        ),
        (
            "{kgi: a, metrics: {a: b, b: {value: 1, better: higher, thresholds: {warn: 2, alert: 3}}}}",
            (
                "note",
                "b",
                "is better higher, but its thresholds say lower; exchange warn and alert, or correct 'better'",
            ),
        ),
        (
            "{kgi: a, metrics: {a: b, b: {value: 3%, target: 1%, thresholds: {warn: 2.2%, alert: 2%}}}}",
            ("note", "b", "has its target 1% on the bad side of its warn 2.2%; correct one of them"),
        ),
        (
            "{kgi: a, metrics: {a: b, b: {value: 3, target: 9, lever: {min: 1, max: 5}}}}",
            ("note", "b", "has a target of 9 beyond its lever's max of 5; correct one of them"),
        ),
    ],
    "outside": [
        (
            "{kgi: a, metrics: {a: {value: 98, uncertainty: 'uniform(0, 100)'}}}",
            ("warning", "a", "has a value of 98 outside P5 to P95 of its uncertainty (5 to 95); correct one of them"),
        ),
        ("{kgi: a, metrics: {a: {value: 94, uncertainty: 'uniform(0, 100)'}}}",),
    ],
    "doubtless": [
        (
            "{kgi: a, metrics: {a: 1}}",
            (
                "note",
                None,
                "nothing is uncertain; give leaves that are not known a range: [P10, P90] or a spread: [-20%, 25%]",
            ),
        )
    ],
    "plain_draws": [
        (
            "kgi: m0\nmetrics:\n" + "".join(f"  m{i}: {{value: 1, range: [0, 2]}}\n" for i in range(1_025)),
            (
                "note",
                None,
                "1,025 leaves are uncertain, and those past 1,024 by id take plain draws: expect wider errors, or "
                "drop doubts that do not matter",
            ),
        )
    ],
    "mismatched": [
        (
            "{kgi: a, metrics: {a: {formula: b + c}, b: {value: 1, unit: USD}, c: {value: 1, unit: hour}}}",
            ("note", "a", "adds USD and hour; bring them to one unit, or correct the label"),
        ),
        (
            "{kgi: a, metrics: {a: {formula: b + c}, b: {value: 1, unit: USD}, c: {value: 1, unit: USD/month}}}",
            ("note", "a", "adds USD and USD/month, which differ in time alone; say over which period each counts"),
        ),
        (
            "{kgi: a, metrics: {a: {formula: b * c, unit: EUR}, b: {value: 1, unit: USD/order}, "
            "c: {value: 1, unit: orders}}}",
            ("note", "a", "is in EUR, but its drivers give USD; correct a label, or make a plain number a metric"),
        ),
        (
            "{kgi: a, metrics: {a: {formula: b * c, unit: USD/month}, b: {value: 1, unit: USD/order}, "
            "c: {value: 1, unit: orders}}}",
            ("note", "a", "is in USD/month, but its drivers give USD; say over which period they count"),
        ),
        ("{kgi: a, metrics: {a: {formula: b * c, unit: EUR}, b: {value: 1, unit: USD/order}, c: 1}}",),
    ],
    "parted": [
        (
            "{kgi: a, dimensions: {c: [x, y]}, metrics: {a: sum(b), b: {value: {x: 60%, y: 40%}, parts: c}}, "
            "scenarios: {s: {add: {b: {x: 10%}}}}}",
            ("note", "b", "its parts over c now add up to 110%; move others along, to 100%"),
        ),
        (
            "{kgi: a, dimensions: {c: [x, y]}, metrics: {a: sum(b), b: {value: {x: 60%, y: 40%}, parts: c}}, "
            "scenarios: {s: {add: {b: {x: 10%, y: -10%}}}}}",
        ),
    ],
    "mixed": [
        (
            "{kgi: a, metrics: {a: rаte, rаte: 1}}",  # a Cyrillic a
            ("note", "rаte", "mixes Cyrillic and Latin letters, which may look alike; write it in one script"),
        ),
        ("{kgi: 売上kpi, metrics: {売上kpi: ユーザー数, ユーザー数: お客, お客: größe, größe: μ, μ: 1}}",),
    ],
    "alike": [
        (
            "{kgi: rate, metrics: {rate: rаte, rаte: x1 + xl, x1: 1, xl: 2}}",
            ("note", "rаte", "looks like 'rate'; rename one of them"),
            ("note", "xl", "looks like 'x1'; rename one of them"),
        )
    ],
}


@pytest.mark.parametrize(
    ("check", "case"), [(check, case) for check, cases in FOUND.items() for case in cases], ids=lambda part: part[:10]
)
def test_a_check_says_what_it_finds_and_the_mend(
    check: str, case: tuple[str, *tuple[tuple[str, str, str], ...]]
) -> None:
    text, *said = case
    assert found(text, check) == said


def test_every_check_has_its_cases() -> None:
    assert FOUND.keys() == CHECKS.keys() == {check.__name__ for check in ROWS}


def test_a_finding_names_its_check_and_its_place() -> None:
    (finding,) = CHECKS["driverless"](build(read("kgi: a\nmetrics:\n  a: 1", "m.yaml")))
    assert isinstance(finding, Finding)
    assert (finding.check, str(finding.at)) == ("driverless", "m.yaml:3:3")


def test_sums_of_sums_do_not_cost_their_square() -> None:
    terms = {f"t{i}": f"t{i - 1} + x{i}" for i in range(1, 3_000)}
    text = sums("t2999", **terms, t0="x0")
    assert found(text, "counted_twice") == []


# --- over time and dimensions --------------------------------------------------------------------------------------

OVER = """\
kgi: total
time: {periods: 4, unit: month, start: 2027-01}
dimensions: {channel: [ads, social]}
metrics:
  total: {formula: last(stock), target: 1}
  stock: {formula: "prev(stock, 5) + sum(visits, over=channel)", owner: CEO}
  visits: {value: {ads: [1, 2, 3, 4], social: 3}, lever: {min: 2, max: 3}, uncertainty: "normal(1, 0.1)", owner: Ads}
"""


def test_what_is_found_of_many_cells_is_said_once() -> None:
    assert found(OVER, "out_of_bounds") == [
        ("warning", "visits[ads,2027-01]", "stands at 1, below its min of 2; correct the value or the lever"),
        ("warning", "visits[ads,2027-04]", "stands at 4, above its max of 3; correct the value or the lever"),
    ]
    (outside,) = found(OVER, "outside")
    assert outside == (
        "warning",
        "visits",
        "in 7 of its 8 cells, such as visits[ads,2027-02]: has a value of 2 outside P5 to P95 of its uncertainty "
        "(0.8355 to 1.164); correct one of them",
    )


def test_a_stock_that_goes_on_from_its_past_is_no_endless_way_down() -> None:
    assert [finding for check in CHECKS for finding in found(OVER, check) if check in ("deep", "unused")] == []


def test_cells_that_share_a_draw_are_one_doubt() -> None:
    periods = "time: {periods: 200}"
    metrics = "".join(f"  x{i}: {{value: {[1] * 200}, uncertainty: 'normal(1, 1)'}}\n" for i in range(6))
    model = f"kgi: y\n{periods}\nmetrics:\n  y: sum({' + '.join(f'x{i}' for i in range(6))})\n{metrics}"
    assert found(model, "plain_draws") == []
    assert found(model.replace("normal(1, 1)'", "normal(1, 1)', draws: per_period"), "plain_draws") != []


UNITS = {  # a formula of x in USD and y in USD/month, and the unit that it comes out in
    "sum(x)": "USD",
    "mean(x, over=channel)": "USD",
    "max(x)": "USD",
    "pick(x, ads)": "USD",
    "prev(x, 0)": "USD",
    "lag(x, 2, 5)": "USD",
    "cumsum(x)": "USD",
    "adstock(x, 50%)": "USD",
    "npv(1%, x)": "USD",
    "last(x) / days()": "USD/day",
    "sum(y, over=channel)": "USD/month",
    "x * period": "USD",
}


@pytest.mark.parametrize("formula", UNITS)
def test_words_over_axes_have_a_unit(formula: str) -> None:
    model = """\
kgi: k
time: {periods: 3, start: 2027-01}
dimensions: {channel: [ads, social]}
metrics:
  k: 1
  z: {formula: "%s", unit: "%s"}
  x: {value: {ads: [1, 2, 3], social: 2}, unit: USD}
  y: {value: {ads: [1, 2, 3], social: 2}, unit: USD/month}
"""
    assert found(model % (formula, UNITS[formula]), "mismatched") == []
    ((_, _, said),) = found(model % (formula, "visit"), "mismatched")
    assert f"its drivers give {UNITS[formula]};" in said


def test_what_is_summed_over_time_may_lose_its_month() -> None:
    y = "y: {value: [1, 2, 3], unit: USD/month}"
    model = f"{{kgi: k, time: {{periods: 3}}, metrics: {{k: {{formula: sum(y), unit: %s}}, {y}}}}}"
    assert found(model % "USD", "mismatched") == found(model % "USD/month", "mismatched") == []


def test_what_comes_before_has_the_unit_of_what_comes_after() -> None:
    leaves = "x: {value: 1, unit: hour}, y: {value: [1, 2, 3], unit: USD}"
    model = f"{{kgi: k, time: {{periods: 3}}, metrics: {{k: sum(z), z: 'prev(y, x)', {leaves}}}}}"
    assert found(model, "mismatched") == [
        ("note", "z", "adds USD and hour; bring them to one unit, or correct the label")
    ]
