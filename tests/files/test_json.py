"""JSON becomes the same plain data as YAML, with places, and its faults get the same kind of sentence."""

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leverage.errors import InvalidModel, Place
from leverage.files.json import read, write
from leverage.files.plain import Mapping, Plain, Scalar, Sequence, to_python
from leverage.files.raw import UNSEEN, Limits
from leverage.files.yaml import read as read_yaml
from tests.files.plains import plains

FINDINGS = [
    ("", "f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"),
    (" \n", "f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"),
    ("null", "f: the file is empty; a model begins with 'kgi: ...' and 'metrics:'"),
    ("{", "f:1:1: '{' opens here and is never closed; write '}' at its end"),
    ('{"a": [1,\n', "f:1:7: '[' opens here and is never closed; write ']' at its end"),
    ('{"a"', "f:1:1: '{' opens here and is never closed; write '}' at its end"),
    ('{"a":', "f:1:1: '{' opens here and is never closed; write '}' at its end"),
    ('["a', 'f:1:2: the quote " opens here and is never closed; close it'),
    ('"', 'f:1:1: the quote " opens here and is never closed; close it'),
    ('{"a" 1}', "f:1:6: a ':' is missing after the key; write it"),
    ('{"a", 1}', "f:1:5: a ':' is missing after the key; write it"),
    ('{"a": }', "f:1:7: a value is missing before '}'; write it"),
    ('{"a": , "b": 1}', "f:1:7: a value is missing before ','; write it"),
    ("{: 1}", "f:1:2: a key is missing before ':'; write it"),
    ('{"": 1}', "f:1:3: a key is missing; write its name before the ':'"),
    ("[,1]", "f:1:2: a value is missing before ','; write it"),
    ('{"a": 1,}', "f:1:9: a ',' stands before '}', and nothing between them; delete the ','"),
    ("[1,]", "f:1:4: a ',' stands before ']', and nothing between them; delete the ','"),
    ("[1 2]", "f:1:4: a ',' or ']' is missing before this; write it"),
    ("[1:2]", "f:1:3: a ',' or ']' is missing before this; write it"),
    ('{"a": 1\n "b": 2}', "f:2:2: a ',' or '}' is missing before this; write it"),
    ('["a": 2]', "f:1:5: a ',' or ']' is missing before this; write it"),
    ("[1}", "f:1:3: '[' of line 1 is closed by '}'; write ']'"),
    ('{"a": 1]', "f:1:8: '{' of line 1 is closed by ']'; write '}'"),
    ("{]", "f:1:2: '{' of line 1 is closed by ']'; write '}'"),
    ("}", "f:1:1: '}' closes nothing that is open; delete it"),
    ('{"a": 1}}', "f:1:9: the model has ended before this; move it up into the model, or delete it"),
    ('{"a": 1} x', "f:1:10: the model has ended before this; move it up into the model, or delete it"),
    ("1, 2", "f:1:2: the model has ended before this; move it up into the model, or delete it"),
    ('{"a": NaN}', "f:1:7: NaN is no number; leave the key out where there is none"),
    ("[-Infinity]", "f:1:2: -Infinity is no number; leave the key out where there is none"),
    ("[Infinity]", "f:1:2: Infinity is no number; leave the key out where there is none"),
    ("{a: 1}", "f:1:2: 'a' is no JSON key; put double quotes round it"),
    ("{1: 2}", "f:1:2: '1' is no JSON key; put double quotes round it"),
    ("{'a': 1}", "f:1:2: \"'a'\" is no JSON key; put double quotes round it"),
    ("{[1]: 2}", "f:1:2: a list or a mapping stands where a key is due; write the key as plain text"),
    ("[010]", "f:1:2: '010' is no JSON value; put double quotes round it"),
    ("[2.4%]", "f:1:2: '2.4%' is no JSON value; put double quotes round it"),
    ("[120_000]", "f:1:2: '120_000' is no JSON value; put double quotes round it"),
    ("[1.]", "f:1:2: '1.' is no JSON value; put double quotes round it"),
    ("[-]", "f:1:2: '-' is no JSON value; put double quotes round it"),
    ("[True]", "f:1:2: 'True' is no JSON value; put double quotes round it"),
    ("// why\n{}", "f:1:1: '//' is no JSON value; put double quotes round it"),
    ('["a\nb"]', r"f:1:4: a text in quotes may not go on in the next line or hold a tab; write \n or \t"),
    ('["a\tb"]', r"f:1:4: a text in quotes may not go on in the next line or hold a tab; write \n or \t"),
    (r'["\q"]', r"f:1:3: a backslash begins an escape, and this is none; write \\"),
    (r'["\u12"]', r"f:1:4: a backslash begins an escape, and this is none; write \\"),
    (r'["\ud800"]', "f:1:2: the invisible character U+D800 may not stand in a file; delete it"),
    ('["a\x07"]', "f:1:4: the invisible character U+0007 may not stand in a file; delete it"),
    ('{"a": 1, "a": 2}', "f:1:11: key 'a' stands twice, in line 1; keep one"),
    ('{"a": 1,\n"\\u0061": 2}', "f:2:2: key 'a' stands twice, in lines 1 and 2; keep one"),
    (
        '{"metrics": {"x": {"value": 1,\n"value": 2}}}',
        "f:2:2: metric 'x': key 'value' stands twice, in lines 1 and 2; keep one",
    ),
]


@pytest.mark.parametrize(("text", "finding"), FINDINGS)
def test_wrong_json_gets_its_mend(text: str, finding: str) -> None:
    with pytest.raises(InvalidModel) as refused:
        read(text.encode(), "f")
    assert str(refused.value) == finding


def test_findings_come_together_up_to_the_first_fault_of_grammar() -> None:
    with pytest.raises(InvalidModel) as refused:
        read('{"a": 1, "a": {"": 2},\n"a": NaN}', "f")
    assert str(refused.value).splitlines() == [
        "f:1:11: key 'a' stands twice, in line 1; keep one",
        "f:1:17: a key is missing; write its name before the ':'",
        "f:2:2: key 'a' stands twice, in lines 1 and 2; keep one",
        "f:2:6: NaN is no number; leave the key out where there is none",
    ]


def test_every_node_has_its_place() -> None:
    assert read('{"kgi": "a",\r\n "m": [1.50, {"b": null}]}\n', "shop.json") == Mapping(
        {
            "kgi": Scalar("a", Place("shop.json", 1, 10)),
            "m": Sequence(
                [
                    Scalar("1.50", Place("shop.json", 2, 8)),
                    Mapping(
                        {"b": Scalar("", Place("shop.json", 2, 20))},
                        {"b": Scalar("b", Place("shop.json", 2, 16))},
                        Place("shop.json", 2, 14),
                    ),
                ],
                Place("shop.json", 2, 7),
            ),
        },
        {"kgi": Scalar("kgi", Place("shop.json", 1, 3)), "m": Scalar("m", Place("shop.json", 2, 3))},
        Place("shop.json", 1, 1),
    )


@pytest.mark.parametrize("number", ["0", "-0", "12", "1.50", "1e400", "-2.5E-03", "123456789012345678901234567890.10"])
def test_a_number_keeps_every_digit(number: str) -> None:
    assert to_python(read(f'[{number}, {{"a": {number}}}]')) == [number, {"a": number}]


def test_a_text_is_no_other_than_a_number_where_it_writes_one() -> None:
    """Every text of JSON is in quotes, so quotes cannot mean that it is no number."""
    value = read('["2.4%", 2.4, true, null, ""]')
    assert isinstance(value, Sequence)
    assert [item.quoted for item in value.items if isinstance(item, Scalar)] == [False, False, False, False, True]
    assert write(value) == '["2.4%", 2.4, true, null, ""]'


@pytest.mark.parametrize("text", ["5", '"a"', "[]", "{}", " [ ] ", '\ufeff{"a" : [ ] }'])
def test_any_value_may_be_a_file(text: str) -> None:
    read(text)


@pytest.mark.parametrize(
    ("text", "limits", "message"),
    [
        (
            "[[[1]]]",
            Limits(depth=2),
            "f:1:3: lists and mappings stand more than 2 deep in each other; write fewer levels",
        ),
        ("[1, 2, 3]", Limits(nodes=3), "f:1:8: the file has more than 3 keys and values; is it the right file?"),
        ("[1, 2, 3]", Limits(entries=2), "f:1:1: this list has more than 2 entries; is it the right file?"),
        ('{"a": 1}', Limits(entries=0), "f:1:1: this mapping has more than 0 entries; is it the right file?"),
        ("[1, 2, 3]", Limits(size=8), "f: the file is larger than the limit of 8e-06 MB; is it the right one?"),
    ],
)
def test_a_limit_holds(text: str, limits: Limits, message: str) -> None:
    with pytest.raises(InvalidModel) as refused:
        read(text, "f", limits=limits)
    assert str(refused.value) == message


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words.filter(bool), inner, max_size=4),
    max_leaves=20,
)


def texts(value: object) -> object:
    """Python's own reading, each scalar as its text."""
    if isinstance(value, dict):
        return {key: texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [texts(item) for item in value]
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


@settings(deadline=None, max_examples=150)
@given(values.filter(lambda value: value not in (None, "")), st.sampled_from([None, 2, "\t"]))
def test_whatever_python_writes_is_read_as_python_reads_it(value: object, indent: int | str | None) -> None:
    assert to_python(read(json.dumps(value, indent=indent))) == texts(value)


@settings(deadline=None, max_examples=100)
@given(values.filter(lambda value: isinstance(value, dict | list)))
def test_json_reads_alike_as_yaml(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assume(not UNSEEN.search(text))
    assert to_python(read_yaml(text)) == to_python(read(text))


@settings(deadline=None, max_examples=120)
@given(plains.filter(lambda plain: not isinstance(plain, Scalar) or plain.text != ""))
def test_what_is_written_reads_back_here_and_in_python(plain: Plain) -> None:
    assert to_python(read(write(plain))) == to_python(plain)
    json.loads(write(plain))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from([*'{}[],:"\\ \n\t', "1", "-", "null", '"a"', "NaN", "e", "\\u", "0"]), max_size=10).map(
        "".join
    )
)
def test_what_is_accepted_is_what_python_accepts(text: str) -> None:
    """Python's reader is the oracle of the grammar; it takes NaN, duplicate and empty keys, and nothing at all."""
    try:
        mine = to_python(read(text))
    except InvalidModel:
        try:
            value = json.loads(text)
        except json.JSONDecodeError:
            return
        assert value in (None, "") or any(odd in text for odd in ("NaN", '""', '"a"'))
    else:
        assert mine == texts(json.loads(text, parse_int=str, parse_float=str))
