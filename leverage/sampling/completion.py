"""What are the correlations of pairs that nobody named? Those that follow from the named ones, and say nothing more.

Of all correlation matrices with the named entries it is the one of the largest determinant: among normal scores the one
of the least information (Dempster 1972, Biometrics 28, 157). Its inverse has a zero for every pair that is not named:
two such leaves move together only as far as others carry it from one to the other. Wherever a matrix with the named
entries stands inside the edge, there is just one (Grone, Johnson, Sa and Wolkowicz 1984, Linear Algebra Appl. 58, 109).
"""

from __future__ import annotations

import numpy as np

from leverage.panels import Array
from leverage.sampling.nearest import TOLERANCE, Flags, consistent

MOST_STEPS = 60  # of Newton's; some 8 to 20 are needed, and more only where the leaves all but determine each other
MOST_TURNS = 300  # of conjugate gradients in a step
HALVINGS = 40  # of a step
ENOUGH = 1e-4  # of the fall that a step promises, which it has to bring
SURE = 1e-8  # of the fall, below which the value's rounding hides it, and whole steps are safe
EXACT = 1e-11  # of the named entries


def completion(given: Array, named: Flags) -> Array | None:
    """The correlation matrix of the largest determinant with the given entries; None where there is none, or singular.

    Where every circle of named pairs has its chords the entries follow one after the other, and it may be singular.

    Args:
        given: shape ``(g, g)``, ones on the diagonal; what stands at other pairs than those named is not read.
        named: the pairs that are given, symmetric; the diagonal is.

    >>> given = np.array([[1, 0.9, 0], [0.9, 1, 0.9], [0, 0.9, 1]])
    >>> completion(given, given != 0).round(3)  # a chain: 0.9 * 0.9
    array([[1.  , 0.9 , 0.81],
           [0.9 , 1.  , 0.9 ],
           [0.81, 0.9 , 1.  ]])
    """
    order = visits(named)
    if chordal(named, order):
        found = _followed(given, named, order)
        return found if consistent(found) else None
    return _searched(np.where(named, given, 0.0), named.astype(np.float64))


def visits(named: Flags) -> list[int]:
    """The leaves in an order in which the next one has the most pairs with those before it.

    Source: Tarjan and Yannakakis 1984, SIAM J. Comput. 13, 566: maximum cardinality search.
    """
    weights, left, order = np.zeros(len(named), dtype=np.int64), np.ones(len(named), dtype=bool), []
    for _ in range(len(named)):
        place = int(np.argmax(np.where(left, weights, -1)))
        left[place] = False
        weights += named[place]
        order.append(place)
    return order


def chordal(named: Flags, order: list[int]) -> bool:
    """Whether, of every leaf, those before it that it is paired with are all paired with each other."""
    before = (_paired(named, order, k) for k in range(len(order)))
    return all(bool(named[np.ix_(near, near)].all()) for near in before)


def _paired(named: Flags, order: list[int], k: int) -> list[int]:
    """Those before the k-th that it is paired with."""
    return [place for place in order[:k] if named[place, order[k]]]


def _followed(given: Array, named: Flags, order: list[int]) -> Array:
    """Each leaf moves with those before it that it is paired with, and through them alone with the others."""
    found = np.where(named, given, 0.0)
    for k, place in enumerate(order):
        near = _paired(named, order, k)
        if len(near) < k:
            before = order[:k]
            weights = np.linalg.pinv(found[np.ix_(near, near)], TOLERANCE, hermitian=True) @ found[near, place]
            carried = weights @ found[np.ix_(near, before)]
            carried[[before.index(each) for each in near]] = found[near, place]
            found[place, before] = found[before, place] = carried
    return found


def _searched(given: Array, named: Array) -> Array | None:
    """Newton's search for the inverse K, with entries at named pairs alone: ``trace(given K) - log det K`` is least.

    The slope of that is ``given - inverse(K)`` at the named pairs. None as soon as the trace is negative: with a matrix
    X that has the entries it would be ``trace(X K)``, which is not.

    Source: Dahl, Vandenberghe and Roychowdhury 2008, Optim. Methods Softw. 23, 501.
    """
    inverse = np.eye(len(given))
    value = _value(given, inverse)
    for _ in range(MOST_STEPS):
        found = np.linalg.inv(inverse)
        found = (found + found.T) / 2
        slope = named * (given - found)
        if np.abs(slope).max() < EXACT:
            return found
        step = _step(slope, inverse, found, named)
        fall = -float((slope * step).sum())
        inverse = inverse + _length(given, inverse, step, value, fall) * step
        value = _value(given, inverse)
        if float((given * inverse).sum()) < 0 or not np.isfinite(value):
            return None
    return None


def _value(given: Array, inverse: Array) -> float:
    """What is least at the answer; infinite where the inverse is none of a correlation matrix."""
    try:
        lower = np.linalg.cholesky(inverse)
    except np.linalg.LinAlgError:
        return np.inf
    return float((given * inverse).sum() - 2 * np.log(np.diag(lower)).sum())


def _length(given: Array, inverse: Array, step: Array, here: float, fall: float) -> float:
    """How far to go: the whole step, or as often half of it as it takes for a fall worth its length."""
    length = 1.0
    for _ in range(HALVINGS if fall > SURE else 0):
        if _value(given, inverse + length * step) <= here - ENOUGH * length * fall:
            break
        length /= 2
    return length


def _step(slope: Array, inverse: Array, found: Array, named: Array) -> Array:
    """Newton's step D, for which ``found D found`` is ``-slope`` at the named pairs, by conjugate gradients.

    Were all pairs named, ``-inverse slope inverse`` would be it: that is what the search is led by. It ends the earlier
    the farther off the answer is, as it has to for the steps to converge quadratically (Nocedal and Wright 2006,
    Numerical Optimization, section 7.1).
    """
    step, rest = np.zeros_like(slope), -slope
    way = led = named * (inverse @ rest @ inverse)
    size = float(np.linalg.norm(rest))
    product = float((rest * led).sum())
    for _ in range(MOST_TURNS):
        bent = named * (found @ way @ found)
        part = product / float((way * bent).sum())
        step = step + part * way
        rest = rest - part * bent
        if np.linalg.norm(rest) < min(0.1, size) * size:
            break
        led = named * (inverse @ rest @ inverse)
        product, before = float((rest * led).sum()), product
        way = led + product / before * way
    return step
