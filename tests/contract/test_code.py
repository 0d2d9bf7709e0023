"""Lint, layout, types, floors, no text that is ever run, small files, and no path of one machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "leverage"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEXTS = sorted(
    path
    for folder in ("leverage", "tests", "scenarios", "docs", "benchmarks", "notebooks", ".ci")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and path.suffix in ("", ".py", ".md", ".yaml", ".txt", ".csv", ".ipynb", ".toml")
    if "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts
)
TOOLS = {
    "ruff check": ("ruff", "check", "--no-cache", "."),
    "ruff format": ("ruff", "format", "--no-cache", "--check", "."),
    "mypy": ("mypy", "--strict", "leverage"),
    "import-linter": ("importlinter.cli", "lint"),
}
EVALUATING = {"eval", "exec", "compile", "__import__"}
MODULES = {"ast", "code", "codeop", "dill", "marshal", "pickle", "cloudpickle", "shelve", "joblib"}
LOADING = {"load", "load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all", "Loader", "UnsafeLoader"}
MACHINE = re.compile(r"(?<![\w.$}])/(?:home|root|work|tmp|Users|opt|mnt|var)/|[A-Za-z]:\\\\[A-Za-z]")
LARGEST = 400  # lines


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_finds_nothing(tool: str) -> None:
    module, *words = TOOLS[tool]
    command = [sys.executable, "-c", LINT] if tool == "import-linter" else [sys.executable, "-m", module, *words]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr


LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_is_ever_run_and_no_object_unpickled(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [f"line {line}: {found}" for line, found in running(tree)] == []


def running(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module names what would run text or build any object."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in EVALUATING:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            whole = f"{node.value.id}.{node.attr}"
            loads = node.value.id == "yaml" and node.attr in LOADING
            if loads or (node.attr in EVALUATING and node.value.id != "re"):
                yield node.lineno, whole
        elif isinstance(node, ast.Import | ast.ImportFrom):
            modules = [name.name for name in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            names = [name.name for name in node.names] if isinstance(node, ast.ImportFrom) else []
            yield from ((node.lineno, module) for module in modules if module.split(".")[0] in MODULES)
            yield from ((node.lineno, name) for name in names if modules == ["yaml"] and name in LOADING)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("eval('1')", ["eval"]),
        ("builtins.exec(x)", ["builtins.exec"]),
        ("re.compile('a')", []),
        ("import pickle", ["pickle"]),
        ("from ast import literal_eval", ["ast"]),
        ("yaml.load(x)", ["yaml.load"]),
        ("from yaml import load", ["load"]),
        ("run = __import__", ["__import__"]),
    ],
)
def test_the_search_finds_what_it_is_for(text: str, found: list[str]) -> None:
    assert [name for _, name in running(ast.parse(text))] == found


def test_no_file_is_too_long_to_read() -> None:
    assert [path for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > LARGEST] == []


def test_no_file_names_a_place_of_one_machine() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): line.strip()[:100]
        for path in TEXTS
        for line in path.read_text(encoding="utf-8").splitlines()
        if MACHINE.search(line) and path != Path(__file__) and "re.compile" not in line
    }
    assert found == {}


def test_nothing_in_the_package_reaches_outside_the_project() -> None:
    climbs = {
        path.relative_to(ROOT).as_posix(): line.strip()
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "../" in line or re.search(r"\.parents\[[3-9]\]|(\.parent){4}", line)
    }
    assert climbs == {}
