"""Whatever plain data comes, it is a tree or a list of findings, each with a sentence; nothing else is ever raised."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import InvalidModel
from leverage.files.plain import from_python
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
