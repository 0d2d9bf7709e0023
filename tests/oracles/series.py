"""A model over axes at its base, read as NumPy arrays: what the closed forms are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import leverage as lv
from leverage.program.run import point
from leverage.tree.grid import cell_id
from leverage.tree.tree import Tree

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """A metric's figures by its id: an array with an array axis for each of its axes, a float where it has none."""

    tree: Tree

    @cached_property
    def found(self) -> Mapping[str, float]:
        """Every cell's figure."""
        return point(self.tree.cells)

    def __getitem__(self, id: str) -> Any:
        axes = self.tree.metrics[id].axes
        cells = [self.found[cell_id(id, labels)] for labels in self.tree.grid.cells(axes)]
        return np.array(cells).reshape(self.tree.grid.shape(axes)) if axes else cells[0]


def figures(metrics: Mapping[str, Any], kgi: str = "kgi", **keys: Any) -> Figures:
    """What a model says, from a model file's own keys; ``periods`` is short for a time without a calendar."""
    if "periods" in keys:
        keys["time"] = {"periods": keys.pop("periods"), "unit": "month"}
    return Figures(lv.Model(kgi=kgi, metrics=metrics, **keys).tree)


def assert_close(found: Any, expected: Any, rtol: float = 1e-12, atol: float = 0.0) -> None:
    """Equal to rounding. A recursion of T steps rounds some 3 T times at 1.1e-16 each: 360 steps stay below 2e-13."""
    np.testing.assert_allclose(found, np.asarray(expected, dtype=float), rtol=rtol, atol=atol)
