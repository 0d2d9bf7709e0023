"""Is this tree sound? One row a check, each a generator over the tree's structure; nothing is evaluated here.

A check's word is its row's key and its function's name. Checks that need the tree's figures belong to the verb. Over
time and dimensions some look at the tree as the file has it, and those of figures at each cell of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from leverage.tree.checks.aims import disagreeing, targetless
from leverage.tree.checks.doubts import doubtless, outside, plain_draws
from leverage.tree.checks.means import idle, immovable, leverless, out_of_bounds, unpriced
from leverage.tree.checks.merged import merged
from leverage.tree.checks.names import alike, mixed
from leverage.tree.checks.people import unowned
from leverage.tree.checks.shape import counted_twice, deep, driverless, unused, wide
from leverage.tree.checks.shares import parted
from leverage.tree.checks.units import mismatched
from leverage.tree.findings import Check, Finding, Severity
from leverage.tree.tree import Tree

__all__ = ["CHECKS", "Check", "Finding", "Severity", "by_cell"]

ROWS: tuple[Check, ...] = (
    driverless, unused, wide, deep, counted_twice,
    leverless, out_of_bounds, immovable, unpriced, idle,
    unowned,
    targetless, disagreeing,
    outside, doubtless, plain_draws,
    mismatched, parted, mixed, alike,
)  # fmt: skip
CELLS = frozenset(
    {leverless, out_of_bounds, immovable, disagreeing, outside, doubtless, plain_draws}
)  # look at figures


def _signed(check: Check) -> Check:
    def signed(tree: Tree) -> Iterator[Finding]:
        return (replace(finding, check=check.__name__) for finding in check(tree))

    return signed


def by_cell(check: Check) -> Check:
    """The check of a tree of cells, as one of the file's tree."""

    def checked(tree: Tree) -> Iterator[Finding]:
        return merged(tree, check(tree.cells)) if tree.grid else check(tree)

    return checked


CHECKS: Mapping[str, Check] = MappingProxyType(
    {check.__name__: by_cell(_signed(check)) if check in CELLS else _signed(check) for check in ROWS}
)
