"""Wrong models as a user meets them: what the file says, and every line of the answer, word by word."""

# ruff: noqa: E501  (a message stands on one line here as it does on the screen)

from __future__ import annotations

A = "kgi: a\nmetrics:\n"  # the beginning of most files here

WRONG: dict[str, tuple[str | bytes, ...]] = {
    # the list of the model format's page
    "an unknown key": (
        A + "  a: {value: 1, taget: 2}\n",
        "m.yaml:3:17: metric 'a': unknown key 'taget'; did you mean 'target'?",
    ),
    "a duplicate key": (
        A + "  a: {value: 1, unit: x, unit: y}\n",
        "m.yaml:3:26: metric 'a': key 'unit' stands twice, in line 3; keep one",
    ),
    "a duplicate metric": (
        A + "  a: 1\n  b: 2\n  a: 3\n",
        "m.yaml:5:3: metric 'a': key 'a' stands twice, in lines 3 and 5; keep one",
    ),
    "a tag": (
        A + "  a: !!python/object/apply:os.system ['true']\n",
        "m.yaml:3:6: metric 'a': the tag '!!python/object/apply:os.system' may not stand in a model; delete it, or put quotes round the text",
    ),
    "an anchor and an alias": (
        A + "  a: &x 1\n  b: *x\n",
        "m.yaml:3:6: metric 'a': the anchor '&x' may not stand in a model; write the value out where it is used",
        "m.yaml:4:6: metric 'b': the alias '*x' may not stand in a model; write the value out, or put quotes round the text",
    ),
    "a merge key": (
        A + "  a: {<<: {value: 1}}\n",
        "m.yaml:3:7: metric 'a': the merge key '<<' may not stand in a model; write the keys out",
    ),
    "text that is not UTF-8": (
        (A + "  a: 1\n  café: 2\n").encode("latin-1"),
        "m.yaml:4:6: byte 0xe9 is not UTF-8 text; save the file as UTF-8",
    ),
    "UTF-16": ("kgi: a\n".encode("utf-16"), "m.yaml: UTF-16 is not UTF-8 text; save the file as UTF-8"),
    "an unknown name": (
        A + "  a: 2 * visitz\n  visits: 3\n",
        "m.yaml:3:10: metric 'a': unknown name 'visitz' in the formula; did you mean 'visits'?",
    ),
    "a cycle": (
        A + "  a: 2 * b\n  b: c + 1\n  c: a / 3\n",
        "m.yaml:3:10: metric 'a': cycle a -> b -> c -> a; a metric may depend on itself only through prev(x, initial)",
    ),
    "a kgi that is missing": ("metrics: {a: 2 * b, b: 1}\n", "m.yaml:1:1: the model names no kgi; add 'kgi: a'"),
    "a kgi that is unknown": (
        "kgi: proft\nmetrics: {profit: 1}\n",
        "m.yaml:1:6: unknown kgi 'proft'; did you mean 'profit'?",
    ),
    "a kgi that is not one number": (
        A + "  a: [1, 2]\ntime: {periods: 2}\n",
        "m.yaml:1:6: the kgi 'a' has a figure for each period; name a metric that is one number, as last(a) or sum(a, over=time) is",
    ),
    "a list without time": (
        A + "  a: [1, 2]\n",
        "m.yaml:3:6: metric 'a': value: a list has a figure per period, and the model has no time; add 'time: {periods: 12, unit: month}'",
    ),
    "neither value nor formula": (
        A + "  a: {unit: USD}\n",
        "m.yaml:3:6: metric 'a': it has neither a value nor a formula; give it one of them",
    ),
    "both value and formula": (
        A + "  a: {value: 1, formula: b}\n  b: 2\n",
        "m.yaml:3:17: metric 'a': it has both a value and a formula; keep one",
    ),
    "bounds the wrong way round": (
        A + "  a: {value: 3, lever: {min: 9, max: 2%}}\n",
        "m.yaml:3:30: metric 'a': lever: min 9 is above max 2%: the bounds are the wrong way round; write min: 2%, max: 9",
    ),
    "quantiles that do not rise": (
        A + "  a: {value: 3, uncertainty: 'quantiles(p10=1, p50=9, p90=2)'}\n",
        "m.yaml:3:31: metric 'a': quantiles(p10=, p50=, p90=, low=, high=): quantiles must rise, and p90=2 is not above p50=9; write them in rising order",
    ),
    "quantiles that no distribution has": (
        A + "  a: {value: 1, range: [0.99, 2000]}\n",
        "m.yaml:3:24: metric 'a': no smooth distribution has P10 0.99, P50 1, P90 2000: they would fold back below P29; the "
        "nearest that would not are value: 1.15 with range: [0.25, 2000], or move the value to between 10 and 560",
    ),
    "a formula that is not finite": (
        A + "  a: 2 * b\n  b: c / (d - 3)\n  c: 5\n  d: 3\n",
        "m.yaml:4:6: metric 'b': the formula is not finite at the base values (c = 5, d = 3): 5 / 0 needs a divisor other than 0",
    ),
    "a formula that is too long": (
        A + "  a: " + "b + " * 3_000 + "b\n  b: 1\n",
        "m.yaml:3:10006: metric 'a': the formula has more than 10,000 characters; give parts of it metrics of their own",
    ),
    "a formula that is too deep": (
        A + "  a: " + "(" * 150 + "b" + ")" * 150 + "\n  b: 1\n",
        "m.yaml:3:106: metric 'a': the formula is nested more than 100 deep; give the inner part a metric of its own",
    ),
    "a function of too many": (
        A + "  a: max(" + "b, " * 300 + "b)\n  b: 1\n",
        "m.yaml:3:778: metric 'a': there are more than 256 arguments; divide them among several metrics",
    ),
    "everything at once": (
        "kgi: proft\ngaol: maximize\nmetrics:\n  profit: revenu - cost\n  revenue: 2 *\n  cost: {value: 1, formula: 2}\n",
        "m.yaml:1:6: unknown kgi 'proft'; did you mean 'profit'?",
        "m.yaml:2:1: unknown key 'gaol'; did you mean 'goal'?",
        "m.yaml:4:11: metric 'profit': unknown name 'revenu' in the formula; did you mean 'revenue'?",
        "m.yaml:5:15: metric 'revenue': a value is missing at the end, after '*'",
        "m.yaml:6:20: metric 'cost': it has both a value and a formula; keep one",
    ),
    # how numbers and ids are written
    "numbers of other habits": (
        A + "  a: 2bn\n  b: 1,000\n  c: 5K\n  d: 010\n  e: −3\n  f: 12 M\n  g: .inf\n",
        "m.yaml:3:6: metric 'a': '2bn' is not a number; write 2B for billions",
        "m.yaml:4:6: metric 'b': '1,000' is not a number; write 1_000, or the digits alone",
        "m.yaml:5:6: metric 'c': '5K' is not a number; write 5k for thousands",
        "m.yaml:6:6: metric 'd': '010' is not a number; write 10 without the leading 0",
        "m.yaml:7:6: metric 'e': '−3' is not a number; write the minus as '-': -3",
        "m.yaml:8:6: metric 'f': '12 M' is not a number; write 12M, without the space",
        "m.yaml:9:6: metric 'g': '.inf' is not a number; leave the key out where there is no limit",
    ),
    "a remainder": (
        A + "  a: b % c\n  b: 1\n  c: 2\n",
        "m.yaml:3:8: metric 'a': '%' is not part of a formula; write mod(a, b) for the remainder, and 3% for a share, without a space",
    ),
    "a reserved word as an id": (
        A + "  a: 1\n  period: 2\n",
        "m.yaml:4:3: 'period' cannot be an id; it is a word of the formula language; write period_ or another word",
    ),
    "two ids that are one in NFKC": (
        A + "  a: 1\n  ﬁrst: 2\n  first: 3\n",
        "m.yaml:5:3: metric 'first' is the same id as 'first', which stands in line 4; rename one of them",
    ),
    "an id of 129 characters": (
        A + f"  a: 1\n  {'x' * 129}: 2\n",
        f"m.yaml:4:3: '{'x' * 57}...' cannot be an id; it has 129 characters, and at most 128 are allowed; use the label for long names",
    ),
    "a letter of another script that looks alike": (
        A + "  a: revenu\u0435\n  revenue: 1\n",
        "m.yaml:3:6: metric 'a': unknown name 'revenu\u0435' in the formula; did you mean 'revenue'?",
    ),
    "text that would steer the terminal": (
        A + '  a: 1\n  "b\\x1b[31m": 2\n',
        r"m.yaml:4:4: 'b\x1b[31m' cannot be an id; write b_31m",
    ),
    "a key that is written right to left": (
        A + "  a: {value: 1, \u202etinu: 2}\n",
        r"m.yaml:3:17: metric 'a': unknown key '\u202etinu'",
    ),
    "an invisible letter": (
        A + "  a: b\u200b + 1\n  b: 1\n",
        r"m.yaml:3:7: metric 'a': '\u200b' is not part of a formula; leave it out",
    ),
    "NUL": (A + "  a: 1\0\n", "m.yaml:3:7: the invisible character U+0000 may not stand in a file; delete it"),
    # what formulas do without
    "an attribute": (
        A + "  a: b.__class__\n  b: 1\n",
        "m.yaml:3:7: metric 'a': '.' is not part of a formula; a metric has no parts: write its id alone, or pick(x, label) for one label's part",
    ),
    "Python": (
        A + "  a: __import__('os').system('true')\n",
        "m.yaml:3:6: metric 'a': unknown function '__import__'; write __import__ * (...) to multiply",
    ),
    "another power": (
        A + "  a: b ^ 2\n  b: 1\n",
        "m.yaml:3:8: metric 'a': '^' is not part of a formula; write ** for a power",
    ),
    "a chain of comparisons": (
        A + "  a: 1 < b < 3\n  b: 1\n",
        "m.yaml:3:12: metric 'a': comparisons are not chained; write 1 < b and b < 3",
    ),
    "time": (
        A + "  a: prev(a, 1) + 1\n",
        "m.yaml:3:6: metric 'a': 'prev' needs time; add 'time: {periods: 12, unit: month}' to the model",
    ),
    # YAML
    "an unmatched parenthesis in { }": (
        A + "  a: {value: 68, uncertainty: lognormal(mean=68, sd=9)}\n",
        "m.yaml:3:31: metric 'a': the text is cut at ','; put quotes round \"lognormal(mean=68, sd=9)\" inside { }",
    ),
    "a colon in a text": (
        "kgi: a\nname: Shop: online\nmetrics: {a: 1}\n",
        "m.yaml:2:7: the text is cut at ':'; put quotes round \"Shop: online\"",
    ),
    "no space after a colon": (
        A + "  a: {value:1}\n",
        "m.yaml:3:7: metric 'a': a space is missing after the ':' in 'value:1'; write 'value: 1'",
    ),
    "a tab": ("kgi: a\nmetrics:\n\ta: 1\n", "m.yaml:3:1: a tab stands where only spaces may; indent with spaces"),
    "a second document": (
        "kgi: a\nmetrics: {a: 1}\n---\nkgi: b\n",
        "m.yaml:3:1: a second document begins here; keep one model a file",
    ),
    "nothing": ("", "m.yaml: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"),
    "a list": ("- a\n- b\n", "m.yaml:1:1: a list was found; write a model: 'kgi: ...' and 'metrics: ...'"),
    "lines that end in CR LF": (
        "kgi: a\r\nmetrics:\r\n  a: 2 * b\r\n",
        "m.yaml:3:10: metric 'a': unknown name 'b' in the formula",
    ),
    "a byte order mark": ("\ufeff" + A + "  a: b\n", "m.yaml:3:6: metric 'a': unknown name 'b' in the formula"),
    # uncertainty, levers, scenarios, correlations
    "two kinds of doubt": (
        A + "  a: {value: 3, range: [1, 5], spread: [-20%, 20%]}\n",
        "m.yaml:3:32: metric 'a': range and spread exclude each other; keep one",
    ),
    "a value outside its range": (
        A + "  a: {value: 7, range: [1, 5]}\n",
        "m.yaml:3:24: metric 'a': the value 7 does not lie within its range [1, 5], the P10 and P90; move one of them",
    ),
    "a distribution that is none": (
        A + "  a: {value: 1, uncertainty: 'normall(1, 2)'}\n",
        "m.yaml:3:31: metric 'a': unknown distribution 'normall'; did you mean 'normal'?",
    ),
    "a deviation below 0": (
        A + "  a: {value: 1, uncertainty: 'normal(mean=1, sd=-2)'}\n",
        "m.yaml:3:49: metric 'a': normal(mean, sd): sd must be above 0 (a figure without doubt needs no 'uncertainty'), found -2",
    ),
    "a lever that is a formula": (
        A + "  a: {formula: b, lever: {min: 1}}\n  b: 2\n",
        "m.yaml:3:19: metric 'a': a formula metric takes no lever; give it to the leaves that the formula uses",
    ),
    "a change of 15": (
        A + "  a: 1\nscenarios: {s: {change: {a: 15}}}\n",
        "m.yaml:4:29: scenario 's' change.a: 15 could be meant two ways; write 15% or 1500%",
    ),
    "a metric that is moved twice": (
        A + "  a: 1\nscenarios: {s: {change: {a: 15%}, set: {a: 2}}}\n",
        "m.yaml:4:26: scenario 's': 'a' stands in set and in change; keep one",
    ),
    "a scenario with a taken name": (
        A + "  a: 1\nscenarios: {what-if: {set: {a: 2}}}\n",
        "m.yaml:4:13: a scenario may not be called 'what-if', which is what the options change; rename it",
    ),
    "scenarios that extend each other": (
        A + "  a: 1\nscenarios: {s: {extends: t}, t: {extends: s}}\n",
        "m.yaml:4:26: scenario 's': cycle of extends s -> t -> s; let one start from the base",
    ),
    "a scenario that is not finite": (
        A + "  a: 1 / b\n  b: 1\nscenarios:\n  gone: {set: {b: 0}}\n",
        "m.yaml:3:6: metric 'a': the formula is not finite in scenario 'gone' (b = 0): 1 / 0 needs a divisor other than 0",
    ),
    "a resource that is not finite": (
        A + "  a: b\n  b: 1\nresources:\n  r: {limit: 1, use: 1 / (b - 1)}\n",
        "m.yaml:6:22: the formula is not finite at the base values, in the use of resource 'r': 1 / 0 needs a divisor other than 0",
    ),
    "a correlation with a certain leaf": (
        A + "  a: b + c\n  b: 1\n  c: {value: 1, range: [0.5, 2]}\ncorrelations:\n  - [b, c, 0.4]\n",
        "m.yaml:7:5: correlations: 'b' is certain; give it a range or an uncertainty, or leave the pair out",
    ),
}
