"""What is done to training batches: handed over by the previewer, shown, and taken away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.augmentation.text import parse, write
from core.errors import InputError
from explorer.journeys import Journey

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard


ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class AugmentRule:
    """What is done to training pictures, as text: ``hflip;rotation:degrees=15``."""

    label: str

    def parse(self, text: str) -> str:
        """Return the text in its usual form, if it can be read and every step can act."""
        try:
            pipeline = parse(text)
        except InputError as error:
            raise ValueError(str(error).rstrip(".")) from error
        if pipeline.problems:
            raise ValueError(next(iter(pipeline.problems.values())).rstrip("."))
        return write(pipeline)

    def write(self, value: str) -> str:
        """Return the text."""
        return value


def elsewhere(text: str | None) -> Journey:
    """Return the way to where pipelines are made, with the one that is used here."""
    return Journey("augmentation", text=text, parameters={"pipeline": text} if text else {})


def offer(lesson: TrainingDashboard, text: str | None) -> None:
    """Let the next runs change their batches as another page says; None changes nothing."""
    if text is None:
        return
    pipeline = parse(text)
    lesson.settings = replace(lesson.settings, augment=write(pipeline) or None)
    lesson.notice = (
        f"The next run changes its training pictures: {steps_named(text)}. “Augmentation” above "
        "takes it away again."
    )


def steps_named(text: str) -> str:
    """Return the steps of a pipeline that are on, in words."""
    steps = [step.transform.label.lower() for step in parse(text).steps if step.on]
    return ", ".join(steps) or "nothing"


def no_augment_field() -> dict[str, Any]:
    """Return the control that leads to where pipelines are made."""
    return {
        "name": "augment",
        "kind": "select",
        "label": "Augmentation",
        "options": [["", "off"], [ELSEWHERE, "make a pipeline …"]],
        "value": "",
        "enabled": True,
        "more": True,
        "help": "Changes training pictures at random, so that few of them go further. Pipelines "
        "are made on the augmentation page.",
    }


def augment_field(text: str) -> dict[str, Any]:
    """Return the control that shows what is done to training pictures, and takes it away."""
    first, *others = steps_named(text).split(", ")
    more = f" and {len(others)} more" if others else ""
    return {
        "name": "augment",
        "kind": "select",
        "label": "Augmentation",
        "options": [[text, f"{first}{more}"], ["", "off"], [ELSEWHERE, "change it …"]],
        "value": text,
        "enabled": True,
        "help": f"Every training batch goes through: {steps_named(text)}. The augmentation "
        "page changes it; “off” takes it away.",
    }
