"""The verbs: one row a question. Methods, commands, help and their tests come from these rows.

Nothing is imported here but names: `leverage --help` costs nothing, and a verb's module is loaded on its first call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from leverage.verbs.result import Result

Kind = Literal["count", "number", "numbers", "text", "texts", "flag", "figures", "ranges"]


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of a verb: ``--word`` on the command line, a keyword of the same name in Python.

    ``kind``: count and number are one figure, numbers a list with commas, texts may be given several times, figures
    are ``ID=VALUE`` (several), ranges ``ID=LOW:HIGH:N`` (several). ``keyword`` differs where Python reserves the word.
    """

    word: str
    kind: Kind
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    keyword: str = ""
    unset: tuple[str, Any] | None = None  # a word that stands for another value: ("random", None)

    @property
    def name(self) -> str:
        """The keyword in Python."""
        return self.keyword or self.word.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Verb:
    """A question of a planning session. ``example`` runs as it stands."""

    name: str
    question: str
    example: str
    options: tuple[Option, ...] = ()
    scenarios: Literal["moves", "columns"] = (
        "moves"  # what --scenario, --set, ... do: change the model, or stand beside
    )

    @property
    def draws(self) -> bool:
        """Whether it draws samples, with the settings of chance."""
        return SEED in self.options

    def function(self) -> Callable[..., Result]:
        """The verb itself, ``f(tree, **settings)``; its module is loaded here."""
        function: Callable[..., Result] = getattr(import_module(f"leverage.verbs.{self.name}"), self.name)
        return function


SEED = Option("seed", "count", "Seed of the draws (0 when left out; 'none' draws one).", "N", unset=("none", None))
CHANCE = (
    Option("samples", "count", "Samples to draw (65,536 when left out).", "N"),
    SEED,
    Option("points", "text", "How points are laid (sobol when left out).", choices=("sobol", "random", "latin")),
    Option("threads", "count", "Threads to run on (1 when left out); the figures do not depend on it.", "N"),
    Option("executor", "text", "A cluster to run on; the figures do not depend on it.", "dask://HOST:PORT"),
    Option("checkpoint", "text", "Keep what is done in FILE on the way; the same command goes on from it.", "FILE"),
    Option("strict", "flag", "Refuse correlations that no dependence has, rather than take the nearest."),
)
BY = Option("by", "text", "Judge groups: owner, branch, cell or a dimension (each leaf when left out).", "WHAT")
QUANTILES = Option("quantiles", "numbers", "Quantiles to report (0.05,0.1,0.5,0.9,0.95 when left out).", "P,P,...")
LIMIT = Option("limit", "figures", "Another limit of a resource.", "RESOURCE=VALUE")

ROWS = (
    Verb("check", "Is this tree sound?", "leverage check shop"),
    Verb("evaluate", "What does the tree say now?", "leverage evaluate shop --change order_value=-15%"),
    Verb(
        "compare",
        "What if? Scenarios side by side.",
        "leverage compare shop --scenario price-war",
        scenarios="columns",
    ),
    Verb(
        "sweep",
        "What if these two move together?",
        "leverage sweep shop --vary order_value=50:90:5 --vary purchase_rate=2%:4%:5",
        (
            Option(
                "vary",
                "ranges",
                "A metric and its levels, from LOW to HIGH in N steps; once or twice.",
                "ID=LOW:HIGH:N",
            ),
            Option("of", "text", "The metric to show in place of the KGI.", "ID"),
        ),
    ),
    Verb(
        "seek",
        "What must this lever reach for the KGI to hit its target?",
        "leverage seek shop --target 300k",
        (
            Option("target", "number", "The KGI to reach, in place of its own target.", "VALUE"),
            Option("lever", "texts", "Answer for this leaf alone; may be given several times.", "ID"),
        ),
    ),
    Verb(
        "elasticities",
        "Pushed 1%, which driver moves the KGI most?",
        "leverage elasticities shop",
        (Option("of", "text", "The metric to explain in place of the KGI.", "ID"),),
    ),
    Verb(
        "tornado",
        "Over its own range, which driver swings the KGI most?",
        "leverage tornado shop",
        (Option("of", "text", "The metric that swings in place of the KGI; over time, period by period.", "ID"),),
    ),
    Verb(
        "simulate",
        "How wide is the outcome?",
        "leverage simulate shop --samples 100k",
        (
            *CHANCE,
            QUANTILES,
            Option("of", "texts", "A further metric to report; may be given several times.", "ID"),
            Option("level", "number", "The chance of a target whose first period is told (50% when left out).", "P"),
            Option("tail", "number", "The share of the worst draws whose mean is told (5% when left out).", "P"),
            Option("beside", "texts", "A scenario (or base, or all) to set against it on the same draws.", "NAME"),
            Option("digits", "count", "Draw until so many digits of the KGI's figures stand.", "N"),
        ),
    ),
    Verb(
        "sensitivity",
        "Which uncertainty makes the spread?",
        "leverage sensitivity shop",
        (
            Option("samples", "count", "Rows of the design (8,192 when left out; of morris, 64 trajectories).", "N"),
            *CHANCE[1:],
            Option(
                "method",
                "text",
                "How it is judged (sobol, or shapley where leaves correlate, when left out).",
                choices=("sobol", "shapley", "morris", "given"),
            ),
            Option("of", "text", "The metric whose spread it is, in place of the KGI.", "ID"),
            BY,
            Option("second", "flag", "Second-order indices too: what two leaves do only together (sobol)."),
        ),
    ),
    Verb(
        "information",
        "What is worth finding out first?",
        "leverage information shop",
        (
            *CHANCE,
            Option("options", "texts", "An option: base or a scenario; several times (all when left out).", "NAME"),
            Option(
                "decide", "text", "What is decided: one of the scenarios, or a plan.", choices=("scenarios", "levers")
            ),
            BY,
            Option("plans", "count", "At how many joint draws a plan is made (12 when left out; of levers).", "N"),
        ),
    ),
    Verb(
        "discover",
        "In which circumstances does the plan fail?",
        "leverage discover shop",
        (
            *CHANCE,
            Option("target", "number", "The KGI to miss, in place of its own target.", "VALUE"),
            Option("of", "text", "The metric that misses its target, in place of the KGI.", "ID"),
        ),
    ),
    Verb(
        "levers",
        "Where, when pushed, does the KGI move most?",
        "leverage levers shop",
        (*CHANCE, Option("by", "text", "Rank by the gain per unit of this resource.", "RESOURCE"), LIMIT),
    ),
    Verb(
        "impulse",
        "When does a push reach the KGI, and how much of it by when?",
        "leverage impulse saas",
        (
            Option("lever", "texts", "Push this alone, a metric or a label of it; may be given several times.", "ID"),
            Option("at", "text", "The period of the push (the first when left out).", "PERIOD"),
            Option("push", "number", "By which share (1% when left out).", "PERCENT"),
            Option("of", "text", "The metric over time whose response to show.", "ID"),
        ),
    ),
    Verb(
        "explain",
        "Why did the KGI miss, or change?",
        "leverage explain shop --from target --to actual",
        (
            Option(
                "from", "text", "Where the bridge starts: base, target, actual or a scenario.", "NAME", keyword="from_"
            ),
            Option("to", "text", "Where it ends: base, target, actual or a scenario.", "NAME"),
        ),
    ),
    Verb(
        "allocate",
        "Where does the budget go?",
        "leverage allocate shop --limit budget=120k",
        (
            LIMIT,
            Option("at-most", "figures", "A guard: the metric may not pass this.", "ID=VALUE"),
            Option("at-least", "figures", "A guard: the metric may not fall below this.", "ID=VALUE"),
        ),
    ),
    Verb("show", "What does the tree look like?", "leverage show shop"),
)
VERBS: Mapping[str, Verb] = MappingProxyType({verb.name: verb for verb in ROWS})
