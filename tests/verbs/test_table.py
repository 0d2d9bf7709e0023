"""The rows of the verbs: each has its function, its question, and options that its function takes."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest

from leverage.verbs.draws.chance import Chance
from leverage.verbs.result import Result
from leverage.verbs.table import CHANCE, VERBS, Verb

IN_PYTHON_ALONE = {"cases"}  # a frame has no place on a command line
UNTYPED = {"block", "progress"}  # memory, and what the command line decides by itself

every = pytest.mark.parametrize("verb", VERBS.values(), ids=lambda verb: verb.name)


@every
def test_a_verbs_word_is_its_file_its_function_and_its_result(verb: Verb) -> None:
    function = verb.function()
    assert function.__name__ == verb.name
    assert function.__module__ == f"leverage.verbs.{verb.name}"
    module = inspect.getmodule(function)
    results = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Result) and each.__module__ == function.__module__
    ]
    assert verb.name in [each.verb for each in results]


@every
def test_the_function_opens_with_the_verbs_question(verb: Verb) -> None:
    opening = (inspect.getdoc(verb.function()) or "").splitlines()[0]
    assert opening == verb.question


@every
def test_every_option_is_a_keyword_of_the_function(verb: Verb) -> None:
    taken = inspect.signature(verb.function()).parameters
    settings = {field.name for field in fields(Chance)} if "settings" in taken else set()
    for option in verb.options:
        assert option.name in {*taken, *settings}, option.word
        if option.name in taken:
            assert taken[option.name].kind is not inspect.Parameter.POSITIONAL_ONLY


@every
def test_every_keyword_of_the_function_is_an_option(verb: Verb) -> None:
    words = {option.name for option in verb.options} | ({"scenario"} if verb.scenarios == "columns" else set())
    words |= IN_PYTHON_ALONE
    taken = inspect.signature(verb.function()).parameters.values()
    assert {each.name for each in taken if each.kind is inspect.Parameter.KEYWORD_ONLY} <= words


@every
def test_the_example_is_of_the_verb(verb: Verb) -> None:
    assert verb.example.startswith(f"leverage {verb.name} ")


@every
def test_no_option_stands_twice_and_each_has_its_help(verb: Verb) -> None:
    words = [option.word for option in verb.options]
    assert len(words) == len(set(words))
    for option in verb.options:
        assert option.help.endswith("."), option.word


def test_chance_has_an_option_for_each_setting_that_changes_a_figure() -> None:
    assert {option.name for option in CHANCE} == {field.name for field in fields(Chance)} - UNTYPED
