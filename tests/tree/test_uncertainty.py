"""Distributions as people write them: read, refused word by word, made of a range, and moved with their level."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leverage.errors import LeverageError, Place, UnknownName
from leverage.tree.arguments import KINDS, BadParameter
from leverage.tree.families.family import Family, Form, Parameter
from leverage.tree.families.unsmooth import NoSmoothDistribution
from leverage.tree.scenario import Move
from leverage.tree.tree import Level
from leverage.tree.uncertainty import DISTRIBUTIONS, BadRange, Past, limits, moved, ranged, read

SAME = {
    "normal(68, 9)": ("normal(mean=68, sd=9)", "normal(sd=9, mean=68)", " normal( 68,\n sd=9 )"),
    "beta(2, 5)": ("beta(2, 5, 0, 1)", "beta(beta=5, alpha=2)", "beta(2, 5, high=100%)"),
    "student_t(4)": ("student_t(4, 0, 1)", "student_t(4, scale=1)"),
    "uniform(120k, 2.5M)": ("uniform(120_000, 2_500_000)", "uniform(low=1.2e5, high=2.5e6)"),
    "bernoulli(30%)": ("bernoulli(0.3)", "bernoulli(p=0.3)"),
    "discrete([1, 2, 5], [20%, 30%, 50%])": (
        "discrete([5, 1, 2], [50%, 20%, 30%])",
        "discrete([1, 9, 2, 5], [.2, 0, .3, .5])",
    ),
    "quantiles(p10=1, p50=2, p90=4, low=0)": ("quantiles(low=0, p90=4, p50=2, p10=1)",),
    "truncated(normal(68, 9), high=90)": ("truncated(normal(sd=9, mean=68), high=90)",),
}


@pytest.mark.parametrize("text", SAME)
def test_one_distribution_may_be_written_in_several_ways(text: str) -> None:
    for other in SAME[text]:
        assert read(other) == read(text)
        assert hash(read(other)) == hash(read(text))
        assert read(other).text == other.strip()


def test_distributions_of_other_figures_or_families_differ() -> None:
    assert read("normal(68, 9)") != read("normal(68, 10)")
    assert read("gamma(2, 3)") != read("weibull(2, 3)")


def test_the_mean_and_sd_of_a_lognormal_are_those_of_the_variable_itself() -> None:
    """The second moment of exp(N(mu, sigma)) is exp(2 mu + 2 sigma^2)."""
    for mean, sd in ((68, 9), (1, 20), (3, 1e-9)):
        distribution = read(f"lognormal({mean}, {sd})")
        mu, sigma = distribution.parameters["mu"], distribution.parameters["sigma"]
        assert distribution.mean == pytest.approx(mean, rel=1e-13)
        # at a small sigma the variance is a difference of nearly equal squares; expm1 takes it whole
        assert mean * math.sqrt(math.expm1(sigma * sigma)) == pytest.approx(sd, rel=1e-13)
        assert distribution.median == pytest.approx(math.exp(mu), rel=1e-15)


@pytest.mark.parametrize(
    "text", ["normal(p10=-1, p90=4)", "normal(p01=2, p35=3)", "lognormal(p10=1, p90=4)", "lognormal(p60=1, p99=4)"]
)
def test_two_quantiles_are_passed_through(text: str) -> None:
    figures = [argument.split("=") for argument in text[text.index("(") + 1 : -1].split(", ")]
    distribution = read(text)
    for name, figure in figures:
        assert float(distribution.quantile(np.array(int(name[1:]) / 100))) == pytest.approx(float(figure), rel=1e-13)


FORM, COUNTED = "normal(mean, sd)", "above 0 and at most 100M (beyond, write normal(mean, sd) with sd the root of mean)"
CERTAIN = "a figure without doubt needs no 'uncertainty'"
UNIFORM, PERT, DISCRETE = "uniform(low, high)", "pert(low, mode, high)", "discrete([values], [weights])"
APART = "low and high are too far apart for numbers to hold; write smaller ones"
NORMAL = "normal(mean, sd) or normal(p10=, p90=)"
LOGNORMAL = "lognormal(mean, sd), lognormal(mu=, sigma=) or lognormal(p10=, p90=)"
QUANTILES = "quantiles(p10=, p50=, p90=, low=, high=)"
TRUNCATED = "truncated(distribution, low=, high=)"
BINOMIAL = "binomial(n, p): n must be a whole number from 1 to 100M (beyond, write normal(mean, sd))"
REFUSED = {
    "lognorml(68, 9)": "1:1: unknown distribution 'lognorml'; did you mean 'lognormal'?",
    "normal(68)": f"1:1: {NORMAL}: sd must be given",
    "normal()": f"1:1: {NORMAL}: mean and sd must be given",
    "normal(68, 9, 3)": f"1:15: {NORMAL}: takes 2 by position, found 3",
    "normal(68, stdev=9)": f"1:12: {NORMAL}: there is no argument 'stdev'",
    "normal(68, sdd=9)": f"1:12: {NORMAL}: there is no argument 'sdd'; did you mean 'sd'?",
    "normal(68, 9, mean=3)": f"1:20: {NORMAL}: 'mean' is given twice",
    "normal(68, sd=-9)": f"1:15: {FORM}: sd must be above 0 ({CERTAIN}), found -9",
    "normal(price, 9)": "1:8: normal(mean, sd): mean must be a number, found price",
    "normal([1, 2], 9)": "1:8: normal(mean, sd): mean must be a number, found [1, 2]",
    "normal(p10=3)": f"1:1: {NORMAL}: takes two quantiles of p01 ... p99, found 1",
    "normal(p10=1, p50=2, p90=3)": (
        f"1:1: {NORMAL}: takes two quantiles of p01 ... p99, found 3; quantiles(...) takes three or more"
    ),
    "normal(p10=3, p90=1)": (
        "1:1: normal(p10=, p90=): quantiles must rise, and p90=1 is not above p10=3; write them in rising order"
    ),
    "normal(p10=3, mean=1)": f"1:1: {NORMAL}: p10 and mean do not go together",
    "normal(p5=3, p90=5)": f"1:8: {NORMAL}: there is no argument 'p5'; did you mean 'p05'?",
    "normal(p00=3, p90=5)": f"1:8: {NORMAL}: there is no argument 'p00'; did you mean 'p90'?",
    "lognormal(mean=3, sigma=1)": f"1:1: {LOGNORMAL}: mean and sigma do not go together",
    "lognormal(1, sigma=2)": f"1:11: {LOGNORMAL}: takes all arguments by name",
    "lognormal(mean=-3, sd=1)": "1:16: lognormal(mean, sd): mean must be above 0, found -3",
    "lognormal(p10=-1, p90=4)": (
        "1:1: lognormal(p10=, p90=): p10 must be above 0, found -1; normal(...) has figures on both sides of 0"
    ),
    "lognormal(mean=1e-300, sd=1e300)": "1:1: lognormal(mean, sd): the figures are too far apart for numbers to hold",
    "triangular(5, 3, 9)": (
        "1:1: triangular(low, mode, high): low, mode, high must rise, found 5, 3, 9; write low=3, mode=5, high=9"
    ),
    "pert(3%, 3%, 3%)": f"1:1: {PERT}: low and high are both 3%; {CERTAIN}",
    "uniform(5, 3)": "1:1: uniform(low, high): low, high must rise, found 5, 3; write low=3, high=5",
    "uniform(-1e308, 1e308)": f"1:1: {UNIFORM}: {APART}",
    "beta(2, 5, low=4)": "1:1: beta(alpha, beta, low=0, high=1): low, high must rise, found 4, 1; write low=1, high=4",
    "beta(2, 0)": "1:9: beta(alpha, beta, low=0, high=1): beta must be above 0, found 0",
    "binomial(3.5, 20%)": f"1:10: {BINOMIAL}, found 3.5",
    "binomial(10, 120%)": "1:14: binomial(n, p): p must be from 0 to 1, found 120%",
    "poisson(1B)": (f"1:9: poisson(mean): mean must be {COUNTED}, found 1B"),
    "discrete([1, 2], [1])": f"1:1: {DISCRETE}: each value needs its weight, found 2 and 1 of them",
    "discrete([1, 2], [2, -1])": (f"1:1: {DISCRETE}: weights must be 0 or more, and one above 0, found [2, -1]"),
    "discrete(1, 2)": "1:10: discrete([values], [weights]): values must be a list of numbers in [ ], found 1",
    "quantiles(p10=1, p50=2)": f"1:1: {QUANTILES}: takes 3 to 19 quantiles of p01 ... p99, found 2",
    "quantiles(1, 2, 3)": f"1:11: {QUANTILES}: takes all arguments by name",
    "quantiles(p10=1, p50=2, p90=4, low=1)": f"1:1: {QUANTILES}: low=1 must be below p10=1; lower it, or leave it out",
    "quantiles(p10=1, p50=2, p90=4, high=3)": (
        f"1:1: {QUANTILES}: high=3 must be above p90=4; raise it, or leave it out"
    ),
    "quantiles(p10=1.9%, p50=3%, p90=3.1%, low=0, high=1)": (
        "1:1: no smooth distribution has P10 1.9%, P50 3%, P90 3.1%: they would fold back above P75; the nearest that "
        "would not are p10=1.93%, p50=2.92%, p90=3.18%, or move p50 to between 2.07% and 2.85%"
    ),
    "truncated(normal(68, 9))": f"1:1: {TRUNCATED}: found no bound; give low=, high= or both",
    "truncated(normal(68, 9), low=3, high=2)": (
        f"1:1: {TRUNCATED}: low=3 is not below high=2; write the lower one as low"
    ),
    "truncated(normal(68, 9), low=900)": (
        f"1:1: {TRUNCATED}: normal(68, 9) has no draws above 900; move the bounds into its range"
    ),
    "truncated(uniform(0, 1), low=2, high=3)": (
        f"1:1: {TRUNCATED}: uniform(0, 1) has no draws above 2 and below 3; move the bounds into its range"
    ),
    "truncated(68, low=3)": f"1:11: {TRUNCATED}: distribution must be one such as normal(68, sd=9), found 68",
    "truncated(normal(68, -9), low=3)": (f"1:22: {FORM}: sd must be above 0 ({CERTAIN}), found -9"),
    "history(visits)": (
        "1:1: history(metric): nothing is recorded of 'visits', and it takes two or more; list them under "
        "actuals: {visits: [FIGURE, FIGURE]}, or name a file there that has them"
    ),
    "history(3)": "1:9: history(metric): metric must be the id of one, found 3",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_refusal_says_what_is_wrong_and_what_to_write(text: str) -> None:
    with pytest.raises(LeverageError) as caught:
        read(text)
    assert str(caught.value) == REFUSED[text]


RIGHT = {  # of every form, arguments that it takes
    "normal(mean, sd)": {"mean": "68", "sd": "9"},
    "student_t(df, loc=0, scale=1)": {"df": "4", "loc": "1", "scale": "2"},
    "cauchy(loc, scale)": {"loc": "1", "scale": "2"},
    "gumbel(loc, scale)": {"loc": "1", "scale": "2"},
    "lognormal(mean, sd)": {"mean": "68", "sd": "9"},
    "lognormal(mu=, sigma=)": {"mu": "4", "sigma": "0.2"},
    "gamma(shape, scale)": {"shape": "2", "scale": "3"},
    "weibull(shape, scale)": {"shape": "2", "scale": "3"},
    "exponential(mean)": {"mean": "3"},
    "uniform(low, high)": {"low": "1", "high": "3"},
    "triangular(low, mode, high)": {"low": "1", "mode": "2", "high": "4"},
    "pert(low, mode, high)": {"low": "1", "mode": "2", "high": "4"},
    "beta(alpha, beta, low=0, high=1)": {"alpha": "2", "beta": "5", "low": "1", "high": "4"},
    "arcsine(low, high)": {"low": "1", "high": "3"},
    "poisson(mean)": {"mean": "3"},
    "binomial(n, p)": {"n": "8", "p": "30%"},
    "bernoulli(p)": {"p": "30%"},
    "discrete([values], [weights])": {"values": "[1, 2]", "weights": "[3, 4]"},
    "quantiles(p10=, p50=, p90=, low=, high=)": {"p10": "1", "p50": "2", "p90": "4", "low": "0", "high": "9"},
    "truncated(distribution, low=, high=)": {"distribution": "normal(1, 2)", "low": "0", "high": "3"},
    "history(metric)": {"metric": "visits"},
    "normal(p10=, p90=)": {"p10": "1", "p90": "4"},
    "lognormal(p10=, p90=)": {"p10": "1", "p90": "4"},
}
OUTSIDE = {  # by the words of a domain, figures that are not in it
    "a number": (),
    "above 0": ("0", "-3", "-1%"),
    f"above 0 ({CERTAIN})": ("0", "-3", "-1%"),
    "from 0 to 1": ("-0.1", "1.1", "101%", "30"),
    COUNTED: ("0", "-3", "101M"),
    "a whole number from 1 to 100M (beyond, write normal(mean, sd))": ("0", "-3", "2.5", "30%", "101M"),
}
OF_ANOTHER_KIND = {
    "number": ("price", "nan", "[1, 2]", "normal(0, 1)"),
    "numbers": ("price", "3", "normal(0, 1)"),
    "distribution": ("price", "3", "[1, 2]"),
    "metric": ("3", "[1, 2]", "normal(0, 1)"),
}
FORMS = [(row, form) for row in DISTRIBUTIONS.values() for form in row.forms]


def test_every_form_has_arguments_that_are_tried() -> None:
    assert set(RIGHT) == {form.signature for _, form in FORMS}
    assert {parameter.domain.words for _, form in FORMS for parameter in form.parameters} == set(OUTSIDE)


@pytest.mark.parametrize(("row", "form"), FORMS, ids=[form.signature for _, form in FORMS])
def test_every_parameter_of_every_form_refuses_wrong_figures_with_the_mend(row: Family, form: Form) -> None:
    """By the table itself: what a parameter's domain and kind keep out is refused where it stands, in their words."""

    def told(**arguments: str) -> str:
        return f"{row.name}({', '.join(f'{name}={text}' for name, text in arguments.items())})"

    right = RIGHT[form.signature]
    read(told(**right), past=lambda id: Past(id, (1.0, 2.0)))
    quantiles = [Parameter(name) for name in right if form.quantiles and name.startswith("p")]
    for parameter in (*form.parameters, *quantiles):
        domain, kind = parameter.domain.words, parameter.kind
        wrong = dict.fromkeys(OUTSIDE[domain], f"{parameter.name} must be {domain}")
        wrong |= dict.fromkeys(OF_ANOTHER_KIND[kind], f"{parameter.name} must be {KINDS[kind]}")
        for text, message in wrong.items():
            with pytest.raises(LeverageError) as caught:
                read(told(**{**right, parameter.name: text}), at=Place("m.yaml", 3, 1), metric="price")
            assert str(caught.value).startswith("m.yaml:3:")
            assert caught.value.message == f"{form.signature}: {message}, found {text}"
            assert caught.value.metric == "price"


TOGETHER = {  # figures of which each is right, and which do not go together
    "uniform(3, 1)": "write low=1, high=3",
    "uniform(1, 1)": CERTAIN,
    "arcsine(3, 1)": "write low=1, high=3",
    "triangular(1, 9, 4)": "write low=1, mode=4, high=9",
    "pert(1, 0, 4)": "write low=0, mode=1, high=4",
    "beta(2, 5, low=2)": "write low=1, high=2",
    "beta(2, 5, high=0)": CERTAIN,
    "normal(p10=4, p90=1)": "write them in rising order",
    "normal(p10=4, p90=4)": "write them in rising order",
    "lognormal(p10=4, p90=1)": "write them in rising order",
    "lognormal(p10=0, p90=1)": "normal(...) has figures on both sides of 0",
    "quantiles(p10=1, p50=0, p90=4)": "write them in rising order",
    "quantiles(p10=1, p50=2, p90=4, low=2)": "lower it, or leave it out",
    "quantiles(p10=1, p50=2, p90=4, high=4)": "raise it, or leave it out",
    "discrete([1, 2, 3], [1, 2])": "each value needs its weight",
    "discrete([1, 2], [0, 0])": "weights must be 0 or more, and one above 0",
    "discrete([1, 2], [-1, 2])": "weights must be 0 or more, and one above 0",
    "truncated(normal(0, 1), low=3, high=1)": "write the lower one as low",
    "truncated(normal(0, 1), low=1, high=1)": "write the lower one as low",
    "truncated(history(visits), low=3)": "move the bounds into its range",
    "truncated(poisson(3), low=3.2, high=3.8)": "move the bounds into its range",
}


@pytest.mark.parametrize("text", TOGETHER)
def test_figures_that_do_not_go_together_are_refused_with_the_mend(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        read(text, at=Place("m.yaml", 3, 1), metric="price", past=lambda id: Past(id, (1.0, 2.0)))
    assert str(caught.value).startswith("m.yaml:3:1: metric 'price': ")
    assert TOGETHER[text] in str(caught.value)


def test_refusals_are_one_class_a_cause_and_know_their_place_and_metric() -> None:
    causes = {"nrml(1, 2)": UnknownName, "normal(1, -2)": BadParameter, "history(a)": BadParameter}
    causes["quantiles(p10=1, p50=3.9, p90=4)"] = NoSmoothDistribution
    for text, cause in causes.items():
        with pytest.raises(cause) as caught:
            read(text, at=Place("shop.yaml", 14, 20), metric="price")
        column = 20 + (text.index("-2") if "-2" in text else 0)
        assert str(caught.value).startswith(f"shop.yaml:14:{column}: ")
        assert ": metric 'price': " in str(caught.value)


def test_a_signature_names_every_parameter() -> None:
    for row in DISTRIBUTIONS.values():
        for form in row.forms:
            assert form.signature.startswith(f"{row.name}(")
            assert all(parameter.name.removesuffix("s") in form.signature for parameter in form.parameters)


def test_a_range_is_short_for_three_quantiles_with_the_obvious_bounds() -> None:
    share = ranged(0.019, 0.024, 0.031, percent=True, text="[1.9%, 3.1%]")
    assert share == read("quantiles(p10=1.9%, p50=2.4%, p90=3.1%, low=0, high=1)")
    assert share.text == "[1.9%, 3.1%]"
    assert ranged(50, 68, 90) == read("quantiles(p10=50, p50=68, p90=90, low=0)")
    assert ranged(0.019, 0.024, 0.031) == read("quantiles(p10=1.9%, p50=2.4%, p90=3.1%, low=0)")
    assert ranged(0.8, 0.9, 1.2, percent=True) == read("quantiles(p10=80%, p50=90%, p90=120%, low=0)")
    assert ranged(0, 2, 5) == read("quantiles(p10=0, p50=2, p90=5)")
    assert ranged(-3, 2, 5) == read("quantiles(p10=-3, p50=2, p90=5)")


@settings(max_examples=50, deadline=None)
@given(low=st.floats(1e-6, 1e6), up=st.floats(1.001, 10), more=st.floats(1.001, 10), percent=st.booleans())
def test_a_range_has_its_ends_for_p10_and_p90(low: float, up: float, more: float, percent: bool) -> None:
    figures = np.array([low, low * up, low * up * more])
    try:
        distribution = ranged(*figures, percent=percent)
    except NoSmoothDistribution:
        return
    # a figure near 1 keeps its distance to that bound only to a rounding of 1
    np.testing.assert_allclose(distribution.quantile(np.array([0.1, 0.5, 0.9])), figures, rtol=1e-12)
    assert distribution.median == figures[1]


RANGES = {
    (3.0, 2.0, 1.0): "the range [3, 1] has its ends the wrong way round; write [1, 3]",
    (1.0, 1.0, 1.0): "both ends of the range are 1; a figure without doubt needs no range",
    (1.0, 5.0, 4.0): "the value 5 does not lie within its range [1, 4], the P10 and P90; move one of them",
    (1.0, 1.0, 4.0): "the value 1 does not lie within its range [1, 4], the P10 and P90; move one of them",
}


@pytest.mark.parametrize("figures", RANGES)
def test_a_range_that_does_not_stand_round_its_value_is_refused(figures: tuple[float, float, float]) -> None:
    with pytest.raises(BadRange) as caught:
        ranged(*figures, at=Place("shop.yaml", 3, 12), metric="price")
    assert str(caught.value) == f"shop.yaml:3:12: metric 'price': {RANGES[figures]}"


def test_a_range_that_no_distribution_has_says_where_the_value_would_have_to_lie() -> None:
    with pytest.raises(NoSmoothDistribution) as caught:
        ranged(0.019, 0.03, 0.031, percent=True, metric="rate")
    assert str(caught.value) == (
        "metric 'rate': no smooth distribution has P10 1.9%, P50 3%, P90 3.1%: they would fold back above P75; the "
        "nearest that would not are value: 2.92% with range: [1.93%, 3.18%], or "
        "move the value to between 2.07% and 2.85%"
    )


def test_reading_a_file_loads_no_scipy() -> None:
    """The median, which stands for a value that is left out, has a closed form for the common families."""
    texts = [
        "normal(68, 9)",
        "normal(p10=1, p90=2)",
        "lognormal(mean=68, sd=9)",
        "uniform(1, 2)",
        "triangular(1, 2, 4)",
    ]
    texts += ["quantiles(p10=1, p50=2, p90=4)", "exponential(3)", "weibull(2, 3)", "gumbel(1, 2)", "bernoulli(0.3)"]
    code = (
        "import sys; from leverage.tree.uncertainty import read, ranged\n"
        f"[read(text).median for text in {texts}], ranged(1, 2, 3).median, read('gamma(2, 3)').mean\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('scipy', 'pandas', 'matplotlib')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


DRAWS = np.array([10.0, 20, 30])
PLAIN = read("normal(20, 9)")


def test_draws_of_a_leaf_that_did_not_move_are_returned_as_they_are() -> None:
    for distribution in (PLAIN, read("truncated(normal(20, 9), low=15, high=25)")):
        draws, clipped = moved(DRAWS, distribution, Level(20.0, 20.0))
        assert draws is DRAWS
        assert clipped == 0


def test_a_change_multiplies_and_everything_else_shifts() -> None:
    stand = Level(20.0, 20.0)
    changed = stand.moved(Move("a", "change", -0.15))
    for level, expected in (
        (changed, [8.5, 17, 25.5]),
        (stand.moved(Move("a", "set", 26.0)), [16, 26, 36]),
        (stand.moved(Move("a", "add", -3.0)), [7, 17, 27]),
        (changed.moved(Move("a", "add", 2.0)), [10.5, 19, 27.5]),
        (changed.moved(Move("a", "set", 26.0)), [17.5, 26, 34.5]),
    ):
        draws, clipped = moved(DRAWS, PLAIN, level)
        np.testing.assert_allclose(draws, expected, rtol=1e-15)
        assert clipped == 0
    np.testing.assert_array_equal(DRAWS, [10, 20, 30])


def test_the_median_of_moved_draws_is_the_level() -> None:
    distribution = read("lognormal(mean=68, sd=9)")
    level = Level(distribution.median, distribution.median).moved(Move("a", "set", 90.0))
    draws, _ = moved(distribution.quantile(np.linspace(0.001, 0.999, 999)), distribution, level)
    assert np.median(draws) == pytest.approx(90, rel=1e-13)


def test_a_certain_level_ends_the_doubt() -> None:
    draws, clipped = moved(np.array([1.0, np.inf]), PLAIN, Level(20.0, 20.0).moved(Move("a", "set", 7.0, certain=True)))
    np.testing.assert_array_equal(draws, [7, 7])
    assert clipped == 0


def test_draws_beyond_the_limits_of_the_figure_are_put_there_and_counted() -> None:
    rates, share = np.array([0.5, 0.9, 0.98]), ranged(0.8, 0.9, 0.95, percent=True)
    draws, clipped = moved(rates, share, Level(0.9, 0.9).moved(Move("a", "add", 0.05)))
    np.testing.assert_allclose(draws, [0.55, 0.95, 1])
    assert clipped == 1
    draws, clipped = moved(DRAWS, read("gamma(4, 5)"), Level(20.0, 20.0).moved(Move("a", "set", 5.0)))
    np.testing.assert_array_equal(draws, [0, 5, 15])
    assert clipped == 1
    draws, clipped = moved(DRAWS, read("truncated(normal(20, 9), low=5, high=31)"), Level(20.0, 24.0))
    np.testing.assert_array_equal(draws, [14, 24, 31])
    assert clipped == 1


def test_ends_that_only_say_how_far_the_doubt_reaches_move_with_the_level() -> None:
    """A price between 10 and 30 that is raised by a half lies between 15 and 45; only 0 and shares of 1 are limits."""
    for text in ("uniform(10, 30)", "triangular(10, 20, 30)", "pert(10, 20, 30)", "discrete([10, 20, 30], [1, 1, 1])"):
        draws, clipped = moved(DRAWS, read(text), Level(20.0, 20.0).moved(Move("a", "change", 0.5)))
        np.testing.assert_array_equal(draws, [15, 30, 45])
        assert clipped == 0
    assert read("uniform(0, 1)").limits == read("beta(2, 5)").limits == (0, 1)
    assert read("uniform(0, 30)").limits == read("poisson(3)").limits == (0, math.inf)
    assert read("uniform(-30, 0)").limits == (-math.inf, 0)
    assert read("truncated(uniform(10, 30), low=12)").limits == (12, math.inf)
    assert read("binomial(8, 0.3)").limits == (0, 8)
    assert read("normal(3, 1)").limits == (-math.inf, math.inf)


@pytest.mark.parametrize(("factor", "ends"), [(2.0, (0.0, 2.0)), (-2.0, (-2.0, 0.0)), (0.0, (-np.inf, np.inf))])
def test_limits_are_multiplied_as_the_draws_are(factor: float, ends: tuple[float, float]) -> None:
    assert limits(read("beta(2, 3)"), factor) == ends


@pytest.mark.parametrize("factor", [0.25, 3.0, -3.0])
def test_a_factor_multiplies_the_draws_before_the_level_moves_them(factor: float) -> None:
    leaf, shares = read("beta(2, 3)"), np.linspace(0.01, 0.99, 99)
    base, draws = 0.4 * factor, read("beta(2, 3)").quantile(shares)
    still, clipped = moved(draws, leaf, Level(base, base), factor)
    assert (still.tobytes(), clipped) == ((factor * draws).tobytes(), 0)
    changed, _ = moved(draws, leaf, Level(base, base).moved(Move("a", "change", -0.5)), factor)
    np.testing.assert_allclose(changed, 0.5 * still, rtol=1e-15)  # one rounding each
    added, clipped = moved(draws, leaf, Level(base, base).moved(Move("a", "add", 0.1)), factor)
    np.testing.assert_allclose(added, np.clip(still + 0.1, *sorted((0.0, factor))), rtol=1e-15, atol=1e-16)
    assert clipped == np.count_nonzero(still + 0.1 > max(0.0, factor))


def test_draws_that_are_multiplied_by_0_stand_at_their_level() -> None:
    draws, leaf = np.array([1.0, np.inf]), read("lognormal(mean=1, sd=1)")
    assert moved(draws, leaf, Level(0.0, 0.0), 0.0)[0].tolist() == [0, 0]
    assert moved(draws, leaf, Level(0.0, 0.0).moved(Move("a", "set", -7.0)), 0.0)[0].tolist() == [-7, -7]


def test_draws_may_be_moved_where_they_are() -> None:
    rows = np.array([[1.0, 2.0], [0.0, 0.0]])
    level = Level(20.0, 20.0).moved(Move("a", "change", 1.0))
    assert moved(rows[0], PLAIN, level, out=rows[1])[0].tolist() == rows[1].tolist() == [2, 4]
    moved(rows[0], PLAIN, level, 3.0, rows[0])
    assert rows[0].tolist() == [6, 12]
