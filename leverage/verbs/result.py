"""What every verb answers with: figures and names, frozen; rows for tables and frames, panels for pictures.

A result holds figures only. `Result.to_dict` is the JSON object, `rows` its main list flattened for CSV and frames,
`panels` what people see; text, table, frame, JSON and picture therefore give the same figures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from leverage.panels import Panel, pictures
from leverage.tree.tree import Tree

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

VERSION = "0.1.0"  # a literal: asking the installed distribution costs start-up time


@dataclass(frozen=True, slots=True)
class Run:
    """What a figure can be repeated from: the model's hash, the scenarios, and the settings of chance."""

    model: str
    scenario: tuple[str, ...] = ()
    seed: int | None = None
    samples: int | None = None
    points: str | None = None
    version: str = VERSION

    @classmethod
    def of(cls, tree: Tree, **chance: Any) -> Run:
        """The run of a verb on the tree."""
        return cls(tree.hash, tree.applied + (("what-if",) if _tried(tree) else ()), **chance)

    def to_dict(self) -> dict[str, Any]:
        """Its entries that stand."""
        figures = {name: getattr(self, name) for name in ("model", "seed", "samples", "points", "version")}
        kept = {name: figure for name, figure in figures.items() if figure is not None}
        return {**kept, "scenario": list(self.scenario)} if self.scenario else kept

    def __str__(self) -> str:
        chance = [
            f"{name} {getattr(self, name)}" for name in ("seed", "samples", "points") if getattr(self, name) is not None
        ]
        return "  ".join([f"model {self.model[:8]}", *self.scenario, *chance, f"leverage {self.version}"])


def _tried(tree: Tree) -> bool:
    return len(tree.moves) > sum(len(tree.told(name).moves) for name in tree.applied)


@dataclass(frozen=True, eq=False)
class Result:
    """The base of every answer. ``main`` names the list of `to_dict` that CSV and frames show."""

    verb: ClassVar[str] = ""
    main: ClassVar[str] = ""

    run: Run

    def figures(self) -> dict[str, Any]:
        """The JSON object, less ``run`` and ``notes``; figures that are not finite may stand in it."""
        raise NotImplementedError

    def panels(self) -> tuple[Panel, ...]:
        """What people see, in order."""
        raise NotImplementedError

    def notes(self) -> tuple[str, ...]:
        """Sentences that a reader of the figures needs."""
        return ()

    @property
    def answered(self) -> bool:
        """False where the question has no answer; the command line then ends with status 1."""
        return True

    @property
    def proposal(self) -> Mapping[str, float]:
        """Levels that the answer proposes, by metric; ``--save-scenario`` writes them with what was tried."""
        return {}

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of INTERFACE; a figure that is not finite is None, with an entry in ``notes``."""
        lost: list[str] = []
        plain = _plain(self.figures(), "", lost)
        notes = [*self.notes(), *(f"{path} is not finite" for path in lost)]
        return {**plain, **({"notes": notes} if notes else {}), "run": self.run.to_dict()}

    def to_json(self) -> str:
        """`to_dict` as one line of JSON, full precision."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def rows(self) -> list[dict[str, Any]]:
        """The main list, a flat dictionary an entry: nested keys joined by a dot."""
        entries = self.to_dict()[self.main]
        if isinstance(entries, Mapping):
            entries = [
                {"metric": id, **(entry if isinstance(entry, Mapping) else {"value": entry})}
                for id, entry in entries.items()
            ]
        return [flat(entry) for entry in entries]

    def to_csv(self) -> str:
        """The main list as CSV, full precision; text that a spreadsheet would run gets a leading quote."""
        from leverage.files.csv import write

        return write(self.rows())

    def to_frame(self) -> pd.DataFrame:
        """The main list as a pandas frame, a row an entry."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def pictures(self) -> Mapping[str, Panel]:
        """What of it can be drawn, by the names that `plot` and ``--picture`` take, in order."""
        return pictures(self.panels())

    def plot(self, ax: Axes | None = None, *, picture: str | None = None) -> Axes:
        """The picture of that name of `pictures`, else the first, on ``ax`` or on a new figure.

        Raises:
            NothingToDraw: the answer is text alone.
            UnknownPicture: none has that name.
        """
        from leverage.views.picture import draw

        return draw(self.panels(), ax=ax, picture=picture)

    def read(self) -> tuple[Panel, ...]:
        """The panels that stand in the text: all, unless some say the same again."""
        return self.panels()

    def text(self, *, color: bool | None = None) -> str:
        """What people read in a terminal; ``color`` None follows the terminal."""
        from leverage.views.text import write

        return write(self.read(), notes=self.notes(), foot=str(self.run), color=color)

    def __str__(self) -> str:
        return self.text(color=False)

    def _repr_html_(self) -> str:
        from leverage.views.html import write

        return write(self.panels(), notes=self.notes(), foot=str(self.run))


def _plain(value: Any, path: str, lost: list[str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item, f"{path}.{key}" if path else str(key), lost) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}[{index}]", lost) for index, item in enumerate(value)]
    if value is None or isinstance(value, str | bool | int):
        return value
    if hasattr(value, "tolist"):
        return _plain(value.tolist(), path, lost)
    if math.isfinite(value):
        return float(value)
    lost.append(path)
    return None


def flat(entry: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A nested entry as one row: keys joined by a dot."""
    row: dict[str, Any] = {}
    for key, value in entry.items():
        if isinstance(value, Mapping):
            row.update(flat(value, f"{prefix}{key}."))
        else:
            row[f"{prefix}{key}"] = value
    return row
