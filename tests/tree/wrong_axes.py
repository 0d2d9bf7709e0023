"""Model files that are wrong about time, dimensions and figures over them, and everything that is said, word by word."""

# ruff: noqa: E501  (a message stands on one line here as it does on the screen)

from __future__ import annotations

WRONG_AXES: dict[str, tuple[str, ...]] = {
    "labels that there are not, or not all": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a) + sum(g)
          a: {value: {ads: 1, soe: 2}}
          b: {value: {ads: 1, seo: 2}, range: {ads: [0, 2], social: [2]}}
          c: {value: {ads: 1, seo: 2}, lever: {adz: {min: 1}, seo: {min: 2}}}
          d: {value: {ads: 1}}
          e: {value: {ads: {de: 1, fr: 2}, seo: 3}}
          f: {value: {2027-01: 1, 2027-02: 2, 2027-04: 3}}
          g: {value: {ads: 1, seo: 2}, target: {seo: 3}}
        """,
        "m.yaml:6:23: metric 'a': value: unknown label 'soe'; did you mean 'seo'?",
        "m.yaml:7:53: metric 'b': range: unknown label 'social'; add it to its dimension",
        "m.yaml:8:40: metric 'c': lever: unknown label 'adz'; did you mean 'ads'?",
        "m.yaml:9:14: metric 'd': value: no figure for seo of channel; write one for each label",
        "m.yaml:10:20: metric 'e': value: no figure for jp of country; write one for each label",
        "m.yaml:11:39: metric 'f': value: unknown label '2027-04'; did you mean '2027-03'?",
        "m.yaml:12:40: metric 'g': target: no figure for ads of channel; write one for each label",
    ),
    "labels where they say nothing": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: {ads: 1, de: 2}}
          b: {value: {ads: {ads: 1, seo: 2}, seo: 2}}
          c: {value: {channel: {ads: 1, seo: 2}}}
          d: {value: {}}
          e: {value: {ads: {}, seo: 1}}
          f: {ads: 1, seo: 2}
          g: {value: {ads: , seo: '1,000'}}
          h: {value: {ﬁ: 1, fi: 2}}
        """,
        "m.yaml:6:14: metric 'a': value: labels of channel and country stand side by side; nest one inside the other",
        "m.yaml:7:20: metric 'b': value: channel stands twice, one inside the other; keep one level",
        "m.yaml:8:15: metric 'c': value: 'channel' is the name of a dimension; write its labels in its place: ads and seo",
        "m.yaml:9:14: metric 'd': value: nothing stands in it; write one figure, or one for each label",
        "m.yaml:10:20: metric 'e': value: nothing stands in it; write one figure, or one for each label",
        "m.yaml:11:6: metric 'f': labels stand under a key; write value: {ads: ...}",
        "m.yaml:12:20: metric 'g': value: nothing was found; write a number",
        "m.yaml:12:28: metric 'g': value: '1,000' is not a number; write 1_000, or the digits alone",
        "m.yaml:13:21: metric 'h': value: the label 'fi' stands twice; keep one",
    ),
    "lists of another length than the periods": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: [1, 2]}
          b: {value: [1, 2, 3, 4]}
          c: {value: [1, 2, 3, 4], repeat: last}
          d: {value: []}
          e: {value: [[1, 2, 3], [4, 5, 6], [7, 8, 9]]}
          f: {value: 1, range: [[0, 2], [0, 3]]}
          g: [1]
        """,
        "m.yaml:6:14: metric 'a': value: the list has 2 entries and the model 3 periods; write repeat: last to go on with its last entry",
        "m.yaml:7:14: metric 'b': value: the list has 4 entries and the model 3 periods; write one for each",
        "m.yaml:8:14: metric 'c': value: the list has 4 entries and the model 3 periods; write one for each",
        "m.yaml:9:14: metric 'd': value: the list has 0 entries and the model 3 periods; write one for each",
        "m.yaml:10:15: metric 'e': value: time stands twice, one inside the other; keep one level",
        "m.yaml:11:24: metric 'f': range: the list has 2 entries and the model 3 periods; write repeat: last to go on with its last entry",
        "m.yaml:12:6: metric 'g': value: the list has 1 entry and the model 3 periods; write repeat: last to go on with its last entry",
    ),
    "growth and seasons that are none": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: 1, growth: 200}
          b: {value: {ads: 1, seo: 2}, growth: {ads: 1%, seo: 2%}}
          c: {value: 1, seasonality: []}
          d: {value: 1, seasonality: 2}
          e: {value: 1e300, seasonality: [1, 1e9]}
        """,
        "m.yaml:6:25: metric 'a': growth: 200 could be meant two ways; write 200% or 20000%",
        "m.yaml:7:40: metric 'b': growth: a mapping was found; write a share such as -15%",
        "m.yaml:8:30: metric 'c': seasonality: a list was found; write one or more numbers in [ ]",
        "m.yaml:9:30: metric 'd': seasonality: text was found; write numbers in [ ]",
        "m.yaml:10:21: metric 'e': its figures grow past what numbers hold; write less growth",
    ),
    "growth past all numbers": (
        "kgi: y\ntime: {periods: 2_000}\nmetrics: {y: last(x), x: {value: 1, growth: 99%}}\n",
        "m.yaml:3:37: metric 'x': its figures grow past what numbers hold; write less growth",
    ),
    "levers and draws over time that contradict themselves": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: [1, 2, 3], lever: {min: 0, over_time: constant}}
          b: {value: 1, growth: 2%, lever: {min: 0, over_time: constant}}
          c: {value: {ads: 1, seo: 2}, lever: {ads: {min: 0, over_time: each}, seo: {min: 1}}}
          d: {value: 1, spread: [-5%, 5%], draws: per_period}
          e: {value: 1, lever: {min: 0, over_time: ech}}
        """,
        "m.yaml:6:32: metric 'a': lever: it is held constant, and its figures differ by period; write one figure, or over_time: each",
        "m.yaml:7:36: metric 'b': lever: it is held constant, and its figures differ by period; write one figure, or over_time: each",
        "m.yaml:8:39: metric 'c': lever: over_time holds for all labels; write it once, as {over_time: each, min: {LABEL: ...}}",
        "m.yaml:9:43: metric 'd': draws: it has one figure for all periods, and so one draw; give it a list, or growth: 0%",
        "m.yaml:10:44: metric 'e': lever.over_time: unknown word 'ech'; did you mean 'each'?",
    ),
    "a lever per period without periods": (
        "kgi: y\nmetrics: {y: x, x: {value: 1, lever: {min: 0, over_time: each}}}\n",
        "m.yaml:2:38: metric 'x': lever: it runs over time, and the model has none; add 'time: {periods: 12, unit: month}'",
    ),
    "keys of levers and thresholds that are no labels": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: 1, lever: {mim: 3}}
          b: {value: {ads: 1, seo: 2}, lever: {mim: {ads: 1, seo: 2}}}
          c: {value: {ads: 1, seo: 2}, lever: {ads: {mim: 1}, seo: {min: 2}}}
          d: {value: 1, thresholds: {wran: 3}}
          e: {value: {ads: 1, seo: 2}, thresholds: {ads: {wran: 1}, seo: {warn: 2}}}
          f: {value: {ads: 1, seo: 2}, lever: {mim: 3, max: {ads: 1, seo: 2}}}
        """,
        "m.yaml:6:25: metric 'a': unknown key 'mim' in lever; did you mean 'min'?",
        "m.yaml:7:40: metric 'b': unknown key 'mim' in lever; did you mean 'min'?",
        "m.yaml:8:46: metric 'c': unknown key 'mim' in lever; did you mean 'min'?",
        "m.yaml:9:30: metric 'd': unknown key 'wran' in thresholds; did you mean 'warn'?",
        "m.yaml:10:51: metric 'e': unknown key 'wran' in thresholds; did you mean 'warn'?",
        "m.yaml:11:40: metric 'f': unknown key 'mim' in lever; did you mean 'min'?",
    ),
    "what cells share is told once": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: {ads: 1, seo: 2}, range: [3, 1]}
          b: {value: {ads: 1, seo: 2}, target: soon}
          c: {value: {ads: 1, seo: 2}, spread: [-20, 20]}
        """,
        "m.yaml:6:39: metric 'a': range: 3 is above 1: the bounds are the wrong way round; write [1, 3]",
        "m.yaml:7:40: metric 'b': target: 'soon' is not a number; write it like 120_000, 2.4% or 150k",
        "m.yaml:8:41: metric 'c': spread: -20 could be meant two ways; write -20% or -2000%",
    ),
    "figures over an axis that the formula does not have": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: {formula: sum(a), target: {ads: 1, seo: 2}}
          a: {value: {ads: 1, seo: 2}}
          b: {formula: a * 2, actual: [1, 2, 3]}
          c: {formula: a * 2, growth: 2%}
          d: {formula: {ads: a, seo: 1}}
        """,
        "m.yaml:5:3: metric 'y': its figures differ by channel, and its formula does not; write one figure, or use channel in it",
        "m.yaml:7:3: metric 'b': its figures differ by time, and its formula does not; write one figure, or use time in it",
        "m.yaml:8:23: metric 'c': a formula metric takes no growth; give it to the leaves that the formula uses",
        "m.yaml:9:16: metric 'd': formula: a mapping was found; write a formula",
    ),
    "a kgi that is several figures": (
        """\
        kgi: x
        time: {periods: 2}
        dimensions: {channel: [ads, seo]}
        metrics: {x: {value: {ads: [1, 2], seo: 3}}}
        """,
        "m.yaml:1:6: the kgi 'x' has a figure for each channel and period; name a metric that is one number, as sum(x) is",
    ),
    "a kgi that is a list": (
        "kgi: x\ntime: {periods: 2}\nmetrics: {x: [1, 2]}\n",
        "m.yaml:1:6: the kgi 'x' has a figure for each period; name a metric that is one number, as last(x) or sum(x, over=time) is",
    ),
    "a kgi that is one label": (
        "kgi: x[ads]\ndimensions: {channel: [ads, seo]}\nmetrics: {x: {value: {ads: 1, seo: 3}}}\n",
        "m.yaml:1:6: the kgi 'x[ads]' is no metric of its own; add one with the formula pick(x, ads)",
    ),
    "a dimension without labels, and nothing more of it": (
        "kgi: y\ndimensions: {channel: []}\nmetrics: {y: 'sum(x, over=channel)', x: {value: {ads: 1}}, z: 'pick(x, ads)'}\n",
        "m.yaml:2:23: dimensions.channel: it has no labels; write [LABEL, LABEL, ...]",
    ),
    "dimensions that are none": (
        "kgi: y\ndimensions: [ads, seo]\nmetrics: {y: sum(x), x: {value: {ads: 1}}}\n",
        "m.yaml:2:13: dimensions: a list was found; write keys and values",
    ),
    "labels that stand twice": (
        "kgi: y\ndimensions: {channel: [ads, ads], medium: {ads: [tv]}, place: {tv: [tv, radio]}}\nmetrics: {y: 'sum(x, over=channel)', x: {value: {ads: 1}}, z: 'pick(x, ads)'}\n",
        "m.yaml:2:29: dimensions.channel: the label 'ads' stands in channel already; rename one of them",
        "m.yaml:2:44: dimensions.medium: the label 'ads' stands in channel already; rename one of them",
        "m.yaml:2:69: dimensions.place.tv: the label 'tv' stands in place already; rename one of them",
    ),
    "labels that cannot be any": (
        "kgi: y\ndimensions: {channel: ['a[b]', c], of: ['', d], to: [[e]], my own: [f], time: [g], g: [\"h\\u202eh\", iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii]}\nmetrics: {y: 'sum(x, over=channel)', x: {value: {ads: 1}}, z: 'pick(x, ads)'}\n",
        "m.yaml:2:25: dimensions.channel: 'a[b]' cannot be a label; write one without [ ] , = `",
        "m.yaml:2:42: dimensions.of: '' cannot be a label; write a word",
        "m.yaml:2:54: dimensions.to: a list was found; write a label",
        "m.yaml:2:60: 'my own' cannot be the name of a dimension; write my_own",
        "m.yaml:2:73: 'time' cannot be the name of a dimension; it is a word of the formula language; write time_ or another word",
        "m.yaml:2:89: dimensions.g: 'h\\u202eh' cannot be a label; leave out what cannot be seen",
    ),
    "a label that is a period": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, 2027-02]}
        metrics: {y: sum(x), x: {value: {ads: 1, 2027-02: 2}}}
        """,
        "m.yaml:2:1: time: the label '2027-02' stands in channel already; rename one of them",
    ),
    "groups too deep": (
        "kgi: y\ndimensions: {channel: {g0: {g1: {g2: {g3: {g4: {g5: {g6: {g7: {g8: {g9: {g10: {g11: {g12: {g13: {g14: {g15: {g16: {g17: {g18: {g19: {g20: {g21: [ads]}}}}}}}}}}}}}}}}}}}}}}}\nmetrics: {y: 'sum(x, over=channel)', x: {value: {ads: 1}}, z: 'pick(x, ads)'}\n",
        "m.yaml:2:139: dimensions.channel.g0.g1.g2.g3.g4.g5.g6.g7.g8.g9.g10.g11.g12.g13.g14.g15.g16.g17.g18.g19.g20: groups stand more than 20 deep; leave some levels out",
    ),
    "more dimensions than there are": (
        "kgi: y\ndimensions: {d0: [l0], d1: [l1], d2: [l2], d3: [l3], d4: [l4], d5: [l5], d6: [l6], d7: [l7], d8: [l8], d9: [l9], d10: [l10], d11: [l11], d12: [l12], d13: [l13], d14: [l14], d15: [l15], d16: [l16], d17: [l17], d18: [l18], d19: [l19], d20: [l20]}\nmetrics: {y: 'sum(x, over=channel)', x: {value: {ads: 1}}, z: 'pick(x, ads)'}\n",
        "m.yaml:2:13: dimensions: at most 20 are computed; leave some out",
    ),
    "time without periods, and nothing more of it": (
        "kgi: y\ntime: {unit: month}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:1: time: it has no periods; add 'periods: 12', or how many there are",
    ),
    "no periods at all": (
        "kgi: y\ntime: {periods: 0}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:17: time.periods: '0' is no whole number from 1 up; write one",
    ),
    "periods without end": (
        "kgi: y\ntime: {periods: 1e9}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:17: time: at most 10,000 periods are computed; write fewer, or longer ones",
    ),
    "a unit without a calendar": (
        "kgi: y\ntime: {periods: 3, unit: months, start: 2027-01}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:26: time.unit: 'months' has no calendar; did you mean 'month'?",
    ),
    "a start of another form than the unit": (
        "kgi: y\ntime: {periods: 3, unit: month, start: 2027-Q1}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:40: time.start: '2027-Q1' is no month; write one like 2027-03",
    ),
    "a start that is none": (
        "kgi: y\ntime: {periods: 3, start: 2027-13}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:27: time.start: '2027-13' is no month; write one like 2027-03",
    ),
    "periods past the calendar": (
        "kgi: y\ntime: {periods: 9, unit: year, start: 9995}\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:39: time: the last period lies beyond the year 9998; write fewer periods",
    ),
    "time that is no mapping": (
        "kgi: y\ntime: 12\nmetrics: {y: last(x), x: {value: 1, growth: 2%}, z: 'prev(z, 1)'}\n",
        "m.yaml:2:7: time: text was found; write keys and values",
    ),
    "words over axes that the model's do not answer": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a, over=chanel)
          a: {value: {ads: 1, seo: 2}}
          b: pick(a, adz)
          c: pick(a, channel)
          d: sum(a, over=ads)
          e: lag(period, a, 0)
          f: lag(period, 1.5, 0)
          g: b + sum(d)
          h: period()
          i: days
          j: a[ads]
          k: prev(a)
          l: sum(a, over=[])
          m: pick(a, 2027)
        """,
        "m.yaml:5:18: metric 'y': unknown dimension 'chanel'; did you mean 'channel'?",
        "m.yaml:7:14: metric 'b': unknown label 'adz'; did you mean 'ads'?",
        "m.yaml:8:14: metric 'c': unknown label 'channel'; write one of ads, seo, de, fr, jp",
        "m.yaml:9:18: metric 'd': unknown dimension 'ads'; write one of channel, country, time",
        "m.yaml:10:18: metric 'e': lag goes back a whole number of periods, 1 or more; write it as a number",
        "m.yaml:11:18: metric 'f': lag goes back a whole number of periods, 1 or more; write it as a number",
        "m.yaml:13:6: metric 'h': 'period' says nothing here; write it without brackets",
        "m.yaml:14:6: metric 'i': unknown name 'days' in the formula; write days() for the days of a period",
        "m.yaml:15:7: metric 'j': '[' cannot stand here; write pick(a, ads) for one label's part",
        "m.yaml:16:6: metric 'k': prev(x, initial): initial is missing",
        "m.yaml:17:19: metric 'l': ']' cannot stand here; write a dimension, time, or a list of them, as over=[channel, time]",
        "m.yaml:18:14: metric 'm': '2027' cannot stand here; write a label, in backquotes where it is no plain name",
    ),
    "words over time in a model without": (
        """\
        kgi: y
        dimensions: {channel: [ads, seo]}
        metrics:
          y: sum(x)
          x: {value: {ads: 1, seo: 2}}
          a: prev(x, 1)
          b: last(x)
          c: days()
          d: sum(x, over=time)
        """,
        "m.yaml:6:6: metric 'a': 'prev' needs time; add 'time: {periods: 12, unit: month}' to the model",
        "m.yaml:7:6: metric 'b': 'last' needs time; add 'time: {periods: 12, unit: month}' to the model",
        "m.yaml:8:6: metric 'c': 'days' needs time; add 'time: {periods: 12, unit: month}' to the model",
        "m.yaml:9:18: metric 'd': unknown dimension 'time'; write one of channel",
    ),
    "days without a start": (
        "kgi: y\ntime: {periods: 3}\nmetrics: {y: sum(days())}\n",
        "m.yaml:3:18: metric 'y': 'days' needs a calendar; add a 'start' to the model's time, such as 2027-01",
    ),
    "a loop in the same period": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: b + period
          b: a * 2
        """,
        "m.yaml:6:6: metric 'a': cycle a -> b -> a; a metric may depend on itself only through prev(x, initial)",
    ),
    "a loop that looks ahead": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: b * 2
          b: prev(a, 0) + sum(a, over=time)
        """,
        "m.yaml:6:6: metric 'a': cycle a -> b -> a; a metric may depend on itself only through prev(x, initial), and only on earlier periods",
    ),
    "a loop in its first period": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: prev(a, a)
        """,
        "m.yaml:6:11: metric 'a': cycle a -> a; a metric may depend on itself only through prev(x, initial), and only on earlier periods",
    ),
    "a loop through a lag": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: lag(a, 1, 0) + period
        """,
        "m.yaml:6:10: metric 'a': cycle a -> a; a metric may depend on itself only through prev(x, initial)",
    ),
    "correlations of labels": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: {ads: 1, seo: 2}, spread: [-5%, 5%]}
          b: {value: [1, 2, 3], spread: [-5%, 5%]}
          c: {value: {emea: 1, jp: 2}}
        correlations:
          - [a, b, 0.5]
          - ['a[ads]', b, 0.5]
          - [c, b, 0.5]
        """,
        "m.yaml:10:5: correlations: 'a' is drawn for each channel and 'b' once; labels pair up by name: give both the same",
        "m.yaml:11:7: correlations: 'a[ads]' is no leaf of its own; write a: labels pair up by name",
        "m.yaml:12:5: correlations: 'c' is certain; give it a range or an uncertainty, or leave the pair out",
    ),
    "limits over time": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: [1, 2, 3]}
        resources:
          r: {limit: [1, 2], use: a, per: period}
          s: {limit: [1, 2, 3], use: a}
          t: {limit: [], use: a, per: period}
          u: {limit: {2027-01: 1}, use: a}
          v: {limit: 1, use: 'pick(a, adz)'}
          w: {limit: 1, use: a, per: month}
        """,
        "m.yaml:8:14: resource 'r': the limit has 2 entries and the model 3 periods; write one for each",
        "m.yaml:9:14: resource 's': a limit for each period needs 'per: period'; add it",
        "m.yaml:10:14: resource 't' limit: a list was found; write one or more numbers in [ ]",
        "m.yaml:11:14: resource 'u' limit: a mapping was found; write a number",
        "m.yaml:12:31: in the use of resource 'v': unknown label 'adz'; did you mean 'ads'?",
        "m.yaml:13:30: resource 'w' per: unknown word 'month'; write period or total",
    ),
    "a limit per period without periods": (
        "kgi: y\nmetrics: {y: 1}\nresources: {r: {limit: 1, use: y, per: period}}\n",
        "m.yaml:3:40: resource 'r': there are no periods; leave 'per' out, or add 'time' to the model",
    ),
    "moves of labels that there are not": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a) + b
          a: {value: {ads: 1, seo: 2}}
          b: 5
          c: {value: [1, 2, 3]}
          d: {value: {emea: 1, jp: 2}}
        scenarios:
          p: {set: {a: {adz: 1}, b: {ads: 1}, c: [1, 2], d: {emea: {de: 1}}}}
          q: {set: {a: [1, 2, 3], 'a[ads,seo]': 1, c: {}, 'q[ads]': 1}}
          r:
            set:
              a[adz]: 3
              "c[2027-09]": 4
              d[de: 1
              a[]: 2
            change:
              a: {ads: 15}
              "[ads]": 2%
        """,
        "m.yaml:11:17: unknown label 'adz' in a[adz]; did you mean 'ads'?",
        "m.yaml:11:30: 'b[ads]': 'ads' is of channel, and b has a single figure",
        "m.yaml:11:42: scenario 'p' set.c: a list was found; write 3 figures, one a period",
        "m.yaml:11:61: 'd[emea,de]': two labels of country; name one, or each on its own",
        "m.yaml:12:13: 'a[2027-01]': '2027-01' is of time, and a runs over channel",
        "m.yaml:12:28: 'a[ads,seo]': two labels of channel; name one, or each on its own",
        "m.yaml:12:47: scenario 'q' set.c: a mapping was found; write a figure, or one for each label",
        "m.yaml:12:52: unknown metric 'q' in scenario 'q' set",
        "m.yaml:15:7: unknown label 'adz' in a[adz]; did you mean 'ads'?",
        "m.yaml:16:8: unknown label '2027-09' in c[2027-09]; did you mean '2027-03'?",
        "m.yaml:17:7: 'd[de': write labels in one pair of brackets, as visits[ads,2027-03]",
        "m.yaml:18:7: 'a[]': a label is missing between the brackets",
        "m.yaml:20:16: scenario 'r' change.a: 15 could be meant two ways; write 15% or 1500%",
        "m.yaml:21:8: '[ads]': the metric is missing before the brackets",
    ),
    "figures that a scenario moves twice": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: {ads: 1, seo: 2}}
          d: {value: {emea: 1, jp: 2}}
        scenarios:
          p: {set: {d: {emea: 1, de: 2}}}
          q: {set: {'d[fr]': 1, 'd[emea]': 2}}
          r: {set: {a: {ads: 1}}, change: {a: 10%}}
          s: {set: {'a[ads]': 1, a: 2}}
        """,
        "m.yaml:9:26: scenario 'p': 'd[de]' stands twice in set; keep one",
        "m.yaml:10:26: scenario 'q': 'd[fr]' stands twice in set; keep one",
        "m.yaml:11:36: scenario 'r': 'a[ads]' stands in set and in change; keep one",
        "m.yaml:12:26: scenario 's': 'a[ads]' stands twice in set; keep one",
    ),
    "a label in braces without quotes": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: {ads: 1, seo: 2}}
        scenarios: {s: {set: {a[ads]: 3}}}
        """,
        "m.yaml:7:24: a ',' or '}' is missing before this; write it, or put quotes round the whole text",
    ),
    "certain of nothing": (
        """\
        kgi: y
        time: {periods: 3, start: 2027-01}
        dimensions: {channel: [ads, seo], country: {emea: [de, fr], apac: [jp]}}
        metrics:
          y: sum(a)
          a: {value: {ads: 1, seo: 2}}
        scenarios:
          p: {set: {a: {certain: true}}}
          q: {set: {a: {ads: {value: 1, certan: true}}}}
        """,
        "m.yaml:8:16: scenario 'p' set.a: it has no level; write {value: LEVEL, certain: true}",
        "m.yaml:9:33: unknown key 'certan' in scenario 'q' set.a; did you mean 'certain'?",
    ),
    "nothing more is said of axes that are wrong": (
        """\
        kgi: y
        time: {periods: 3}
        dimensions: {channel: []}
        metrics:
          y: {formula: 'sum(x) + pick(x, ads) + a', target: {ads: 1}}
          x: {value: {ads: 1, seo: 2}, taget: 3}
          a: prev(a, 1) + nosuch
        resources: {r: {limit: [1, 2], use: x, per: period}}
        scenarios: {s: {set: {'x[ads]': 1, x: {seo: 2}, q: 1}}}
        """,
        "m.yaml:3:23: dimensions.channel: it has no labels; write [LABEL, LABEL, ...]",
        "m.yaml:6:32: metric 'x': unknown key 'taget'; did you mean 'target'?",
        "m.yaml:7:19: metric 'a': unknown name 'nosuch' in the formula",
        "m.yaml:9:49: unknown metric 'q' in scenario 's' set",
    ),
}
