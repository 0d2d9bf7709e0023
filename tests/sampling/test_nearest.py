import numpy as np
import pytest
from scipy.optimize import minimize

from leverage.sampling.completion import completion
from leverage.sampling.nearest import consistent, factor, nearest


def symmetric(size, seed):
    """Correlations that contradict each other."""
    matrix = np.random.default_rng(seed).uniform(-1, 1, (size, size))
    matrix = np.triu(matrix, 1)
    return matrix + matrix.T + np.eye(size)


def test_highams_example_of_three_agrees_with_its_closed_form():
    """By symmetry the answer is (1 a b; a 1 a; b a 1) with b = 2 a**2 - 1 on the edge of the cone, and a minimises
    4 (1 - a)**2 + 2 (2 a**2 - 1)**2: a root of 4 a**3 - a - 1. The paper prints 0.7607 and 0.1573, distance 0.5278."""
    a = next(root.real for root in np.roots([4, 0, -1, -1]) if abs(root.imag) < 1e-12)
    b = 2 * a**2 - 1
    given = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])
    found = nearest(given)
    assert found == pytest.approx(np.array([[1, a, b], [a, 1, a], [b, a, 1]]), abs=1e-8)
    assert np.linalg.norm(found - given) == pytest.approx(0.5278, abs=5e-5)


def test_highams_example_of_four_agrees_with_the_printed_digits():
    given = np.array([[2.0, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]])
    printed = np.array(
        [
            [1.0, -0.8084, 0.1916, 0.1068],
            [-0.8084, 1.0, -0.6562, 0.1916],
            [0.1916, -0.6562, 1.0, -0.8084],
            [0.1068, 0.1916, -0.8084, 1.0],
        ]
    )
    assert nearest(given) == pytest.approx(printed, abs=5e-5)


@pytest.mark.parametrize(("size", "seed"), [(3, 0), (5, 1), (8, 2), (20, 3)])
def test_no_matrix_is_nearer(size, seed):
    """The conditions of Karush, Kuhn and Tucker, which a convex problem's only answer meets: with X - A = Z off the
    diagonal and Z X = 0, Z has no negative eigenvalue."""
    given = symmetric(size, seed)
    found = nearest(given)
    assert not consistent(given)
    assert consistent(found)
    assert np.array_equal(np.diag(found), np.ones(size))
    multiplier = found - given
    np.fill_diagonal(multiplier, 0.0)
    np.fill_diagonal(multiplier, -(multiplier * found).sum(axis=1))
    assert np.abs(multiplier @ found).max() < 1e-6
    assert np.linalg.eigvalsh(multiplier)[0] > -1e-6


def test_a_matrix_that_is_consistent_is_its_own_nearest():
    given = np.array([[1, 0.5, -0.3], [0.5, 1, 0.2], [-0.3, 0.2, 1]])
    assert consistent(given)
    assert nearest(given) == pytest.approx(given, abs=1e-12)


def test_the_factor_gives_the_matrix_back():
    given = np.array([[1, 0.5, -0.3], [0.5, 1, 0.2], [-0.3, 0.2, 1]])
    lower = factor(given)
    assert lower @ lower.T == pytest.approx(given, abs=1e-15)
    assert lower == pytest.approx(np.linalg.cholesky(given), abs=1e-15)


@pytest.mark.parametrize("given", [np.ones((3, 3)), np.array([[1.0, -1], [-1, 1]]), nearest(symmetric(12, 4))])
def test_a_matrix_on_the_edge_has_a_factor_too(given):
    """Rounding leaves 1e-10 under the root, hence 1e-5."""
    lower = factor(given)
    assert lower @ lower.T == pytest.approx(given, abs=1e-5)
    assert np.linalg.norm(lower, axis=1) == pytest.approx(np.ones(len(given)), abs=1e-15)
    assert not np.triu(lower, 1).any()


def some(size, share, seed):
    """Some pairs named, a circle of them among others, that contradict each other."""
    known = np.triu(np.random.default_rng(seed).random((size, size)) < share, 1) | np.eye(size, k=1, dtype=bool)
    known[0, -1] = True
    given = symmetric(size, seed)
    known = known | known.T | np.eye(size, dtype=bool)
    return np.where(known, np.sign(given) * np.sqrt(np.abs(given)), 0.0), known


@pytest.mark.parametrize(("size", "share", "seed"), [(4, 0.0, 0), (4, 0.5, 6), (5, 0.3, 8)])
def test_of_named_pairs_alone_no_matrix_is_nearer_than_what_scipy_finds(size, share, seed):
    """Over factors with rows of length 1, which have every correlation matrix, from 8 starts. A hair inside the
    edge, 1e-7, the sum of squares is at most that times the size above the least (Boyd and Vandenberghe 2004, 11.2)."""
    given, known = some(size, share, seed)
    assert completion(given, known) is None
    counted = np.triu(known, 1)

    def squares(parts):
        rows = parts.reshape(size, size)
        rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return float(((rows @ rows.T - given)[counted] ** 2).sum())

    starts = np.random.default_rng(0).normal(size=(8, size * size))
    ends = [minimize(squares, start, method="SLSQP", options={"maxiter": 500, "ftol": 1e-14}).fun for start in starts]
    found = float(((nearest(given, known) - given)[counted] ** 2).sum())
    assert found == pytest.approx(min(ends), rel=1e-6, abs=1e-7 * size)


@pytest.mark.parametrize(("size", "share", "seed"), [(4, 0.0, 0), (6, 0.4, 1), (10, 0.5, 2), (20, 0.6, 3)])
def test_what_is_nearest_in_named_pairs_meets_the_conditions_for_it(size, share, seed):
    """As above, where Z is 0 at pairs that are not named. A hair inside the edge, 1e-7, ``Z X`` is ``1e-7 * identity``:
    so Z and the moves are exact to about its root."""
    given, known = some(size, share, seed)
    found = nearest(given, known)
    multiplier = np.where(known, found - given, 0.0)
    np.fill_diagonal(multiplier, 0.0)
    np.fill_diagonal(multiplier, -(multiplier * found).sum(axis=1))
    assert consistent(found)
    assert np.abs(multiplier).max() > 0.01
    assert np.abs(multiplier @ found).max() < 1e-6
    assert np.linalg.eigvalsh(multiplier)[0] > -1e-6


@pytest.mark.parametrize(("size", "share", "seed"), [(4, 0.0, 0), (6, 0.4, 1), (10, 0.5, 2)])
def test_pairs_that_are_not_named_are_completed_there_too(size, share, seed):
    """The zeros of the inverse, whose entries are as large as 1e7."""
    given, known = some(size, share, seed)
    inverse = np.linalg.inv(nearest(given, known))
    assert np.abs(np.where(known, 0, inverse)).max() < 1e-5 * np.abs(inverse).max()


def test_a_circle_that_turns_against_itself_opens_to_the_right_angle():
    """By symmetry in signs all four named pairs move alike, to cos(pi / 4): three such steps make 3/4 of a turn."""
    given = np.array([[1, 0.9, 0, -0.9], [0.9, 1, 0.9, 0], [0, 0.9, 1, 0.9], [-0.9, 0, 0.9, 1]])
    found = nearest(given, given != 0)
    assert np.sort(np.abs(found[given != 0])) == pytest.approx([np.sqrt(0.5)] * 8 + [1] * 4, abs=1e-5)
    assert np.abs(found[given == 0]).max() < 1e-5
