"""The cards on how good a model is: confusion, mistakes, classes, calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.networks.probes import wilson
from core.transfer.calibration import Bin, calibrated, calibration_error
from core.transfer.calibration import reliability as bins_of
from explorer.numbers import fixed, significant
from explorer.transfer_learning.model import Model
from explorer.transfer_learning.pictures import seen, thumbnail

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Card = dict[str, Any]
SHOWN = 8
BINS = 10


def confusion(lesson: TransferLearning, model: Model) -> Card:
    """Return the confusion matrix of the pictures while they were held back."""
    cell = lesson.cell
    if cell is not None and max(cell) >= len(model.classes):
        cell = None
    return {
        "kind": "heat",
        "span": 4,
        "title": "Confusion matrix",
        "note": "rows true, columns said",
        "names": list(model.classes),
        "counts": model.judged.confusion.tolist(),
        "chosen": None if cell is None else {"row": cell[0], "column": cell[1]},
        "reading": _reading(model),
    }


def _reading(model: Model) -> str:
    total, right = len(model.judged), model.judged.right
    low, high = wilson(total - right, total)
    return (
        f"{total - right} of {total:,} wrong: **{fixed(100 * (total - right) / total, 1)} %**, "
        f"95 % interval {fixed(100 * low, 1)} to {fixed(100 * high, 1)}. {model.judged.sentence}"
    )


def mistakes(lesson: TransferLearning, model: Model) -> Card:
    """Return the surest mistakes, or the pictures of the chosen cell, with Grad-CAM."""
    title, empty = "Mistakes", "Every picture was recognised while it was held back."
    judged = model.judged
    predicted = judged.logits.argmax(1)
    chosen = _surest_mistakes(model)
    cell = lesson.cell
    if cell is not None and max(cell) < len(model.classes):
        row, column = cell
        chosen = judged.of_cell(row, column, SHOWN)
        title = f"{model.classes[row]} taken for {model.classes[column]}"
        if row == column:
            title = f"{model.classes[row]}, recognised"
        empty = "No picture fell into this cell."
    place = {int(number): at for at, number in enumerate(judged.numbers.tolist())}
    shown = [_picture(lesson, model, number, place[number], predicted) for number in chosen]
    return {
        "kind": "pictures",
        "span": 4,
        "title": title,
        "note": "surest first; where it looked",
        "columns": 4,
        "pictures": [one for one in shown if one is not None],
        "empty": empty,
        "foot": "",
    }


def _surest_mistakes(model: Model) -> list[int]:
    judged = model.judged
    predicted = judged.logits.argmax(1)
    losses = judged.answers.losses
    wrong = (predicted != judged.targets).nonzero()[:, 0].tolist()
    wrong.sort(key=lambda at: -losses[at])
    return [int(judged.numbers[at]) for at in wrong[:SHOWN]]


def _picture(
    lesson: TransferLearning, model: Model, number: int, at: int, predicted: Any
) -> dict[str, str] | None:
    wanted = model.samples[number]
    sample = next(
        (one for one in lesson.collecting.collection.everything() if one.id == wanted), None
    )
    if sample is None:
        return None
    said, true = int(predicted[at]), int(model.judged.targets[at])
    shares = (model.judged.logits[at] / model.temperature).softmax(0)
    return {
        "src": lesson.cams.source(model, sample, said) or thumbnail(sample),
        "caption": f"**{model.classes[true]}** taken for **{model.classes[said]}**"
        if said != true
        else f"**{model.classes[true]}**",
        "detail": f"{fixed(100 * float(shares[said]), 0)} % sure",
    }


def classes(model: Model) -> Card:
    """Return how well each class is recognised."""
    rows = [
        {
            "name": name,
            "right": one.right,
            "total": one.of,
            "share": one.right / max(one.of, 1),
            "low": one.low,
            "high": one.high,
        }
        for name, one in zip(model.classes, model.judged.per_class(), strict=True)
    ]
    return {
        "kind": "classes",
        "span": 4,
        "title": "Accuracy by class",
        "note": "95 % intervals",
        "rows": rows,
    }


def reliability(model: Model) -> Card:
    """Return how confidence and reality go together, before and after the temperature."""
    judged = model.judged
    before, after = (calibrated(judged.logits, t) for t in (1.0, model.temperature))
    errors = [calibration_error(one, judged.targets, BINS) for one in (before, after)]
    reading = (
        f"[[temperature|Temperature]] *T* = {significant(model.temperature, 3)}. Expected "
        f"[[calibration]] error {fixed(100 * errors[0], 1)} % before (grey), "
        f"**{fixed(100 * errors[1], 1)} %** after (orange), over {len(judged)} pictures that were "
        "held back. On the dotted line confidence is honest."
    )
    return {
        "kind": "reliability",
        "span": 4,
        "title": "Is it honest?",
        "note": "confidence and reality",
        "reading": reading,
        "series": [
            {"style": "faint", "bins": _bins(bins_of(before, judged.targets, BINS))},
            {"style": "validation", "bins": _bins(bins_of(after, judged.targets, BINS))},
        ],
    }


def _bins(found: list[Bin]) -> list[dict[str, float]]:
    return [
        {"sure": one.confidence, "right": one.accuracy, "count": one.count}
        for one in found
        if one.count
    ]


__all__ = ["classes", "confusion", "mistakes", "reliability", "seen"]
