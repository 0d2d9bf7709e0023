"""What wrong YAML gets, word by word: what is wrong, and the mend."""

import pytest
import yaml as pyyaml

from leverage.errors import InvalidModel
from leverage.files import yaml as yaml_file
from leverage.files.yaml import read

LONG = "x" * 1100

FINDINGS: list[tuple[str, list[str]]] = [  # a text, and its findings
    (
        "{uncertainty: lognormal(mean=68, sd=9)}",
        ["f:1:15: the text is cut at ','; put quotes round \"lognormal(mean=68, sd=9)\" inside { }"],
    ),
    (
        "metrics:\n  price: {value: 68, uncertainty: lognormal(mean=68, sd=9), unit: USD}\n",
        ["f:2:35: metric 'price': the text is cut at ','; put quotes round \"lognormal(mean=68, sd=9)\" inside { }"],
    ),
    (
        "metrics:\n  price: {uncertainty: truncated(normal(mean=1, sd=2), low=0)}\n",
        [
            "f:2:24: metric 'price': the text is cut at ','; put quotes "
            'round "truncated(normal(mean=1, sd=2), low=0)" inside { }',
        ],
    ),
    (
        "metrics:\n  price: {uncertainty: pert(1, 2, 2), cost: hill(x, half=3)}\n",
        [
            "f:2:24: metric 'price': the text is cut at ','; put quotes round \"pert(1, 2, 2)\" inside { }",
            "f:2:45: metric 'price': the text is cut at ','; put quotes round \"hill(x, half=3)\" inside { }",
        ],
    ),
    (
        "{uncertainty: discrete([1, 2], [0.5, 0.5])}",
        ["f:1:15: the text is cut at '['; put quotes round \"discrete([1, 2], [0.5, 0.5])\" inside { }"],
    ),
    (
        "[lognormal(mean=68, sd=9), 5]",
        ["f:1:2: the text is cut at ','; put quotes round \"lognormal(mean=68, sd=9)\" inside [ ]"],
    ),
    ("{note: see (a, formula: f(x, y)}", ["f:1:25: the text is cut at ','; put quotes round \"f(x, y)\" inside { }"]),
    ("{note: ratio: of x, unit: y}", ["f:1:8: the text is cut at ':'; put quotes round \"ratio: of x\" inside { }"]),
    ("[a: b: c]", ["f:1:5: the text is cut at ':'; put quotes round \"b: c\" inside [ ]"]),
    ("note: why: because # x\n", ["f:1:7: the text is cut at ':'; put quotes round \"why: because\""]),
    ('note: he said "x": y\n', ["f:1:7: the text is cut at ':'; put quotes round 'he said \"x\": y'"]),
    (
        '{formula: a if (b, c) > "d"}',
        ["f:1:11: the text is cut at ','; put quotes round 'a if (b, c) > \"d\"' inside { }"],
    ),
    (
        "note: 'it's late'\n",
        ["f:1:11: text follows a closing quote; put quotes round all of it, of the kind that it does not hold"],
    ),
    (
        'note: "x" and y\n',
        ["f:1:11: text follows a closing quote; put quotes round all of it, of the kind that it does not hold"],
    ),
    ("note: 'open\nkgi: a\n", ["f:1:7: the quote ' opens here and is never closed; close it"]),
    ("a: [1] x\n", ["f:1:8: text follows a closing bracket; put quotes round all of it"]),
    (
        "a: 'x': y\n",
        ["f:1:7: text follows a closing quote; put quotes round all of it, of the kind that it does not hold"],
    ),
    ("a: %5\n", ["f:1:4: a text may not begin with '%'; put quotes round \"%5\""]),
    ("a: @home\n", ["f:1:4: a text may not begin with '@'; put quotes round \"@home\""]),
    ("a: `x y`\n", ["f:1:4: a text may not begin with '`'; put quotes round \"`x y`\""]),
    ("a: * 2\n", ["f:1:4: a text may not begin with '*'; put quotes round \"* 2\""]),
    ("a: & b\n", ["f:1:4: a text may not begin with '&'; put quotes round \"& b\""]),
    ("a: !<x\n", ["f:1:4: a text may not begin with '!'; put quotes round \"!<x\""]),
    ("a: !a!b c\n", ["f:1:4: a text may not begin with '!'; put quotes round \"!a!b c\""]),
    ("a: |x|\n", ["f:1:4: a text may not begin with '|'; put quotes round \"|x|\""]),
    ("a: > 5 # y\n", ["f:1:4: a text may not begin with '>'; put quotes round \"> 5\""]),
    ("a: ? b\n", ["f:1:4: a text may not begin with '?'; put quotes round \"? b\""]),
    ("a: {b: %5, c: 1}\n", ["f:1:8: a text may not begin with '%'; put quotes round \"%5\""]),
    ("a: - 5\n", ["f:1:4: a list may not begin here; begin it on a line of its own, or write a minus without a space"]),
    ("kgi revenue\nmetrics:\n  a: 1\n", ["f:1:1: a ':' is missing after 'kgi revenue'; write it, and a space"]),
    ("metrics:\n  a:1\n  b: 2\n", ["f:2:3: a space is missing after the ':' in 'a:1'; write 'a: 1'"]),
    ("metrics:\n  a: 1\n  b:2\n", ["f:3:3: a space is missing after the ':' in 'b:2'; write 'b: 2'"]),
    ("metrics:\n  a: 1\n  b\n  c: 2\n", ["f:3:3: a ':' is missing after 'b'; write it, and a space"]),
    ("{a:5}", ["f:1:2: a space is missing after the ':' in 'a:5'; write 'a: 5'"]),
    ("{value:5, unit: x}", ["f:1:2: a space is missing after the ':' in 'value:5'; write 'value: 5'"]),
    (": b\n", ["f:1:1: a key is missing; write its name before the ':'"]),
    ("{: b}", ["f:1:2: a key is missing; write its name before the ':'"]),
    (f"{LONG}: 1\n", ["f:1:1: a key has at most 1,024 characters; shorten it"]),
    (f'{{"{LONG}": 1}}', ["f:1:2: a key has at most 1,024 characters; shorten it"]),
    (
        "a: 1\n  b: 2\n",
        [
            "f:2:3: this line is indented more than the one above, which has a value already; "
            "line it up with its neighbours",
        ],
    ),
    (
        "a:\n    b: 1\n  c: 2\n",
        ["f:3:3: the indentation of this line fits none above it; line it up with its neighbours"],
    ),
    ("a: 1\n- b\n", ["f:2:1: a list item stands among keys; indent it below the key that it belongs to"]),
    (
        "- a\nb: c\n",
        ["f:2:1: this line stands among list items; begin it with '- ', or line it up with its neighbours"],
    ),
    (
        "a:\n  - b\n  c: 1\n",
        ["f:3:3: this line stands among list items; begin it with '- ', or line it up with its neighbours"],
    ),
    ("a: b  # c\n  d: 1\n", ["f:2:3: the indentation of this line fits none above it; line it up with its neighbours"]),
    ("a:\n\tb: 1\n", ["f:2:1: a tab stands where only spaces may; indent with spaces"]),
    ("a: 1\n\tb: 2\n", ["f:2:1: a tab stands where only spaces may; indent with spaces"]),
    ("a: |\n\tx\n", ["f:2:1: a tab stands where only spaces may; indent with spaces"]),
    ("a: {b: 1\nc: 2\n", ["f:1:4: '{' opens here and is never closed; write '}' at its end"]),
    ("a: [1, 2\nb: 3\n", ["f:1:4: '[' opens here and is never closed; write ']' at its end"]),
    ("a: {b: c", ["f:1:4: '{' opens here and is never closed; write '}' at its end"]),
    ("a: [1, {b: 2\n\n\n", ["f:1:8: '{' opens here and is never closed; write '}' at its end"]),
    ("[ ", ["f:1:1: '[' opens here and is never closed; write ']' at its end"]),
    ("a: [1, 2}\n", ["f:1:9: '[' of line 1 is closed by '}'; write ']'"]),
    ("a: {b: 1]\n", ["f:1:9: '{' of line 1 is closed by ']'; write '}'"]),
    ("a: {b: 1}}\n", ["f:1:10: '}' closes nothing that is open; delete it"]),
    ("a: ]\n", ["f:1:4: ']' stands where a value is due; put quotes round the text, or delete it"]),
    ("[1,,2]", ["f:1:4: ',' stands where a value is due; put quotes round the text, or delete it"]),
    ("{,}", ["f:1:2: ',' stands where a value is due; put quotes round the text, or delete it"]),
    ("{a: 'x' y}", ["f:1:9: a ',' or '}' is missing before this; write it, or put quotes round the whole text"]),
    ("{a: [1] [2]}", ["f:1:9: a ',' or '}' is missing before this; write it, or put quotes round the whole text"]),
    ("[a, - b]", ["f:1:5: '-' stands where a value is due; put quotes round the text, or delete it"]),
    (
        "a: !!python/object/apply:os.system [echo]\n",
        [
            "f:1:4: the tag '!!python/object/apply:os.system' may not stand in a model; "
            "delete it, or put quotes round the text",
        ],
    ),
    ("a: !!int 5\n", ["f:1:4: the tag '!!int' may not stand in a model; delete it, or put quotes round the text"]),
    (
        "a: &x 1\nb: *x\n",
        [
            "f:1:4: the anchor '&x' may not stand in a model; write the value out where it is used",
            "f:2:4: the alias '*x' may not stand in a model; write the value out, or put quotes round the text",
        ],
    ),
    ("a: {<<: {b: 1}}\n", ["f:1:5: the merge key '<<' may not stand in a model; write the keys out"]),
    ("a: 1\n---\nb: 2\n", ["f:2:1: a second document begins here; keep one model a file"]),
    ("a: 1\n...\nb: 2\n", ["f:3:1: the model has ended before this; move it up into the model, or delete it"]),
    ("{a: 1}\nb: 2\n", ["f:2:1: the model has ended before this; move it up into the model, or delete it"]),
    ("? [a]\n: b\n", ["f:1:3: a list or a mapping stands where a key is due; write the key as plain text"]),
    ("{[a]: b}", ["f:1:2: a list or a mapping stands where a key is due; write the key as plain text"]),
    ("? {a: b}\n: c\n", ["f:1:3: a list or a mapping stands where a key is due; write the key as plain text"]),
    ("a: 1\na: 2\n", ["f:2:1: key 'a' stands twice, in lines 1 and 2; keep one"]),
    ("a: 1\n'a': 2\n", ["f:2:2: key 'a' stands twice, in lines 1 and 2; keep one"]),
    (
        "metrics:\n  x:\n    value: 1\n    unit: a\n    value: 2\n  x: 3\n",
        [
            "f:5:5: metric 'x': key 'value' stands twice, in lines 3 and 5; keep one",
            "f:6:3: metric 'x': key 'x' stands twice, in lines 2 and 6; keep one",
        ],
    ),
    ("", ["f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"]),
    (" \n", ["f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"]),
    ("# nothing\n", ["f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"]),
    ("---\n", ["f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"]),
    ("~\n", ["f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"]),
    ("null", ["f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"]),
    ("%YAML 3.0\n---\na: 1\n", ["f:1:1: a line that begins with '%' does not belong in a model; delete it"]),
]

LIBYAML: list[tuple[str, list[str]]] = [  # where PyYAML's own parser notices later, or nothing
    (
        'note: "a\\qb"\n',
        ["f:1:9: a backslash in double quotes begins an escape, and this is none; write \\\\, or use single quotes"],
    ),
    (
        'note: "\\ud800"\n',
        ["f:1:10: a backslash in double quotes begins an escape, and this is none; write \\\\, or use single quotes"],
    ),
    ("%x\n", ["f:1:1: a line that begins with '%' does not belong in a model; delete it"]),
    ("a: 1\n%x\n", ["f:2:1: a line that begins with '%' does not belong in a model; delete it"]),
    ("{a: 1, b:}", ["f:1:9: a space is missing after the ':'; write it, or put quotes round the text"]),
]


@pytest.mark.parametrize(("text", "findings"), FINDINGS + LIBYAML)
def test_wrong_yaml_gets_its_mend(text: str, findings: list[str]) -> None:
    with pytest.raises(InvalidModel) as refused:
        read(text.encode(), "f")
    assert str(refused.value).split("\n") == findings


@pytest.mark.parametrize(("text", "findings"), FINDINGS)
def test_wrong_yaml_gets_the_same_mend_without_libyaml(
    text: str, findings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_file, "PARSER", pyyaml.SafeLoader)
    test_wrong_yaml_gets_its_mend(text, findings)


def test_half_a_character_is_refused_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "PARSER", pyyaml.SafeLoader)
    with pytest.raises(InvalidModel) as refused:
        read(r'a: "\ud800"', "f")
    assert str(refused.value) == "f:1:4: the invisible character U+D800 may not stand in a file; delete it"


@pytest.mark.parametrize("text", ["%YAML 1." + "9" * 5000 + "\n---\na: 1", 'a: "\\UFFFFFFFF"'])
def test_absurd_numbers_are_refused_by_both_parsers(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for parser in (yaml_file.PARSER, pyyaml.SafeLoader):
        monkeypatch.setattr(yaml_file, "PARSER", parser)
        with pytest.raises(InvalidModel):
            read(text, "f")
