"""A model is its tree with every verb as a method; it never changes; what is saved reads back to the same figures."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from leverage.errors import InvalidModel, LeverageError, UnknownName
from leverage.files.yaml import read
from leverage.model import Model, load
from leverage.program.run import point
from leverage.quantity import BadNumber
from leverage.tree.build import build
from leverage.tree.metric import NotALeaf
from leverage.tree.moves import NotOneMove
from leverage.tree.read import AmbiguousShare
from leverage.verbs.table import VERBS
from tests.verbs.over_time import year

SHOP = """\
# what the shop earns
name: Shop
kgi: revenue
metrics:
  revenue: orders * price   # per month
  orders: visits * rate
  visits: {value: 120k, spread: [-20%, 25%], lever: {min: 100k}}
  rate: 2.4%
  price: {value: 68, uncertainty: "normal(68, 9)"}
resources:
  budget: {limit: 100k, use: visits / 2}
scenarios:
  war: {change: {price: -15%}, resources: {budget: 120k}}
"""


@pytest.fixture
def shop() -> Model:
    return Model.of(build(read(SHOP, "shop.yaml")))


def again(model: Model) -> Model:
    """The model read back from its own YAML, as it was tried."""
    model = Model.of(build(read(model.to_yaml(), "again.yaml")))
    return model.with_(scenario="tried") if "tried" in model.scenarios else model


def test_python_and_yaml_give_one_model() -> None:
    python = Model(
        kgi="a", metrics={"a": "b * 2.4%", "b": {"value": 3, "range": [1, 5]}}, scenarios={"s": {"set": {"b": 4}}}
    )
    yaml = build(
        read("{kgi: a, metrics: {a: b * 2.4%, b: {value: 3, range: [1, 5]}}, scenarios: {s: {set: {b: 4}}}}", "")
    )
    assert python.tree.hash == yaml.hash
    assert point(python.tree) == point(yaml)


def test_a_model_shows_its_metrics_scenarios_and_graph(shop: Model) -> None:
    assert repr(shop) == "<Model 'Shop': revenue, 5 metrics, 1 lever, 1 resource, 1 scenario>"
    assert (
        repr(shop.with_(set={"price": 70}))
        == "<Model 'Shop': revenue, 5 metrics, 1 lever, 1 resource, 1 scenario, 1 moved>"
    )
    assert list(shop.metrics) == ["revenue", "orders", "visits", "rate", "price"]
    assert list(shop.scenarios) == ["war"]
    assert isinstance(shop.graph, nx.DiGraph)
    assert set(shop.graph.predecessors("revenue")) == {"orders", "price"}


def test_a_metric_is_found_by_its_id_in_any_unicode_form(shop: Model) -> None:
    assert shop["ｐｒｉｃｅ"].base == 68
    with pytest.raises(UnknownName, match="unknown metric 'prise'; did you mean 'price'"):
        shop["prise"]


def test_a_leaf_has_quantiles_and_a_formula_metric_sends_to_simulate(shop: Model) -> None:
    assert shop["price"].quantile(0.5) == pytest.approx(68, rel=1e-12)
    assert shop["visits"].quantile([0.1, 0.9]) == pytest.approx([96e3, 150e3], rel=1e-12)
    assert shop["rate"].quantile(0.9) == 0.024
    with pytest.raises(NotALeaf) as refused:
        shop["orders"].quantile(0.5)
    assert str(refused.value) == (
        "metric 'orders': has a formula, so its spread comes from its drivers; ask simulate(of=...)"
    )


def test_a_change_gives_a_new_model_and_leaves_the_old_as_it_was(shop: Model) -> None:
    before = point(shop.tree)
    tried = shop.with_(
        scenario="war", set={"visits": "150k"}, change={"rate": 0.1}, add={"price": 2}, resources={"budget": "90k"}
    )
    assert point(tried.tree)["revenue"] == pytest.approx(150e3 * 0.024 * 1.1 * (68 * 0.85 + 2), rel=1e-14)
    assert tried.tree.limit("budget") == 90e3
    assert point(shop.tree) == before


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        ({"change": {"price": 15}}, AmbiguousShare, "change price: 15 could be meant two ways; write 15% or 1500%"),
        ({"set": {"prise": 15}}, UnknownName, "unknown metric 'prise'; did you mean 'price'?"),
        ({"set": {"price": "x"}}, BadNumber, "set price: 'x' is not a number; write it like 120_000, 2.4% or 150k"),
        ({"scenario": "wra"}, UnknownName, "unknown scenario 'wra'; did you mean 'war'?"),
        ({"resources": {"bugdet": 3}}, UnknownName, "unknown resource 'bugdet'; did you mean 'budget'?"),
        (
            {"add": {"visits[ads]": 3}},
            UnknownName,
            "unknown label 'ads' in visits[ads]",
        ),
    ],
)
def test_a_wrong_change_is_answered_with_the_mend(shop: Model, wrong: dict[str, Any], kind: type, said: str) -> None:
    with pytest.raises(kind) as refused:
        shop.with_(**wrong)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "changes",
    [
        {"set": {"visits": 150e3}},
        {"change": {"price": -1 / 3, "rate": "150%"}},
        {"add": {"rate": 0.1 + 0.2}, "set": {"rate": 0.03}},
        {"scenario": "war", "set": {"visits": 1.1e5}},
        {"scenario": ["war", "base"], "resources": {"budget": 50e3}},
        {"change": {"orders": 0.1}},
        {"change": {"orders": 0.1, "visits": 0.2}},
        {"change": {"rate": 0.1}, "add": {"rate": 0.001}},
    ],
)
def test_what_was_tried_reads_back_to_the_same_figures(shop: Model, changes: dict[str, Any]) -> None:
    tried = shop.with_(**changes)
    found = again(tried)
    assert point(found.tree) == point(tried.tree)
    assert dict(found.tree.limits) == dict(tried.tree.limits)
    assert point(again(shop).tree) == point(shop.tree)


def test_a_share_and_a_shift_of_an_uncertain_leaf_are_no_one_entry(shop: Model) -> None:
    tried = shop.with_(change={"price": 0.1}, add={"price": 2})
    with pytest.raises(NotOneMove) as refused:
        tried.to_yaml()
    assert str(refused.value) == (
        "metric 'price': it was changed by a share and moved besides, which no one entry says; set it"
    )


def test_a_scenario_of_the_file_adds_nothing_to_it(shop: Model) -> None:
    assert shop.with_(scenario="war").to_yaml() == shop.to_yaml()


def test_a_saved_file_keeps_its_comments_and_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, encoding="utf-8")
    model = load(path)
    model.save(tmp_path / "same.yaml")
    assert (tmp_path / "same.yaml").read_text(encoding="utf-8") == SHOP
    model.with_(change={"price": "10%"}).save(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# what the shop earns\n")
    assert load(path).scenarios["tried"].moves["price"].amount == 0.1
    assert load(tmp_path / "same.yaml").tree.hash == model.tree.hash


def test_a_file_that_was_changed_meanwhile_is_not_taken_for_the_models_own(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, encoding="utf-8")
    model = load(path)
    path.write_text(SHOP.replace("2.4%", "3%"), encoding="utf-8")
    assert "rate: 2.4%" in model.to_yaml()


def test_loading_refuses_figures_that_are_not_finite(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("kgi: a\nmetrics: {a: b / c, b: 1, c: 2}\nscenarios: {s: {set: {c: 0}}}", encoding="utf-8")
    with pytest.raises(InvalidModel, match="the formula is not finite in scenario 's'"):
        load(path)
    with pytest.raises(InvalidModel, match="the formula is not finite at the base values"):
        Model(kgi="a", metrics={"a": "log(b)", "b": 0})


def test_a_word_that_is_neither_a_file_nor_a_template_is_answered() -> None:
    with pytest.raises(UnknownName, match="unknown model 'no_such_model'"):
        load("no_such_model")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_method_with_its_question(verb: str) -> None:
    method = getattr(Model, verb)
    assert inspect.getdoc(method).startswith(VERBS[verb].question.split(" ")[0])  # type: ignore[union-attr]


def test_a_verb_answers_for_the_model_as_its_keywords_change_it(shop: Model) -> None:
    assert shop.evaluate(set={"price": "100"})["revenue"] == pytest.approx(120e3 * 0.024 * 100, rel=1e-14)
    assert shop.evaluate(scenario="war").to_dict() == shop.with_(scenario="war").evaluate().to_dict()


def test_a_model_answers_by_address() -> None:
    plan = year()
    assert plan["visits[ads,2027-02]"].base == pytest.approx(30_300)
    assert plan["visits[2027-02, ads]"] is plan["visits[ads,2027-02]"]
    assert plan["visits"].axes == ("channel", "time")
    assert plan["rate[ads]"].quantile(0.5) == pytest.approx(0.015)
    with pytest.raises(LeverageError, match=r"it has 12 figures; name one, such as visits\[ads,2027-01\]"):
        plan["visits[ads]"]
