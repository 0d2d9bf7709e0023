"""The models that come with the project: templates of the trade and studies on real data, by name."""

from __future__ import annotations

from os import listdir
from os.path import abspath, dirname, isdir, join, splitext

PACKAGE = dirname(dirname(abspath(__file__)))
HOMES = (join(PACKAGE, "scenarios"), join(dirname(PACKAGE), "scenarios"))


def shipped() -> dict[str, str]:
    """Name of each shipped model to its file; from the wheel, or from the checkout that is being worked on."""
    home = next(filter(isdir, HOMES), None)
    files = () if home is None else sorted(listdir(home))
    return {splitext(file)[0]: join(home or "", file) for file in files if file.endswith(".yaml")}
