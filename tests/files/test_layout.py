"""What is written reads back, and reads well."""

from hypothesis import given, settings

from leverage.files.layout import WIDTH
from leverage.files.plain import Mapping, Plain, Scalar, Sequence, from_python, to_python
from leverage.files.yaml import read, write
from tests.files.plains import plains

MODEL = """\
kgi: profit
time:
  periods: 12
  start: 2027-01
metrics:
  profit: revenue - cost
  purchase_rate:
    value: 2.4%
    range: [1.9%, 3.1%]
    unit: order/visit
    lever: {min: 2%, max: 4%, cost: {budget: 50k per 0.1%}}
    note: the team can move it, within bounds, at a price
    owner: "12"
  order_value: {value: 68, uncertainty: "lognormal(mean=68, sd=9)"}
  \u58f2\u4e0a: visits * (1 - churn)
  note:
    note: |-
      Why it exists
        and how it is counted: once.

      # twice
correlations:
  - [purchase_rate, order_value, -0.3]
log:
  - date: 2027-01-15
    by: CEO
    what: split visits by channel, and again by country, and then by every other thing that was measured
  - {date: 2027-01-14, by: CEO, what: "why: because"}
scenarios: {}
actuals: ~
"""


def bare(value: Plain) -> object:
    """Without places, and each scalar with whether it is quoted."""
    if isinstance(value, Mapping):
        return {key: bare(item) for key, item in value.entries.items()}
    if isinstance(value, Sequence):
        return [bare(item) for item in value.items]
    return value.text, value.quoted


@settings(deadline=None, max_examples=150)
@given(plains.filter(lambda plain: not isinstance(plain, Scalar) or plain.text != ""))
def test_what_is_written_reads_back_to_the_same_data(plain: Plain) -> None:
    assert to_python(read(write(plain))) == to_python(plain)


@settings(deadline=None, max_examples=120)
@given(plains.filter(lambda plain: not isinstance(plain, Scalar) or plain.text != ""))
def test_what_was_read_is_written_with_the_same_quotes(plain: Plain) -> None:
    once = read(write(plain))
    assert bare(read(write(once))) == bare(once)


@settings(deadline=None, max_examples=100)
@given(plains.filter(lambda plain: not isinstance(plain, Scalar) or plain.text != ""))
def test_writing_what_was_read_changes_nothing_more(plain: Plain) -> None:
    once = write(read(write(plain)))
    assert write(read(once)) == once


def test_a_model_is_laid_out_as_people_write_it() -> None:
    assert write(read(MODEL)) == MODEL


def test_lines_in_brackets_keep_to_the_width() -> None:
    wide = from_python({"metrics": {f"m{n}": {"value": 1, "note": "x" * n} for n in range(200)}})
    lines = [line for line in write(wide).splitlines() if "{" in line]
    assert max(map(len, lines)) == WIDTH


def test_a_key_too_long_for_yaml_is_written_with_its_question_mark() -> None:
    plain = from_python({"x" * 1100: {"a": 1}, "b": {"y" * 1100: [2]}})
    assert to_python(read(write(plain))) == {"x" * 1100: {"a": "1"}, "b": {"y" * 1100: ["2"]}}


def test_as_deep_as_reading_allows_can_be_written() -> None:
    plain: Plain = Scalar("x")
    for level in range(100):
        plain = Sequence([plain]) if level % 2 else Mapping({"a": plain}, {"a": Scalar("a")})
    assert to_python(read(write(plain))) == to_python(plain)
