"""From what stands under ``scenarios`` to each `Scenario`: what it moves, by how much, and from which it starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from leverage.errors import LeverageError, Place, clip
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar, Sequence
from leverage.tree.addresses import Addresses, metric_of, parted
from leverage.tree.entries import entries, mapping
from leverage.tree.faults import Faults, Spot
from leverage.tree.grid import TIME, Grid, cell_id
from leverage.tree.ids import canonical, labelled
from leverage.tree.keys import CERTAIN, SCENARIO
from leverage.tree.order import ordered, written
from leverage.tree.read import Misplaced, Reader, number, share
from leverage.tree.scenario import Kind, Move, Scenario

READERS: tuple[tuple[Kind, Reader], ...] = (
    ("set", lambda plain, spot: number(plain, spot).value),
    ("change", share),
    ("add", lambda plain, spot: number(plain, spot).value),
)
LONGEST = 100  # scenarios that extend one another in a row
MOVED = 500_000  # figures that all scenarios move, with what they inherit
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


class TooManyMoves(LeverageError):
    """Scenarios that move more figures than there is memory for: each of its cells is one."""

    def __init__(self, name: str, at: Place) -> None:
        message = f"scenario {clip(name)!r} and those before it move more than {MOVED:,} figures; leave some out"
        super().__init__(message, at=at)


class NoLevel(LeverageError):
    """A leaf that is certain, and nobody says of what."""

    def __init__(self, spot: Spot, at: Place) -> None:
        super().__init__(spot.named("it has no level; write {value: LEVEL, certain: true}"), at=at)


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


NOTHING: Counter[str] = Counter()


@dataclass(frozen=True, slots=True)
class Telling:
    """What a scenario may name: the cells of metrics, and resources.

    ``axes_known`` False: what the file says of its axes is wrong itself, and nothing is said of labels.
    """

    addresses: Addresses
    resources: Collection[str]
    faults: Faults
    axes_known: bool = True

    def scenarios(self, plain: PlainMapping) -> dict[str, Scenario]:
        """The scenarios by name; every fault is added."""
        told: dict[str, Scenario] = {}
        moved = 0
        for name, value in plain.entries.items():
            at, spot = plain.keys[name].at, Spot(self.faults, f"scenario {clip(name)!r}")
            if name in MEANINGS:
                self.faults.add(TakenName(name, at))
            with self.faults.catching():
                told[name] = self._scenario(name, at, mapping(value, spot), spot)
                moved += len(told[name].moves)
            if moved > MOVED:
                self.faults.add(TooManyMoves(name, at))
                break
        self._look_up(told, plain)
        return told

    def _scenario(self, name: str, at: Place, plain: PlainMapping, spot: Spot) -> Scenario:
        said = entries(plain, SCENARIO, spot)
        moves: dict[str, Move] = {}
        for kind, read in READERS:
            for key, value in said[kind].entries.items() if kind in said else ():
                with self.faults.catching():
                    self._entry(said[kind].keys[key], value, (kind, read), spot, moves)
        limits = self._limits(said["resources"], spot) if "resources" in said else {}
        extends = "" if said.get("extends") == "base" else said.get("extends", "")
        return Scenario(name, said.get("note", ""), extends, MappingProxyType(moves), MappingProxyType(limits), at)

    def _entry(self, key: Scalar, value: Plain, way: tuple[Kind, Reader], spot: Spot, moves: dict[str, Move]) -> None:
        """Adds the moves of one entry: of a metric, of some of its cells, or nested as its figures are."""
        kind, read = way
        here = spot.below(kind).below(key.text)
        id, labels = parted(key.text, at=key.at)
        if id not in self.addresses.ids:
            where = f"in {spot.key} {kind}"
            self.faults.unknown(id, self.addresses.ids, what="metric", where=where, at=key.at)
            return
        if not self.axes_known:
            return
        for inner, plain, at in _single(value, self.addresses.grid, here, key.at):
            amount, certain = _amount(kind, plain, read, here)
            if self._strange(key, (*labels, *inner), at):
                return
            for cell in self.addresses.among(id, (*labels, *inner), at=at):
                if cell in moves:
                    raise MovedTwice(cell, (moves[cell].kind, kind), spot, at)
                moves[cell] = Move(cell, kind, amount, certain, at)

    def _strange(self, key: Scalar, labels: tuple[str, ...], at: Place) -> bool:
        """Adds the first label that nothing bears."""
        known = self.addresses.grid.owners
        strange = next((label for label in labels if label not in known), None)
        if strange is not None:
            where = f"in {clip(cell_id(parted(key.text)[0], labels))}"
            self.faults.unknown(strange, known.keys(), what="label", where=where, at=at)
        return strange is not None

    def _limits(self, plain: PlainMapping, spot: Spot) -> dict[str, float]:
        limits: dict[str, float] = {}
        for key, value in plain.entries.items():
            id = canonical(key)
            if parted(id, at=plain.keys[key].at)[0] not in self.resources:
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
        if not self.faults.errors:
            self._bounded(told, [name for name in order if told[name].moves or told[name].extends])

    def _bounded(self, told: Mapping[str, Scenario], order: list[str]) -> None:
        """Adds the scenario with which too many figures are moved; each comes after the one that it extends."""
        counts: dict[str, Counter[str]] = {}
        moved = 0
        for name in order:
            own = Counter(metric_of(cell) for cell in told[name].moves)
            counts[name] = Counter({**counts.get(told[name].extends, NOTHING), **own})
            moved += counts[name].total()
            if moved > MOVED:
                self.faults.add(TooManyMoves(name, told[name].at))
                return


def _single(plain: Plain, grid: Grid, spot: Spot, at: Place) -> Iterator[tuple[tuple[str, ...], Plain, Place]]:
    """The figures of an entry one by one, each with the labels that it stands under; what is left out does not move."""
    if isinstance(plain, PlainMapping) and (not plain.entries or _labels(plain, grid)):
        if not plain.entries:
            raise Misplaced(plain, "a figure, or one for each label", spot)
        for label, value in plain.entries.items():
            here = plain.keys[label].at
            for labels, single, inner in _single(value, grid, spot.below(label), here):
                yield (labelled(label), *labels), single, inner
    elif isinstance(plain, Sequence):
        if not grid.periods or len(plain.items) != grid.periods:
            wanted = f"{grid.periods} figures, one a period" if grid.periods else "one figure: the model has no time"
            raise Misplaced(plain, wanted, spot)
        for period, value in zip(grid[TIME].labels, plain.items, strict=True):
            for labels, single, inner in _single(value, grid, spot.below(period), at):
                yield (period, *labels), single, inner
    else:
        yield (), plain, at


def _labels(plain: PlainMapping, grid: Grid) -> bool:
    """Whether the keys are labels, and not ``value`` and ``certain``, unless these are labels of the model."""
    return not any(key in CERTAIN and key not in grid.owners for key in plain.entries)


def _amount(kind: Kind, plain: Plain, read: Reader, spot: Spot) -> tuple[float, bool]:
    """A figure, or ``{value: ..., certain: ...}``."""
    if isinstance(plain, Scalar) or kind != "set":
        return read(plain, spot), False
    stands = mapping(plain, spot)
    if "value" not in stands.entries:
        raise NoLevel(spot, plain.at)
    said = entries(stands, CERTAIN, spot)
    return said["value"].value if "value" in said else 0.0, said.get("certain", False)


def _extends(plain: PlainMapping, name: str) -> Place:
    scenario = plain.entries[name]
    return scenario.entries["extends"].at if isinstance(scenario, PlainMapping) else plain.keys[name].at
