"""From what stands under ``scenarios`` to each `Scenario`: what it moves, by how much, and from which it starts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType

from leverage.errors import LeverageError, Place, clip
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar, Sequence
from leverage.tree.entries import entries, mapping
from leverage.tree.faults import Faults, Spot
from leverage.tree.formulas import NotComputed
from leverage.tree.ids import canonical
from leverage.tree.keys import CERTAIN, SCENARIO
from leverage.tree.order import ordered, written
from leverage.tree.read import Reader, number, share
from leverage.tree.scenario import Kind, Move, Scenario

READERS: tuple[tuple[Kind, Reader], ...] = (
    ("set", lambda plain, spot: number(plain, spot).value),
    ("change", share),
    ("add", lambda plain, spot: number(plain, spot).value),
)
LONGEST = 100  # scenarios that extend one another in a row
MEANINGS = {  # names that mean something already
    "base": "the file as it stands",
    "target": "every leaf at its target",
    "actual": "every leaf at its actual",
    "what-if": "what the options change",
}


class TakenName(LeverageError):
    """A scenario with a name that means something else."""

    def __init__(self, name: str, at: Place) -> None:
        super().__init__(f"a scenario may not be called {name!r}, which is {MEANINGS[name]}; rename it", at=at)


class TooManySteps(LeverageError):
    """A scenario that extends one that extends one, and so on, further than anybody follows."""

    def __init__(self, name: str, at: Place) -> None:
        message = f"scenario {clip(name)!r} stands on more than {LONGEST} others; let it extend one nearer to the base"
        super().__init__(message, at=at)


class MovedTwice(LeverageError):
    """A metric that one scenario moves in two ways."""

    def __init__(self, id: str, ways: tuple[str, str], spot: Spot, at: Place) -> None:
        where = f"in {ways[0]} and in {ways[1]}" if ways[0] != ways[1] else f"twice in {ways[0]}"
        super().__init__(spot.named(f"{clip(id)!r} stands {where}; keep one"), at=at)


class ExtendsItself(LeverageError):
    """Scenarios that start from each other."""

    def __init__(self, path: tuple[str, ...], at: Place) -> None:
        loop = written([clip(name) for name in (*path, path[0])])
        super().__init__(f"scenario {clip(path[0])!r}: cycle of extends {loop}; let one start from the base", at=at)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a scenario may name: the ids of metrics and resources."""

    metrics: Collection[str]
    resources: Collection[str]
    faults: Faults

    def scenarios(self, plain: PlainMapping) -> dict[str, Scenario]:
        """The scenarios by name; every fault is added."""
        told: dict[str, Scenario] = {}
        for name, value in plain.entries.items():
            at, spot = plain.keys[name].at, Spot(self.faults, f"scenario {clip(name)!r}")
            if name in MEANINGS:
                self.faults.add(TakenName(name, at))
            with self.faults.catching():
                told[name] = self._scenario(name, at, mapping(value, spot), spot)
        self._look_up(told, plain)
        return told

    def _scenario(self, name: str, at: Place, plain: PlainMapping, spot: Spot) -> Scenario:
        said = entries(plain, SCENARIO, spot)
        moves: dict[str, Move] = {}
        for kind, read in READERS:
            for key, value in said[kind].entries.items() if kind in said else ():
                here = spot.below(kind).below(key)
                with self.faults.catching():
                    found = _move(kind, said[kind].keys[key], value, read, here)
                    self._place(found, moves, spot)
        limits = self._limits(said["resources"], spot) if "resources" in said else {}
        extends = "" if said.get("extends") == "base" else said.get("extends", "")
        return Scenario(name, said.get("note", ""), extends, MappingProxyType(moves), MappingProxyType(limits), at)

    def _place(self, move: Move, moves: dict[str, Move], spot: Spot) -> None:
        """Adds the move to the others, if it moves a metric, and one that stands where it was."""
        if move.metric not in self.metrics:
            where = f"in {spot.key} {move.kind}"
            self.faults.unknown(move.metric, self.metrics, what="metric", where=where, at=move.at)
        elif move.metric in moves:
            raise MovedTwice(move.metric, (moves[move.metric].kind, move.kind), spot, move.at)
        else:
            moves[move.metric] = move

    def _limits(self, plain: PlainMapping, spot: Spot) -> dict[str, float]:
        limits: dict[str, float] = {}
        for key, value in plain.entries.items():
            id = canonical(key)
            if id not in self.resources:
                where, at = f"in {spot.key} resources", plain.keys[key].at
                self.faults.unknown(id, self.resources, what="resource", where=where, at=at)
            with self.faults.catching():
                limits[id] = number(value, spot.below("resources").below(key)).value
        return limits

    def _look_up(self, told: dict[str, Scenario], plain: PlainMapping) -> None:
        """Adds every ``extends`` that leads nowhere, or round."""
        for name, scenario in told.items():
            if scenario.extends and scenario.extends not in plain.entries:
                known, where = ("base", *plain.entries), f"in scenario {clip(name)!r} extends"
                at = _extends(plain, name)
                self.faults.unknown(scenario.extends, known, what="scenario", where=where, at=at)
        starts = {name: (scenario.extends,) if scenario.extends in told else () for name, scenario in told.items()}
        order, loops = ordered(starts)
        for path in loops:
            self.faults.add(ExtendsItself(path, _extends(plain, path[0])))
        steps: dict[str, int] = {}
        for name in order:
            steps[name] = max((steps.get(start, 0) + 1 for start in starts[name]), default=0)
            if steps[name] == LONGEST + 1 and not loops:
                self.faults.add(TooManySteps(name, _extends(plain, name)))


def _move(kind: Kind, key: Scalar, plain: Plain, read: Reader, spot: Spot) -> Move:
    """One entry of ``set``, ``change`` or ``add``: a figure, or ``{value: ..., certain: ...}``."""
    id = canonical(key.text)
    if "[" in id or isinstance(plain, Sequence) or (isinstance(plain, PlainMapping) and "value" not in plain.entries):
        raise NotComputed(spot.named(f"a {kind}"), "write one figure", at=plain.at)
    if isinstance(plain, Scalar) or kind != "set":
        return Move(id, kind, read(plain, spot), at=key.at)
    said = entries(mapping(plain, spot), CERTAIN, spot)
    return Move(id, kind, said["value"].value if "value" in said else 0.0, said.get("certain", False), key.at)


def _extends(plain: PlainMapping, name: str) -> Place:
    scenario = plain.entries[name]
    return scenario.entries["extends"].at if isinstance(scenario, PlainMapping) else plain.keys[name].at
