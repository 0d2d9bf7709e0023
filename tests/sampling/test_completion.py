import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from leverage.sampling.completion import chordal, completion, visits
from leverage.sampling.nearest import consistent


def pairs(size, named):
    """The matrix of the named pairs, and which they are."""
    given, known = np.eye(size), np.eye(size, dtype=bool)
    for (a, b), value in named.items():
        given[a, b] = given[b, a] = value
        known[a, b] = known[b, a] = True
    return given, known


def drawn(size, share, seed):
    """Named pairs that some correlation matrix has: its leaves share five causes, and a chain joins them all."""
    rng = np.random.default_rng(seed)
    causes = rng.normal(size=(size, 5))
    matrix = causes @ causes.T + np.diag(rng.uniform(0.3, 2.3, size))
    matrix /= np.sqrt(np.outer(np.diag(matrix), np.diag(matrix)))
    known = np.triu(rng.random((size, size)) < share, 1)
    known |= np.eye(size, k=1, dtype=bool)
    known |= known.T | np.eye(size, dtype=bool)
    return matrix, known


def test_along_a_chain_correlations_multiply():
    """Each leaf depends on the next alone: Markov's chain."""
    steps = [0.9, -0.5, 0.7, 0.3]
    found = completion(*pairs(5, {(k, k + 1): step for k, step in enumerate(steps)}))
    for a in range(5):
        for b in range(a + 1, 5):
            assert found[a, b] == pytest.approx(np.prod(steps[a:b]), abs=1e-15)


def test_in_a_star_what_two_rays_share_is_the_middle():
    rays = np.array([0.9, -0.6, 0.5, 0.2])
    found = completion(*pairs(5, {(2, place): ray for place, ray in zip((0, 1, 3, 4), rays, strict=True)}))
    outer = found[np.ix_([0, 1, 3, 4], [0, 1, 3, 4])]
    assert outer == pytest.approx(np.outer(rays, rays) + np.diag(1 - rays**2), abs=1e-15)


def test_a_circle_of_four_alike_agrees_with_its_closed_form():
    """All r and both diagonals x: the inverse has a zero there where ``2 r**2 = x (1 + x)``."""
    r = 0.8
    found = completion(*pairs(4, {(0, 1): r, (1, 2): r, (2, 3): r, (0, 3): r}))
    assert found[0, 2] == pytest.approx((np.sqrt(1 + 8 * r**2) - 1) / 2, abs=1e-12)
    assert found[1, 3] == pytest.approx(found[0, 2], abs=1e-12)


@pytest.mark.parametrize("named", [(0.3, 0.5, -0.6, 0.7), (0.9, 0.9, 0.9, 0.6), (-0.2, 0.8, 0.8, 0.1)])
def test_a_circle_of_four_with_one_chord_missing_has_the_largest_determinant_along_it(named):
    """scipy's search over the missing chord, the other named; a search by values sees 1e-7 or so of a flat top."""
    circle = dict(zip([(0, 1), (1, 2), (2, 3), (0, 3)], named, strict=True))
    other = completion(*pairs(4, circle))[0, 2]
    given, known = pairs(4, {**circle, (0, 2): other})

    def minus_determinant(chord):
        return -np.linalg.slogdet(np.where(known, given, chord))[1]

    best = minimize_scalar(minus_determinant, bounds=_bounds(given, known), method="bounded", options={"xatol": 1e-9})
    assert completion(given, known)[1, 3] == pytest.approx(best.x, abs=1e-6)


def _bounds(given, known):
    chords = np.linspace(-1, 1, 2001)
    possible = [x for x in chords if np.linalg.eigvalsh(np.where(known, given, x))[0] > 1e-9]
    return possible[0], possible[-1]


@pytest.mark.parametrize(("size", "share", "seed"), [(6, 0.2, 0), (12, 0.3, 1), (40, 0.05, 2), (40, 0.6, 3)])
def test_named_pairs_stand_and_the_inverse_is_zero_at_all_others(size, share, seed):
    given, known = drawn(size, share, seed)
    found = completion(given, known)
    inverse = np.linalg.inv(found)
    assert np.abs(np.where(known, found - given, 0)).max() < 1e-11
    assert np.abs(np.where(known, 0, inverse)).max() < 1e-10 * np.abs(inverse).max()
    assert np.array_equal(found, found.T)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_matrix_with_the_named_entries_has_a_larger_determinant(seed):
    """Towards any of them the determinant falls: the logarithm is concave, so what falls at once stays below."""
    given, known = drawn(10, 0.3, seed)
    found = completion(given, known)
    rng = np.random.default_rng(seed)
    best = np.linalg.slogdet(found)[1]
    assert best > np.linalg.slogdet(given)[1]
    for _ in range(200):
        way = np.where(known, 0, rng.normal(size=known.shape))
        other = found + 0.02 * (way + way.T)
        assert not consistent(other) or np.linalg.slogdet(other)[1] <= best


def test_what_was_said_of_unnamed_pairs_is_not_read():
    given, known = drawn(9, 0.3, 5)
    assert np.array_equal(completion(given, known), completion(np.where(known, given, 7.0), known))


def test_a_pair_that_is_named_with_0_is_held_there():
    given, known = pairs(3, {(0, 1): 0.5, (1, 2): 0.6, (0, 2): 0.0})
    assert np.array_equal(completion(given, known), given)


def test_certainty_is_carried_on():
    found = completion(*pairs(3, {(0, 1): 1.0, (1, 2): 0.4}))
    assert found[0, 2] == pytest.approx(0.4, abs=1e-15)


@pytest.mark.parametrize(
    "named",
    [
        {(0, 1): 0.9, (1, 2): 0.9, (0, 2): -0.9},  # with all chords
        {(0, 1): 0.9, (1, 2): 0.9, (2, 3): 0.9, (0, 3): -0.9},  # a circle
        {(0, 1): 0.9, (1, 2): 0.9, (0, 2): -0.9, (2, 3): 0.2},  # a triangle with a tail
    ],
)
def test_where_no_matrix_has_the_named_entries_there_is_none(named):
    assert completion(*pairs(max(map(max, named)) + 1, named)) is None


def test_a_circle_has_a_completion_up_to_the_angle_that_it_closes_at():
    """Barrett, Johnson and Tarazaga 1993: angles of three steps must reach that of the fourth: cos(pi / 3) = 1/2."""
    step = np.cos(np.pi / 6)
    for closing, possible in ((0.02, True), (-0.02, False)):
        named = {(0, 1): step, (1, 2): step, (2, 3): step, (0, 3): closing}
        assert (completion(*pairs(4, named)) is not None) is possible


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 1.0])
def test_chords_are_found_as_networkx_finds_them(share):
    import networkx

    for seed in range(5):
        _, known = drawn(14, share, seed)
        graph = networkx.from_numpy_array(known & ~np.eye(14, dtype=bool))
        assert chordal(known, visits(known)) == networkx.is_chordal(graph)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.005, 0.05, 0.5])
def test_three_hundred_leaves_are_completed_as_exactly(share):
    given, known = drawn(300, share, 6)
    found = completion(given, known)
    inverse = np.linalg.inv(found)
    assert np.abs(np.where(known, found - given, 0)).max() < 1e-11
    assert np.abs(np.where(known, 0, inverse)).max() < 1e-10 * np.abs(inverse).max()
