"""Who may have brought draws that go so far out? Divisors that come to 0, and leaves without mean or variance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leverage.program.program import Program
from leverage.quantity import show
from leverage.sampling.tails import ALL, existing_near_zero
from leverage.tree.tree import Tree

Array = NDArray[np.float64]

SIDE = 4  # draws that a divisor must have on either side of 0
NEAREST = 8  # draws next to 0 on either side whose gaps tell whether it is passed


Kind = Literal["passing", "touching", "leaf"]


@dataclass(frozen=True, slots=True, eq=False)
class Suspect:
    """A divisor that comes to 0, or a leaf without a moment. ``extreme``: (n,), the larger the more extreme.

    ``left``: how many moments it leaves, of a leaf how many it has itself.
    """

    kind: Kind
    slot: int
    extreme: Array
    why: str
    mend: str
    left: int


@dataclass(frozen=True, slots=True)
class Divisor:
    """What something is divided by, or what is taken to a power below 0, in whose formula."""

    owner: str
    power: float = 1.0


def dividing(
    tree: Tree, program: Program, divisors: Mapping[int, Divisor], values: Mapping[str, Array]
) -> Iterator[Suspect]:
    """The divisors that pass through 0, however seldom, or come too near to it from one side."""
    named = {slot: id for id, slot in program.outputs.items()}
    for slot, each in divisors.items():
        draws, name = values[divisor_id(slot)], named.get(slot, "")
        below = float(np.mean(draws < 0))
        kind: Kind = "passing" if 0 < below < 1 else "touching"
        left = _left(draws, each.power, kind)
        if left < ALL:
            rare = show(min(below, 1 - below), percent=True, digits=2)
            how = f"passes through 0 ({rare} of its draws are on the far side)" if below else "comes too near to 0"
            why = f"in the formula of {each.owner} what it is divided by{f', {name},' if name else ''} {how}"
            mend = f"keep the divisor away from 0, for example with {_bounded(tree, name, below)}"
            yield Suspect(kind, slot, -np.abs(draws), why, mend, left)


def _left(draws: Array, power: float, kind: Kind) -> int:
    """How many moments a divisor leaves to what it divides."""
    if kind == "passing":
        return 0 if power >= 1 and _passes(draws) else ALL
    return existing_near_zero(np.abs(draws[np.isfinite(draws)]), power)


def _bounded(tree: Tree, name: str, below: float) -> str:
    """The leaf's distribution, cut off before 0, as people would write it."""
    known = tree.metrics[name].uncertainty if name in tree.metrics else None
    side = "low" if below <= 0.5 else "high"
    return f"truncated({known.text}, {side}=...)" if known is not None and known.text else "truncated(...)"


def unbounded(tree: Tree, program: Program, leaves: Iterable[str], values: Mapping[str, Array]) -> Iterator[Suspect]:
    """The leaves that have no mean, or no variance."""
    for leaf in leaves:
        known, own = tree.metrics[leaf].uncertainty, unsettled(tree, leaf)
        if known is not None:
            text = known.text or known.name
            why = f"{leaf} is {text}, which has no {'mean' if own == 0 else 'variance'}"
            mend = f"bound it: truncated({text}, low=..., high=...)"
            yield Suspect("leaf", program.outputs[leaf], distance(values[leaf]), why, mend, own)


def divisors_of(program: Program, moving: set[int], figures: Sequence[Any]) -> dict[int, Divisor]:
    """The slots that move by which something is divided, and those that are taken to a power below 0.

    Args:
        figures: of every slot, where the tree stands.
    """
    found: dict[int, Divisor] = {}
    for use in program.tape:
        if use.op == "div" and use.args[1] in moving:
            found[use.args[1]] = Divisor(use.owner)
        elif use.op == "pow" and use.args[0] in moving and use.args[1] not in moving and figures[use.args[1]] < 0:
            found[use.args[0]] = Divisor(use.owner, -float(figures[use.args[1]]))
    return found


def divisor_id(slot: int) -> str:
    """Under which name the draws of a divisor stand among those of metrics."""
    return f"divisor:{slot}"  # no id has a colon


def unsettled(tree: Tree, leaf: str) -> int:
    """How many moments a leaf has itself."""
    known = tree.metrics[leaf].uncertainty
    assert known is not None
    if known.mean is None:
        return 0
    return ALL if np.isfinite(known.variance) else 1


def distance(values: Array) -> Array:
    """How far from their median; what is not finite stands at it."""
    finite = np.isfinite(values)
    middle = np.median(values[finite]) if finite.any() else 0.0
    return np.where(finite, np.abs(values - middle), 0.0)


def _passes(divisor: Array) -> bool:
    """Whether draws stand on both sides of 0 and come as near to it as to each other."""
    above, below = np.sort(divisor[divisor > 0]), -np.sort(-divisor[divisor < 0])
    if min(len(above), len(below)) < SIDE:
        return False
    near = (above[:NEAREST], below[:NEAREST])
    gaps = [abs(side[-1] - side[0]) / (len(side) - 1) for side in near]
    return bool(above[0] - below[0] <= 2 * NEAREST * max(gaps))
