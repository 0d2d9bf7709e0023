"""The examples of the guide to measurement uncertainty, clause 9 of JCGM 101:2008 (GUM Supplement 1), as model files.

The document prints what its own draws gave, so a last digit may be chance's; where a closed form is known it decides.
Where a shortest interval lies is the least sure of all: printed ones are held to what they hold, and to their length.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from leverage.model import load
from leverage.verbs.simulate import Simulation

GUM = Path(__file__).parent / "gum"
SAMPLES = 2**18
ENDS = ("2.5%", "97.5%")


@cache
def ran(name: str, scenario: str = "base") -> Simulation:
    model = load(GUM / f"{name}.yaml")
    return model.simulate(scenario=scenario, samples=SAMPLES, quantiles=ENDS)


@pytest.mark.parametrize(
    ("name", "sd", "end", "digits"),
    [
        ("additive_normal", 2.00, 3.92, 2),  # 9.2.2
        ("additive_rectangular", 2.00, 3.88, 2),  # 9.2
        ("additive_dominant", 10.1, 17.0, 1),  # 9.2
    ],
)
def test_the_additive_models_give_the_printed_figures_digit_by_digit(
    name: str, sd: float, end: float, digits: int
) -> None:
    found = ran(name)["y"]
    assert abs(round(found.mean, 2)) == 0
    assert round(found.sd, digits) == sd
    assert [round(x, digits) for x in found.quantiles.tolist()] == [-end, end]


def test_four_rectangulars_end_where_their_closed_form_does() -> None:
    """The document's own: 2 sqrt(3) (2 - (3/5)**(1/4)); and the sd of the dominant case is sqrt(103)."""
    found = ran("additive_rectangular")["y"]
    end = 2 * math.sqrt(3) * (2 - 0.6**0.25)
    assert np.abs(found.quantiles - [-end, end]) == pytest.approx(0, abs=4 * float(found.quantile_errors.max()))
    assert ran("additive_dominant")["y"].sd == pytest.approx(math.sqrt(103), rel=1e-4)


def test_the_mass_has_the_printed_deviation_and_the_interval_that_first_order_propagation_misses() -> None:
    """Printed: 1.2341 mg, 0.0754 mg, [1.0834, 1.3825]. Exact: mean 1.2340, for the air's deviation from 1.2
    averages to 0; and var = 0.05**2 + 0.02**2 + 1e10 var(air) E(1/weight - 1/standard)**2, which is 0.0755**2."""
    found = ran("mass")["deviation"]
    assert found.mean == pytest.approx(1.2340, abs=5e-5)
    low, high = (7000, 9000), (7950, 8050)
    mean = [math.log(b / a) / (b - a) for a, b in (low, high)]
    square = [1 / (a * b) for a, b in (low, high)]
    both = square[0] + square[1] - 2 * mean[0] * mean[1]
    wanted = math.sqrt(0.05**2 + 0.02**2 + 100_001.234**2 * 0.2**2 / 12 * both)
    assert found.sd == pytest.approx(wanted, rel=1e-3)
    assert found.sd == pytest.approx(0.0754, abs=1e-4)
    assert found.sd > 1.39 * 0.0539  # of the first order alone
    holds("mass", "base", 1.0834, 1.3825)


LOSSES = [  # real part, r, printed: mean, sd, shortest 95 % interval, all x 1e-6 (9.4)
    ("comparison_loss", "base", (50, 50), (0, 150)),
    ("comparison_loss", "nearer", (150, 112), (0, 367)),
    ("comparison_loss", "farther", (2550, 502), (1590, 3543)),
    ("comparison_loss_correlated", "base", (50, 67), (0, 185)),
    ("comparison_loss_correlated", "nearer", (150, 121), (13, 398)),
    ("comparison_loss_correlated", "farther", (2550, 505), (1628, 3555)),
]


@pytest.mark.parametrize(("name", "scenario", "moments", "interval"), LOSSES)
def test_the_comparison_loss_has_the_printed_figures(
    name: str, scenario: str, moments: tuple[float, float], interval: tuple[float, float]
) -> None:
    found, (mean, sd) = ran(name, scenario)["loss"], moments
    assert round(1e6 * found.mean) == mean
    assert abs(1e6 * found.sd - sd) <= 1  # 504.5 is printed as 505
    holds(name, scenario, 1e-6 * interval[0], 1e-6 * interval[1])


def holds(name: str, scenario: str, low: float, high: float) -> None:
    """The printed interval holds 95 % of the draws, and no shorter one does but by a hundredth of its length.

    Its printed digits are worth at most 0.2 % of the draws, one unit of the last at either end.
    """
    ordered = np.sort(ran(name, scenario).samples())
    share = (np.searchsorted(ordered, high, side="right") - np.searchsorted(ordered, low)) / len(ordered)
    assert share == pytest.approx(0.95, abs=0.002)
    inside = round(0.95 * len(ordered))
    shortest = (ordered[inside:] - ordered[:-inside]).min()
    assert shortest == pytest.approx(high - low, rel=0.01)


@pytest.mark.parametrize(("scenario", "real"), [("base", 0.0), ("nearer", 0.01), ("farther", 0.05)])
def test_without_covariance_the_loss_is_a_noncentral_chi_squared(scenario: str, real: float) -> None:
    """Clause 9.4.2.1.2: y / u**2 has 2 degrees of freedom and the noncentrality (x1 / u)**2."""
    u = 0.005
    law = stats.ncx2(2, (real / u) ** 2, scale=u * u) if real else stats.chi2(2, scale=u * u)
    found = ran("comparison_loss", scenario)["loss"]
    assert abs(found.mean - law.mean()) <= 4 * found.standard_error
    assert abs(found.sd - law.std()) <= 4 * found.sd_error
    assert (np.abs(found.quantiles - law.ppf([0.025, 0.975])) <= 4 * found.quantile_errors).all()


def test_the_gauge_block_is_838_nm_with_36_nm() -> None:
    """Clause 9.5, where first-order propagation has 32 nm: the gaps' means are 0, so products count at second order."""
    found = ran("gauge_block")["deviation"]
    assert (round(found.mean), round(found.sd)) == (838, 36)


def test_the_gauge_blocks_shortest_99_percent_interval_is_the_printed_one() -> None:
    """Printed: [745, 932] nm."""
    ordered = np.sort(load(GUM / "gauge_block.yaml").simulate(samples=2**21).samples())
    inside = round(0.99 * len(ordered))
    first = int((ordered[inside:] - ordered[:-inside]).argmin())
    assert [round(float(ordered[at])) for at in (first, first + inside)] == [745, 932]


def test_the_gauge_blocks_interval_is_that_of_an_independent_sampling() -> None:
    """Its 99 % interval, in a million draws of NumPy's own; four standard errors of the difference are allowed."""
    rng, n = np.random.default_rng(11), 1_000_000
    standard, difference = 50_000_623 + 25 * rng.standard_t(18, n), 215 + 6 * rng.standard_t(24, n)
    noise = 4 * rng.standard_t(5, n) + 7 * rng.standard_t(8, n)
    gap, gap_of_heat = (
        (end := rng.uniform(low, high, n)) + (-2 * end) * rng.random(n)
        for low, high in ((-1.1e-6, -0.9e-6), (-0.075, -0.025))
    )
    heat = rng.normal(-0.1, 0.2, n) + 0.5 * np.sin(2 * math.pi * rng.random(n))
    values = standard + difference + noise - standard * (gap * heat + rng.uniform(9.5e-6, 13.5e-6, n) * gap_of_heat)
    levels = np.quantile(values - 50_000_000, [0.005, 0.995])
    near = np.quantile(values - 50_000_000, [0.004, 0.006, 0.994, 0.996])
    errors = np.array([near[1] - near[0], near[3] - near[2]]) / 0.002 * math.sqrt(0.005 * 0.995 / n)
    found = load(GUM / "gauge_block.yaml").simulate(samples=SAMPLES, quantiles=["0.5%", "99.5%"])["deviation"]
    assert (np.abs(found.quantiles - levels) <= 4 * np.hypot(errors, found.quantile_errors)).all()
