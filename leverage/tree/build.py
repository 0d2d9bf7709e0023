"""From plain data to a `Tree`, or to all that is wrong with it at once.

Every key is read by its row in `tree.keys`; what was read is put together a level at a time; names are looked up, and
the metrics brought into an order in which they can be computed. Time and memory grow with the size of the file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from leverage.errors import InvalidModel, LeverageError, Place, clip, listed
from leverage.files.grow import uncollected
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar
from leverage.quantity import Quantity
from leverage.tree.addresses import Addresses, metric_of, parted
from leverage.tree.axes import goes_back, steps, widest
from leverage.tree.correlations import correlations
from leverage.tree.dimensions import grid
from leverage.tree.entries import entries
from leverage.tree.faults import Enough, Faults, Spot
from leverage.tree.fingerprint import fingerprint
from leverage.tree.grid import NO_GRID, TIME, Axes, Grid
from leverage.tree.history import settle
from leverage.tree.ids import TwiceAfterFolding, canonical, identified
from leverage.tree.keys import MODEL
from leverage.tree.loops import layout
from leverage.tree.metric import Metric
from leverage.tree.metrics import CELLS, UNWRITTEN, TooManyCells, TooManyUnwritten, metric, misfits
from leverage.tree.names import Names, TooLarge, closing
from leverage.tree.order import Cycle, ordered
from leverage.tree.read import Misplaced
from leverage.tree.records import Records
from leverage.tree.records import fingerprint as recorded
from leverage.tree.resources import resources
from leverage.tree.scenarios import Telling
from leverage.tree.shapes import written
from leverage.tree.tree import Tree

NONE = PlainMapping()
AS_READ = ("name", "goal", "actuals", "log")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a model may be: its metrics, and the nodes of all its formulas."""

    metrics: int = 200_000
    nodes: int = 2_000_000


LIMITS = Limits()
STEPS = 500_000  # from period to period and label to label, of all formulas of a model over axes
STEPS_TOLD = 2_000_000  # of all scenarios of a model over axes
TOLD = 50_000_000  # figures of all its scenarios


class TooManySteps(LeverageError):
    """Sums over labels and loops over periods that go on for longer than anybody waits."""

    def __init__(self, most: int, at: Place) -> None:
        mend = "write fewer periods, or give a sum that stands in many formulas a metric of its own"
        super().__init__(
            f"the model takes more than {most:,} steps from label to label and period to period; {mend}", at=at
        )


class TooManyStories(LeverageError):
    """Scenarios of a model over so many labels and periods that evaluating each takes too long."""

    def __init__(self, scenarios: int, at: Place) -> None:
        message = f"{scenarios:,} scenarios are too many for a model of so many labels and periods; leave some out"
        super().__init__(message, at=at)


class NoMetrics(LeverageError):
    """A model without metrics."""

    def __init__(self, at: Place) -> None:
        super().__init__("the model has no metrics; add 'metrics:' with the KGI and what drives it", at=at)


class NoKgi(LeverageError):
    """A model that does not say which metric it is about."""

    def __init__(self, roots: list[str], at: Place) -> None:
        mend = f"add 'kgi: {roots[0]}'" if len(roots) == 1 else "add 'kgi: ' and the metric that the tree is about"
        super().__init__(f"the model names no kgi; {mend}", at=at)


class KgiOfLabels(LeverageError):
    """A KGI that is one cell of a metric."""

    def __init__(self, kgi: str, at: Place) -> None:
        id, labels = parted(kgi)
        label = labels[0] if labels[0].isidentifier() else f"`{labels[0]}`"
        message = f"the kgi {clip(kgi)!r} is no metric of its own; add one with the formula pick({id}, {label})"
        super().__init__(message, at=at)


class ManyFigures(LeverageError):
    """A KGI that is not one number."""

    def __init__(self, kgi: str, axes: Axes, at: Place) -> None:
        one = f"last({kgi}) or sum({kgi}, over=time)" if axes == (TIME,) else f"sum({kgi})"
        each = listed(["period" if axis == TIME else axis for axis in axes])
        message = f"the kgi {kgi!r} has a figure for each {each}; name a metric that is one number, as {one} is"
        super().__init__(message, at=at)


def build(data: Plain, *, file: str = "", limits: Limits = LIMITS) -> Tree:
    """The tree that a model file says, checked.

    Args:
        data: what was read from the file, or made from Python's own by `files.plain.from_python`.
        file: its name, kept for messages and pages.

    Raises:
        InvalidModel: everything that is wrong with it, each with its place, its metric, and the mend.
    """
    faults = Faults()
    if not isinstance(data, PlainMapping):
        raise InvalidModel([Misplaced(data, "a model: 'kgi: ...' and 'metrics: ...'", Spot(faults))])
    with suppress(Enough), uncollected():
        return _Building(data, faults, limits).tree(file)
    raise faults.refusal()


class _Building:
    """One model while it is built: the ids of its metrics, what could be read of them, and what is wrong."""

    def __init__(self, data: PlainMapping, faults: Faults, limits: Limits) -> None:
        self.data = data
        self.faults = faults
        self.said = entries(data, MODEL, Spot(faults))
        self.entries = self.said.get("metrics", NONE)
        self.keys = self._ids(limits.metrics)
        self.axes_known = True
        self.grid = self._grid()
        self.names = Names(self.keys, faults, limits.nodes, self.grid if self.axes_known else None)
        self.metrics: dict[str, Metric] = {}
        self.drivers: dict[str, tuple[str, ...]] = {}

    def tree(self, file: str) -> Tree:
        """The tree, unless anything is wrong."""
        self._read_metrics()
        order = self._order()
        from_file = self._remember()
        kgi = self._kgi()
        limited = self.said.get("resources", NONE)
        sources = resources(limited, Spot(self.faults), self.grid if self.axes_known else None)
        for resource in sources.values():
            self.names.check(resource)
        addresses = Addresses(self.grid, self.keys, self.axes)
        known = set(sources) | {canonical(key) for key in limited.entries}
        telling = Telling(addresses, known, self.faults, axes_known=self.axes_known)
        told = telling.scenarios(self.said.get("scenarios", NONE))
        pairs = correlations(
            self.said.get("correlations", []), self._sound(), self.keys, self._spot("correlations"), self.grid
        )
        self.faults.raise_any()
        return Tree(
            kgi=kgi,
            metrics=MappingProxyType(self.metrics),
            order=order,
            grid=self.grid,
            correlations=pairs,
            resources=MappingProxyType(sources),
            scenarios=MappingProxyType(told),
            file=file,
            kept={"plain": self.data, "drivers": self.drivers, "loops": self.loops, **self._filed(from_file)},
            **{key: self.said[key] for key in AS_READ if key in self.said},
        )

    def _spot(self, key: str) -> Spot:
        return Spot(self.faults, key)

    def _ids(self, most: int) -> dict[str, str]:
        """Each metric's id, and the key under which the file has it."""
        if len(self.entries.entries) > most:
            raise InvalidModel([TooLarge("metrics", most, self.entries.at)])
        keys: dict[str, str] = {}
        for key, scalar in self.entries.keys.items():
            with self.faults.catching():
                id = identified(key, at=scalar.at)
                if id in keys:
                    raise TwiceAfterFolding(key, id, self.entries.keys[keys[id]].at, what="metric", at=scalar.at)
                keys[id] = key
        if not self.entries.entries and not ("metrics" in self.data.entries and "metrics" not in self.said):
            self.faults.add(NoMetrics(self.entries.at if "metrics" in self.said else self.data.at))
        return keys

    def _read_metrics(self) -> None:
        unwritten = 0
        for id, key in self.keys.items():
            spot = Spot(self.faults, metric=id)
            grid = self.grid if self.axes_known else None
            found = metric(id, self.entries.keys[key].at, self.entries.entries[key], spot, grid)
            self.drivers[id] = self.names.of(found) if found is not None else ()
            if found is not None:
                self.metrics[id] = found
            if found is not None and found.figures is not None:
                unwritten += max(0, len(found.figures.each) - written(self.entries.entries[key]))
                if unwritten > UNWRITTEN:
                    self.faults.add(TooManyUnwritten(at=found.at, metric=id))
                    self.faults.raise_any()
            if self.names.spent:  # a hostile file ends here, before it fills the memory
                self.faults.raise_any()

    def _grid(self) -> Grid:
        """The axes; none where the file is wrong about them, as all else would be told of them for nothing."""
        time, stands = self.said.get("time"), self.data.entries.get("time")
        at = {"": self.data.keys["time"].at} if stands is not None else {}
        if isinstance(stands, PlainMapping):
            at.update({key: plain.at for key, plain in stands.entries.items()})
            self.axes_known = time is not None and len(time) == len(stands.entries)
        missed = [key for key in ("time", "dimensions") if key in self.data.entries and key not in self.said]
        before = len(self.faults.errors)
        found = grid(self.said.get("dimensions", NONE), time if self.axes_known else None, at, self._spot("dimensions"))
        self.axes_known &= not missed and len(self.faults.errors) == before
        return found if self.axes_known else NO_GRID

    def _order(self) -> tuple[str, ...]:
        """Every metric after what it uses; over axes, each formula metric gets those that it runs over."""
        self.axes: Mapping[str, Axes] = {}
        self.loops: tuple[tuple[str, ...], ...] = ()
        if not self.grid:
            order, cycles = ordered(self.drivers)
        else:
            sound = {id: told for id, told in self.metrics.items() if id not in self.names.strange}
            found = layout(sound, self.drivers, self.grid)
            order, cycles, self.axes, self.loops = found.order, found.cycles, found.axes, found.loops
            self.drivers = dict(found.drivers)
            self._give_axes()
            self._bounded()
        for path in cycles:
            back = any(goes_back(self.metrics[id].formula) for id in path)
            self.faults.add(Cycle(path, at=closing(path, self.metrics), back=back))
        return order

    def _remember(self) -> Mapping[str, tuple[Quantity, ...]]:
        """Gives the leaves that draw from a past their figures; what of them another file has, by address."""
        stands = self.data.entries.get("actuals")
        if not self.axes_known or ("actuals" in self.data.entries and "actuals" not in self.said):
            return {}
        told = stands if isinstance(stands, PlainMapping) else NONE
        records = Records(told, self.metrics, self._one_actual, Addresses(self.grid, self.keys, self.axes))
        records.look_up(self.faults)
        settle(self.metrics, records, self.grid, self.faults)
        return records.from_file

    def _one_actual(self, id: str) -> bool:
        stands = self.entries.entries[self.keys[id]]
        return isinstance(stands, PlainMapping) and isinstance(stands.entries.get("actual"), Scalar)

    def _filed(self, figures: Mapping[str, tuple[Quantity, ...]]) -> dict[str, object]:
        """What a tree keeps of figures that another file has: they are a part of what its hash is of."""
        return {"filed": figures, "hash": recorded(fingerprint(self.data), figures)} if figures else {}

    def _give_axes(self) -> None:
        for id, told in self.metrics.items():
            if id in self.names.strange:
                continue
            if told.formula is not None and (self.axes[id] or told.figures is not None):
                for fault in misfits(told, self.axes[id]):
                    self.faults.add(fault)
                self.metrics[id] = Metric.of({**told.__dict__, "axes": self.axes[id]})

    def _bounded(self) -> None:
        """Adds that the model has more figures, or takes more steps, than there is memory and time for."""
        total = sum(math.prod(self.grid.shape(axes)) for axes in self.axes.values())
        if total > CELLS:
            self.faults.add(TooManyCells(CELLS, at=self.data.at, metric=None))
            return
        known = {id: frozenset(axes) for id, axes in self.axes.items()}
        looped = {id for loop in self.loops for id in loop}
        taken = 0
        for id, told in self.metrics.items():
            if told.formula is None or id in self.names.strange:
                continue
            if widest(told.formula, known, self.grid) > CELLS:
                self.faults.add(TooManyCells(CELLS, at=told.formula_at, metric=id))
            taken += steps(told.formula, known, self.grid, looped=id in looped)
        stories = len(self.said.get("scenarios", NONE).entries)
        if taken > STEPS:
            self.faults.add(TooManySteps(STEPS, at=self.data.at))
        elif total * stories > TOLD or taken * stories > STEPS_TOLD:
            self.faults.add(TooManyStories(stories, at=self.data.keys["scenarios"].at))

    def _kgi(self) -> str:
        kgi: str = self.said.get("kgi", "")
        if "kgi" not in self.data.entries:
            used = {driver for drivers in self.drivers.values() for driver in drivers}
            self.faults.add(NoKgi([id for id in self.keys if id not in used], self.data.at))
        elif "[" in kgi and kgi.endswith("]") and metric_of(kgi) in self.keys:
            with self.faults.catching():
                self.faults.add(KgiOfLabels(kgi, self.data.entries["kgi"].at))
        elif "kgi" in self.said and self.keys and kgi not in self.keys:
            self.faults.unknown(kgi, self.keys, what="kgi", at=self.data.entries["kgi"].at)
        elif self.axes.get(kgi):
            self.faults.add(ManyFigures(kgi, self.axes[kgi], self.data.entries["kgi"].at))
        return kgi

    def _sound(self) -> dict[str, Metric]:
        """The metrics with which nothing is wrong so far."""
        wrong = {error.metric for error in self.faults.errors}
        return {id: found for id, found in self.metrics.items() if id not in wrong}
