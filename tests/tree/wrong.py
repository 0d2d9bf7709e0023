"""Wrong model files, by what is wrong with them: the text, and everything that is said about it, word by word."""

# ruff: noqa: E501  (a message stands on one line here as it does on the screen)

from __future__ import annotations

from tests.tree.wrong_axes import WRONG_AXES

WRONG: dict[str, tuple[str, ...]] = {  # what is wrong, all of it, and what is said
    "unknown key": (
        "kgi: a\ngaol: maximize\nmetrics: {a: {value: 1, taget: 2}}",
        "m.yaml:2:1: unknown key 'gaol'; did you mean 'goal'?",
        "m.yaml:3:25: metric 'a': unknown key 'taget'; did you mean 'target'?",
    ),
    "unknown key further down": (
        """\
        kgi: a
        time: {periodes: 3}
        metrics: {a: {value: 1, lever: {minimum: 2}, thresholds: {warm: 1}}}
        resources: {r: {limit: 1, used: a}}
        scenarios: {s: {changed: {a: 1%}}}
        log: [{author: me}]
        """,
        "m.yaml:2:8: unknown key 'periodes' in time; did you mean 'periods'?",
        "m.yaml:3:33: metric 'a': unknown key 'minimum' in lever",
        "m.yaml:3:59: metric 'a': unknown key 'warm' in thresholds; did you mean 'warn'?",
        "m.yaml:4:27: unknown key 'used' in resource 'r'; did you mean 'use'?",
        "m.yaml:5:17: unknown key 'changed' in scenario 's'; did you mean 'change'?",
        "m.yaml:6:8: unknown key 'author' in log",
    ),
    "ids that are equal after NFKC": (
        "kgi: a\nmetrics:\n  a: ﬁrst\n  first: 1\n  ﬁrst: 2",
        "m.yaml:5:3: metric 'ﬁrst' is the same id as 'first', which stands in line 4; rename one of them",
    ),
    "ids that are none": (
        f"kgi: a\nmetrics:\n  a: 1\n  period: 2\n  my metric: 3\n  2nd: 4\n  '?': 5\n  {'x' * 129}: 6",
        "m.yaml:4:3: 'period' cannot be an id; it is a word of the formula language; write period_ or another word",
        "m.yaml:5:3: 'my metric' cannot be an id; write my_metric",
        "m.yaml:6:3: '2nd' cannot be an id; write _2nd",
        "m.yaml:7:4: '?' cannot be an id; begin with a letter, and go on with letters, digits and _",
        f"m.yaml:8:3: '{'x' * 57}...' cannot be an id; it has 129 characters, and at most 128 are allowed; use the label for "
        "long names",
    ),
    "unknown name": (
        "kgi: revenue\nmetrics:\n  revenue: visits * purchase_rat\n  visits: 1\n  purchase_rate: 2",
        "m.yaml:3:21: metric 'revenue': unknown name 'purchase_rat' in the formula; did you mean 'purchase_rate'?",
    ),
    "unknown name in quotes and in a block": (
        'kgi: a\nmetrics:\n  a: {formula: "b + c"}\n  b: |\n    1 +\n    d',
        "m.yaml:3:21: metric 'a': unknown name 'c' in the formula",
        "m.yaml:6:5: metric 'b': unknown name 'd' in the formula",
    ),
    "values of other languages": (
        "kgi: a\nmetrics: {a: b + nan, b: inf}",
        "m.yaml:2:18: metric 'a': unknown name 'nan' in the formula; infinity and NaN are refused; leave the limit out",
        "m.yaml:2:26: metric 'b': unknown name 'inf' in the formula; infinity and NaN are refused; leave the limit out",
    ),
    "cycle": (
        "kgi: a\nmetrics:\n  a: 2 * b\n  b: c + 1\n  c: a / 3",
        "m.yaml:3:10: metric 'a': cycle a -> b -> c -> a; a metric may depend on itself only through prev(x, initial)",
    ),
    "cycle of one": (
        "kgi: a\nmetrics: {a: 1 + a}",
        "m.yaml:2:18: metric 'a': cycle a -> a; a metric may depend on itself only through prev(x, initial)",
    ),
    "no kgi": (
        "metrics: {a: b + 1, b: 2}",
        "m.yaml:1:1: the model names no kgi; add 'kgi: a'",
    ),
    "no kgi and none to offer": (
        "metrics: {a: 1, b: 2}",
        "m.yaml:1:1: the model names no kgi; add 'kgi: ' and the metric that the tree is about",
    ),
    "unknown kgi": (
        "kgi: proft\nmetrics: {profit: 1}",
        "m.yaml:1:6: unknown kgi 'proft'; did you mean 'profit'?",
    ),
    "several kgis": (
        "kgi: [a, b]\nmetrics: {a: 1, b: 2}",
        "m.yaml:1:6: kgi: a list was found; write the id of one metric",
    ),
    "no metrics": (
        "kgi: a",
        "m.yaml:1:1: the model has no metrics; add 'metrics:' with the KGI and what drives it",
    ),
    "empty metrics": (
        "kgi: a\nmetrics:",
        "m.yaml:2:9: metrics: nothing was found; write keys and values",
    ),
    "no model": (
        "[a, b]",
        "m.yaml:1:1: a list was found; write a model: 'kgi: ...' and 'metrics: ...'",
    ),
    "both value and formula": (
        "kgi: a\nmetrics:\n  a: {value: 1, formula: b}\n  b: 2",
        "m.yaml:3:17: metric 'a': it has both a value and a formula; keep one",
    ),
    "neither value nor formula": (
        "kgi: a\nmetrics:\n  a: {unit: USD}\n  b:",
        "m.yaml:3:6: metric 'a': it has neither a value nor a formula; give it one of them",
        "m.yaml:4:5: metric 'b': nothing was found; write a number, a formula, or a mapping with either",
    ),
    "neither number nor formula": (
        "kgi: a\nmetrics: {a: 010, b: '1,000', c: 12 k, d: .inf, e: $30, f: 2K, g: a ^ 2}",
        "m.yaml:2:14: metric 'a': '010' is not a number; write 10 without the leading 0",
        "m.yaml:2:23: metric 'b': '1,000' is not a number; write 1_000, or the digits alone",
        "m.yaml:2:34: metric 'c': '12 k' is not a number; write 12k, without the space",
        "m.yaml:2:43: metric 'd': '.inf' is not a number; leave the key out where there is no limit",
        "m.yaml:2:52: metric 'e': '$30' is not a number; write the number alone, and the currency under 'unit'",
        "m.yaml:2:60: metric 'f': '2K' is not a number; write 2k for thousands",
        "m.yaml:2:69: metric 'g': '^' is not part of a formula; write ** for a power",
    ),
    "values that are no numbers": (
        "kgi: a\nmetrics:\n  a: {value: b + 1, target: soon, actual: }\n  b: 2",
        "m.yaml:3:14: metric 'a': value: 'b + 1' is not a number; write it like 120_000, 2.4% or 150k",
        "m.yaml:3:29: metric 'a': target: 'soon' is not a number; write it like 120_000, 2.4% or 150k",
        "m.yaml:3:43: metric 'a': actual: nothing was found; write a number",
    ),
    "words that are not known": (
        "kgi: a\ngoal: maximise\nmetrics:\n  a: {value: 1, kind: leding, role: kpis, better: more, lever: {integer: yes}}",
        "m.yaml:2:7: goal: unknown word 'maximise'; did you mean 'maximize'?",
        "m.yaml:4:23: metric 'a': kind: unknown word 'leding'; did you mean 'leading'?",
        "m.yaml:4:37: metric 'a': role: unknown word 'kpis'; did you mean 'kpi'?",
        "m.yaml:4:51: metric 'a': better: unknown word 'more'; write higher or lower",
        "m.yaml:4:74: metric 'a': lever.integer: unknown word 'yes'; write true or false",
    ),
    "formats and periods that are none": (
        "format: 2\nkgi: a\ntime: {periods: 2.5}\nmetrics: {a: 1}",
        "m.yaml:1:9: format 2 is newer than this version reads; write format: 1, or upgrade",
        "m.yaml:3:17: time.periods: '2.5' is no whole number from 1 up; write one",
    ),
    "bounds the wrong way round": (
        "kgi: a\nmetrics:\n  a: {value: 3, range: [5, 1]}\n  b: {value: 3, lever: {min: 9, max: 2%}}\n"
        "  c: {value: 3, spread: [20%, -20%]}",
        "m.yaml:3:24: metric 'a': range: 5 is above 1: the bounds are the wrong way round; write [1, 5]",
        "m.yaml:4:30: metric 'b': lever: min 9 is above max 2%: the bounds are the wrong way round; write min: 2%, max: 9",
        "m.yaml:5:25: metric 'c': spread: 20% is above -20%: the bounds are the wrong way round; write [-20%, 20%]",
    ),
    "a lever without a level": (
        "kgi: a\nmetrics:\n  a: {value: 3, lever: {min: 0.2, max: 0.8, integer: true}}\n  b: {value: 1, lever: {choices: []}}",
        "m.yaml:3:24: metric 'a': lever: no whole number lies between 0.2 and 0.8; widen the bounds, or leave integer out",
        "m.yaml:4:34: metric 'b': lever.choices: a list was found; write one or more numbers in [ ]",
    ),
    "ranges that are no pairs": (
        "kgi: a\nmetrics:\n  a: {value: 3, range: [1, 2, 3]}\n  b: {value: 3, spread: 20%}\n  c: {value: 3, spread: [-20, 20]}",
        "m.yaml:3:24: metric 'a': range: a list was found; write two numbers and not 3: [low, high]",
        "m.yaml:4:25: metric 'b': spread: text was found; write two numbers: [low, high]",
        "m.yaml:5:26: metric 'c': spread: -20 could be meant two ways; write -20% or -2000%",
    ),
    "doubts that exclude each other": (
        "kgi: a\nmetrics:\n  a: {value: 3, range: [1, 5], uncertainty: 'normal(3, 1)'}",
        "m.yaml:3:32: metric 'a': range and uncertainty exclude each other; keep one",
    ),
    "a range round nothing": (
        "kgi: a\nmetrics:\n  a: {range: [1, 5]}",
        "m.yaml:3:7: metric 'a': range needs the value that it stands round; add value",
    ),
    "keys of leaves on a formula metric": (
        "kgi: a\nmetrics:\n  a: {formula: b, range: [1, 2], lever: {min: 1}}\n  b: 2",
        "m.yaml:3:34: metric 'a': a formula metric takes no range and lever; give it to the leaves that the formula uses",
    ),
    "prices that are none": (
        "kgi: a\nmetrics:\n  a: {value: 1, lever: {cost: {b: 50k, c: 50k per, d: 50k per 0, e: 5 per hour}}}",
        "m.yaml:3:35: metric 'a': lever.cost.b: '50k' is no price; write '50k per 1' if it buys a distance of 1",
        "m.yaml:3:43: metric 'a': lever.cost.c: '50k per' is no price; write a price and the distance above 0 that it buys, "
        "like '50k per 0.1%'",
        "m.yaml:3:55: metric 'a': lever.cost.d: '50k per 0' is no price; write a price and the distance above 0 that it buys, "
        "like '50k per 0.1%'",
        "m.yaml:3:69: metric 'a': lever.cost.e: '5 per hour' is no price; write a price and the distance above 0 that it buys, "
        "like '50k per 0.1%'",
    ),
    "correlations": (
        """\
        kgi: a
        metrics:
          a: b + c + d
          b: {value: 1, range: [0, 2]}
          c: {value: 1, range: [0, 2]}
          d: 3
        correlations:
          - [b, d, 0.5]
          - [b, a, 0.5]
          - [b, c, 1.5]
          - [c, b, 0.5]
          - [b, b, 1]
          - [b, e, 0.1]
          - [b, c]
        """,
        "m.yaml:8:5: correlations: 'd' is certain; give it a range or an uncertainty, or leave the pair out",
        "m.yaml:9:5: correlations: 'a' is a formula metric; correlate the leaves that it uses, or leave the pair out",
        "m.yaml:10:5: correlations: 1.5 is outside -1 to 1; write a rank correlation between them",
        "m.yaml:11:5: correlations: 'c' and 'b' are paired twice; keep one",
        "m.yaml:12:5: correlations: 'b' stands twice in one pair; name two leaves",
        "m.yaml:13:9: unknown metric 'e' in correlations",
        "m.yaml:14:5: correlations: a list was found; write [metric, metric, rank correlation], such as [price, churn, -0.3]",
    ),
    "resources": (
        "kgi: a\nmetrics: {a: 1}\nresources:\n  r: {use: a + bb}\n  my hours: {limit: 3}\n  s: {limit: much, spend: some}\n"
        "  t: {limit: 1, use: 2 ^ a}",
        "m.yaml:4:3: resource 'r': it has no limit; add 'limit: ' and how much of it there is",
        "m.yaml:4:16: unknown name 'bb' in the use of resource 'r'",
        "m.yaml:5:3: 'my hours' cannot be the id of a resource; write my_hours",
        "m.yaml:6:14: resource 's' limit: 'much' is not a number; write it like 120_000, 2.4% or 150k",
        "m.yaml:6:27: resource 's' spend: unknown word 'some'; write all",
        "m.yaml:7:24: resource 't' use: '^' is not part of a formula; write ** for a power",
    ),
    "names of scenarios": (
        "kgi: a\nmetrics: {a: 1}\nscenarios:\n  base: {set: {a: 2}}\n  what-if: {set: {a: 2}}\n  s: {extends: q}\n  q:",
        "m.yaml:4:3: a scenario may not be called 'base', which is the file as it stands; rename it",
        "m.yaml:5:3: a scenario may not be called 'what-if', which is what the options change; rename it",
        "m.yaml:7:5: scenario 'q': nothing was found; write keys and values",
    ),
    "scenarios that start from each other": (
        "kgi: a\nmetrics: {a: 1}\nscenarios: {s: {extends: t}, t: {extends: s}, u: {extends: price_war}, price-war: {}}",
        "m.yaml:3:26: scenario 's': cycle of extends s -> t -> s; let one start from the base",
        "m.yaml:3:60: unknown scenario 'price_war' in scenario 'u' extends; did you mean 'price-war'?",
    ),
    "moves": (
        """\
        kgi: a
        metrics: {a: b + 1, b: 2}
        resources: {budget: {limit: 1, use: b}}
        scenarios:
          s:
            set: {b: 3, bb: 4}
            change: {b: 10%, a: 15}
            add: {a: much}
            resources: {budgt: 3, budget: more}
        """,
        "m.yaml:6:17: unknown metric 'bb' in scenario 's' set; did you mean 'b'?",
        "m.yaml:7:14: scenario 's': 'b' stands in set and in change; keep one",
        "m.yaml:7:25: scenario 's' change.a: 15 could be meant two ways; write 15% or 1500%",
        "m.yaml:8:14: scenario 's' add.a: 'much' is not a number; write it like 120_000, 2.4% or 150k",
        "m.yaml:9:17: unknown resource 'budgt' in scenario 's' resources; did you mean 'budget'?",
        "m.yaml:9:35: scenario 's' resources.budget: 'more' is not a number; write it like 120_000, 2.4% or 150k",
    ),
    "figures over time and dimensions": (
        """\
        kgi: a
        metrics:
          a: b + c + d + e + f + h
          b: {value: [1, 2], range: {x: 1}, spread: [-5%, 5%], growth: 2%}
          c: [1, 2]
          d: {value: 1, range: [[1, 2], [3, 4]]}
          e: {value: 1, growth: 2%}
          f: {value: 1, lever: {organic: {min: 1}}}
          h: prev(h, 1) * 2
        """,
        "m.yaml:4:14: metric 'b': value: a list has a figure per period, and the model has no time; "
        "add 'time: {periods: 12, unit: month}'",
        "m.yaml:4:30: metric 'b': range: 'x' is taken for a label, and the model has no dimensions; write one figure, or add "
        "'dimensions: {NAME: [LABEL, ...]}'",
        "m.yaml:4:37: metric 'b': range and spread exclude each other; keep one",
        "m.yaml:4:64: metric 'b': growth: it runs over time, and the model has none; add 'time: {periods: 12, unit: month}'",
        "m.yaml:5:6: metric 'c': value: a list has a figure per period, and the model has no time; "
        "add 'time: {periods: 12, unit: month}'",
        "m.yaml:6:24: metric 'd': range: a list has a figure per period, and the model has no time; "
        "add 'time: {periods: 12, unit: month}'",
        "m.yaml:7:25: metric 'e': growth: it runs over time, and the model has none; add 'time: {periods: 12, unit: month}'",
        "m.yaml:8:25: metric 'f': lever: 'organic' is taken for a label, and the model has no dimensions; write one figure, or "
        "add 'dimensions: {NAME: [LABEL, ...]}'",
        "m.yaml:9:6: metric 'h': 'prev' needs time; add 'time: {periods: 12, unit: month}' to the model",
    ),
    "moves and limits over time and dimensions": (
        "kgi: a\nmetrics: {a: 1}\nresources: {r: {limit: [1, 2]}}\n"
        "scenarios:\n  s: {change: {a: {ads: 20%}}, set: {'a[ads]': 3}}",
        "m.yaml:3:24: resource 'r': a limit for each period needs 'per: period'; add it",
        "m.yaml:5:20: unknown label 'ads' in a[ads]",
        "m.yaml:5:39: unknown label 'ads' in a[ads]",
    ),
    **WRONG_AXES,
}
