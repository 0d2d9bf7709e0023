"""How is a quantile function's table made? From 200 exact levels; and where it would miss by 1e-8, not at all.

In every 4 octaves of odds the exact function is asked at 16 Chebyshev nodes. Their polynomial (an analytic function of
log-odds is had to 1e-11) gives the parabola of each cell, by one fixed map for all tables. What a parabola leaves is
the third difference over its cell, 2.5e-9 |f''' - 3 f'' + 2 f'| in log-odds, most at the cell's edges: 1e-9 to 5e-9
standard deviations in the families here. 40 more exact levels, at edges between the nodes, check it. Where one is
missed, cells a quarter as wide err a 64th as much; a kink is missed by those too, and then the exact function draws.
How many samples are wanted has no say in it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from leverage.panels import Array
from leverage.sampling.streams import LEAST
from leverage.sampling.table import DIGITS, FINE, REACH, Ends, Quantile, Spare, Table, Words, packed, shares

ERROR = 1e-8  # of the sd, or of the distance to the median where that is more
MARGIN = 0.8  # of it, at the checks: between them it may be a little more
ROUNDED = 8 * np.finfo(np.float64).eps  # of a level, which may be large against the spread
PANEL = 4  # octaves to a polynomial
NODES = 16
PANELS = 2 * REACH // PANEL
CHECKED = 9, 52, 77, 118  # a cell of each octave of a panel
ONE_SD = 0.1586552539314571  # the share below one sd under the mean of a normal distribution


def table(exact: Quantile) -> Table | None:
    """The table of a quantile function, of the shares below and above; None where it would miss by more than `ERROR`.

    >>> logistic = table(lambda p, q: np.log(p / q))
    >>> points = np.array([0.1, 0.5, 0.9])
    >>> logistic.draw(points, Spare.of(3))
    >>> points.round(7) + 0
    array([-2.1972246,  0.       ,  2.1972246])
    """
    with np.errstate(all="ignore"):  # levels that no float holds: there is no table then
        found = exact(*shares(asked()))
        if not np.isfinite(found).all():
            return None
        for digits in (DIGITS, FINE):
            made = Table(digits, *parabolas(found[: PANELS * NODES].reshape(PANELS, NODES), digits), exact)
            if ends := held(made, found[PANELS * NODES :]):
                return replace(made, ends=ends)
    return None


def held(made: Table, wanted: Array) -> Ends | None:
    """Ends that draws may not pass, where the table keeps to what ``exact`` gave at the odds asked; else None.

    The ends are infinite where the table stays away from them by itself.
    """
    wanted, (low, below, median, above, high) = wanted[:-5], wanted[-5:]
    odds, unit = edges(made.digits), (above - below) / 2
    levels = odds / (1 + odds)
    made.draw(levels, Spare.of(len(levels)))
    rounded = ROUNDED * np.abs(wanted)
    near = np.abs(levels[checked() << made.digits - DIGITS] - wanted)
    allowed = MARGIN * ERROR * np.maximum(unit, np.abs(wanted - median)) + rounded
    slack = ERROR * unit + rounded.max()
    if (np.diff(levels) < -slack).any() or (near > allowed).any():
        return None
    return low if levels[0] < low + slack else -np.inf, high if levels[-1] > high - slack else np.inf


def parabolas(knots: Array, digits: int) -> tuple[Array, Words]:
    """Levels and words of all cells, from the levels at the nodes, ``(PANELS, NODES)``."""
    middle = knots[:, NODES // 2, None]  # so that a small spread round a large mean keeps its digits
    apart, way = knots - middle, ways(digits)
    # the sums are written out: how a matrix product rounds may depend on the threads it is given
    found = apart[:, 0, None] * way[0]
    for node in range(1, NODES):
        found += apart[:, node, None] * way[node]
    level, slope, bend = found.reshape(PANELS, 3, -1).transpose(1, 0, 2)
    scale = np.repeat(octaves(), 1 << digits)
    centre = edges(digits) + scale / (2 << digits)
    return packed((level + middle).ravel(), slope.ravel() / scale, bend.ravel() / scale**2, centre)


def octaves() -> Array:
    """The odds where each octave begins."""
    return np.exp2(np.arange(-REACH, REACH))


@cache
def edges(digits: int) -> Array:
    """The odds where each cell begins."""
    starts: Array = (octaves()[:, None] * (1 + np.arange(1 << digits) / (1 << digits))).ravel()
    return starts


@cache
def checked() -> NDArray[np.int64]:
    """Cells of 7 digits whose edges check a table."""
    inside = [(k << DIGITS) + cell for k, cell in enumerate(CHECKED)]
    return np.add.outer(np.arange(PANELS) * (PANEL << DIGITS), inside).ravel()


@cache
def asked() -> Array:
    """Odds where the exact level is wanted: nodes, edges that check, and the ends, the median and a sd either way."""
    nodes = np.exp2(-REACH + PANEL * (np.arange(PANELS)[:, None] + (chebyshev.chebpts1(NODES) + 1) / 2))
    one_sd = ONE_SD / (1 - ONE_SD)
    return np.concatenate((nodes.ravel(), edges(DIGITS)[checked()], [LEAST, one_sd, 1, 1 / one_sd, 1 / LEAST]))


@cache
def ways(digits: int) -> Array:
    """From nodes to cells: what a level at a node adds to the levels, slopes and bends, ``(NODES, 3 * cells)``.

    In a cell the parabola meets the polynomial at the cell's three Chebyshev nodes. It is a parabola in the odds in
    units of the octave's first ones, so that all panels have the same map.
    """
    half = 1 / (2 << digits)
    centre = 1 + np.arange(1 << digits) / (1 << digits) + half
    step = chebyshev.chebpts1(3) * half
    of_node = np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(NODES), NODES - 1))
    places = np.log2(centre + step[:, None, None]) + np.arange(PANEL)[:, None]
    low, mid, high = chebyshev.chebvander(2 * places / PANEL - 1, NODES - 1) @ of_node
    bend, slope, at = (low - 2 * mid + high) / (2 * step[2] ** 2), (high - low) / (2 * step[2]), centre[:, None]
    powers = mid - slope * at + bend * at**2, slope - 2 * bend * at, bend
    return np.stack([power.reshape(-1, NODES) for power in powers]).transpose(2, 0, 1).reshape(NODES, -1).copy()
