"""How each family is drawn, against its quantile function and against chance itself."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import chi2, kstwobign

from leverage.sampling.cells import ERROR, ONE_SD
from leverage.sampling.draws import draws
from leverage.sampling.marginal import Exact, Scored, Turned, marginal, standard
from leverage.sampling.points import CHUNK
from leverage.sampling.table import Spare, Table
from leverage.tree.uncertainty import DISTRIBUTIONS, read

WAYS = {
    "normal(68, 9)": Scored,
    "lognormal(mean=68, sd=9)": Scored,
    "uniform(-1, 3)": Turned,
    "triangular(0, 3, 4)": Turned,
    "triangular(-2, -2, 4)": Turned,
    "triangular(-2, 4, 4)": Turned,
    "exponential(3)": Turned,
    "gumbel(1, 2)": Turned,
    "pert(10, 11, 14)": Table,
    "beta(2, 5)": Table,
    "gamma(2.4, 3)": Table,
    "weibull(1.5, 2)": Table,
    "student_t(4)": Table,
    "cauchy(1, 2)": Table,
    "arcsine(5, 9)": Table,
    "quantiles(p10=1, p50=2, p90=4, low=0)": Table,
    "truncated(normal(68, 9), low=60)": Table,
    "poisson(3.5)": Exact,
    "binomial(10, 30%)": Exact,
    "bernoulli(30%)": Exact,
    "discrete([1, 5, 2], [20%, 30%, 50%])": Exact,
    "truncated(poisson(3), low=2, high=6)": Exact,
    "truncated(triangular(0, 3, 4), low=1)": Exact,
}
SMOOTH = [text for text, way in WAYS.items() if way is not Exact]


def drawn(text: str, points: np.ndarray) -> np.ndarray:
    row = points.copy()
    marginal(read(text)).draw(row, Spare.of(len(row)))
    return row


def test_every_family_has_its_way() -> None:
    assert {text.partition("(")[0] for text in WAYS} == set(DISTRIBUTIONS) - {"history"}


@pytest.mark.parametrize("text", WAYS)
def test_a_leafs_way_is_told_by_its_distribution(text: str) -> None:
    assert type(marginal(read(text))) is WAYS[text]


@pytest.mark.parametrize("text", WAYS)
def test_draws_are_the_quantiles_of_their_points(text: str) -> None:
    """Tables within their error; closed forms within a few roundings of the level, or of 1 - p where that is small."""
    points = np.concatenate((np.random.default_rng(0).random(20_000), np.ldexp(1.0, -np.arange(1, 54))))
    points = np.concatenate((points, 1 - np.ldexp(1.0, -np.arange(1, 54))))
    leaf = read(text)
    wanted, found = leaf.quantile(points), drawn(text, points)
    if WAYS[text] is Exact:
        np.testing.assert_array_equal(found, wanted)
        return
    below, above = leaf.quantile(np.array([ONE_SD, 1 - ONE_SD]))
    allowed = ERROR * np.maximum((above - below) / 2, np.abs(wanted - leaf.median))
    if WAYS[text] is Turned:
        allowed = 16 * np.finfo(float).eps * (np.abs(wanted) + np.ptp(wanted))
    assert (np.abs(found - wanted) <= allowed).all()


@pytest.mark.parametrize("text", SMOOTH)
def test_draws_lie_within_the_support_even_at_a_point_of_0(text: str) -> None:
    points = np.concatenate(([0.0, 2.0**-54, 1 - 2.0**-53], np.random.default_rng(1).random(50_000)))
    low, high = read(text).support
    found = drawn(text, points)
    assert np.isfinite(found).all()
    assert ((found >= low) & (found <= high)).all()


@pytest.mark.parametrize("samples", [2 * CHUNK, pytest.param(10**6, marks=pytest.mark.slow)])
@pytest.mark.parametrize("text", SMOOTH)
def test_draws_pass_kolmogorovs_test_and_a_chi_square(text: str, samples: int) -> None:
    """By the exact shares of the draws, at a level of 1e-6 each. 200 even cells, and as many within the last 1/1000."""
    made = draws([("leaf", read(text))], seed=11, samples=samples, points="random")
    found = np.concatenate([row["leaf"].copy() for c in range(made.chunks) for _, _, row in made.blocks(c, CHUNK)])
    shares = np.sort(read(text).cdf(found))
    n = len(shares)
    steps = np.arange(n + 1) / n
    distance = max((steps[1:] - shares).max(), (shares - steps[:-1]).max())
    assert distance * math.sqrt(n) < kstwobign.isf(1e-6)
    for cells, low, high in ((200, 0, 1), (20, 0, 0.001), (20, 0.999, 1)):
        counts = np.histogram(shares, cells, (low, high))[0]
        mean = n * (high - low) / cells
        assert ((counts - mean) ** 2 / mean).sum() < chi2.isf(1e-6, cells)


def test_standard_scores_are_scipys() -> None:
    points = np.random.default_rng(2).random(100_000)
    found = points.copy()
    standard().draw(found, Spare.of(len(found)))
    assert np.abs(found - ndtri(points)).max() < 4e-9


def test_a_way_is_found_once_a_distribution_and_written_texts_do_not_matter() -> None:
    assert marginal(read("pert(10, 11, 14)")) is marginal(read("pert(low=10, mode=11, high=14)"))


def test_draws_travel_without_their_tables() -> None:
    made = draws([("a", read("pert(10, 11, 14)"))], seed=0, samples=CHUNK)
    before = len(pickle.dumps(made))
    first = next(made.blocks(0))[2]["a"].copy()
    assert len(pickle.dumps(made)) == before
    assert np.array_equal(next(pickle.loads(pickle.dumps(made)).blocks(0))[2]["a"], first)


def test_the_commonest_leaves_are_drawn_without_scipy() -> None:
    code = (
        "import sys\n"
        "from leverage.sampling.draws import draws\n"
        "from leverage.tree.uncertainty import read\n"
        "texts = ('normal(1, 2)', 'lognormal(3, 2)', 'uniform(0, 1)', 'triangular(0, 1, 3)', 'exponential(2)')\n"
        "made = draws([(text, read(text)) for text in texts], seed=0, samples=100_000)\n"
        "for start, stop, rows in made.blocks(0):\n"
        "    pass\n"
        "print(sorted({'scipy', 'pandas', 'networkx'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
