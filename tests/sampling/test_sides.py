"""Are A and B two independent draws of the same leaves, and are coordinates what leaves are made of?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from leverage.sampling.draws import draws
from leverage.sampling.sides import Side, sides
from leverage.tree.tree import Correlation
from leverage.tree.uncertainty import Distribution, read

Array = NDArray[np.float64]
LEAVES = [("a", "normal(3, 2)"), ("b", "uniform(0, 5)"), ("c", "lognormal(5, 2)"), ("d", "poisson(3)")]


def known() -> list[tuple[str, Distribution]]:
    return [(id, read(text)) for id, text in LEAVES]


def both(samples: int, block: int, *, kind: str = "sobol", ties: tuple[Correlation, ...] = ()) -> list[Side]:
    drawn = draws(known(), ties, seed=1, samples=samples)
    found = sides(drawn, kind, seed=1, samples=samples)
    parts: list[list[Side]] = [[], []]
    for chunk in range(found.chunks):
        for _, _, here in found.blocks(chunk, block):
            for part, side in zip(parts, here, strict=True):
                part.append(Side(side.rows.copy(), side.coordinates.copy()))
    return [Side(np.hstack([s.rows for s in part]), np.hstack([s.coordinates for s in part])) for part in parts]


def test_leaves_are_the_quantiles_of_their_coordinates() -> None:
    """Within the tables' 1e-8 of a sd, and what ndtr loses of the score; the unbounded ones come as normal scores."""
    for side in both(4_096, 1_000):
        for (_, leaf), row, own, bounded in zip(known(), side.rows, side.coordinates, (0, 1, 0, 0), strict=True):
            shares = (own + 1) / 2 if bounded else ndtr(own)
            if leaf.discrete:
                assert np.mean(leaf.quantile(shares) == row) > 0.999
            else:
                np.testing.assert_allclose(leaf.quantile(shares), row, rtol=1e-6, atol=1e-7)


def test_a_and_b_are_independent_and_alike() -> None:
    a, b = both(65_536, 16_384, kind="random")
    together = np.corrcoef(np.vstack((a.coordinates, b.coordinates))) - np.eye(8)
    assert np.abs(together).max() < 5 / 256  # 5 standard errors of 1 / sqrt(n)
    np.testing.assert_allclose(a.rows.mean(axis=1), b.rows.mean(axis=1), atol=5 * np.sqrt(2) * 2 / 256)


def test_blocks_change_no_bit() -> None:
    for one, other in zip(both(70_000, 1_000), both(70_000, 65_536), strict=True):
        assert one.rows.tobytes() == other.rows.tobytes()
        assert one.coordinates.tobytes() == other.coordinates.tobytes()


def test_ties_hold_on_either_side_and_never_between_them() -> None:
    a, b = both(65_536, 16_384, ties=(Correlation("a", "c", 0.8),))
    for side in (a, b):
        assert np.corrcoef(np.argsort(np.argsort(side.rows[[0, 2]])))[0, 1] > 0.79
        assert abs(np.corrcoef(side.coordinates[[0, 2]])[0, 1]) < 0.01  # before they are tied
    assert abs(np.corrcoef(a.rows[0], b.rows[2])[0, 1]) < 0.01
