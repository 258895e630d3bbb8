"""The doctor: the most important thing about a pipeline, and the gesture that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core import diagnosis
from core.augmentation.pipeline import BATCH, NORMALISE, Pipeline, Step
from core.augmentation.presets import PRESETS
from core.augmentation.spec import Break, Value
from explorer.gate import GATE
from explorer.numbers import significant

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

SLOW_MS = 15.0
PICTURES = 1000


@dataclass(frozen=True)
class Mend:
    """What one click does.

    Attributes:
        label: What the button says.
        pipeline: The pipeline afterwards.
    """

    label: str
    pipeline: Pipeline


Finding = diagnosis.Finding[Mend]


def finding(lesson: Augmentation) -> Finding:
    """Return the most important finding about the pipeline as it stands."""
    checks = (_order, _labels, _left_out, _nothing_random, _slow)
    return next((found for check in checks if (found := check(lesson))), _healthy(lesson))


def follow(lesson: Augmentation) -> None:
    """Carry out the remedy of the present finding, if it has one."""
    found = finding(lesson)
    if found.remedy is not None:
        lesson.show(found.remedy.pipeline)
        lesson.notice = "Done. Undo brings the pipeline back as it was."


def _order(lesson: Augmentation) -> Finding | None:
    pipeline = lesson.pipeline
    for at, sentence in pipeline.problems.items():
        step, rest = pipeline.steps[at], pipeline.remove(at)
        moved = rest.add(step)
        helps = len(moved.problems) < len(pipeline.problems)
        remedy = f"{'Move' if helps else 'Remove'} {step.transform.label}"
        return Finding(
            "warning", f"Step {at + 1}: {sentence}", Mend(remedy, moved if helps else rest)
        )
    return None


def _labels(lesson: Augmentation) -> Finding | None:
    pipeline = lesson.pipeline
    for one in lesson.looking.warned():
        step = pipeline.steps[one.at]
        broken = next(b for b in step.transform.breaks if b.sentence == one.sentence)
        text = f"**{step.transform.label}** can change the label. {one.sentence}"
        limits = _limits(broken, step)
        if not limits:
            off = f"Switch {step.transform.label} off"
            return Finding("warning", text, Mend(off, pipeline.switch(one.at, False)))
        said = " and ".join(_written(step, name, value) for name, value in limits.items())
        return Finding("warning", text, Mend(f"Set {said}", pipeline.change(one.at, limits)))
    return None


def _limits(broken: Break, step: Step) -> dict[str, Value]:
    """The settings that are beyond what is harmless, with the last harmless value of each."""
    over = {name: most for name, most in broken.beyond if step.values[name] > most}
    under = {name: least for name, least in broken.below if step.values[name] < least}
    kinds = {one.name: one.kind for one in step.transform.parameters}
    return {
        name: int(value) if kinds[name] == "integer" else value
        for name, value in {**over, **under}.items()
    }


def _written(step: Step, name: str, value: Value) -> str:
    about = next(one for one in step.transform.parameters if one.name == name)
    return f"{about.label.lower()} to {significant(float(value))}{about.unit}"


def _left_out(lesson: Augmentation) -> Finding | None:
    pipeline = lesson.pipeline
    for at, sentence in lesson.looking.notes().items():
        label = pipeline.steps[at].transform.label
        if pipeline.steps[at].name == NORMALISE:
            grey = pipeline.change(at, {"statistics": "mnist"})
            return Finding("warning", sentence, Mend("Take MNIST's numbers", grey))
        return Finding("warning", sentence, Mend(f"Switch {label} off", pipeline.switch(at, False)))
    return None


def _nothing_random(lesson: Augmentation) -> Finding | None:
    if GATE.crowded and lesson.looking.unfinished:
        return None  # It is said when all are there; they are not made for this.
    first, *others = lesson.looking.draws()
    if not all(first.file == other.file for other in others):
        return None
    if any(step.transform.group == BATCH for step in lesson.pipeline.batch_steps):
        return None
    return Finding(
        "warning",
        "All sixteen draws are the same: nothing here is random, so a network sees the same "
        "picture in every epoch.",
        Mend("Take the course's pipeline", PRESETS["course"].pipeline),
    )


def _slow(lesson: Augmentation) -> Finding | None:
    took = lesson.looking.milliseconds()
    if took < SLOW_MS:
        return None
    return Finding(
        "warning",
        f"One picture takes {significant(took, 2)} ms: {PICTURES:,} of them keep a core busy for "
        f"{significant(took * PICTURES / 1000, 2)} s in every epoch. Crop or resize early: the "
        "steps behind have fewer pixels to change.",
    )


def _healthy(lesson: Augmentation) -> Finding:
    took = significant(lesson.looking.milliseconds(), 2)
    return Finding(
        "ok",
        "Healthy: as far as the rules know, every draw could be another picture of its class. Look "
        f"through all sixteen and decide yourself. One takes {took} ms.",
    )
