"""A model: a `Tree` with every verb as a method, from a file or from Python.

>>> shop = Model(kgi="revenue", metrics={"revenue": "visits * rate", "visits": "120k", "rate": "2.4%"})
>>> shop
<Model: revenue, 3 metrics>
>>> shop.with_(change={"visits": "-15%"})["rate"].base
0.024

A model never changes: `with_` gives a new one, which shares formulas and program with the old.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from os import PathLike, fspath
from os.path import dirname, exists, isdir
from typing import TYPE_CHECKING, Any, overload

from leverage.errors import InvalidModel, UnknownName
from leverage.files.grow import uncollected
from leverage.files.plain import from_python
from leverage.tree.build import build
from leverage.tree.grid import NO_GRID, Grid
from leverage.tree.ids import canonical
from leverage.tree.metric import Metric
from leverage.tree.moves import amount, single
from leverage.tree.scenario import Kind, Scenario
from leverage.tree.tree import Tree
from leverage.verbs.cells.over import one
from leverage.verbs.table import VERBS

if TYPE_CHECKING:
    import networkx as nx

    from leverage.verbs.allocate import Allocation
    from leverage.verbs.cases import Cases
    from leverage.verbs.check import Check
    from leverage.verbs.compare import Comparison
    from leverage.verbs.discover import Discovery
    from leverage.verbs.elasticities import Elasticities
    from leverage.verbs.evaluate import Evaluation
    from leverage.verbs.explain import Explanation
    from leverage.verbs.impulse import Impulse
    from leverage.verbs.information import Information
    from leverage.verbs.levers import Levers
    from leverage.verbs.seek import Seek
    from leverage.verbs.sensitivity import Sensitivity
    from leverage.verbs.show import Show
    from leverage.verbs.simulate import Simulation
    from leverage.verbs.sweep import Sweep
    from leverage.verbs.tornado import Tornado

Figures = Mapping[str, Any]
CHANGES = ("scenario", "set", "change", "add")  # keywords of every verb: it then answers for the model so changed


def load(path: str | PathLike[str]) -> Model:
    """The model of a YAML or JSON file, of standard input (``-``), or of a shipped template by its name.

    Raises:
        InvalidModel: everything that is wrong with the file, or figures of the base or a scenario that are not finite.
    """
    from leverage.files import load as read

    found = _found(path)
    with uncollected():
        data, file = read(found)
        tree = _finite(build(data, file=file))
    # a shipped model goes by its name, so that the commands a result proposes run as they stand
    return Model.of(tree if found == fspath(path) else replace(tree, file=fspath(path)))


def _found(path: str | PathLike[str]) -> str:
    """The path, or that of the shipped model which bears the name.

    Raises:
        UnknownName: a bare word that is neither.
    """
    from leverage.files.shipped import shipped

    name = fspath(path)
    if not name.isidentifier() or (exists(name) and not isdir(name)):
        return name
    models = shipped()
    if name not in models:
        raise UnknownName(name, models, what="model", where="(no file and no template is called that)")
    return fspath(models[name])


def _finite(tree: Tree) -> Tree:
    """The tree, once its base and each of its scenarios have been evaluated."""
    from leverage.program.finite import not_finite
    from leverage.tree.parts import misparted

    found = (*misparted(tree), *not_finite(tree))
    if found:
        raise InvalidModel(found)
    return tree


class Model:
    """A KPI tree and every question that can be asked of it; ``tree`` is the tree itself.

    Args:
        kgi: the metric that the tree is about.
        metrics: id to a number, a formula, or a mapping with either and more about it.
        keys: the other keys of the model file: ``resources``, ``scenarios``, ``correlations``, ``goal``, ...

    Raises:
        InvalidModel: everything that is wrong with it.
    """

    __slots__ = ("_tree",)

    def __init__(self, *, kgi: str, metrics: Mapping[str, Any], **keys: Any) -> None:
        self._tree = _finite(build(from_python({"kgi": kgi, "metrics": metrics, **keys})))

    @classmethod
    def of(cls, tree: Tree) -> Model:
        """The model of a tree that was built already."""
        model = cls.__new__(cls)
        model._tree = tree
        return model

    @property
    def tree(self) -> Tree:
        """What the file says, with the changes."""
        return self._tree

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """The metrics by id, in the file's order."""
        return self._tree.metrics

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The scenarios by name."""
        return self._tree.scenarios

    @property
    def graph(self) -> nx.DiGraph[str]:
        """The tree as a networkx DiGraph, an edge from each driver to what it feeds."""
        return self._tree.graph

    def __getitem__(self, id: str) -> Metric:
        """A metric, or one cell of it ("visits[ads,2027-03]")."""
        tree = self._tree
        return tree.cells.metrics[one(tree, id, "metric")] if "[" in id else tree.require(canonical(id))

    def with_(
        self,
        *,
        scenario: str | Iterable[str] = (),
        set: Figures | None = None,
        change: Figures | None = None,
        add: Figures | None = None,
        resources: Figures | None = None,
    ) -> Model:
        """A new model with the changes, each on what stands: scenarios from the left, then set, change, add.

        Args:
            scenario: one name or several; "base" names the file as it stands.
            set, change, add: metric, or cells of it ("visits[ads]"), to level, to share, to amount: numbers, or text as
                in a file ("-15%", "30k"); nested per label, or a list per period.
            resources: resource to another limit.

        Raises:
            UnknownName: a scenario, metric or resource that the model does not have.
            AmbiguousShare: a change of size 1 or more without ``%``.
            BadNumber: text that is no number.
        """
        grid = self._tree.grid
        tree = self._tree.with_(
            scenario=scenario,
            set=_amounts("set", set, grid),
            change=_amounts("change", change, grid),
            add=_amounts("add", add, grid),
            limits=_amounts("set", resources, grid),
        )
        return Model.of(tree)

    def to_yaml(self) -> str:
        """The model as a YAML file; what was tried stands in it as the scenario ``tried``, beside an unchanged base.

        Figures that histories draw from and that stood in a file beside the model stand in the text itself.

        Raises:
            NotOneMove: an uncertain leaf was changed by a share and moved besides, which no one entry says.
        """
        return self._yaml(None)

    def _yaml(self, folder: str | None) -> str:
        from leverage.program.run import stand
        from leverage.tree.saved import text

        return text(self._tree, stand(self._tree.cells).inputs, folder=folder)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes `to_yaml` to a file, whole or not at all; in the model's folder it names the file of its actuals."""
        from leverage.files import save

        save(path, self._yaml(dirname(path)))

    def __repr__(self) -> str:
        tree = self._tree
        counts = (
            ("metric", tree.metrics),
            ("lever", tree.levers),
            ("resource", tree.resources),
            ("scenario", tree.scenarios),
        )
        shown = (f"{len(rows)} {word}{'s' if len(rows) > 1 else ''}" for word, rows in counts if rows)
        moved = (f"{len(tree.moves)} moved",) if tree.moves else ()
        return f"<Model{f' {tree.name!r}' if tree.name else ''}: {', '.join((tree.kgi, *shown, *moved))}>"

    def __str__(self) -> str:
        return str(self.show())

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()

    def _ask(self, word: str, settings: dict[str, Any]) -> Any:
        """The verb's answer for this model, changed first as the settings want it."""
        verb = VERBS[word]
        stay = ("scenario",) if verb.scenarios == "columns" else ()
        changes = {key: settings.pop(key) for key in CHANGES if key in settings and key not in stay}
        tree = self.with_(**changes).tree if changes else self._tree
        return verb.function()(tree, **settings)

    # Every verb takes ``scenario``, ``set``, ``change`` and ``add`` beside its own settings, as its command does.

    def check(self, **settings: Any) -> Check:
        """Is this tree sound?"""
        answer: Check = self._ask("check", settings)
        return answer

    @overload
    def evaluate(self, *, cases: None = None, **settings: Any) -> Evaluation: ...
    @overload
    def evaluate(self, *, cases: Any, **settings: Any) -> Cases: ...
    def evaluate(self, *, cases: Any = None, **settings: Any) -> Evaluation | Cases:
        """What does the tree say now? ``cases``: a table of levels to evaluate instead, a row a case."""
        answer: Evaluation | Cases = self._ask("evaluate", {"cases": cases, **settings})
        return answer

    def compare(self, **settings: Any) -> Comparison:
        """What if? Scenarios side by side."""
        answer: Comparison = self._ask("compare", settings)
        return answer

    def sweep(self, **settings: Any) -> Sweep:
        """What if these two move together?"""
        answer: Sweep = self._ask("sweep", settings)
        return answer

    def seek(self, **settings: Any) -> Seek:
        """What must this lever reach for the KGI to hit its target?"""
        answer: Seek = self._ask("seek", settings)
        return answer

    def elasticities(self, **settings: Any) -> Elasticities:
        """Pushed 1%, which driver moves the KGI most?"""
        answer: Elasticities = self._ask("elasticities", settings)
        return answer

    def tornado(self, **settings: Any) -> Tornado:
        """Over its own range, which driver swings the KGI most?"""
        answer: Tornado = self._ask("tornado", settings)
        return answer

    def simulate(self, **settings: Any) -> Simulation:
        """How wide is the outcome?"""
        answer: Simulation = self._ask("simulate", settings)
        return answer

    def sensitivity(self, **settings: Any) -> Sensitivity:
        """Which uncertainty makes the spread?"""
        answer: Sensitivity = self._ask("sensitivity", settings)
        return answer

    def information(self, **settings: Any) -> Information:
        """What is worth finding out first?"""
        answer: Information = self._ask("information", settings)
        return answer

    def discover(self, **settings: Any) -> Discovery:
        """In which circumstances does the plan fail?"""
        answer: Discovery = self._ask("discover", settings)
        return answer

    def levers(self, **settings: Any) -> Levers:
        """Where, when pushed, does the KGI move most?"""
        answer: Levers = self._ask("levers", settings)
        return answer

    def impulse(self, **settings: Any) -> Impulse:
        """When does a push reach the KGI, and how much of it by when?"""
        answer: Impulse = self._ask("impulse", settings)
        return answer

    def explain(self, **settings: Any) -> Explanation:
        """Why did the KGI miss, or change?"""
        answer: Explanation = self._ask("explain", settings)
        return answer

    def allocate(self, limit: Figures | None = None, **settings: Any) -> Allocation:
        """Where does the budget go? ``limit``: other limits of resources."""
        answer: Allocation = self._ask("allocate", {"limit": _amounts("set", limit), **settings})
        return answer

    def show(self, **settings: Any) -> Show:
        """What does the tree look like?"""
        answer: Show = self._ask("show", settings)
        return answer


def _amounts(kind: Kind, figures: Figures | None, grid: Grid = NO_GRID) -> dict[str, float]:
    """Addresses and figures as they are written, read."""
    told = (pair for key, figure in (figures or {}).items() for pair in single(canonical(key), figure, grid))
    return {address: amount(kind, figure, metric=address) for address, figure in told}
