"""Which figures does a metric have over time and dimensions? A list is an entry per period, a mapping one per label.

A key's figures are nested as people write them; `axes_shown` says over which axes they run, and `part` picks the one of
a cell. What stands once stands for all labels and periods.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from leverage.errors import LeverageError, clip, listed, nearest
from leverage.files.plain import Mapping as PlainMapping
from leverage.files.plain import Plain, Scalar, Sequence
from leverage.tree.faults import Spot
from leverage.tree.grid import TIME, Axes, Axis, Grid
from leverage.tree.ids import labelled
from leverage.tree.keys import LEVER, THRESHOLDS

ADD_TIME = "add 'time: {periods: 12, unit: month}'"
TREND = ("growth", "seasonality")  # keys that run over time whatever they hold


class WrongShape(LeverageError):
    """Figures over axes that do not fit the model's: a label too few, a list too long, a label that nothing bears."""

    def __init__(self, message: str, spot: Spot, plain: Plain) -> None:
        super().__init__(spot.named(message), at=plain.at, metric=spot.metric)


def _scalar(plain: Plain) -> bool:
    return isinstance(plain, Scalar)


def _pair(plain: Plain) -> bool:
    return isinstance(plain, Scalar) or (
        isinstance(plain, Sequence) and all(isinstance(item, Scalar) for item in plain.items)
    )


def _keyed(table: Mapping[str, object]) -> Callable[[Plain], bool]:
    """A mapping of the table's keys, and not of labels."""

    def one(plain: Plain) -> bool:
        if isinstance(plain, Sequence):
            return False
        if isinstance(plain, PlainMapping):
            return not plain.entries or any(key in table for key in plain.entries) or not _deep(plain)
        return True

    return one


def _deep(plain: PlainMapping) -> bool:
    return all(isinstance(value, PlainMapping | Sequence) for value in plain.entries.values())


SINGLE: Mapping[str, Callable[[Plain], bool]] = {  # by key, what shows that its value is one figure's
    "value": _scalar,
    "range": _pair,
    "spread": _pair,
    "uncertainty": _scalar,
    "lever": _keyed(LEVER),
    "target": _scalar,
    "actual": _scalar,
    "thresholds": _keyed(THRESHOLDS),
}
INSIDE: Mapping[str, tuple[str, ...]] = {"lever": ("min", "max", "off"), "thresholds": ("warn", "alert")}
TABLES: Mapping[str, Mapping[str, object]] = {"lever": LEVER, "thresholds": THRESHOLDS}


def folded(plain: PlainMapping, spot: Spot) -> PlainMapping:
    """A metric with its labels in the form in which they are compared.

    Raises:
        WrongShape: two of them are then the same.
    """
    entries = {key: _folded(value, spot.below(key)) if key in SINGLE else value for key, value in plain.entries.items()}
    return PlainMapping(entries, plain.keys, plain.at)


def _folded(plain: Plain, spot: Spot) -> Plain:
    if isinstance(plain, Scalar):
        return plain
    if isinstance(plain, Sequence):
        return Sequence([_folded(item, spot) for item in plain.items], plain.at)
    entries, keys = {}, {}
    for key, value in plain.entries.items():
        label = labelled(key)
        if label in entries:
            raise WrongShape(f"the label {clip(label)!r} stands twice; keep one", spot, plain.keys[key])
        entries[label], keys[label] = _folded(value, spot), plain.keys[key]
    return PlainMapping(entries, keys, plain.at)


def written(plain: Plain) -> int:
    """How many scalars stand there."""
    count, stack = 0, [plain]
    while stack:
        part = stack.pop()
        count += isinstance(part, Scalar)
        stack.extend([] if isinstance(part, Scalar) else _below(part))
    return count


def several(plain: PlainMapping) -> bool:
    """Whether the figures of a metric run over axes."""
    if all(type(value) is Scalar and key not in TREND for key, value in plain.entries.items()):
        return False
    return runs(plain) or any(True for _ in _shown(plain))


def runs(plain: PlainMapping) -> bool:
    """Whether a metric runs over time whatever its figures show: it grows, has seasons, or a lever per period."""
    return _over_time(plain) == "each" or any(key in plain.entries for key in TREND)


def _over_time(plain: PlainMapping) -> str:
    lever = plain.entries.get("lever")
    found = lever.entries.get("over_time") if isinstance(lever, PlainMapping) else None
    return found.text if isinstance(found, Scalar) else ""


def _shown(plain: PlainMapping) -> Iterator[tuple[str, Plain, Callable[[Plain], bool]]]:
    """Each part of a metric that holds several figures: where, what, and what shows one of them."""
    for key, single in SINGLE.items():
        value = plain.entries.get(key)
        if value is None:
            continue
        if not single(value):
            yield key, value, single
        elif isinstance(value, PlainMapping):
            for inner in INSIDE.get(key, ()):
                found = value.entries.get(inner)
                if found is not None and not _scalar(found):
                    yield f"{key}.{inner}", found, _scalar


def axes_shown(plain: PlainMapping, grid: Grid, spot: Spot) -> Axes:
    """The axes over which the figures of a metric run, in the grid's order; every fault is added."""
    axes: set[str] = set()
    for key, value, single in _shown(plain):
        axes |= _axes(value, single, grid, spot.below(key))
    for key, fault in _untimely(plain, axes, grid):
        spot.faults.add(WrongShape(fault, spot.below(key), plain.entries[key]))
    return grid.ordered(axes)


def _untimely(plain: PlainMapping, axes: Collection[str], grid: Grid) -> Iterator[tuple[str, str]]:
    """Which keys say of time what does not hold, and the mend."""
    each = runs(plain)
    if each and not grid.periods:
        key = next(key for key in (*TREND, "lever") if key in plain.entries)
        yield key, f"it runs over time, and the model has none; {ADD_TIME}"
    elif _over_time(plain) == "constant" and (each or TIME in axes):
        yield "lever", "it is held constant, and its figures differ by period; write one figure, or over_time: each"
    elif "draws" in plain.entries and grid.periods and not each and TIME not in axes:
        yield "draws", "it has one figure for all periods, and so one draw; give it a list, or growth: 0%"
    lever = plain.entries.get("lever")
    if lever is not None and not SINGLE["lever"](lever) and any("over_time" in part.entries for part in _parts(lever)):
        yield "lever", "over_time holds for all labels; write it once, as {over_time: each, min: {LABEL: ...}}"


def _parts(plain: Plain) -> Iterator[PlainMapping]:
    """Every mapping in what stands there."""
    stack = [plain]
    while stack:
        part = stack.pop()
        if isinstance(part, PlainMapping):
            yield part
        stack.extend([] if isinstance(part, Scalar) else _below(part))


def _axes(value: Plain, single: Callable[[Plain], bool], grid: Grid, spot: Spot) -> set[str]:
    axes: set[str] = set()
    stack: list[tuple[Plain, frozenset[str]]] = [(value, frozenset())]
    while stack:
        plain, above = stack.pop()
        if single(plain):
            continue
        axis = _axis(plain, grid, spot)
        if axis is None:
            continue
        if axis in above:
            spot.faults.add(WrongShape(f"{axis} stands twice, one inside the other; keep one level", spot, plain))
            return axes
        axes.add(axis)
        stack.extend((item, above | {axis}) for item in reversed(_below(plain)))
    return axes


def _below(plain: Plain) -> list[Plain]:
    return plain.items if isinstance(plain, Sequence) else list(plain.entries.values())  # type: ignore[union-attr]


def _axis(plain: Plain, grid: Grid, spot: Spot) -> str | None:
    """The axis that one level of figures goes over; None, and a fault, where there is none."""
    if isinstance(plain, Sequence):
        if not grid.periods:
            message = "a list has a figure per period, and the model has no time"
            spot.faults.add(WrongShape(f"{message}; {ADD_TIME}", spot, plain))
            return None
        return TIME
    assert isinstance(plain, PlainMapping)
    if not plain.entries:
        spot.faults.add(WrongShape("nothing stands in it; write one figure, or one for each label", spot, plain))
    owners = {grid.owners[key].name for key in plain.entries if key in grid.owners}
    for key in plain.entries:
        if key not in grid.owners:
            _strange(key, plain.keys[key], grid, spot)
    if len(owners) > 1:
        message = f"labels of {listed(sorted(owners))} stand side by side; nest one inside the other"
        spot.faults.add(WrongShape(message, spot, plain))
    return next(iter(owners)) if len(owners) == 1 else None


def _strange(key: str, stands: Scalar, grid: Grid, spot: Spot) -> None:
    """Adds that nothing bears the label; it may be a key of the lever, misspelt."""
    table = TABLES.get(spot.key, {})
    near = nearest(key, (*table, *grid.owners)) if spot.faults.suggests(key, len(grid.owners)) else None
    if near in table:
        where = f"in {spot.key}"
        spot.faults.unknown(key, table.keys(), what="key", where=where, at=stands.at, metric=spot.metric)
    else:
        spot.faults.add(WrongShape(_unknown(key, near, grid), spot, stands))


def _unknown(label: str, near: str | None, grid: Grid) -> str:
    if not grid:
        return (
            f"{clip(label)!r} is taken for a label, and the model has no dimensions; write one figure, or add "
            "'dimensions: {NAME: [LABEL, ...]}'"
        )
    if label in grid:
        return f"{label!r} is the name of a dimension; write its labels in its place: {listed(grid[label].labels, 3)}"
    return f"unknown label {clip(label)!r}; {f'did you mean {near!r}?' if near else 'add it to its dimension'}"


def cell_plain(plain: PlainMapping, at: Mapping[str, str], grid: Grid, spot: Spot) -> PlainMapping:
    """The figures of one cell, as if they stood alone. ``at``: the cell's label on each axis that is shown.

    Raises:
        WrongShape: a label without a figure, a list of another length than the periods.
    """
    repeat = "repeat" in plain.entries
    entries: dict[str, Plain] = {}
    for key, single in SINGLE.items():
        if key not in plain.entries:
            continue
        here = Spot(spot.faults, key, spot.metric, spot)
        value = part(plain.entries[key], single, at, grid, here, repeat=repeat)
        if key in INSIDE and isinstance(value, PlainMapping):
            inner = {
                name: part(item, _scalar, at, grid, here.below(name), repeat=repeat) if name in INSIDE[key] else item
                for name, item in value.entries.items()
            }
            value = PlainMapping(inner, value.keys, value.at)
        entries[key] = value
    return PlainMapping(entries, plain.keys, plain.at)


def part(
    plain: Plain,
    single: Callable[[Plain], bool],
    at: Mapping[str, str],
    grid: Grid,
    spot: Spot,
    *,
    repeat: bool = False,
) -> Plain:
    """The figure of one cell among nested ones.

    Raises:
        WrongShape: there is none.
    """
    while not single(plain):
        if isinstance(plain, Sequence):
            plain = _period(plain, grid[TIME], grid.places[at[TIME]], spot, repeat)
        else:
            assert isinstance(plain, PlainMapping)
            plain = _label(plain, at, grid, spot)
    return plain


def _period(plain: Sequence, time: Axis, place: int, spot: Spot, repeat: bool) -> Plain:
    count = len(plain.items)
    if not count or count > len(time) or (count < len(time) and not repeat):
        mend = "write repeat: last to go on with its last entry" if 0 < count < len(time) else "write one for each"
        entries = "1 entry" if count == 1 else f"{count} entries"
        raise WrongShape(f"the list has {entries} and the model {len(time)} periods; {mend}", spot, plain)
    return plain.items[min(place, count - 1)]


def _label(plain: PlainMapping, at: Mapping[str, str], grid: Grid, spot: Spot) -> Plain:
    """The entry of the cell's own label, or else of the smallest group that it is in."""
    axis = next(grid.owners[key] for key in plain.entries if key in grid.owners)
    label = at[axis.name]
    if label in plain.entries:
        return plain.entries[label]
    group = next((group for group in grid.homes.get(label, ()) if group in plain.entries), None)
    if group is None:
        said = plain.entries.keys()
        missing = [name for name in axis.labels if said.isdisjoint((name, *grid.homes.get(name, ())))]
        raise WrongShape(f"no figure for {listed(missing)} of {axis.name}; write one for each label", spot, plain)
    return plain.entries[group]
