"""The pages say what is so: commands print what they show, examples run, links lead on, nothing lacks its page."""

from __future__ import annotations

import doctest
import json
import re
import sys
import unicodedata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import leverage
from leverage.files import raw
from leverage.files.shipped import shipped
from leverage.formula import cursor
from leverage.formula.excel import EXCEL
from leverage.formula.macros import MACROS
from leverage.model import load
from leverage.ops.table import FUNCTIONS
from leverage.optimize import whole
from leverage.sampling import sobol
from leverage.tree import build, cells, correlations, dimensions, ids, metrics, scenarios
from leverage.tree.checks import CHECKS
from leverage.tree.distribution import DISTRIBUTIONS
from leverage.tree.keys import LEVELS
from leverage.verbs import sweep
from leverage.verbs.check import EVALUATED
from leverage.verbs.draws import chance
from leverage.verbs.moves import levels, reach
from leverage.verbs.table import VERBS
from leverage.views import layout
from tests.verbs.shapes import BESIDE, Each, Maybe, misfits

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
HOUSE = Path(leverage.__file__).parent
spec = spec_from_file_location("refresh", DOCS / "refresh.py")  # a script, and not part of any package
assert spec is not None
assert spec.loader is not None
refresh = sys.modules["refresh"] = module_from_spec(spec)
spec.loader.exec_module(refresh)
blocks, commands, fits, terminal = refresh.blocks, refresh.commands, refresh.fits, refresh.terminal
PAGES = [*refresh.pages(), ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]
NAMES = [path.relative_to(ROOT).as_posix() for path in PAGES]
SHARED = {  # rooms that share a page
    **dict.fromkeys(("errors", "quantity", "panels"), "errors-quantity-panels"),
    **dict.fromkeys(("app", "model"), "app-model"),
}
ROOMS = sorted(
    {path.stem for path in HOUSE.glob("*.py") if path.stem != "__init__"}
    | {path.name for path in HOUSE.iterdir() if (path / "__init__.py").is_file()}
)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")  # of pictures, too
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"(?<![\w.])/(?:home|root|work|tmp|Users|usr|opt|mnt|var)/|[A-Z]:\\\\|~/|\.\./\.\./\.\./")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_a_page_runs_from_its_first_block_to_its_last(path: Path) -> None:
    """Commands print what the page shows, and examples in Python give what stands below them."""
    run = doctest.DocTestRunner(verbose=False, optionflags=FLAGS)
    names: dict[str, Any] = {}
    with terminal() as screen:
        for block in blocks(text(path)):
            if block.file:
                Path(block.file).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
            if block.kind == "console":
                for command in commands(block):
                    printed = screen.run(command.line)
                    assert fits(command.shown, printed), "\n".join([f"$ {command.line}", *printed])
            elif block.kind == "python" and ">>>" in "\n".join(block.lines):
                source = "\n".join(block.lines) + "\n"
                test = doctest.DocTestParser().get_doctest(source, names, path.name, str(path), block.start)
                told: list[str] = []
                run.run(test, out=told.append, clear_globs=False)
                names.update(test.globs)
                assert not told, "".join(told)


def test_every_model_on_the_pages_but_the_wrong_ones_loads() -> None:
    refused = {"series.yaml", "wrong.yaml"}
    with terminal():
        for path in PAGES:
            for block in blocks(text(path)):
                if block.file and block.file not in refused:
                    Path(block.file).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
                    load(block.file)


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=[*NAMES, "README.md"])
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(FENCED.sub("", text(path))):
        if link.startswith(("https://", "mailto:")):
            continue
        page, _, anchor = link.partition("#")
        target = (path.parent / page).resolve() if page else path
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        if anchor:
            assert anchor in {slug(heading) for heading in HEADING.findall(FENCED.sub("", text(target)))}, link


def slug(heading: str) -> str:
    """The anchor that code hosts give a heading.

    >>> slug("Read, but not computed, in this version")
    'read-but-not-computed-in-this-version'
    """
    kept = [c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN"]
    return "".join(kept).replace(" ", "-")


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=[*NAMES, "README.md"])
def test_no_page_names_a_place_of_one_machine(path: Path) -> None:
    assert PLACES.findall(text(path)) == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_fences_are_closed_and_lines_can_be_read(path: Path) -> None:
    assert len(re.findall(r"^```", text(path), re.MULTILINE)) % 2 == 0
    prose = FENCED.sub("", text(path)).splitlines()
    assert [line for line in prose if len(line) > 130 and not line.startswith(("|", "- {"))] == []


@pytest.mark.parametrize("word", [*VERBS, "new"])
def test_a_verb_has_its_page_which_opens_with_its_question(word: str) -> None:
    page = text(DOCS / "verbs" / f"{word}.md")
    assert page.startswith(f"# {word}\n\n> ")
    if word in VERBS:
        assert page.splitlines()[2] == f"> {VERBS[word].question}"
    assert f"[{word}]({word}.md)" in text(DOCS / "verbs" / "index.md")


@pytest.mark.parametrize("word", VERBS)
def test_a_verbs_page_names_each_of_its_options(word: str) -> None:
    page = text(DOCS / "verbs" / f"{word}.md")
    if "index.md#chance" in page:
        page += text(DOCS / "verbs" / "index.md")
    assert [option.word for option in VERBS[word].options if f"--{option.word}" not in page] == []


@pytest.mark.parametrize("word", VERBS)
def test_a_verbs_page_gives_the_shape_of_its_json(word: str) -> None:
    """The answer to the first command of the page fits the shape, and so does every key of it."""
    here = list(blocks(text(DOCS / "verbs" / f"{word}.md")))
    shape = next(json.loads("\n".join(block.lines)) for block in here if block.kind == "json")
    with terminal() as screen:
        for block in here:
            if block.file:
                Path(block.file).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        first = next(commands(block)[0].line for block in here if block.kind == "console")
        answer = json.loads("\n".join(screen.run(f"{first} --json")))
    assert misfits(answer, {**shaped(shape), **BESIDE}) == []


def shaped(told: Any) -> Any:
    """A shape as pages draw it, in the words of `tests.verbs.shapes`: a key in capitals stands for every id."""
    if isinstance(told, str):
        kind, _, spare = told.partition(" or ")
        return Maybe(kind) if spare == "null" else kind
    if isinstance(told, list):
        return [shaped(told[0])]
    if len(told) == 1 and next(iter(told)).isupper():
        return Each(shaped(next(iter(told.values()))))
    return {key: shaped(item) for key, item in told.items()}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_its_page_which_names_each_of_its_files(room: str) -> None:
    page = text(DOCS / "rooms" / f"{SHARED.get(room, room)}.md")
    house = HOUSE / room
    files = (
        [path.relative_to(house) for path in sorted(house.rglob("*.py"))] if house.is_dir() else [Path(f"{room}.py")]
    )
    assert [str(file) for file in files if file.name != "__init__.py" and f"{file.name}`" not in page] == []
    assert f"rooms/{SHARED.get(room, room)}.md" in text(DOCS / "architecture.md")


def test_no_page_names_a_file_that_is_not_there() -> None:
    """Names in backquotes that end in .py, on the pages of rooms and on those that list numbers."""
    known = {path.name for path in [*HOUSE.rglob("*.py"), *ROOT.glob("tests/**/*.py"), *DOCS.glob("*.py")]}
    for path in PAGES:
        for name in re.findall(r"`(?:[\w./-]*/)?([a-z_0-9]+\.py)`", text(path)):
            assert name in known, f"{name} in {path.name}"


def test_the_page_of_check_lists_every_check() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", text(DOCS / "verbs" / "check.md"), re.MULTILINE)
    assert listed == [*CHECKS, *EVALUATED]


def test_the_page_of_the_model_file_lists_every_key_function_and_distribution() -> None:
    page = FENCED.sub("", text(DOCS / "model-file.md"))
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", page))))
    keys = {key for level in LEVELS.values() for key in level}
    assert sorted((keys | set(FUNCTIONS) | set(MACROS) | set(DISTRIBUTIONS)) - words) == []


def test_the_page_of_new_lists_every_shipped_model() -> None:
    page = text(DOCS / "verbs" / "new.md")
    assert [name for name in shipped() if name not in page] == []


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("| size of a file | {:,} MB |", raw.LIMITS.size // 1_000_000),
        ("| lists and mappings inside each other | {:,} |", raw.LIMITS.depth),
        ("| entries of one list or mapping | {:,} |", raw.LIMITS.entries),
        ("| keys and values together | {:,} |", raw.LIMITS.nodes),
        ("| metrics | {:,} |", build.LIMITS.metrics),
        ("| nodes of all formulas | {:,} |", build.LIMITS.nodes),
        ("| characters of an id | {:,} |", ids.LENGTH),
        ("| dimensions; groups inside each other | {:,};", dimensions.WIDEST),
        ("groups inside each other | 20; {:,} |", dimensions.DEEPEST),
        ("| periods | {:,} |", dimensions.MOST),
        ("| characters of a label | {:,} |", ids.LENGTH),
        ("of a part of one formula | {:,} |", metrics.CELLS),
        ("add to those written | {:,} |", metrics.UNWRITTEN),
        ("in all scenarios | {:,};", build.STEPS),
        ("in all scenarios | 500,000; {:,} |", build.STEPS_TOLD),
        ("| figures times scenarios, of a model over axes | {:,} |", build.TOLD),
        ("| figures that all scenarios move | {:,} |", scenarios.MOVED),
        ("| pairs of draws that correlations make | {:,} |", correlations.MOST),
        ("up to {:,} figures", cells.MOST),
        ("{:,} parts of their formulas", cells.PARTS),
        ("{:,} pairs of a figure", cells.PAIRS),
        ("| characters | {:,} |", cursor.LIMITS.length),
        ("| depth | {:,} ", cursor.LIMITS.depth),
        ("entries of a list | {:,} |", cursor.LIMITS.arguments),
        ("| nodes | {:,} |", cursor.LIMITS.nodes),
        ("| as Excel text | {:,} characters |", EXCEL.longest),
        ("| samples | 1 to {:,} (2^40)", chance.MOST),
        ("| samples that are kept | {:,} (2^24)", chance.KEPT),
        ("| Sobol dimensions | {:,} leaves", sobol.DIMENSIONS),
        ("| sweep | 2 metrics, a million cells |", sweep.MOST),
        ("even levels between two bounds | {:,} |", levels.STEPS),
        ("| seek: whole levels looked at | {:,} |", levels.WHOLE),
        ("| levers: levels of the first look | {:,};", reach.GRID),
        ("whole ones {:,} |", reach.WHOLE),
        ("all tried | {:,} combinations |", whole.ALL),
        ("| metrics of a tree's picture | {:,},", layout.MOST),
    ],
    ids=lambda part: part.strip("| ") if isinstance(part, str) else "",
)
def test_a_number_on_the_page_of_limits_is_the_one_in_the_code(told: str, number: int) -> None:
    assert told.format(number) in text(DOCS / "limits.md")
