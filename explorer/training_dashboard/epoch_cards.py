"""The cards about one finished epoch: confusion, mistakes, classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.networks.probes import wilson
from core.runs.directory import RunDirectory
from core.training.events import Insight
from explorer.numbers import fixed
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import in_cell, pictures_of, wrong
from explorer.training_dashboard.pictures import source

Card = dict[str, Any]
MISTAKES = 8


def insight_of(lesson: TrainingDashboard, run: RunDirectory | None) -> Insight | None:
    """Return what is known about the epoch that is looked at; None before the first."""
    kept = run.insight_epochs() if run is not None else []
    if run is None or not kept:
        return None
    try:
        return run.insight(lesson.epoch if lesson.epoch in kept else kept[-1])
    except InputError:
        return None


def heat(lesson: TrainingDashboard, run: RunDirectory, insight: Insight) -> Card:
    """Return the confusion matrix of the validation set."""
    names = list(pictures_of(run.spec().config).validation.classes)
    cell = lesson.cell
    return {
        "kind": "heat",
        "span": 4,
        "title": "Confusion matrix",
        "note": f"rows true, epoch {insight.epoch}",
        "names": names,
        "counts": insight.confusion.tolist(),
        "chosen": None if cell is None else {"row": cell[0], "column": cell[1]},
        "reading": _reading(insight),
    }


def _reading(insight: Insight) -> str:
    total, right = int(insight.confusion.sum()), int(np.trace(insight.confusion))
    low, high = wilson(total - right, total)
    return (
        f"{total - right} of {total:,} wrong: **{fixed(100 * (total - right) / max(total, 1), 2)} "
        f"%**, 95 % interval {fixed(100 * low, 2)} to {fixed(100 * high, 2)}"
    )


def pictures(lesson: TrainingDashboard, run: RunDirectory, insight: Insight) -> Card:
    """Return the worst mistakes, or the pictures of the chosen cell."""
    images = pictures_of(run.spec().config).validation
    labels, names = images.labels.numpy(), images.classes
    title, empty = "Worst mistakes", "Every picture of the validation set was read right."
    chosen = wrong(insight, labels, MISTAKES)
    if lesson.cell is not None and max(lesson.cell) < len(names):
        row, column = lesson.cell
        chosen = in_cell(insight, labels, row, column, MISTAKES)
        title, empty = f"{names[row]} read as {names[column]}", "No picture fell into this cell."
    return {
        "kind": "pictures",
        "span": 4,
        "title": title,
        "note": "surest first",
        "columns": 4,
        "pictures": [
            _picture(images.images[index].numpy(), names[labels[index]], names, insight, index)
            for index in chosen.tolist()
        ],
        "empty": empty,
        "foot": _reading(insight).replace("**", ""),
    }


def _picture(
    pixels: NDArray[np.uint8], true: str, names: tuple[str, ...], insight: Insight, index: int
) -> dict[str, str]:
    said = names[insight.predicted[index]]
    sure = 100 * float(np.exp(-insight.losses[index]))
    return {
        "src": source(pixels),
        "caption": f"**{true}** read as **{said}**",
        "detail": f"{fixed(sure, 1)} % for {true}",
    }


def classes(run: RunDirectory, insight: Insight) -> Card:
    """Return how well each class is read."""
    names = pictures_of(run.spec().config).validation.classes
    rows = []
    for index, name in enumerate(names):
        right, total = int(insight.confusion[index, index]), int(insight.confusion[index].sum())
        low, high = wilson(right, total)
        share = right / total if total else 0.0
        rows.append(
            {"name": name, "right": right, "total": total, "share": share, "low": low, "high": high}
        )
    return {
        "kind": "classes",
        "span": 4,
        "title": "Accuracy by class",
        "note": "95 % intervals",
        "rows": rows,
    }
