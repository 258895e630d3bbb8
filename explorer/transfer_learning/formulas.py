"""The numbers behind the bars: scores, temperature, softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.numbers import bracketed, fixed, significant
from explorer.transfer_learning.model import Model

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Card = dict[str, Any]
SHOWN = 2


def formulas(lesson: TransferLearning, model: Model) -> Card:
    """Return how the shown prediction follows from the scores."""
    said = lesson.asking.said()
    rows: list[dict[str, Any]] = []
    if said is not None:
        order = np.argsort(-said.probabilities)
        best = int(order[0])
        scores = [said.logits[at] for at in order[:SHOWN]]
        top = f"e^({fixed(scores[0], 2)}/*T*)"
        rest = " + ".join(f"e^({bracketed(one, 2)}/*T*)" for one in scores)
        more = " + …" if len(order) > SHOWN else ""
        features = model.features.shape[1]
        rows = [
            {
                "symbols": f"*z* = **w** · **f** + *b*, for {model.classes[best]}",
                "numbers": f"{features} products and a bias",
                "result": fixed(said.logits[best], 2),
            },
            {
                "symbols": "*T* that makes held-back answers honest",
                "numbers": f"from {len(model.judged)} pictures",
                "result": significant(model.temperature, 3),
            },
            {
                "symbols": "*p* = e^(*z*/*T*) / Σ e^(*z*ₖ/*T*)",
                "numbers": f"{top} / ({rest}{more})".replace("*", ""),
                "result": f"{fixed(100 * said.probabilities[best], 1)} %",
            },
            {
                "symbols": "distance to the three nearest",
                "numbers": (
                    f"at most {fixed(model.threshold(lesson.settings.strict).distance, 3)}"
                ),
                "result": fixed(said.distance, 3),
            },
        ]
    return {
        "kind": "formulas",
        "span": 8,
        "title": "Numbers in the formulas",
        "note": "for the picture above",
        "rows": rows,
    }
