"""What is loaded, and when: nothing that an answer does not need; a cold start is felt at every command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("matplotlib", "networkx", "numpy", "pandas", "scipy", "yaml")
SCRIPT = """
import sys
{body}
print(*(name for name in {names} if name in sys.modules), file=sys.stderr)
"""
COMMAND = "from leverage.app.cli import status\nassert status({words}) == 0"


# what a plain answer does without; each costs a cold start milliseconds
NOT_NEEDED = (
    *("matplotlib", "networkx", "pandas", "scipy"),
    *("numpy.ma", "numpy.polynomial", "numpy.random"),
    *("concurrent.futures", "decimal", "difflib", "fractions", "pathlib", "random", "shutil", "statistics"),
    *("leverage.files.json", "leverage.tree.checks"),
    *("leverage.sampling.draws", "leverage.verbs.cases", "leverage.verbs.draws.chance"),
    *("leverage.views.html", "leverage.views.scale", "leverage.views.strokes", "leverage.views.tables"),
)
FILE = """kgi: profit
metrics:
  profit:
    formula: revenue - cost
    unit: USD
  revenue: visits * 2.4% * 68
  visits: {value: 120k, range: [100k, 140k]}
  cost:
    value: 50k
    uncertainty: normal(mean=50k, sd=4k)
"""


def loaded(body: str, names: tuple[str, ...]) -> list[str]:
    """Which of the modules a fresh interpreter has after running the body."""
    script = SCRIPT.format(body=body, names=names)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return ran.stderr.split()


@pytest.mark.parametrize(
    "body",
    [
        "import leverage",
        "import leverage; leverage.__version__; dir(leverage)",
        *(
            COMMAND.format(words=words)
            for words in (["--help"], ["levers", "--help"], ["--version"], ["new", "--list"])
        ),
    ],
)
def test_what_computes_nothing_loads_no_library_that_computes_draws_or_reads(body: str) -> None:
    assert loaded(body, HEAVY) == []


@pytest.mark.parametrize("verb", ["evaluate", "check", "show", "compare", "elasticities"])
def test_a_plain_answer_loads_no_library_of_pictures_frames_graphs_or_statistics(verb: str) -> None:
    body = COMMAND.format(words=[verb, "shop"])
    assert loaded(body, ("matplotlib", "networkx", "pandas", "scipy.stats", "scipy.optimize")) == []


def test_a_plain_answer_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(FILE, encoding="utf-8")
    body = COMMAND.format(words=["evaluate", str(tmp_path / "m.yaml")])
    assert loaded(body, NOT_NEEDED) == []


def test_a_certain_tree_is_answered_without_scipy() -> None:
    body = (
        "from leverage import Model\n"
        'model = Model(kgi="a", metrics={"a": "2 * b + log(c)", "b": 3, "c": {"value": 4, "lever": {"min": 1}}})\n'
        "print(model.evaluate(), model.elasticities(), model.show(), model.compare())"
    )
    assert loaded(body, ("matplotlib", "networkx", "pandas", "scipy", "yaml")) == []
