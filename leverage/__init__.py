"""Leverage: where, when pushed, does the goal of a KPI tree move most?

    import leverage as lv

    shop = lv.load("shop")
    print(shop.levers())

The public names are written out here and loaded when they are first used, so that ``import leverage`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leverage.errors import InvalidModel, LeverageError, NoAnswer
    from leverage.model import Model, load

__version__ = "0.1.0"
__all__ = ["InvalidModel", "LeverageError", "Model", "NoAnswer", "__version__", "load"]

_HOMES = {
    "InvalidModel": "leverage.errors",
    "LeverageError": "leverage.errors",
    "Model": "leverage.model",
    "NoAnswer": "leverage.errors",
    "load": "leverage.model",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'leverage' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
