"""Chance: points of the unit cube by index, rank correlation, draws of the leaves, and what samples sum up to."""
