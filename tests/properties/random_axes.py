"""Models over time and dimensions at random, each written twice: as a model file, and on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.oracles.arrays import DIMENSIONS, GROUPS, LABELS, NAMES, PERIODS, SHAPE, TIME, Arrays, Figure

Rule = Callable[..., Figure]  # from Arrays and the figures that stand for the braces of the text


def over(name: str, axes: tuple[str, ...]) -> str:
    """How a formula reduces its ``{}`` over axes."""
    return f"{name}({{}}, over={axes[0] if len(axes) == 1 else '[' + ', '.join(axes) + ']'})"


def reductions() -> dict[str, Rule]:
    """Each reduction over each set of axes, and over what is left out; a total is scaled to stay moderate."""
    found: dict[str, Rule] = {}
    sets = (("channel",), ("country",), ("time",), ("time", "channel"), ("country", "time"), ("channel", "country"))
    for name in ("sum", "mean", "min", "max", "first", "last"):
        text = "{} / 6" if name == "sum" else "{}"
        scale = 6 if name == "sum" else 1
        found[text.format(f"{name}({{}})")] = lambda m, x, name=name, scale=scale: getattr(m, name)(x) / scale
        for axes in sets:
            at = [NAMES.index(axis) for axis in axes]
            found[text.format(over(name, axes))] = lambda m, x, name=name, at=at, scale=scale: (
                getattr(m, name)(x, at) / scale
            )
    return found


ONE: Mapping[str, Rule] = {
    "{}": lambda m, x: x,
    "exp({} / 9)": lambda m, x: m.xp.exp(x / 9),
    "4 * tanh({} / 4)": lambda m, x: 4 * m.xp.tanh(x / 4),
    "sqrt(1 + ({}) ** 2)": lambda m, x: m.xp.sqrt(1 + x**2),
    "log(2 + abs({}))": lambda m, x: m.xp.log(2 + m.abs(x)),
    "{} - period": lambda m, x: x - m.period,
    "cumsum({}) / 4": lambda m, x: m.cumsum(x) / 4,
    "adstock({}, 0.4)": lambda m, x: m.adstock(x, np.full((1, 1, 1, 1), 0.4)),
}
TWO: Mapping[str, Rule] = {
    "({} + {})": lambda m, x, y: x + y,
    "({} - {})": lambda m, x, y: x - y,
    "({} * {}) / 7": lambda m, x, y: x * y / 7,
    "{} / (3 + abs({}))": lambda m, x, y: x / (3 + m.abs(y)),
    "max({}, {})": lambda m, x, y: m.larger(x, y),
    "min({}, {})": lambda m, x, y: m.smaller(x, y),
    "prev({}, {})": lambda m, x, y: m.prev(x, y),
    "lag({}, 2, {})": lambda m, x, y: m.lag(x, 2, y),
    "adstock({}, tanh({}) / 2)": lambda m, x, y: m.adstock(x, m.xp.tanh(y) / 2),
    "npv(0.03, {} + {}) / 3": lambda m, x, y: m.npv(np.full((1, 1, 1, 1), 0.03), x + y) / 3,
}
THREE: Mapping[str, Rule] = {
    "where({} > {}, {}, 1)": lambda m, x, y, z: m.where(x, y, z, np.ones((1, 1, 1, 1))),
    "({} if {} > 0 else {})": lambda m, x, y, z: m.where(y, np.zeros((1, 1, 1, 1)), x, z),
}
ENDS = reductions()


@dataclass
class RandomModel:
    """A model under way: its file's metrics, where its leaves stand in one vector, and how arrays follow."""

    metrics: dict[str, Any] = field(default_factory=dict)
    leaves: dict[str, tuple[int, ...]] = field(default_factory=dict)  # id to shape
    figures: list[np.ndarray[Any, Any]] = field(default_factory=list)
    steps: list[tuple[tuple[str, ...], Rule, tuple[str, ...]]] = field(default_factory=list)
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        return list(self.shapes)

    def leaf(self, axes: tuple[int, ...], seed: int) -> None:
        """A leaf over some axes, its figures between -3 and 3 and none of them alike."""
        id = f"x{len(self.leaves)}"
        shape = tuple(n if axis in axes else 1 for axis, n in enumerate(SHAPE))
        drawn = np.random.default_rng(seed).uniform(-3, 3, shape).round(3) + 0.0005
        self.metrics[id] = {"value": nested(drawn, axes)} if axes else float(drawn.item())
        self.leaves[id] = self.shapes[id] = shape
        self.figures.append(drawn.ravel())

    def step(self, ids: tuple[str, ...], texts: tuple[str, ...], rule: Rule, of: tuple[str, ...]) -> None:
        """One or several formulas of metrics, and what they come to on arrays."""
        self.metrics.update(zip(ids, texts, strict=True))
        self.steps.append((ids, rule, of))
        blank = {id: np.ones((*self.shapes[id], 1)) for id in of}
        found = rule(Arrays(), *(blank[id] for id in of))
        for id, x in zip(ids, found if len(ids) > 1 else (found,), strict=True):
            self.shapes[id] = x.shape[:-1]

    def vector(self) -> np.ndarray[Any, Any]:
        """The leaves' figures, one after the other, in the order of their cells."""
        return np.concatenate(self.figures)

    def arrays(self, m: Arrays, vector: Figure) -> dict[str, Figure]:
        """Every metric over its axes; ``vector``: the leaves' figures, shape (n, tried)."""
        found: dict[str, Figure] = {}
        start = 0
        for id, shape in self.leaves.items():
            stop = start + prod(shape)
            found[id] = vector[start:stop].reshape((*shape, -1))
            start = stop
        for ids, rule, of in self.steps:
            value = rule(m, *(found[id] for id in of))
            found.update(zip(ids, value if len(ids) > 1 else (value,), strict=True))
        return found

    def axes(self, id: str) -> tuple[str, ...]:
        """The axes of a metric, in the grid's order."""
        return tuple(name for name, n in zip(NAMES, self.shapes[id], strict=True) if n > 1)

    @property
    def keys(self) -> dict[str, Any]:
        """The model file's keys."""
        return {
            "kgi": "kgi",
            "metrics": self.metrics,
            "time": {"periods": PERIODS, "unit": "month"},
            "dimensions": DIMENSIONS,
        }


def nested(figures: np.ndarray[Any, Any], axes: tuple[int, ...]) -> Any:
    """The figures as a file writes them: a mapping per label for each dimension, a list per period innermost."""
    if not axes:
        return float(figures.item())
    axis, *rest = axes
    parts = [nested(np.take(figures, [place], axis), tuple(rest)) for place in range(SHAPE[axis])]
    return parts if axis == TIME else dict(zip(LABELS[NAMES[axis]], parts, strict=True))


SUBSETS = ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))


@st.composite
def random_model(draw: st.DrawFn, *, most: int = 9) -> RandomModel:
    """Random formulas over random leaves, later ones of earlier ones; the KGI is of all of them."""
    model = RandomModel()
    seed = draw(st.integers(0, 2**32 - 1))
    for place, axes in enumerate(draw(st.lists(st.sampled_from(SUBSETS), min_size=2, max_size=5))):
        model.leaf(axes, seed + place)
    for _ in range(draw(st.integers(1, most))):
        draw(st.sampled_from((plain, plain, plain, reduced, picked, stock, ring)))(draw, model)
    model.step(
        ("kgi",),
        (" + ".join(f"mean({id})" for id in model.ids),),
        lambda m, *xs: sum(m.mean(x) for x in xs),
        tuple(model.ids),
    )
    return model


def some(draw: st.DrawFn, model: RandomModel, count: int) -> tuple[str, ...]:
    """Metrics so far, the last ones rather than others."""
    recent = st.sampled_from(model.ids[-4:])
    return tuple(draw(recent if place == 0 else st.sampled_from(model.ids)) for place in range(count))


def plain(draw: st.DrawFn, model: RandomModel) -> None:
    """An operator of several metrics, inside a function of one."""
    count = draw(st.sampled_from((2, 2, 2, 3)))
    text, rule = draw(st.sampled_from(list((TWO if count == 2 else THREE).items())))
    outer, wrap = draw(st.sampled_from(list(ONE.items())))
    of = some(draw, model, count)
    written = outer.format(text.format(*of))
    model.step((f"y{len(model.ids)}",), (written,), lambda m, *xs: wrap(m, rule(m, *xs)), of)


def reduced(draw: st.DrawFn, model: RandomModel) -> None:
    """A reduction of a metric, or of a product of two."""
    text, rule = draw(st.sampled_from(list(ENDS.items())))
    of = some(draw, model, 2)
    model.step((f"y{len(model.ids)}",), (text.format(" * ".join(of)),), lambda m, x, y: rule(m, x * y), of)


def picked(draw: st.DrawFn, model: RandomModel) -> None:
    """One label's part of a metric that has its axis, or a group's."""
    labels = [
        label
        for axis, name in enumerate(NAMES)
        for label in (*LABELS[name], *(GROUPS if name == "country" else ()))
        if model.shapes[model.ids[-1]][axis] > 1
    ]
    if labels:
        label, (of, other) = draw(st.sampled_from(labels)), (model.ids[-1], *some(draw, model, 1))
        text = f"pick({of}, `{label}`) + {other}"
        model.step((f"y{len(model.ids)}",), (text,), lambda m, x, y: m.pick(x, label) + y, (of, other))


def stock(draw: st.DrawFn, model: RandomModel) -> None:
    """A metric that depends on itself."""
    of, id = some(draw, model, 3), f"y{len(model.ids)}"
    text = "prev({}, {}) * tanh({}) / 2 + {}".format(id, *of)
    model.step((id,), (text,), lambda m, *xs: m.stock(*xs), of)


def ring(draw: st.DrawFn, model: RandomModel) -> None:
    """Two metrics that depend on each other."""
    of, n = some(draw, model, 3), len(model.ids)
    texts = (f"prev(y{n + 1}, {of[0]}) / 2 + {of[1]}", f"tanh(y{n}) + {of[2]}")
    model.step((f"y{n}", f"y{n + 1}"), texts, lambda m, *xs: m.ring(*xs), of)
