"""Is this tree sound? One row a check, each a generator over the tree's structure; nothing is evaluated here.

A check's word is its row's key and its function's name. Checks that need the tree's figures belong to the verb.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from leverage.tree.checks.aims import disagreeing, targetless
from leverage.tree.checks.doubts import doubtless, outside, plain_draws
from leverage.tree.checks.means import idle, immovable, leverless, out_of_bounds, unpriced
from leverage.tree.checks.names import alike, mixed
from leverage.tree.checks.people import unowned
from leverage.tree.checks.shape import counted_twice, deep, driverless, unused, wide
from leverage.tree.checks.units import mismatched
from leverage.tree.findings import Check, Finding, Severity
from leverage.tree.tree import Tree

__all__ = ["CHECKS", "Check", "Finding", "Severity"]

ROWS: tuple[Check, ...] = (
    driverless, unused, wide, deep, counted_twice,
    leverless, out_of_bounds, immovable, unpriced, idle,
    unowned,
    targetless, disagreeing,
    outside, doubtless, plain_draws,
    mismatched, mixed, alike,
)  # fmt: skip


def _signed(check: Check) -> Check:
    def signed(tree: Tree) -> Iterator[Finding]:
        return (replace(finding, check=check.__name__) for finding in check(tree))

    return signed


CHECKS: Mapping[str, Check] = MappingProxyType({check.__name__: _signed(check) for check in ROWS})
