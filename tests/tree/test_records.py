"""What a metric's past is, and who draws from it: lists, columns of a file beside the model, own actuals."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from scipy import stats

import leverage as lv
from leverage.errors import InvalidModel
from leverage.files.yaml import read as read_yaml
from leverage.tree import history, recorded
from leverage.tree.build import build
from leverage.tree.tree import Tree

HEAD = "kgi: a\nmetrics:\n  a: b + c\n  c: 1\n"
CSV = "month,sessions,rate\n2027-02,100,2.4%\n2027-01,200,\n2027-03,300,3%\n"
AXES = "dimensions: {channel: [ads, seo]}\ntime: {periods: 3, unit: month, start: 2027-01}\n"
MANY = f"{AXES}kgi: a\nmetrics:\n  a: sum(b)\n"


def told(text: str, folder: Path | str = "", name: str = "m.yaml") -> Tree:
    return build(read_yaml(dedent(text), os.path.join(folder, name)))


def faults(text: str, folder: Path | str = "") -> list[str]:
    with pytest.raises(InvalidModel) as refused:
        told(text, folder)
    return [str(error).replace(f"{folder}{os.sep}" if folder else "\0", "") for error in refused.value.errors]


def figures(tree: Tree, id: str) -> list[float]:
    """What a leaf draws, in order, each as often as it is recorded."""
    doubt = tree.cells.metrics[id].uncertainty
    assert doubt is not None
    return list(doubt.parameters["figures"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "actuals.csv").write_text(CSV)
    return tmp_path


def test_every_recorded_figure_is_drawn_as_often_as_the_others() -> None:
    model = lv.Model(
        kgi="a", metrics={"a": "b", "b": {"uncertainty": "history(b)"}}, actuals={"b": [3, "1k", 5, 5, -2]}
    )
    draws = Counter(model.simulate(samples=50_000).samples().tolist())
    assert set(draws) == {-2, 3, 5, 1000}
    # Sobol points: each of 8 scrambles fills an interval to 1 of its 6,250 points
    assert all(abs(draws[level] - share) <= 16 for level, share in ((-2, 1e4), (3, 1e4), (5, 2e4), (1000, 1e4)))


def test_a_list_under_actuals_is_a_metrics_past() -> None:
    tree = told(f"{HEAD}  b: {{uncertainty: history(d)}}\n  d: 7\nactuals: {{d: [3, 1k, 2]}}\n")
    assert figures(tree, "b") == [2, 3, 1000]
    assert tree.metrics["b"].base == 3


def test_a_column_of_a_file_beside_the_model_is_a_metrics_past(folder: Path) -> None:
    text = f"{HEAD}  b: {{uncertainty: history(b)}}\n  rate: {{uncertainty: history(rate)}}\n"
    tree = told(text + "actuals: {file: actuals.csv, date: month, columns: {b: sessions}}\n", folder)
    assert figures(tree, "b") == [100, 200, 300]
    assert figures(tree, "rate") == [0.024, 0.03]
    assert (tree.metrics["rate"].percent, tree.metrics["b"].percent) == (True, False)
    # in the order of dates, for whoever wants a series
    assert [quantity.value for quantity in tree.kept["filed"]["b"]] == [200, 100, 300]


def test_a_metric_without_either_draws_from_its_own_actuals_over_time() -> None:
    tree = told(
        "time: {periods: 4, unit: month}\nkgi: a\nmetrics:\n  a: sum(b)\n"
        "  b: {actual: [4, 2, 9, 2], uncertainty: history(b)}\n"
    )
    assert figures(tree, "b[0]") == figures(tree, "b[3]") == [2, 2, 4, 9]
    assert tree.cells.metrics["b[1]"].base == 2
    assert tree.cells.metrics["b[1]"].actual == 2


def test_a_leaf_over_labels_takes_the_past_of_its_own_label() -> None:
    text = (
        f"{MANY}  b: {{actual: {{ads: [1, 2, 3], seo: [10, 20, 30]}}, uncertainty: history(b)}}\n"
        "  whole: {uncertainty: history(b)}\n"
    )
    tree = told(text)
    assert figures(tree, "b[ads,2027-01]") == [1, 2, 3]
    assert figures(tree, "b[seo,2027-03]") == [10, 20, 30]
    assert figures(tree, "whole") == [1, 2, 3, 10, 20, 30]


def test_lists_and_columns_may_be_of_one_label(folder: Path) -> None:
    (folder / "actuals.csv").write_text('"c[seo]",d\n7,70\n8,80\n')
    text = f"{MANY}  b: {{value: {{ads: 1, seo: 2}}, uncertainty: history(c)}}\n  c: {{value: {{ads: 1, seo: 2}}}}\n"
    tree = told(text + "actuals:\n  c[ads]: [5, 6]\n  c[seo]: [7, 8]\n")
    assert (figures(tree, "b[ads]"), figures(tree, "b[seo]")) == ([5, 6], [7, 8])
    tree = told(text + 'actuals: {file: actuals.csv, columns: {"c[ads]": d}}\n', folder)
    assert (figures(tree, "b[ads]"), figures(tree, "b[seo]")) == ([70, 80], [7, 8])


def test_a_past_without_labels_serves_every_label() -> None:
    text = f"{MANY}  b: {{value: {{ads: 1, seo: 2}}, uncertainty: history(d)}}\n  d: 4\nactuals: {{d: [5, 6]}}\n"
    assert figures(told(text), "b[ads]") == figures(told(text), "b[seo]") == [5, 6]


def test_what_is_listed_comes_before_the_file_and_the_file_before_own_actuals(folder: Path) -> None:
    text = (
        f"{HEAD}  b: {{actual: 9, uncertainty: history(b)}}\nactuals: {{file: actuals.csv, columns: {{b: sessions}}}}\n"
    )
    assert figures(told(text, folder), "b") == [100, 200, 300]
    assert figures(told(text.replace("columns: {b: sessions}", "b: [1, 2]"), folder), "b") == [1, 2]


def test_a_truncated_history_keeps_the_figures_between_its_bounds() -> None:
    text = f'{HEAD}  b: {{uncertainty: "truncated(history(b), low=2, high=8)"}}\nactuals: {{b: [1, 2, 3, 5, 9]}}\n'
    doubt = told(text).metrics["b"].uncertainty
    assert doubt is not None
    assert doubt.quantile(np.array([0.1, 0.34, 0.99])).tolist() == [2, 3, 5]
    assert (doubt.mean, doubt.support) == (pytest.approx(10 / 3), (2, 8))


def test_a_value_stands_beside_a_history_and_a_move_shifts_every_draw() -> None:
    metrics = {"a": "b", "b": {"value": 10, "uncertainty": "history(b)"}}
    model = lv.Model(kgi="a", metrics=metrics, actuals={"b": [9, 10, 12]})
    assert model["b"].base == 10
    assert set(model.simulate(samples=64, set={"b": 20}).samples().tolist()) == {19, 20, 22}


WRONG = {
    "b: {uncertainty: history(d)}": "m.yaml:5:28: metric 'b': unknown metric 'd'",
    "b: {uncertainty: history(b)}": (
        "m.yaml:5:20: metric 'b': history(metric): nothing is recorded of 'b', and it takes two or more; list them "
        "under actuals: {b: [FIGURE, FIGURE]}, or name a file there that has them"
    ),
    "b: {actual: 4, uncertainty: history(b)}": (
        "m.yaml:5:31: metric 'b': history(metric): one figure is recorded of 'b', and it takes two or more; list them "
        "under actuals: {b: [FIGURE, FIGURE]}, or name a file there that has them"
    ),
    "b: {uncertainty: history(b)}\nactuals: {b: [3]}": (
        "m.yaml:5:20: metric 'b': history(metric): one figure is recorded of 'b', and it takes two or more; list them "
        "under actuals: {b: [FIGURE, FIGURE]}, or name a file there that has them"
    ),
    "b: 1\nactuals: {bb: [3, 4]}": "m.yaml:6:11: unknown metric 'bb' under actuals; did you mean 'b'?",
    "b: 1\nactuals: {b: [3, x]}": "m.yaml:6:18: actuals.b: 'x' is not a number; write it like 120_000, 2.4% or 150k",
    "b: 1\nactuals: {'b[ads]': [3, 4]}": "m.yaml:6:12: unknown label 'ads' in b[ads]",
    "b: 1\nactuals: {file: a.csv, columns: {bb: x}}": (
        "m.yaml:6:34: unknown metric 'bb' under actuals; did you mean 'b'?"
    ),
    "b: 1\nactuals: {flie: a.csv}": "m.yaml:6:11: unknown key 'flie' in actuals; did you mean 'file'?",
    "b: 1\nactuals: {date: month}": (
        "m.yaml:6:10: actuals: no file is named; add file: actuals.csv, a table beside the model"
    ),
    "b: 1\nactuals: {sql: select 1, url: $DATABASE_URL}": (
        "m.yaml:6:16: actuals.sql: databases are not read in this version; write the table as CSV beside the model "
        "and name it in file"
    ),
    "b: {uncertainty: 'truncated(history(b), low=8)'}\nactuals: {b: [3, 4]}": (
        "m.yaml:5:21: metric 'b': truncated(distribution, low=, high=): history(b) has no draws above 8; move the "
        "bounds into its range"
    ),
    "b: {uncertainty: 'histroy(b)'}": (
        "m.yaml:5:21: metric 'b': unknown distribution 'histroy'; did you mean 'history'?"
    ),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_refusal_says_what_is_missing_and_where_to_write_it(text: str) -> None:
    assert faults(f"{HEAD}  {text}\n") == [WRONG[text]]


FILES = {
    "month,sessions\n2027-01,1\n2027-02,x\n2027-03,1,000\n": [
        "actuals.csv:4: the row has 3 cells and the header 2; put quotes round a text with a comma"
    ],
    'month,sessions\n2027-01,1\n2027-02,x\n2027-03,"1,000"\n': [
        "actuals.csv:3: metric 'b': column 'sessions': 'x' is not a number; write it like 120_000, 2.4% or 150k",
        "actuals.csv:4: metric 'b': column 'sessions': '1,000' is not a number; write 1_000, or the digits alone",
    ],
    "month,session\n2027-01,1\n": ["m.yaml:6:56: actuals.csv has no column 'sessions'; did you mean 'session'?"],
    "date,sessions\n2027-01,1\n": ["m.yaml:6:36: actuals.csv has no column 'month'; it has date and sessions"],
    "month,sessions\n01.02.2027,1\n": [
        "actuals.csv:2: '01.02.2027' is no date that sorts; write all as 2027-01-15, as 2027-01, as 2027-W05, as "
        "2027-Q1 or as 2027"
    ],
    "month,sessions\n2027-01,1\n2027-W03,1\n": [
        "actuals.csv:3: '2027-W03' is written in another way than '2027-01'; write all as 2027-01-15, as 2027-01, as "
        "2027-W05, as 2027-Q1 or as 2027"
    ],
    "month,sessions,sessions\n": [
        "actuals.csv:1: the header names 'sessions' more than once; keep one column of a name"
    ],
    "": ["actuals.csv: the table is empty; its first line names the columns"],
    "month,sessions\n2027-01,\n2027-02,4\n": [
        "m.yaml:5:21: metric 'b': history(metric): one figure is recorded of 'b', and it takes two or more; list them "
        "under actuals: {b: [FIGURE, FIGURE]}, or name a file there that has them"
    ],
}


@pytest.mark.parametrize("text", FILES)
def test_a_file_that_cannot_be_read_is_told_by_line_and_column(text: str, tmp_path: Path) -> None:
    (tmp_path / "actuals.csv").write_text(text)
    where = "actuals: {file: actuals.csv, date: month, columns: {b: sessions}}\n"
    assert faults(f"{HEAD}  b:  {{uncertainty: history(b)}}\n{where}", tmp_path) == FILES[text]


def test_what_is_wrong_in_the_columns_of_all_labels_is_told_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "actuals.csv").write_text('month,b[ads],b[seo]\n2027-01,-,3\n2027-02,4,"7,5"\n')
    text = f"{MANY}  b: {{value: {{ads: 1, seo: 2}}, uncertainty: history(b)}}\nactuals: {{file: actuals.csv}}\n"
    assert [fault.partition(":")[2] for fault in faults(text, tmp_path)] == [
        "2: metric 'b': column 'b[ads]': '-' is not a number; write it like 120_000, 2.4% or 150k",
        "3: metric 'b': column 'b[seo]': '7,5' is not a number; write it like 120_000, 2.4% or 150k",
    ]


def test_what_is_wrong_with_the_file_is_told_once_whoever_asks(tmp_path: Path) -> None:
    (tmp_path / "actuals.csv").write_text("x,b\n1,?\n")
    text = (
        f"{HEAD}  b: {{uncertainty: history(b)}}\n  d: {{uncertainty: history(b)}}\n  e: {{uncertainty: history(a)}}\n"
    )
    first, second = faults(text + "actuals: {file: actuals.csv}\n", tmp_path)
    assert first.startswith("actuals.csv:2: metric 'b': column 'b': '?' is not a number")
    assert "metric 'e': history(metric): nothing is recorded of 'a'" in second
    missing = faults(text + "actuals: {file: actual.csv}\n", tmp_path)
    assert missing == [
        "m.yaml:8:17: 'actual.csv' cannot be read: no such file or folder; name a file in the model's folder, or below "
        "it as actuals/2027.csv"
    ]


def test_a_file_that_nobody_draws_from_is_not_opened(tmp_path: Path) -> None:
    tree = told(f"{HEAD}  b: 2\nactuals: {{file: ../nothing.csv, date: month}}\n", tmp_path)
    assert tree.actuals == {"file": "../nothing.csv", "date": "month"}


def test_the_models_hash_is_of_the_figures_that_it_draws_from(folder: Path) -> None:
    text = f"{HEAD}  b: {{uncertainty: history(b)}}\nactuals: {{file: actuals.csv, columns: {{b: sessions}}}}\n"
    before = told(text, folder).hash
    assert told(text, folder).hash == before
    (folder / "actuals.csv").write_text(CSV.replace("300", "301"))
    assert told(text, folder).hash != before


def test_a_model_saved_elsewhere_takes_its_figures_along(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = (
        f"{HEAD}  b: {{uncertainty: history(b)}}  # as it was\n  rate: {{uncertainty: history(rate)}}\n"
        "  d: {uncertainty: history(d)}\n"
        "actuals: {file: actuals.csv, date: month, columns: {b: sessions}, d: [1, 2]}\n"
    )
    (folder / "m.yaml").write_text(text)
    model = lv.load(folder / "m.yaml")
    model.save(folder / "again.yaml")
    assert (folder / "again.yaml").read_text() == text
    away = tmp_path_factory.mktemp("away") / "away.yaml"
    model.with_(set={"c": 4}).save(away)
    assert "actuals: {b: [200, 100, 300], rate: [2.4%, 3%], d: [1, 2]}" in away.read_text()
    assert "# as it was" in away.read_text()
    for there in (lv.load(folder / "again.yaml"), lv.load(away)):
        assert figures(there.tree, "b") == [100, 200, 300]
        assert figures(there.tree, "rate") == [0.024, 0.03]


def test_a_json_model_draws_from_the_file_beside_it_and_is_saved_whole(folder: Path) -> None:
    told = {"kgi": "a", "metrics": {"a": "b", "b": {"uncertainty": "history(b)"}}}
    told["actuals"] = {"file": "actuals.csv", "columns": {"b": "sessions"}}
    (folder / "m.json").write_text(json.dumps(told))
    model = lv.load(folder / "m.json")
    assert figures(model.tree, "b") == [100, 200, 300]
    model.save(folder / "deep.yaml")
    assert figures(lv.load(folder / "deep.yaml").tree, "b") == [100, 200, 300]
    assert "[100, 200, 300]" in model.to_yaml()


def test_a_model_from_python_takes_lists_arrays_and_a_file_of_the_working_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = {"a": "b", "b": {"uncertainty": "history(b)"}}
    model = lv.Model(kgi="a", metrics=metrics, actuals={"b": np.array([3.0, 1.0])})
    assert figures(model.tree, "b") == [1, 3]
    assert "b: [3.0, 1.0]" in model.to_yaml()
    monkeypatch.chdir(folder)
    model = lv.Model(kgi="a", metrics=metrics, actuals={"file": "actuals.csv", "columns": {"b": "sessions"}})
    assert figures(model.tree, "b") == [100, 200, 300]


def test_pasts_that_no_memory_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST", 3)
    text = (
        f"{HEAD}  b: {{uncertainty: history(b)}}\n  d: {{uncertainty: history(b)}}\n  e: {{uncertainty: history(b)}}\n"
    )
    assert faults(text + "actuals: {b: [1, 2]}\n") == [
        "m.yaml:7:20: metric 'e': the leaves draw from more than 3 recorded figures; keep fewer rows, or fewer "
        "histories"
    ]


def test_many_labels_find_their_own_past_at_once() -> None:
    labels = [f"l{i}" for i in range(3_000)]
    shape = {label: [i, i + 1] for i, label in enumerate(labels)}
    model = lv.Model(
        kgi="a",
        time={"periods": 2},
        dimensions={"name": labels},
        metrics={"a": "sum(b)", "b": {"actual": shape, "uncertainty": "history(b)"}},
    )
    assert figures(model.tree, "b[l2999,1]") == [2999, 3000]


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("SIZE", 20, "actuals.csv: the file is larger than the limit of 2e-05 MB; is it the right one?"),
        ("ROWS", 2, "actuals.csv:4: the table has more than 2 rows; keep fewer of them"),
    ],
)
def test_a_file_past_its_limits_is_refused(
    limit: str, most: int, said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded, limit, most)
    text = f"{HEAD}  rate: {{uncertainty: history(rate)}}\n  b: 1\nactuals: {{file: actuals.csv}}\n"
    assert faults(text, folder) == [said]


def test_a_column_of_nothing_but_faults_ends_early(tmp_path: Path) -> None:
    (tmp_path / "actuals.csv").write_text("b,x\n" + "?,1\n" * 5_000)
    with pytest.raises(InvalidModel) as refused:
        told(f"{HEAD}  b: {{uncertainty: history(b)}}\nactuals: {{file: actuals.csv}}\n", tmp_path)
    assert len(refused.value.errors) == 1_000


def test_a_models_file_may_not_name_another_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("b\n1\n2\n")
    (tmp_path / "home").mkdir()
    text = f"{HEAD}  b: {{uncertainty: history(b)}}\nactuals: {{file: ../secret.csv}}\n"
    assert faults(text, tmp_path / "home") == [
        "m.yaml:6:17: '../secret.csv' leads out of the model's folder; name a file in the model's folder, or below it "
        "as actuals/2027.csv"
    ]


@pytest.mark.parametrize("points", ["sobol", "random", "latin"])
def test_draws_of_a_past_are_the_same_whatever_the_block_and_the_threads(points: str) -> None:
    rng = np.random.default_rng(4)
    metrics = {"a": "b + c", **{id: {"uncertainty": f"history({id})"} for id in "bc"}}
    model = lv.Model(kgi="a", metrics=metrics, actuals={id: rng.normal(size=40).round(3) for id in "bc"})
    whole = [
        model.simulate(samples=20_000, points=points, block=block, threads=threads).samples().tobytes()
        for block, threads in ((1_000, 1), (65_536, 4))
    ]
    assert whole[0] == whole[1]


def test_a_history_may_be_correlated() -> None:
    rng = np.random.default_rng(4)
    metrics = {"a": "b * c", **{id: {"uncertainty": f"history({id})"} for id in "bc"}}
    actuals = {id: rng.exponential(size=200).round(6) for id in "bc"}
    model = lv.Model(kgi="a", metrics=metrics, actuals=actuals, correlations=[["b", "c", 0.6]])
    drawn = model.simulate(samples=65_536, of=["b", "c"])
    # 65,536 pairs: a standard error of 0.003; 200 levels each leave it 1e-3 off
    assert stats.spearmanr(drawn.samples("b"), drawn.samples("c")).statistic == pytest.approx(0.6, abs=0.012)
    assert set(drawn.samples("b").tolist()) == set(actuals["b"].tolist())
