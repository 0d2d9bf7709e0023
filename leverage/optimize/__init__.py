"""Where the money goes: searches on plain arrays that know nothing of trees."""

from leverage.optimize.local import search
from leverage.optimize.problem import Found, Problem

__all__ = ["Found", "Problem", "search"]
