"""Which steps can run label by label of a dimension, so that what they pass on stays near the core?

A chain of operators over 20 products, 12 regions and 24 months need not write 5,760 figures a sample after each of
them: done product by product, each writes 288 that the next reads at once, and a sum over products takes each as it
comes. Nothing but the order of steps changes, and so no bit.

Steps fall into stages: odd ones go through the labels one after the other, even ones lie between. A slot that is
written and read within one odd stage becomes a slot a label, whose memory the next label uses again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from leverage.program.arrays.axes import Part
from leverage.program.arrays.program import Step
from leverage.tree.grid import TIME, Axes

MOST = 50_000  # steps in all, from which on binding them costs more than a nearer memory saves
LATE = 2**30  # a stage after all others
GIVEN = "given"  # the step that takes a varying leaf's figures from who runs the block


class Tiles:
    """The steps of a block along one dimension. ``kept``: slots that are wanted whole."""

    def __init__(
        self, steps: Sequence[Step], axes: Mapping[int, Axes], axis: str, labels: int, kept: Iterable[int]
    ) -> None:
        self.steps = steps
        self.axes = dict(axes)
        self.axis = axis
        self.labels = labels
        self.stages = self._staged()
        self.own: dict[int, list[Part]] = {}  # slot that is one a label to those slots
        self._parted(frozenset(kept))

    def _staged(self) -> list[tuple[int, int]]:
        """Each step's stage, as early as it can be; in an odd one, the label with which it runs, -1: with each."""
        stages: list[tuple[int, int]] = []
        written: dict[int, tuple[int, int]] = {}  # slot to the stage and label that wrote it
        given: dict[int, int] = {}  # slot to the step that takes it in, which is as late as its first reader
        for at, (op, args, out) in enumerate(self.steps):
            wide = self.axis in out.axes
            if op == GIVEN:
                given[out.slot] = at
                stages.append((LATE, -1))
                written[out.slot] = (1 if wide else 0, -1)
                continue
            stages.append(self._stage(args, wide, written))
            written[out.slot] = max(written.get(out.slot, (0, -1)), stages[at])
            for slot in [arg.slot for arg in args if arg.slot in given]:
                first = self._entry(stages[at][0], self.axis in self.axes[slot])
                stages[given[slot]] = min(stages[given[slot]], (first, -1))
        return [
            (stage, label) if stage < LATE else (1 if self.axis in step.out.axes else 0, -1)
            for (stage, label), step in zip(stages, self.steps, strict=True)
        ]

    def _entry(self, stage: int, wide: bool) -> int:
        """The stage in which what is given is taken in, where a step of that stage reads it."""
        if wide:
            return max(1, stage - 1 + stage % 2)
        return stage - stage % 2

    def _stage(self, args: tuple[Part, ...], wide: bool, written: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
        stage, label = 0, -1
        for arg in args:
            there, last = written.get(arg.slot, (0, -1))
            place = dict(arg.at).get(self.axis)
            last = place if isinstance(place, int) else last
            if there % 2 and last >= 0:  # of one label, or a sum that is whole with the last one
                stage, label = max((stage, label), (there + 1, -1) if wide else (there, last))
            else:
                stage, label = max((stage, label), (there, -1))
        return (stage + 1 - stage % 2, -1) if wide else (stage, label)

    def _parted(self, kept: frozenset[int]) -> None:
        """Finds the slots that live within one odd stage, and gives them a slot a label."""
        met: dict[int, set[int]] = {}
        written: set[int] = set()
        for (stage, _), (_, args, out) in zip(self.stages, self.steps, strict=True):
            written.add(out.slot)
            for slot in (out.slot, *[arg.slot for arg in args]):
                met.setdefault(slot, set()).add(stage)
        for slot, stages in met.items():
            if slot in written - kept and self.axis in self.axes[slot] and len(stages) == 1:
                axes = tuple(axis for axis in self.axes[slot] if axis != self.axis)
                self.own[slot] = []
                for _ in range(self.labels):
                    self.own[slot].append(Part(len(self.axes), axes))
                    self.axes[len(self.axes)] = axes

    def run(self) -> list[Step]:
        """The steps in their new order."""
        found = []
        each: dict[int, list[int]] = {}
        for at, (stage, _) in enumerate(self.stages):
            each.setdefault(stage, []).append(at)
        for stage in sorted(each):
            for label in range(self.labels if stage % 2 else 1):
                for at in each[stage]:
                    if not stage % 2:
                        found.append(self.steps[at])
                    elif self.stages[at][1] in (-1, label):
                        found.append(self._at(self.steps[at], label))
        return found

    def _at(self, step: Step, label: int) -> Step:
        """A step of an odd stage at one label."""
        if step.op == GIVEN and self.axis in step.out.axes:
            return Step(GIVEN, (step.args[0].label(self.axis, label),), self._part(step.out, label))
        return Step(step.op, tuple([self._part(arg, label) for arg in step.args]), self._part(step.out, label))

    def _part(self, part: Part, label: int) -> Part:
        if part.slot not in self.own:
            return part.label(self.axis, label)
        place = dict(part.at).get(self.axis, label)
        assert isinstance(place, int), "a range of labels of a dimension is nowhere asked for"
        at = tuple((axis, place) for axis, place in part.at if axis != self.axis)
        return Part(self.own[part.slot][place].slot, tuple(axis for axis in part.axes if axis != self.axis), at)


def tiled(
    steps: Sequence[Step], axes: Mapping[int, Axes], sizes: Mapping[str, int], kept: Iterable[int]
) -> tuple[list[Step], Mapping[int, Axes]]:
    """The steps, label by label of the first dimension where they can be, and the axes of their slots."""
    axis = next((axis for axis in sizes if axis != TIME), "")
    if not axis or len(steps) * sizes[axis] > MOST:
        return [*steps], axes
    tiles = Tiles(steps, axes, axis, sizes[axis], kept)
    return tiles.run(), tiles.axes
