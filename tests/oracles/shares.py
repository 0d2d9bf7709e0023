"""Shapley effects from their definition: every coalition's worth in closed form, and the mean over all orders.

Forms of correlated normal scores z whose conditional variances are known: sums b'z, whose exact effects Owen and Prieur
2017 (SIAM/ASA J. Uncertain. Quantif. 5, 986) discuss, and products of lognormals exp(b'z).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.tree.tree import Tree
from tests.trees import tree

Array = NDArray[np.float64]
Worth = Callable[[tuple[int, ...]], float]


def effects(players: int, worth: Worth) -> Array:
    """The share of each player: what it adds to coalitions of the others, weighted by the orders in which it does."""
    found = np.zeros(players)
    for player in range(players):
        others = [each for each in range(players) if each != player]
        for size in range(players):
            weight = factorial(size) * factorial(players - 1 - size) / factorial(players)
            for some in combinations(others, size):
                found[player] += weight * (worth((*some, player)) - worth(some))
    return found / found.sum()


def left(weights: Array, correlation: Array) -> Worth:
    """The variance of b'z that is left when all scores outside a coalition are known, by the Schur complement."""

    def worth(some: tuple[int, ...]) -> float:
        u, kept = list(some), [each for each in range(len(weights)) if each not in some]
        if not u:
            return 0.0
        own = correlation[np.ix_(u, u)]
        if kept:
            across = correlation[np.ix_(u, kept)]
            own = own - across @ np.linalg.solve(correlation[np.ix_(kept, kept)], across.T)
        return float(weights[u] @ own @ weights[u])

    return worth


def score(rank: float) -> float:
    """The correlation of normal scores whose rank correlation this is (Pearson 1907)."""
    return 2 * np.sin(np.pi / 6 * rank)


@dataclass(frozen=True)
class Tied:
    """Leaves that correlate, all pairs given, and the groups that are players: all leaves when left out."""

    weights: tuple[float, ...]
    ranks: tuple[tuple[float, ...], ...]  # of each leaf with those before it
    groups: tuple[tuple[int, ...], ...] = ()

    @property
    def ids(self) -> list[str]:
        return [f"x{i}" for i in range(len(self.weights))]

    @property
    def correlation(self) -> Array:
        found = np.eye(len(self.weights))
        for i, row in enumerate(self.ranks):
            for j, rank in enumerate(row):
                found[i, j] = found[j, i] = score(rank)
        return found

    @property
    def players(self) -> Sequence[tuple[int, ...]]:
        return self.groups or [(i,) for i in range(len(self.weights))]

    def worth(self) -> Worth:
        """Of coalitions of players, for the sum."""
        by_leaf = left(np.array(self.weights), self.correlation)
        return lambda some: by_leaf(tuple(sorted(leaf for player in some for leaf in self.players[player])))

    def sum(self) -> tuple[Tree, Array]:
        """The sum of normal leaves, and its effects."""
        formula = " + ".join(f"{b!r} * {id}" for b, id in zip(self.weights, self.ids, strict=True))
        return self._tree(formula, ["normal(mean=0, sd=1)"] * len(self.weights)), effects(
            len(self.players), self.worth()
        )

    def product(self) -> tuple[Tree, Array]:
        """The product of lognormal leaves exp(b z), and its effects: Var(E[y | some]) = e^V (e^(V - left) - 1)."""
        worth = self.worth()
        whole = worth(tuple(range(len(self.players))))
        leaves = [f"lognormal(p10={lower(b)!r}, p90={1 / lower(b)!r})" for b in self.weights]
        return self._tree(" * ".join(self.ids), leaves), effects(
            len(self.players), lambda some: np.exp(2 * whole) - np.exp(2 * whole - worth(some))
        )

    def _tree(self, formula: str, leaves: Sequence[str]) -> Tree:
        owners = {self.ids[leaf]: f"team {k}" for k, group in enumerate(self.players) for leaf in group}
        metrics: dict[str, Any] = {"y": formula}
        metrics |= {id: {"uncertainty": leaf, "owner": owners[id]} for id, leaf in zip(self.ids, leaves, strict=True)}
        pairs = [[f"x{i}", f"x{j}", rank] for i, row in enumerate(self.ranks) for j, rank in enumerate(row) if rank]
        return tree("y", metrics, correlations=pairs)


def lower(b: float) -> float:
    """The 10 % quantile of exp(b z)."""
    return float(np.exp(-1.2815515655446004 * b))
