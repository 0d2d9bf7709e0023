"""Can ids be told apart by eye? Scripts mixed in one id, and ids that look the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from leverage.tree.findings import Finding
from leverage.tree.tree import Tree

# scripts that people write together; Latin goes with each of East Asia's (Unicode TS 39, "highly restrictive")
TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
LOOKS = str.maketrans(
    "авекмнорстухіјѕԁԛԝαβεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХІЈЅ01lI",
    "abekmhopctyxijsdqwabeikvoptuxabezhlkmnoptyxabekmhopctyxljsolll",
)  # Cyrillic, Greek and digits as the Latin letters that they look like (from Unicode TS 39's table of confusables)


def mixed(tree: Tree) -> Iterator[Finding]:
    """Ids with letters of several scripts."""
    for id, metric in tree.metrics.items():
        scripts = _scripts(id)
        if len(scripts) > 1 and not any(scripts <= group for group in TOGETHER):
            names = " and ".join(sorted(script.capitalize() for script in scripts))
            yield Finding("note", id, f"mixes {names} letters, which may look alike; write it in one script", metric.at)


def _scripts(id: str) -> frozenset[str]:
    if id.isascii():
        return frozenset()
    # a letter's name begins with its script; marks and digits belong to all
    found = (unicodedata.name(letter, "").split(" ", 1)[0].split("-", 1)[0] for letter in id if letter.isalpha())
    return frozenset(found) - {"", "MODIFIER", "KATAKANA" if "ー" in id and "HIRAGANA" in id else ""}


def alike(tree: Tree) -> Iterator[Finding]:
    """Ids that differ in letters which look the same."""
    first: dict[str, str] = {}
    for id, metric in tree.metrics.items():
        other = first.setdefault(id.translate(LOOKS).casefold().replace("rn", "m").replace("_", ""), id)
        if other != id:
            yield Finding("note", id, f"looks like {other!r}; rename one of them", metric.at)
