"""The shipped models as tests go through them: those that take seconds wait for the slow suites."""

from __future__ import annotations

from typing import Any

import pytest

from leverage.files.shipped import shipped

NAMES = sorted(shipped())


def shipped_but(*slow: str) -> list[Any]:
    """Every shipped model's name, these marked slow."""
    return [pytest.param(name, marks=pytest.mark.slow) if name in slow else name for name in NAMES]
