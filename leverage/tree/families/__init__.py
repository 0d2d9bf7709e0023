"""Families of distributions, one row each; `leverage.tree.uncertainty.DISTRIBUTIONS` joins them."""
