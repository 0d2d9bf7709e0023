"""Tables go out at full precision and come back; nothing in them is run by a spreadsheet."""

import csv
import io
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import InvalidModel
from leverage.files import NoFile
from leverage.files.csv import BadTable, read, write
from leverage.files.raw import TooLarge


def test_the_header_is_the_union_of_keys_in_the_order_first_seen() -> None:
    assert write([{"b": 1, "a": 2}, {"c": 3, "a": 4}]) == "b,a,c\n1,2,\n,4,3\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0.1, "0.1"),
        (1 / 3, "0.3333333333333333"),
        (-5, "-5"),
        (-0.5, "-0.5"),
        (1e300, "1e+300"),
        (math.nan, ""),
        (-math.inf, ""),
        (np.float64(0.1), "0.1"),
        (np.int64(3), "3"),
        (np.bool_(True), "true"),
        (np.array([1.5, 2.0]), '"[1.5, 2.0]"'),
        (["a", "b"], '"[""a"", ""b""]"'),
        ([], "[]"),
        ("visits", "visits"),
        ("売上", "売上"),
        ("a, b", '"a, b"'),
        ('say "x"', '"say ""x"""'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
    ],
)
def test_a_cell_is_written_in_full(value: object, cell: str) -> None:
    assert write([{"x": value, "y": 1}]) == f"x,y\n{cell},1\n"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://a.b", "c")', "-15%"]
)
def test_a_text_that_a_spreadsheet_would_run_gets_a_quote_before_it(text: str) -> None:
    (header, row) = csv.reader(io.StringIO(write([{text: text, "n": -1}]), newline=""))
    assert header == [f"'{text}", "n"]
    assert row == [f"'{text}", "-1"]


def test_no_rows_are_no_text() -> None:
    assert write([]) == ""
    assert write([{}]) == ""


cells = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c d"]), cells, min_size=1), min_size=1, max_size=5))
def test_pythons_reader_finds_every_figure(rows: list[dict[str, object]]) -> None:
    found = list(csv.DictReader(io.StringIO(write(rows), newline=""), strict=True))
    assert len(found) == len(rows)
    for row, told in zip(rows, found, strict=True):
        for key, value in row.items():
            if isinstance(value, str):
                assert told[key] in (value, f"'{value}")
            elif isinstance(value, float) and math.isfinite(value):
                assert float(told[key]) == value
            elif isinstance(value, int):
                assert told[key] == (str(value).lower() if isinstance(value, bool) else str(value))
            else:
                assert told[key] == ""


def test_rows_come_back_as_texts(tmp_path: Path) -> None:
    path = tmp_path / "actuals.csv"
    path.write_bytes('\ufeffmonth,visits,"a, b"\r\n2027-01,120_000,"x ""y""\r\nz"\r\n\r\n2027-02,,\r\n'.encode())
    assert read(path) == [
        {"month": "2027-01", "visits": "120_000", "a, b": 'x "y"\r\nz'},
        {"month": "2027-02", "visits": "", "a, b": ""},
    ]


def test_blanks_around_the_name_of_a_column_are_not_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "actuals.csv"
    path.write_text("month , visits\n2027-01, 5\n")
    assert read(path) == [{"month": "2027-01", "visits": " 5"}]


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(write([{"a": None}, {"a": "x\ry"}]), newline="")
    assert read(path) == [{"a": ""}, {"a": "x\ry"}]


def test_standard_input_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a,b\n1,2\n")))
    assert read("-") == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "t.csv: the table is empty; its first line names the columns"),
        (b"\n\n", "t.csv: the table is empty; its first line names the columns"),
        (b"a,b\n1,2\n1,2,3\n", "t.csv:3: the row has 3 cells and the header 2; put quotes round a text with a comma"),
        (b"a,b\n1\n", "t.csv:2: the row has 1 cells and the header 2; put quotes round a text with a comma"),
        (b"a,b,a,b,c\n", "t.csv:1: the header names 'a' and 'b' more than once; keep one column of a name"),
        (b"a, a\n", "t.csv:1: the header names 'a' more than once; keep one column of a name"),
        (b'a\n"x', "t.csv:2: this is no CSV (unexpected end of data); check the quotes"),
        (b'a\n"x"y\n', "t.csv:2: this is no CSV (',' expected after '\"'); check the quotes"),
        (b"a\n" + b"x" * 200_000, "t.csv:2: this is no CSV (field larger than field limit (131072)); check the quotes"),
    ],
)
def test_a_wrong_table_is_refused(data: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_bytes(data)
    with pytest.raises(BadTable) as refused:
        read("t.csv")
    assert str(refused.value) == message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_bytes(b"a\ncaf\xe9\n")
    with pytest.raises(InvalidModel, match=r"^t\.csv:2:4: byte 0xe9 is not UTF-8 text; save the file as UTF-8$"):
        read("t.csv")
    with pytest.raises(TooLarge):
        read("t.csv", limit=3)
    with pytest.raises(NoFile):
        read("u.csv")
