"""The named axes of a slot, in the one order that every interpreter keeps: dimensions, then time, then samples.

The sample axis is last and contiguous. This version computes figures without dimensions or periods, so a slot has the
sample axis or none; the order stands here so that the axes to come have one place to be read from.
"""

from __future__ import annotations

SAMPLE = "sample"
TIME = "time"

Axes = tuple[str, ...]


def ordered(axes: frozenset[str], dimensions: tuple[str, ...] = ()) -> Axes:
    """The axes in the order of slots.

    >>> ordered(frozenset({"sample", "channel", "time"}), ("channel",))
    ('channel', 'time', 'sample')
    """
    return tuple(axis for axis in (*dimensions, TIME, SAMPLE) if axis in axes)
