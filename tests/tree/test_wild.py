"""Whatever plain data comes, it is a tree or a list of findings, each with a sentence; nothing else is ever raised."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import InvalidModel, LeverageError
from leverage.files.plain import from_python
from leverage.program.run import point
from leverage.tree.build import build
from leverage.tree.checks import CHECKS
from leverage.tree.keys import LEVELS

KEYS = st.sampled_from(
    sorted({key for level in LEVELS.values() for key in level} | {"a", "b", "c", "ads", "time", "a b", ""})
)
TEXTS = st.sampled_from(
    [
        *(
            "",
            "1",
            "0",
            "-2%",
            "3k",
            "true",
            "a",
            "b",
            "a + b",
            "a * (b",
            "prev(a, 1)",
            "normal(1, 2)",
            "uniform(0, 1)",
        ),
        *("5 per 1", "5 per 0", "all", "period", "last", "ksf", "maximize", "base", "s", "nan", "1e999", "x" * 300),
        *("\x1b[31m", "売上", "010"),
    ]
)
WILD = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
METRIC = st.dictionaries(st.sampled_from(sorted(LEVELS["metric"])), WILD, max_size=4)
MODEL = st.fixed_dictionaries(
    {
        "kgi": st.sampled_from(["a", "b", "c"]),
        "metrics": st.dictionaries(st.sampled_from("abc"), TEXTS | METRIC, max_size=3),
    },
    optional={key: WILD for key in LEVELS["model"] if key not in ("kgi", "metrics")},
)


@given(MODEL | WILD)
@settings(deadline=None, max_examples=400)
def test_plain_data_is_a_tree_or_its_findings(model: Any) -> None:
    said = outcome(model)
    assert said
    assert all(message and message.isprintable() for message in said)


def outcome(model: Any) -> list[str]:
    """What is said of the model: its hash and the checks' findings, or why it is refused."""
    try:
        tree = build(from_python(model))
    except InvalidModel as refused:
        return [str(error) for error in refused.errors]
    return [tree.hash, *(finding.message for check in CHECKS.values() for finding in check(tree))]


# --- over time and dimensions --------------------------------------------------------------------------------------

LABELS = st.sampled_from(
    ["ads", "seo", "de", "fr", "jp", "emea", "2027-01", "2027-02", "channel", "x", "value", "min", ""]
)
FIGURES = st.recursive(
    st.sampled_from(["1", "2", "-3%", "0", "1e200", "a", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LABELS, inner, min_size=1, max_size=3),
    max_leaves=6,
)
SOUND = st.sampled_from(["1", "2", "30%"]).flatmap(
    lambda figure: st.sampled_from(
        [
            figure,
            [figure, "2"],
            {"ads": figure, "seo": "4"},
            {"emea": figure, "jp": "5"},
            {"ads": {"emea": figure, "jp": "1"}, "seo": "4"},
            {"ads": [figure, "3"], "seo": "4"},
        ]
    )
)
WORDS = ["sum", "mean", "min", "max", "first", "last", "cumsum", "abs"]
FORMULAS = st.recursive(
    st.sampled_from(["a", "c", "d", "c", "d", "2", "0.5", "period", "days()"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({})".format, st.sampled_from(WORDS), inner),
        st.builds(
            "{}({}, over={})".format,
            st.sampled_from(WORDS[:6]),
            inner,
            st.sampled_from(["time", "channel", "[channel, place]"]),
        ),
        st.builds("pick({}, {})".format, inner, st.sampled_from(["ads", "emea", "`2027-02`", "tv"])),
        st.builds("prev({}, {})".format, inner, inner),
        st.builds("lag({}, {}, {})".format, inner, st.sampled_from(["1", "2", "9", "0", "a"]), inner),
        st.builds("adstock({}, {})".format, inner, inner),
        st.builds("npv({}, {})".format, inner, inner),
        st.builds("hill({}, half={}, shape=2)".format, inner, inner),
    ),
    max_leaves=5,
)
LEAF = st.fixed_dictionaries(
    {"value": SOUND},
    optional={
        "spread": st.sampled_from(
            [["-10%", "10%"], {"ads": ["-5%", "5%"], "seo": ["-10%", "20%"]}, [["-1%", "1%"]] * 2]
        ),
        "growth": st.sampled_from(["2%", "-100%", "-150%"]),
        "seasonality": st.just(["1", "0", "2"]),
        "repeat": st.just("last"),
        "shared": st.just("true"),
        "draws": st.just("per_period"),
        "parts": st.sampled_from(["channel", "place", "time"]),
        "target": SOUND,
        "lever": st.sampled_from(
            [{"min": "0"}, {"min": {"ads": "0", "seo": "1"}}, {"over_time": "each"}, {"max": ["4", "5"]}]
        ),
    },
)
TIME = {"periods": "2", "start": "2027-01"}
DIMENSIONS = {"channel": ["ads", "seo"], "place": {"emea": ["de", "fr"], "apac": ["jp"]}}
BESIDE = {
    "resources": st.sampled_from(
        [{"r": {"limit": ["1", "2"], "use": "d", "per": "period"}}, {"r": {"limit": "1", "use": "a"}}]
    ),
    "scenarios": st.builds(
        lambda kind, id, figure: {"s": {kind: {id: figure}}},
        st.sampled_from(["set", "change", "add"]),
        st.sampled_from(["a", "d", "d[ads]", "c[emea]", "c[2027-01]", "c[", "e"]),
        SOUND | FIGURES,
    ),
    "correlations": st.just([["c", "d", "0.5"]]),
}
NEARLY = st.fixed_dictionaries(
    {
        "kgi": st.just("y"),
        "metrics": st.fixed_dictionaries(
            {"y": st.builds("sum({})".format, FORMULAS), "a": FORMULAS, "c": LEAF, "d": LEAF}
        ),
        "time": st.just(TIME),
        "dimensions": st.just(DIMENSIONS),
    },
    optional=BESIDE,
)
BROKEN = st.fixed_dictionaries(
    {
        "kgi": st.sampled_from("yad"),
        "metrics": st.fixed_dictionaries(
            {"y": FORMULAS},
            optional={
                "a": FORMULAS,
                "c": FIGURES,
                "d": st.fixed_dictionaries({"value": FIGURES}, optional={"lever": FIGURES, "range": FIGURES}),
            },
        ),
    },
    optional={
        "time": st.just(TIME) | st.just({"periods": "2"}) | FIGURES,
        "dimensions": st.just(DIMENSIONS) | st.dictionaries(LABELS, FIGURES, max_size=2),
        **BESIDE,
    },
)


@given(NEARLY | BROKEN)
@settings(deadline=None, max_examples=300)
def test_a_model_over_axes_is_a_tree_of_cells_that_is_computed_or_its_findings(model: Any) -> None:
    for said in computed(model):
        assert said
        assert said.isprintable()


def computed(model: Any) -> list[str]:
    """What comes of the model: why it is refused, or for the base and its scenarios what cannot be computed."""
    try:
        tree = build(from_python(model))
    except InvalidModel as refused:
        return [str(error) for error in refused.errors]
    found = []
    for state in (tree, *(tree.with_(scenario=name) for name in tree.scenarios)):
        try:
            missed = state.cells.metrics.keys() - point(state.cells).keys()
        except LeverageError as error:
            found.append(str(error))
        else:
            found.extend(f"{cell} is not computed" for cell in missed)
            assert not missed
    return found
