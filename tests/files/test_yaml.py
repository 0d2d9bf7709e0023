"""YAML becomes plain data with places; texts stay as they were written."""

import gc

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import NOWHERE, InvalidModel, LeverageError, Place
from leverage.files import yaml as yaml_file
from leverage.files.plain import Mapping, Plain, Scalar, Sequence, to_python
from leverage.files.raw import Limits
from leverage.files.yaml import read
from tests.files.plains import ODD


@pytest.fixture(params=["libyaml", "PyYAML's own"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers, for machines where PyYAML was built without libyaml."""
    if request.param != "libyaml":
        monkeypatch.setattr(yaml_file, "PARSER", pyyaml.SafeLoader)


def at(text: str, *path: str | int) -> str:
    """Line and column of the value that a path of keys and indexes leads to."""
    value = read(text)
    for step in path:
        value = value.items[step] if isinstance(step, int) else value.entries[step]  # type: ignore[union-attr]
    return str(value.at)


def test_every_node_has_its_place() -> None:
    assert read("kgi: a\nm: [1, {b: 2}]\n", "shop.yaml") == Mapping(
        {
            "kgi": Scalar("a", Place("shop.yaml", 1, 6)),
            "m": Sequence(
                [
                    Scalar("1", Place("shop.yaml", 2, 5)),
                    Mapping(
                        {"b": Scalar("2", Place("shop.yaml", 2, 12))},
                        {"b": Scalar("b", Place("shop.yaml", 2, 9))},
                        Place("shop.yaml", 2, 8),
                    ),
                ],
                Place("shop.yaml", 2, 4),
            ),
        },
        {"kgi": Scalar("kgi", Place("shop.yaml", 1, 1)), "m": Scalar("m", Place("shop.yaml", 2, 1))},
        Place("shop.yaml", 1, 1),
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: x + y", "1:4"),
        ("a: 'x + y'", "1:5"),
        ('a: "x + y"', "1:5"),
        ("a:\n  x + y", "2:3"),
        ("# 売上\nb: 売上\na: x", "3:4"),
        ("売上: 1\na: {b: 売上, c: 1}\n", "2:4"),
        ("\ufeffa: x", "1:4"),
        ("b: 1\r\na: 'x'\r\n", "2:5"),
        ("a: |\n  x + y\n", "2:3"),
        ("a: >-\n\n    x\n    + y\n", "3:5"),
        ("a: |  # a formula\r\n\r\n  x\r\n", "3:3"),
        ("a:\n  - 'x'\n", "2:3"),
    ],
)
def test_a_place_is_that_of_the_first_character_inside_quotes_or_block(text: str, place: str) -> None:
    assert at(text, "a") == place


def test_a_file_that_ends_its_lines_otherwise_has_the_same_places() -> None:
    text = "a: 1\nb:\n  - c: 'x'\n    d: |\n      y\n"
    assert read(text) == read(text.replace("\n", "\r\n")) == read(text.replace("\n", "\r"))


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "true", "False", "010", "0x1F", "1:30", "1e6", ".inf", "2024-01-05", "120_000", "="]
)
def test_a_plain_text_stays_as_it_was_written(word: str) -> None:
    assert to_python(read(f"a: {word}\n{word}: b\nc: [{word}]")) == {"a": word, word: "b", "c": [word]}


def test_nothing_and_null_are_empty_texts_and_quoted_ones_are_not() -> None:
    assert to_python(read("a:\nb: ~\nc: null\nd: {e: , f}\n")) == {"a": "", "b": "", "c": "", "d": {"e": "", "f": ""}}
    assert to_python(read("a: '~'\nb: \"null\"\n~: c\n")) == {"a": "~", "b": "null", "~": "c"}


def test_what_stood_in_quotes_is_marked() -> None:
    entries = read("a: x\nb: 'x'\nc: \"x\"\nd: |-\n  x\n").entries  # type: ignore[union-attr]
    assert [(item.text, item.quoted) for item in entries.values()] == [  # type: ignore[union-attr]
        ("x", False),
        ("x", True),
        ("x", True),
        ("x", False),
    ]


def test_a_quoted_text_keeps_every_character_that_it_escapes() -> None:
    assert to_python(read(r'a: "\0\a\x1b\u2028\U0001F600\\\n"')) == {"a": "\0\a\x1b\u2028\U0001f600\\\n"}


def test_an_ordinary_directive_and_document_marks_are_allowed() -> None:
    assert to_python(read("%YAML 1.2\n---\na: 1\n...\n")) == {"a": "1"}


def test_json_is_read_as_yaml() -> None:
    assert to_python(read('{"a": [1, 2.50, "x\\u00e9"], "b": null}')) == {"a": ["1", "2.50", "xé"], "b": ""}


def test_places_are_those_of_pyyaml() -> None:
    """Composed nodes are the oracle; a quoted text begins one character behind its node."""
    text = "a: [1, 'b c', {d: e}]\nf:\n  - g: \"h\"\n    i:\n      j: k\n  -\n   - l\n"
    assert _places(read(text)) == _marks(pyyaml.compose(text))


def _places(value: Plain) -> list[tuple[int, int]]:
    inner: list[Plain] = []
    if isinstance(value, Mapping):
        inner = [part for pair in zip(value.keys.values(), value.entries.values(), strict=True) for part in pair]
    elif isinstance(value, Sequence):
        inner = value.items
    return [(value.at.line, value.at.column), *(place for part in inner for place in _places(part))]


def _marks(node: pyyaml.Node | None) -> list[tuple[int, int]]:
    assert node is not None
    inner: list[pyyaml.Node] = []
    if isinstance(node, pyyaml.MappingNode):
        inner = [part for pair in node.value for part in pair]
    elif isinstance(node, pyyaml.SequenceNode):
        inner = node.value
    behind = isinstance(node, pyyaml.ScalarNode) and node.style in ("'", '"')
    place = (node.start_mark.line + 1, node.start_mark.column + 1 + behind)
    return [place, *(place for part in inner for place in _marks(part))]


@pytest.mark.parametrize(
    ("text", "limits", "message"),
    [
        (
            "[[[1]]]",
            Limits(depth=2),
            "f:1:3: lists and mappings stand more than 2 deep in each other; write fewer levels",
        ),
        (
            "a: {b: [c]}",
            Limits(depth=2),
            "f:1:8: lists and mappings stand more than 2 deep in each other; write fewer levels",
        ),
        ("[1, 2, 3]", Limits(nodes=3), "f:1:8: the file has more than 3 keys and values; is it the right file?"),
        ("a: 1\nb: 2", Limits(nodes=4), "f:2:4: the file has more than 4 keys and values; is it the right file?"),
        ("a: [1, 2, 3]", Limits(entries=2), "f:1:4: this list has more than 2 entries; is it the right file?"),
        ("a: 1\nb: 2\nc: 3\n", Limits(entries=2), "f:1:1: this mapping has more than 2 entries; is it the right file?"),
        ("a: 1", Limits(size=3), "f: the file is larger than the limit of 3e-06 MB; is it the right one?"),
    ],
)
def test_a_limit_holds(text: str, limits: Limits, message: str) -> None:
    with pytest.raises(InvalidModel) as refused:
        read(text, "f", limits=limits)
    assert str(refused.value) == message


@pytest.mark.parametrize("text", ["[[1]]", "{a: {b: c}}", "a:\n  b: c"])
def test_a_limit_is_the_most_that_is_allowed(text: str) -> None:
    exact = Limits(size=len(text), depth=2, entries=1, nodes=5)
    assert to_python(read(text, limits=exact)) == to_python(read(text))


def test_findings_are_listed_in_the_order_of_the_file_with_their_metric() -> None:
    text = """\
metrics:
  a: {value: 1, value: 2}
  b: !x 5
  c: {uncertainty: normal(mean=1, sd=2), note: *n}
  a: 3
x: - 1
"""
    with pytest.raises(InvalidModel) as refused:
        read(text, "shop.yaml")
    assert str(refused.value).splitlines() == [
        "shop.yaml:2:17: metric 'a': key 'value' stands twice, in line 2; keep one",
        "shop.yaml:3:6: metric 'b': the tag '!x' may not stand in a model; delete it, or put quotes round the text",
        "shop.yaml:4:20: metric 'c': the text is cut at ','; put quotes round \"normal(mean=1, sd=2)\" inside { }",
        "shop.yaml:4:48: metric 'c': the alias '*n' may not stand in a model; "
        "write the value out, or put quotes round the text",
        "shop.yaml:5:3: metric 'a': key 'a' stands twice, in lines 2 and 5; keep one",
        "shop.yaml:6:4: a list may not begin here; begin it on a line of its own, or write a minus without a space",
    ]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from([*ODD, *"{}[],:-?'\"|>#&*!%@ \n\t", "a", "\n  ", ": ", "- "]), max_size=12).map("".join)
)
def test_no_text_does_worse_than_findings(text: str) -> None:
    """Whatever is typed, it reads, or is refused in sentences that have a place in the text, and a mend."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for error in findings(text):
        assert error.at.file == "f"
        assert error.at.line <= len(lines) + 1
        assert error.at.line == 0 or error.at.column <= len([*lines, ""][error.at.line - 1]) + 1
        assert "; " in str(error)


def findings(text: str) -> tuple[LeverageError, ...]:
    """What is wrong with the text."""
    try:
        assert read(text, "f").at != NOWHERE
    except InvalidModel as refused:
        return refused.errors
    return ()


def test_reading_leaves_the_collector_as_it_was() -> None:
    was = gc.isenabled()
    try:
        for switch in (gc.disable, gc.enable):
            switch()
            before = gc.isenabled()
            read("a: 1")
            assert findings("a: - 1")
            assert gc.isenabled() == before
    finally:
        (gc.enable if was else gc.disable)()
