"""Over its own range, which driver swings the KGI most? One leaf at a time, all else at its value.

Over axes a driver is one draw: all cells that share it go together from its P10 to its P90.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from leverage.errors import UnknownName
from leverage.panels import Bars, Cell, Column, Curves, Heatmap, Panel, Spark, Table, Text
from leverage.program.run import point, sweep
from leverage.quantity import show
from leverage.tree.addresses import metric_of, parted
from leverage.tree.grid import TIME
from leverage.tree.metric import Metric
from leverage.tree.tree import Tree
from leverage.tree.uncertainty import moved
from leverage.verbs.cells.over import At, at, seen, spoken
from leverage.verbs.cells.spider import spider
from leverage.verbs.cells.sums import course, timeless
from leverage.verbs.describe import caveats, column, figure
from leverage.verbs.result import Result, Run

Array = NDArray[np.float64]

TAILS = np.array([0.1, 0.9])
ASSUMED = 0.1  # share either way, for a leaf of which the file says neither doubt nor bounds
BASES = ("P10 to P90", "choices", "bounds", "assumed")  # the surest first
TOGETHER = 64  # drivers that share a sweep
LEGS = 8  # drivers of a spider
MOST = 24  # drivers over axes that people are shown, of which there may be hundreds


@dataclass(frozen=True, eq=False)
class Tornado(Result):
    """The KGI at both ends of each driver's range, widest swing first. ``basis``: where each range comes from.

    ``of``: the cells of what swings, one, or one a period. ``low``, ``high``: by cell of each driver, its levels;
    ``kgi_low``, ``kgi_high``: what swings there, in its unit, (d,), or (d, t) of a metric over time.
    """

    verb: ClassVar[str] = "tornado"
    main: ClassVar[str] = "drivers"

    tree: Tree
    of: tuple[str, ...]
    value: float | Array
    drivers: tuple[str, ...]
    lows: tuple[Mapping[str, float], ...]
    highs: tuple[Mapping[str, float], ...]
    kgi_low: Array
    kgi_high: Array
    basis: tuple[str, ...]

    def __getitem__(self, id: str) -> Any:
        """The swing of one driver; over time one a period."""
        if id not in self.drivers:
            self.tree.cells_of(id)
            raise UnknownName(id, self.drivers, what="driver")
        return self.swing[self.drivers.index(id)].tolist()

    @property
    def swing(self) -> Array:
        """How far apart the two ends are, (d,) or (d, t), in the unit of what swings."""
        return np.abs(self.kgi_high - self.kgi_low)

    @property
    def low(self) -> Array:
        """The lower level of each driver that is one leaf, (d,); of several cells, of the first."""
        return np.array([next(iter(levels.values())) for levels in self.lows])

    @property
    def high(self) -> Array:
        """The upper one."""
        return np.array([next(iter(levels.values())) for levels in self.highs])

    def figures(self) -> dict[str, Any]:
        columns = zip(self.drivers, *self._ends, self.kgi_low, self.kgi_high, self.swing, self.basis, strict=True)
        names = ("metric", "low", "high", "kgi_low", "kgi_high", "swing", "basis")
        return {
            "kgi": self._name,
            **({"periods": list(self._periods)} if self._periods else {}),
            "value": self.value,
            "drivers": [dict(zip(names, row, strict=True)) for row in columns],
        }

    @property
    def _ends(self) -> tuple[list[Any], list[Any]]:
        """Both levels of each driver, nested as the file has them."""
        low, high = (
            [at(self.tree, id, levels) for id, levels in zip(self.drivers, each, strict=True)]
            for each in (self.lows, self.highs)
        )
        return low, high

    @property
    def _name(self) -> str:
        """The address of what swings."""
        return timeless(self.tree, self.of[0]) if self._periods else self.of[0]

    @property
    def _periods(self) -> tuple[str, ...]:
        """The periods of what swings, () of a single figure."""
        return self.tree.grid[TIME].labels if len(self.of) > 1 else ()

    def notes(self) -> tuple[str, ...]:
        notes = list(caveats(self.tree))
        if "assumed" in self.basis:
            notes.append("assumed: the file gives no range for these, so 10% either way is taken; give them a 'range'")
        if self.tree.correlations:
            notes.append("one leaf moves at a time: the correlations of the file are not followed")
        return tuple(notes)

    @property
    def _goal(self) -> Metric:
        return self.tree.metrics[metric_of(self.of[0])]

    def panels(self) -> tuple[Panel, ...]:
        following = Text(f"leverage simulate {self.tree.file or 'MODEL'}", "next")
        return (self._table(), *([self._heatmap()] if self._periods else [self._bars(), *self._spider()]), following)

    def read(self) -> tuple[Panel, ...]:
        """The little series say what the heatmap says, and the spider is a picture."""
        return tuple(panel for panel in self.panels() if not isinstance(panel, Heatmap | Curves))

    @property
    def _count(self) -> int:
        """How many drivers people are shown."""
        return MOST if self.tree.grid and len(self.drivers) > MOST else len(self.drivers)

    def _table(self) -> Table:
        unit, name = self._goal.unit, spoken(self.tree, self._name)
        led = "KGI at" if self._name == self.tree.kgi else "at"
        ends = (Column("low"), Column("high"), Column(f"{led} low", unit), Column(f"{led} high", unit))
        heads = (column("driver"), *(() if self._periods else ends), Column("swing", unit), column("range"))
        rows = [self._row(place) for place in range(self._count)]
        ids = [*self.drivers[: self._count]]
        if len(self.drivers) > self._count:
            blank = (None,) * (len(heads) - 1)
            rows.append((f"and {len(self.drivers) - self._count} more: --json has all", *blank))
            ids.append("")
        said = "period by period" if self._periods else show(float(self.value), percent=self._goal.percent)
        title = f"{name}{', ' if self._periods else ' = '}{said}: over each driver's own range"
        return Table(title, heads, tuple(rows), tuple(ids))

    def _row(self, place: int) -> tuple[Cell, ...]:
        id, swing = self.drivers[place], self.swing[place]
        if self._periods:
            return (spoken(self.tree, id), Spark(tuple(swing.tolist()), self._goal.percent), self.basis[place])
        levels = (self._level(id, each[place]) for each in (self.lows, self.highs))
        ends = (self.kgi_low[place], self.kgi_high[place], swing)
        return (spoken(self.tree, id), *levels, *(figure(self._goal, float(end)) for end in ends), self.basis[place])

    def _level(self, address: str, levels: Mapping[str, float]) -> Cell:
        id, labels = parted(address)
        owners = self.tree.grid.owners
        meant: At = {owners[label].name: owners[label].members(label) for label in labels}
        return seen(self.tree, id, levels, meant)

    def _bars(self) -> Bars:
        goal, ids = self._goal, self.drivers[: self._count]
        names = [tuple(map(self._end, ids, each)) for each in (self.lows, self.highs)]
        return Bars(
            f"Swing of {spoken(self.tree, self._name)}",
            ids,
            self.kgi_low[: len(ids)],
            self.kgi_high[: len(ids)],
            reference=float(self.value),
            unit=goal.unit,
            percent=goal.percent,
            better="higher" if self.tree.sign > 0 else "lower",
            low_names=names[0],
            high_names=names[1],
            labels=tuple(spoken(self.tree, id) for id in ids),
            picture="tornado",
        )

    def _spider(self) -> list[Curves]:
        """What swings along the range of each of the first drivers; nothing where none moves it by a share."""
        strong = [place for place in range(len(self.drivers)) if self.swing[place] > 0][:LEGS]
        ranges = {self.drivers[place]: (self.lows[place], self.highs[place]) for place in strong}
        paths = spider(self.tree.cells, self.of[0], ranges)
        goal, name = self._goal, spoken(self.tree, self._name)
        curves = Curves(
            f"{name} along the range of each of the strongest drivers",
            np.array([path.change for path in paths]),
            np.array([path.goal for path in paths]),
            tuple(spoken(self.tree, path.driver) for path in paths),
            x_title="change of the driver from where it stands",
            y_title=name,
            origin=(0.0, float(self.value)),
            unit=goal.unit,
            percent=goal.percent,
            x_percent=True,
            picture="spider",
        )
        return [curves] if paths else []

    def _end(self, address: str, levels: Mapping[str, float]) -> str:
        """A driver's level at an end of its bar; of cells that stand at several, the lowest and the highest."""
        percent = self.tree.metrics[parted(address)[0]].percent
        held = sorted(set(levels.values()))
        return " to ".join(show(level, percent=percent) for level in (held[0], held[-1])[: len(held)])

    def _heatmap(self) -> Heatmap:
        """The swing of the first drivers, period by period."""
        goal, shown = self._goal, self.drivers[: self._count]
        return Heatmap(
            f"Swing of {spoken(self.tree, self._name)}",
            self.swing[: len(shown)],
            "driver",
            "period",
            tuple(spoken(self.tree, id) for id in shown),
            self._periods,
            goal.unit,
            goal.percent,
        )


def tornado(tree: Tree, *, of: str | None = None) -> Tornado:
    """Over its own range, which driver swings the KGI most?

    Args:
        of: the metric that swings, the KGI when left out; over time, period by period.

    Returns:
        Each driver's low and high level (P10 and P90 of its distribution, else its lever's bounds, else 10 % either
        way, marked ``assumed``), the KGI at both with all else at its value, and the swing between them, widest first
        (over time: by the widest of any period). Of a leaf over axes, cells that share a draw are one driver, and
        where it is certain, the periods of a label.

    Raises:
        BadSetting: ``of`` names more than one series of figures.
    """
    cells, goals = tree.cells, course(tree, of or tree.kgi, "of")
    ranges = {id: _ranges(cells, members) for id, members in sorted(_drivers(cells).items())}
    ends = _swung(cells, {id: levels for id, (levels, _) in ranges.items()}, goals)
    wide = {id: float(np.max(np.abs(at[1] - at[0]))) for id, at in ends.items()}
    order = sorted(ranges, key=lambda id: -wide[id] if np.isfinite(wide[id]) else -np.inf)
    values = point(cells)
    lows, highs = ([{id: float(pair[k]) for id, pair in ranges[each][0].items()} for each in order] for k in (0, 1))
    kgi = np.array([ends[id] for id in order]).reshape(len(order), 2, len(goals))
    single = len(goals) == 1
    return Tornado(
        Run.of(tree),
        tree,
        goals,
        values[goals[0]] if single else np.array([values[id] for id in goals]),
        tuple(order),
        tuple(lows),
        tuple(highs),
        kgi[:, 0, 0] if single else kgi[:, 0],
        kgi[:, 1, 0] if single else kgi[:, 1],
        tuple(ranges[id][1] for id in order),
    )


def _drivers(cells: Tree) -> dict[str, list[str]]:
    """The leaves that move together, by address: those of one draw, and of a certain leaf a label's periods."""
    found: dict[str, list[str]] = {}
    for id in cells.leaves:
        metric = cells.metrics[id]
        found.setdefault(metric.draw or timeless(cells, id), []).append(id)
    return found


def _swung(cells: Tree, ends: Mapping[str, Mapping[str, Array]], goals: tuple[str, ...]) -> dict[str, Array]:
    """What swings, (2, t), with each driver's cells at their low and at their high levels, all others where they stand.

    Drivers share a sweep, since what depends on one cell of a model over time most often depends on others, too.
    """
    found: dict[str, Array] = {}
    for batch in _batched(ends, TOGETHER):
        moved: dict[str, Array] = {}
        for place, driver in enumerate(batch):
            for id, pair in ends[driver].items():
                moved[id] = np.full(2 * len(batch), cells.levels[id].value)
                moved[id][2 * place : 2 * place + 2] = pair
        swept = sweep(cells, moved, goals)
        both = np.array([swept[goal] for goal in goals]).T.reshape(len(batch), 2, len(goals))
        found.update(zip(batch, both, strict=True))
    return found


def _batched(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """The ids in order, so many at a time."""
    every = iter(ids)
    while batch := [*islice(every, size)]:
        yield batch


def _ranges(cells: Tree, members: list[str]) -> tuple[dict[str, Array], str]:
    """The two levels of each cell of a driver, and where they come from; cells whose doubt has ended stay.

    All go to the low end of the draw together: a cell that falls as the draw rises meets its own high end there.
    """
    doubtful = [id for id in members if cells.metrics[id].uncertainty is not None and not cells.levels[id].certain]
    found = {id: _range(cells, cells.metrics[id]) for id in doubtful or members}
    levels = {id: ends for id, (ends, _) in found.items()}
    first = next(iter(levels.values()))
    turned = {id: ends[::-1] for id, ends in levels.items()} if first[0] > first[1] else levels
    return turned, max((basis for _, basis in found.values()), key=BASES.index)


def _range(tree: Tree, metric: Metric) -> tuple[Array, str]:
    """The two levels of a leaf, and where they come from; of a draw in the draw's own order."""
    level = tree.levels[metric.id]
    if metric.uncertainty is not None and not level.certain:
        ends, _ = moved(metric.uncertainty.quantile(TAILS), metric.uncertainty, level, metric.factor)
        return ends, BASES[0]
    lever = metric.lever
    if lever is not None and lever.choices:
        return np.array([min(lever.choices), max(lever.choices)]), BASES[1]
    ends = np.sort(level.value * np.array([1 - ASSUMED, 1 + ASSUMED]))
    bounds = (lever.low, lever.high) if lever is not None else (None, None)
    given = np.array([end if bound is None else bound for bound, end in zip(bounds, ends, strict=True)])
    return np.sort(given), BASES[3] if None in bounds else BASES[2]
