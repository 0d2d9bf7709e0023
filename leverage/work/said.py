"""Sentences on the way of a long run: what was taken over from a file, what could not be written."""

from __future__ import annotations

import warnings


class Said(UserWarning):
    """A sentence for whoever waits; the command line prints it on standard error, Python as its warnings go."""


def say(sentence: str) -> None:
    """Tell it now."""
    warnings.warn(sentence, Said, stacklevel=2)
