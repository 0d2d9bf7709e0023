"""How many digits of a figure stand, and how many draws would one more take?

N digits stand where Student's t of 95 % times the standard error is at most half a unit of the N-th: JCGM 101:2008,
clause 7.9, which takes 2 standard errors and judges every figure by the digits of the standard deviation. Here each
figure is judged by its own, and one that is nearer to 0 than the standard deviation by those of that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

MOST = 15  # digits that a float has


def stable(figure: float, error: float, degrees: int, *, size: float = 0.0) -> int | None:
    """The digits of a figure that stand; None where it has no error to judge by.

    Args:
        error: its standard error; ``degrees``: of freedom.
        size: what it is judged by where it is smaller.

    >>> stable(1.2341, 1e-5, 10**6), stable(0.0, 0.001, 10**6, size=2.0), stable(3.0, 0.0, 7)
    (5, 3, 15)
    """
    scale = max(abs(figure), size)
    if not (math.isfinite(scale) and math.isfinite(error)) or degrees < 1:
        return None
    if error == 0 or scale == 0:
        return MOST
    first = math.floor(math.log10(scale))
    return max(0, min(MOST, math.floor(first + 1 - math.log10(2 * reach(degrees) * error))))


def reach(degrees: int) -> float:
    """How many standard errors hold the truth 19 times in 20."""
    from scipy.special import stdtrit  # loaded where it is used

    return float(stdtrit(degrees, 0.975))


def draws_for(digits: int, judged: Iterable[tuple[float, float, int, float]], samples: int) -> float:
    """About how many draws give every figure so many digits, by the square root of their number: no more than that.

    Args:
        judged: of each figure itself, its error, its degrees and its size, as `stable` takes them.
    """
    most = 1.0
    for figure, error, degrees, size in judged:
        scale = max(abs(figure), size)
        if error > 0 and scale > 0 and degrees > 0:
            half = 10.0 ** (math.floor(math.log10(scale)) + 1 - digits) / 2
            most = max(most, reach(degrees) * error / half)
    return samples * most * most
