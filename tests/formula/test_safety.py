"""No text of a user reaches Python's evaluator, or a library that has one: the package's source does not name them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import leverage

SOURCES = sorted(Path(leverage.__file__).parent.rglob("*.py"))
BUILTINS = frozenset({"eval", "exec", "compile", "__import__"})
LIBRARIES = frozenset(
    {"ast", "sympy", "numexpr", "asteval", "code", "codeop", "pickle", "marshal", "shelve", "builtins"}
)
METHODS = frozenset({"eval", "exec", "query", "sympify", "parse_expr", "lambdify", "literal_eval"})


def evaluators(source: str) -> Iterator[str]:
    """What the source names that could run text."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and node.id in BUILTINS:
            yield node.id
        elif isinstance(node, ast.Attribute) and node.attr in METHODS:
            yield node.attr
        elif isinstance(node, ast.Attribute) and node.attr == "compile" and ast.unparse(node.value) != "re":
            yield ast.unparse(node)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in LIBRARIES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in LIBRARIES:
            yield node.module or ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_source_names_an_evaluator(path: Path) -> None:
    assert list(evaluators(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        *(
            "eval(x)",
            "exec(x)",
            "compile(x, '', 'eval')",
            "f = eval",
            "frame.eval(x)",
            "frame.query(x)",
            "__import__('os')",
        ),
        *("import ast", "from ast import literal_eval", "import sympy.parsing", "from numexpr import evaluate"),
    ],
)
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert list(evaluators(source))
    assert not list(evaluators("import re\npattern = re.compile('a')"))
