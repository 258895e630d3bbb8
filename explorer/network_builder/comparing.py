"""Two networks side by side: same points, same seed, one difference to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.network_builder.side import Side

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder


def compare(lesson: NetworkBuilder) -> None:
    """Put a second network beside the first, or keep only the one that is active."""
    lesson.looking.peek = None
    if len(lesson.sides) == 2:
        lesson.sides, lesson.active = [lesson.side], 0
        lesson.notice = "The network that was chosen stays."
        return
    lesson.rewind()
    first = lesson.sides[0]
    run = first.training
    second = Side(run.training, run.validation, first.config)
    second.training.tag = run.tag
    lesson.sides.append(second)
    lesson.active = 1
    said = lesson.edits.swap_activation()
    lesson.notice = (
        f"Both start at epoch 0 with the same points and seed. B {said} "
        "Click A or B to choose which one the settings change."
    )
