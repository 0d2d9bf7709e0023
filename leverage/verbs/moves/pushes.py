"""What does a push of 1 % bring, draw by draw? Each lever's elasticity at every sample, by one adjoint sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leverage.program.program import SLOPE
from leverage.program.run import sloped
from leverage.program.schedule import Schedule, schedule
from leverage.sampling.streams import CHUNK
from leverage.tree.tree import Tree
from leverage.verbs.draws.cast import Cast, sent
from leverage.verbs.draws.chance import Chance

Array = NDArray[np.float64]

KEPT = 2**22  # elasticities (32 MB) of all levers together; of more draws the first are looked at
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Pushes:
    """The slopes of the KGI, ready to run over draws. ``cells``: of each lever, its cells and where they stand."""

    whole: Schedule
    settled: Mapping[int, Any]
    cells: tuple[tuple[tuple[str, float], ...], ...]
    kgi: str
    chunks: int

    def fill(self, arrays: Mapping[str, Array], rows: Sequence[Array], out: Array) -> None:
        """Each lever's elasticity at a block's draws, ``(d, b)``: of one over axes the sum over its cells.

        Where the KGI is 0 it is none, which stands as not a number.
        """
        live = self.whole.block(self.settled, arrays, list(rows))
        value = live[self.whole.keep[self.kgi]]
        with np.errstate(all="ignore"):  # a draw without an elasticity is left out of the quantiles
            for row, cells in zip(out, self.cells, strict=True):
                row[:] = 0.0
                for id, level in cells:
                    row += live[self.whole.keep[SLOPE + id]] * arrays.get(id, level)
                row /= np.where(value == 0, np.nan, value)


def pushes(tree: Tree, cast: Cast, chance: Chance, levers: Sequence[Sequence[str]]) -> Pushes:
    """The elasticities of levers of a tree of cells; ``levers``: the cells of each."""
    standing = sloped(tree, tree.kgi)
    slopes = [SLOPE + id for cells in levers for id in cells]
    whole = schedule(standing.program, varying=cast.ids, keep=(tree.kgi, *slopes))
    stands = tuple(tuple((id, tree.levels[id].value) for id in cells) for cells in levers)
    chunks = max(1, KEPT // (len(levers) * min(CHUNK, chance.samples)))
    return Pushes(*sent(whole, whole.settle(standing.inputs)), stands, tree.kgi, min(chunks, cast.draws.chunks))


def quantiles(elasticities: Array) -> dict[str, float | None]:
    """Quantiles of one lever's elasticities, of those that are numbers."""
    held = elasticities[np.isfinite(elasticities)]
    if not len(held):
        return {str(p): None for p in QUANTILES}
    return dict(zip(map(str, QUANTILES), (float(level) + 0.0 for level in np.quantile(held, QUANTILES)), strict=True))
