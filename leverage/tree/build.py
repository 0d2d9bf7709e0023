"""From plain data to a `Tree`, or to all that is wrong with it at once.

Every key is read by its row in `tree.keys`; what was read is put together a level at a time; names are looked up, and
the metrics brought into an order in which they can be computed. Time and memory grow with the size of the file.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from leverage.errors import InvalidModel, LeverageError, Place
from leverage.files.grow import uncollected
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain
from leverage.tree.correlations import correlations
from leverage.tree.entries import entries
from leverage.tree.faults import Enough, Faults, Spot
from leverage.tree.ids import TwiceAfterFolding, canonical, identified
from leverage.tree.keys import MODEL
from leverage.tree.metric import Metric
from leverage.tree.metrics import metric
from leverage.tree.names import Names, TooLarge, closing
from leverage.tree.order import Cycle, ordered
from leverage.tree.read import Misplaced
from leverage.tree.resources import resources
from leverage.tree.scenarios import Telling
from leverage.tree.tree import Tree

NONE = PlainMapping()
AS_READ = ("name", "goal", "time", "dimensions", "actuals", "log")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a model may be: its metrics, and the nodes of all its formulas."""

    metrics: int = 200_000
    nodes: int = 2_000_000


LIMITS = Limits()


class NoMetrics(LeverageError):
    """A model without metrics."""

    def __init__(self, at: Place) -> None:
        super().__init__("the model has no metrics; add 'metrics:' with the KGI and what drives it", at=at)


class NoKgi(LeverageError):
    """A model that does not say which metric it is about."""

    def __init__(self, roots: list[str], at: Place) -> None:
        mend = f"add 'kgi: {roots[0]}'" if len(roots) == 1 else "add 'kgi: ' and the metric that the tree is about"
        super().__init__(f"the model names no kgi; {mend}", at=at)


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
        self.names = Names(self.keys, faults, limits.nodes)
        self.metrics: dict[str, Metric] = {}
        self.drivers: dict[str, tuple[str, ...]] = {}

    def tree(self, file: str) -> Tree:
        """The tree, unless anything is wrong."""
        self._read_metrics()
        order = self._order()
        kgi = self._kgi()
        limited = self.said.get("resources", NONE)
        sources = resources(limited, Spot(self.faults))
        for resource in sources.values():
            self.names.check(resource)
        telling = Telling(self.keys, {canonical(key) for key in limited.entries}, self.faults)
        told = telling.scenarios(self.said.get("scenarios", NONE))
        pairs = correlations(self.said.get("correlations", []), self._sound(), self.keys, self._spot("correlations"))
        self.faults.raise_any()
        return Tree(
            kgi=kgi,
            metrics=MappingProxyType(self.metrics),
            order=order,
            correlations=pairs,
            resources=MappingProxyType(sources),
            scenarios=MappingProxyType(told),
            file=file,
            kept={"plain": self.data, "drivers": self.drivers},
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
        for id, key in self.keys.items():
            found = metric(id, self.entries.keys[key].at, self.entries.entries[key], Spot(self.faults, metric=id))
            self.drivers[id] = self.names.of(found) if found is not None else ()
            if found is not None:
                self.metrics[id] = found
            if self.names.spent:  # a hostile file ends here, before it fills the memory
                self.faults.raise_any()

    def _order(self) -> tuple[str, ...]:
        order, cycles = ordered(self.drivers)
        for path in cycles:
            self.faults.add(Cycle(path, at=closing(path, self.metrics)))
        return order

    def _kgi(self) -> str:
        kgi: str = self.said.get("kgi", "")
        if "kgi" not in self.data.entries:
            used = {driver for drivers in self.drivers.values() for driver in drivers}
            self.faults.add(NoKgi([id for id in self.keys if id not in used], self.data.at))
        elif "kgi" in self.said and self.keys and kgi not in self.keys:
            self.faults.unknown(kgi, self.keys, what="kgi", at=self.data.entries["kgi"].at)
        return kgi

    def _sound(self) -> dict[str, Metric]:
        """The metrics with which nothing is wrong so far."""
        wrong = {error.metric for error in self.faults.errors}
        return {id: found for id, found in self.metrics.items() if id not in wrong}
