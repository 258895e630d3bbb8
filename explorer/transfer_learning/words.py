"""What is said about a prediction, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.numbers import fixed
from explorer.transfer_learning.model import Said

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning


def verdict(lesson: TransferLearning, said: Said | None) -> tuple[str, str]:
    """Return a sentence on the prediction, and one on how it came about."""
    asking, model = lesson.asking, lesson.model
    if model is None:
        return lesson.learning.problem or "Learning…", asking.about
    if said is None:
        return asking.about, ""
    name = model.classes[said.winner]
    share = fixed(100 * said.probabilities[said.winner], 1)
    raw = fixed(100 * said.raw[said.winner], 1)
    far = fixed(said.distance, 2)
    bar = fixed(model.threshold(lesson.settings.strict).distance, 2)
    if said.rejected:
        words = f"**None of these.** Softmax alone would say {name} with {raw} %."
        why = (
            f"It lies {far} from the nearest learnt pictures; your own lie within {bar}."
            if said.why == "far"
            else "It lies between the classes: no answer is sure enough."
        )
        return words, f"{asking.about} {why}"
    return f"**{name}** with {share} %", (
        f"{asking.about} Distance {far} of {bar} allowed; {raw} % before calibration."
    )
