"""A scenario is written into a file at its place, and nothing else in the file changes."""

import difflib

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from leverage.errors import InvalidModel
from leverage.files.edit import NoPlaceToEdit, add_scenario
from leverage.files.json import read as read_json
from leverage.files.layout import flow
from leverage.files.plain import Mapping, from_python, to_python
from leverage.files.yaml import read, write
from tests.files.plains import keys, mappings, models, plains

BOLD = from_python({"set": {"ad_spend": "45k"}})
assert isinstance(BOLD, Mapping)
LONG = from_python(
    {"note": "a rival undercuts us, and we answer", "change": {"price": "-15%", "visits": "20%"}, "set": {"x": 1}}
)
assert isinstance(LONG, Mapping)

SHOP = """\
# The shop.
kgi: revenue   # what we are here for

scenarios:
  # the one we fear
  price-war:
    note: A rival undercuts us.   # they did, in 2024
    change: {order_value: -15%}

  calm: {}   # nothing happens
  # nothing more for now

# The tree.
metrics:
  revenue: visits * 68
  visits: 120_000
"""

CASES = {  # a text before, the scenario bold, the text after
    "at the end of a file without scenarios": ("kgi: a\n", "kgi: a\nscenarios:\n  bold: {set: {ad_spend: 45k}}\n"),
    "where the last line has no end": ("kgi: a", "kgi: a\nscenarios:\n  bold: {set: {ad_spend: 45k}}"),
    "behind the last comment": ("kgi: a\n# end\n", "kgi: a\n# end\nscenarios:\n  bold: {set: {ad_spend: 45k}}\n"),
    "before the end of the document": (
        "---\na: 1\n...\n",
        "---\na: 1\nscenarios:\n  bold: {set: {ad_spend: 45k}}\n...\n",
    ),
    "in the file's indentation": (
        "  a: 1\n  b: 2\n",
        "  a: 1\n  b: 2\n  scenarios:\n    bold: {set: {ad_spend: 45k}}\n",
    ),
    "with the file's line ends": (
        "a: 1\r\nb: 2\r\n",
        "a: 1\r\nb: 2\r\nscenarios:\r\n  bold: {set: {ad_spend: 45k}}\r\n",
    ),
    "behind the byte order mark": ("\ufeffa: 1\n", "\ufeffa: 1\nscenarios:\n  bold: {set: {ad_spend: 45k}}\n"),
    "below a key that has nothing yet": (
        "scenarios:   # none\nkgi: a\n",
        "scenarios:   # none\n  bold: {set: {ad_spend: 45k}}\nkgi: a\n",
    ),
    "in place of a null": (
        "scenarios: ~  # none\nkgi: a\n",
        "scenarios: {bold: {set: {ad_spend: 45k}}}  # none\nkgi: a\n",
    ),
    "in empty brackets": (
        "scenarios: {}  # none\nkgi: a\n",
        "scenarios: {bold: {set: {ad_spend: 45k}}}  # none\nkgi: a\n",
    ),
    "in brackets": (
        "scenarios: {a: {set: {x: 1}}, # one\n  b: {}, # two\n}\n",
        "scenarios: {a: {set: {x: 1}}, # one\n  b: {}, bold: {set: {ad_spend: 45k}}, # two\n}\n",
    ),
    "in a file in brackets": ("{kgi: a, b: [1]}", "{kgi: a, b: [1], scenarios: {bold: {set: {ad_spend: 45k}}}}"),
    "in place of its namesake's line": (
        "scenarios:\n  bold: {set: {x: 1}}  # brave\n  a: {}\n",
        "scenarios:\n  bold: {set: {ad_spend: 45k}}  # brave\n  a: {}\n",
    ),
    "in place of its namesake's lines": (
        "scenarios:\n  bold:  # brave\n    note: x\n    set:\n      x: 1  # one\n\n  a: {}\n",
        "scenarios:\n  bold:  # brave\n    set: {ad_spend: 45k}  # one\n\n  a: {}\n",
    ),
    "in place of a namesake without anything": (
        "scenarios:\n  bold:  # brave\n  a: {}\n",
        "scenarios:\n  bold:  # brave\n    set: {ad_spend: 45k}\n  a: {}\n",
    ),
    "in place of a namesake in brackets": (
        "scenarios: {bold: , a: {}}",
        "scenarios: {bold: {set: {ad_spend: 45k}}, a: {}}",
    ),
    "in place of a namesake in other Unicode": (
        "scenarios:\n  \uff42old: {set: {x: 1}}\n",
        "scenarios:\n  \uff42old: {set: {ad_spend: 45k}}\n",
    ),
    "above a text that keeps its line ends": (
        "kgi: a\nnote: |+\n  x\n\n",
        "kgi: a\nnote: |+\n  x\n\nscenarios:\n  bold: {set: {ad_spend: 45k}}\n",
    ),
    "first, where the last text would change": (
        "kgi: a\nnote: |\n  x",
        "scenarios:\n  bold: {set: {ad_spend: 45k}}\nkgi: a\nnote: |\n  x",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_scenario_is_written(name: str) -> None:
    before, after = CASES[name]
    assert add_scenario(before, "bold", BOLD) == after


def test_a_scenario_joins_its_neighbours_and_leaves_every_other_line() -> None:
    after = add_scenario(SHOP, "bold", LONG)
    changes = [line for line in difflib.ndiff(SHOP.splitlines(), after.splitlines()) if line[0] != " "]
    assert changes == [
        "+   bold:",
        "+     note: a rival undercuts us, and we answer",
        "+     change: {price: -15%, visits: 20%}",
        "+     set: {x: 1}",
    ]
    assert "  # nothing more for now\n  bold:\n" in after


def test_a_scenario_that_stands_is_replaced() -> None:
    after = add_scenario(SHOP, "price-war", BOLD)
    assert to_python(read(after)) == to_python(read(SHOP)) | {
        "scenarios": {"price-war": {"set": {"ad_spend": "45k"}}, "calm": {}}
    }
    assert "  # the one we fear\n  price-war:\n    set: {ad_spend: 45k}\n\n  calm: {}   # nothing happens\n" in after


def test_a_number_stays_a_number_in_json() -> None:
    scenario = from_python({"set": {"a": 5, "b": "2.4%"}, "note": 'say "x"\n'})
    assert isinstance(scenario, Mapping)
    after = add_scenario('{\n\t"kgi": "a",\n\t"n": 1.50\n}\n', "x", scenario, file="shop.json")
    written = '{"x": {"set": {"a": 5, "b": "2.4%"}, "note": "say \\"x\\"\\n"}}'
    assert after == f'{{\n\t"kgi": "a",\n\t"n": 1.50, "scenarios": {written}\n}}\n'


def told(model: Mapping, name: str, scenario: Mapping) -> object:
    """The model's data with the scenario."""
    data = to_python(model)
    return data | {"scenarios": (data.get("scenarios") or {}) | {name: to_python(scenario)}}


scenarios = mappings(mappings(plains, most=3), most=3)
with_scenarios = st.builds(
    lambda model, held, index: Mapping(
        dict([*list(model.entries.items())[:index], ("scenarios", held), *list(model.entries.items())[index:]]),
    ),
    models,
    scenarios,
    st.integers(0, 4),
)
ascii_names = keys.filter(str.isascii)


@settings(deadline=None, max_examples=100)
@given(st.one_of(models, with_scenarios), ascii_names, scenarios, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_any_model_holds_any_scenario_afterwards(
    model: Mapping, name: str, scenario: Mapping, in_flow: bool, newline: str
) -> None:
    assume(longest_key(to_python(model), {name: to_python(scenario)}) < 1000)
    text = (flow(model) + "\n" if in_flow else write(model)).replace("\n", newline)
    assume(not isinstance(to_python(model).get("scenarios", {}), str | list))
    assert to_python(read(add_scenario(text, name, scenario))) == told(model, name, scenario)


decorations = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["", "# x", "  # x", "    # x", "        # x"])), max_size=8
)


@settings(deadline=None, max_examples=100)
@given(with_scenarios, ascii_names, scenarios, decorations)
def test_every_line_stays_when_a_scenario_is_new(
    model: Mapping, name: str, scenario: Mapping, decorations: list[tuple[int, str]]
) -> None:
    before = [f"{line}  # end" if line.endswith(("}", "]", ":")) else line for line in write(model).splitlines()]
    for index, line in decorations:
        before.insert(index, line)
    try:
        decorated = read("\n".join(before))
    except InvalidModel:  # a comment cuts a text of several lines
        reject()
    held = to_python(decorated)["scenarios"]
    assume(held and name not in held and longest_key(to_python(decorated), {name: to_python(scenario)}) < 1000)
    assert isinstance(decorated, Mapping)
    after = add_scenario("\n".join(before), name, scenario)
    assert to_python(read(after)) == told(decorated, name, scenario)
    left = iter(after.split("\n"))
    assert all(line in left for line in before)


def longest_key(*values: object) -> int:
    """In brackets YAML takes no key of more than 1,024 characters."""
    lengths = [0]
    for value in values:
        if isinstance(value, dict):
            lengths += [*map(len, value), longest_key(*value.values())]
        elif isinstance(value, list):
            lengths.append(longest_key(*value))
    return max(lengths)


@settings(deadline=None, max_examples=100)
@given(keys.filter(lambda key: key.isascii() and len(key) < 1000), scenarios)
def test_json_takes_any_scenario(name: str, scenario: Mapping) -> None:
    assume(longest_key(to_python(scenario)) < 1000)
    before = '{"kgi": "a", "scenarios": {"a": {"set": {"x": 1}}}}'
    model = read_json(before)
    assert isinstance(model, Mapping)
    assert to_python(read_json(add_scenario(before, name, scenario, file="a.json"))) == told(model, name, scenario)


def test_json_that_is_no_yaml_is_not_edited() -> None:
    with pytest.raises(NoPlaceToEdit):
        add_scenario('{"kgi": "\\ud83d\\ude00"}', "bold", BOLD, file="a.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "scenarios: [a]\n",
            "shop.yaml:1:12: scenario 'bold' finds no place in this file; write it under 'scenarios:' by hand",
        ),
        (
            "scenarios: x\n",
            "shop.yaml:1:12: scenario 'bold' finds no place in this file; write it under 'scenarios:' by hand",
        ),
        ("- a\n", "shop.yaml:1:1: scenario 'bold' finds no place in this file; write it under 'scenarios:' by hand"),
    ],
)
def test_a_file_without_a_place_is_refused(text: str, message: str) -> None:
    with pytest.raises(NoPlaceToEdit) as refused:
        add_scenario(text, "bold", BOLD, file="shop.yaml")
    assert str(refused.value) == message


def test_a_file_that_does_not_read_is_refused() -> None:
    with pytest.raises(InvalidModel) as refused:
        add_scenario("a: b: c\n", "bold", BOLD, file="shop.yaml")
    assert str(refused.value) == "shop.yaml:1:4: the text is cut at ':'; put quotes round \"b: c\""
