"""How many draws do the figures need? As many digits as are asked for, by doubling; and how many stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leverage.quantity import show
from leverage.sampling.digits import MOST, draws_for, stable
from leverage.sampling.summary import Summary
from leverage.verbs.cells.fans import percent_of
from leverage.verbs.draws import chance as settings
from leverage.verbs.draws.chance import BadSetting, Chance
from leverage.verbs.draws.samples import Drawn

TENTH = 0.1  # a chance is judged by the digits after its point, whatever its size

Judged = tuple[float, float, int, float]  # a figure, its error, its degrees of freedom, and by what it is judged


@dataclass(frozen=True, slots=True)
class Digits:
    """The digits of the KGI's figures that stand. ``wanted``: those asked for; None where none were."""

    mean: int | None
    sd: int | None
    quantiles: Mapping[str, int | None]
    probability: int | None
    samples: int
    more: int  # draws that one digit more of all of them takes, about
    wanted: int | None = None

    @property
    def all(self) -> int:
        """The digits that all figures have."""
        return min((count for _, count in self._named()), default=MOST)

    def figures(self) -> dict[str, Any]:
        """Its entries of the JSON object."""
        counts = {"mean": self.mean, "sd": self.sd, "quantiles": dict(self.quantiles)}
        return {
            "digits": {**counts, "probability_of_target": self.probability},
            "samples_for_digits": {"digits": self.all + 1, "samples": self.more} if self.all < MOST else None,
        }

    def said(self) -> str:
        """How many digits stand, and how many draws one more takes; "" where every figure is exact."""
        if self.all >= MOST:
            return ""
        each = ", ".join(f"{name} {count}" for name, count in self._named())
        return (
            f"Digits that stand in every figure: {self.all} ({each}). {self.all + 1} take about "
            f"{show(self.more, digits=2)} draws."
        )

    def note(self) -> tuple[str, ...]:
        """That digits which were asked for are not reached."""
        if self.wanted is None or self.all >= self.wanted:
            return ()
        return (
            f"{self.wanted} digits were asked for, and {self.all} stand in every figure after {self.samples:,} draws, "
            f"the most that are tried; {self.all + 1} take about {show(self.more, digits=2)}: give them by --samples",
        )

    def _named(self) -> Iterator[tuple[str, int]]:
        quantiles = ((f"P{percent_of(key)}", count) for key, count in self.quantiles.items())
        for name, count in (
            ("mean", self.mean),
            ("standard deviation", self.sd),
            *quantiles,
            ("chance", self.probability),
        ):
            if count is not None:
                yield name, count


def digits_of(summary: Summary, keys: tuple[str, ...], wanted: int | None = None) -> Digits:
    """The digits of a summary's figures that stand; ``keys`` are its quantiles as typed."""
    judged = dict(_judged(summary))
    counts = {
        name: stable(figure, error, degrees, size=size) for name, (figure, error, degrees, size) in judged.items()
    }
    least = min((count for count in counts.values() if count is not None), default=MOST)
    told = [each for name, each in judged.items() if counts[name] is not None]
    return Digits(
        counts["mean"],
        counts["sd"],
        {key: counts[f"{place}"] for place, key in enumerate(keys)},
        counts.get("probability"),
        summary.samples,
        round(draws_for(least + 1, told, summary.samples)),
        wanted,
    )


def _judged(summary: Summary) -> Iterator[tuple[str, Judged]]:
    degrees, size = summary.degrees, summary.sd if summary.exists > 1 else _width(summary)
    yield "mean", (summary.mean, summary.standard_error, degrees, size)
    yield "sd", (summary.sd, summary.sd_error, degrees, 0.0)
    for place, (level, error) in enumerate(zip(summary.quantiles, summary.quantile_errors, strict=True)):
        yield f"{place}", (float(level), float(error), degrees, size)
    if summary.probability is not None and summary.probability_error is not None:
        yield "probability", (TENTH, summary.probability_error, degrees, TENTH)


def _width(summary: Summary) -> float:
    """Half of how far the quantiles lie apart: by it a figure near 0 is judged where there is no standard deviation."""
    levels = summary.quantiles
    return float(levels.max() - levels.min()) / 2 if len(levels) else 0.0


def checked_digits(digits: Any, chance: Chance) -> int | None:
    """The digits that are asked for.

    Raises:
        BadSetting: no whole number from 1 to 8, or beside a checkpoint, which is of one number of samples.
    """
    if digits is None:
        return None
    if isinstance(digits, bool) or digits not in range(1, 9):
        raise BadSetting("digits", digits, "give a whole number from 1 to 8")
    if chance.checkpoint is not None:
        raise BadSetting(
            "digits", digits, "a checkpoint is of one number of samples: give --samples in place of digits"
        )
    return int(digits)


def enough(
    draw: Callable[[Chance], Drawn], judge: Callable[[Drawn], Digits], chance: Chance, digits: int | None, metrics: int
) -> tuple[Chance, Drawn, Digits]:
    """Draws until so many digits stand, doubling their number: what stands is what that number of samples gives.

    Args:
        draw, judge: the samples that settings give, and the digits of their figures.
        metrics: how many rows of samples are kept.
    """
    found = draw(chance)
    told = judge(found)
    most = min(settings.KEPT, settings.HELD // metrics)
    while digits is not None and told.all < digits and 2 * chance.samples <= most:
        chance = replace(chance, samples=2 * chance.samples)
        found = draw(chance)
        told = judge(found)
    return chance, found, told
