"""The cards on how something is learnt: the curve of the head or of a run, and all runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InputError
from core.runs.directory import RunDirectory
from explorer.numbers import fixed, significant
from explorer.training_dashboard.curves import Sheet, drawn_run, plots
from explorer.training_dashboard.runner import runner
from explorer.transfer_learning.settings import HEAD, METHODS

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Card = dict[str, Any]
TABS = [["loss", "Loss"], ["accuracy", "Accuracy"]]


def curve(lesson: TransferLearning, sheet: Sheet) -> Card:
    """Return loss or accuracy while something learns: the shown run, or else the head."""
    common = {"kind": "lines", "span": 4, "tabs": TABS, "tab": lesson.settings.curve}
    run = lesson.tuning.directory
    if run is None:
        return common | _head(lesson, sheet)
    others = [lesson.tuning.found(name) for name in lesson.tuning.compared if name != run.id]
    drawn = [drawn_run(one) for one in others if one is not None]
    loss, accuracy = plots(drawn_run(run), drawn, sheet, smooth=False)
    shown = accuracy if lesson.settings.curve == "accuracy" else loss
    return common | shown | {"title": "Learning curve", "note": _scale(lesson)}


def _scale(lesson: TransferLearning) -> str:
    return "log scale" if lesson.settings.curve == "loss" else ""


def _head(lesson: TransferLearning, sheet: Sheet) -> Card:
    steps = lesson.learning.steps
    percent = lesson.settings.curve == "accuracy"
    rows = {
        "training": [one.training_accuracy if percent else one.training_loss for one in steps],
        "validation": [
            one.validation_accuracy if percent else one.validation_loss for one in steps
        ],
    }
    x = sheet.put(np.array([one.step for one in steps], float))
    series: list[dict[str, Any]] = []
    for style, values in rows.items():
        found = np.array(values, float) * (100 if percent else 1)
        if np.isfinite(found).any():
            place = sheet.put(found)
            series.append(
                {"label": style, "style": style, "side": None, "x": x, "marks": False} | place
            )
    return {
        "title": "Learning curve",
        "note": _scale(lesson),
        "x": x,
        "series": series,
        "shown": None,
        "xLabel": "step",
        "log": not percent,
        "percent": percent,
        "plan": max(lesson.learning.planned, len(steps), 2) - 1,
        "range": [0.0, 100.0] if percent else None,
        "events": [],
    }


def runs(lesson: TransferLearning, sheet: Sheet) -> Card:
    """Return the list of runs, the new head first: they are judged and compared here."""
    rows = [_head_row(lesson)]
    rows += [row for run in lesson.tuning.listed() if (row := _row(lesson, run, sheet))]
    return {
        "kind": "runs",
        "span": 4,
        "title": "Runs",
        "note": f"{len(rows)}",
        "runs": rows,
        "compared": len(lesson.tuning.compared),
    }


def _head_row(lesson: TransferLearning) -> dict[str, Any]:
    settled = lesson.learning.settled
    known = settled is not None and len(settled.judged) > 0
    right = f"{fixed(100 * settled.judged.accuracy, 1)} %" if known and settled else ""
    return {
        "id": "",
        "fixed": True,
        "name": METHODS[HEAD],
        "state": "finished",
        "mark": "",
        "spark": None,
        "accuracy": right,
        "time": f"{significant(lesson.learning.seconds, 2)} s",
        "shown": lesson.settings.run is None,
        "compared": False,
    }


def _row(lesson: TransferLearning, run: RunDirectory, sheet: Sheet) -> dict[str, Any] | None:
    try:
        spec, status = run.spec(), runner().status(run.id)
    except InputError:
        return None
    rows = run.rows()
    losses = np.array([row.validation_loss for row in rows])
    best = run.best_epoch()
    shown = rows[best - 1] if best is not None and best <= len(rows) else None
    state = status.state if not status.ahead else f"queued, {status.ahead} before"
    return {
        "id": run.id,
        "name": spec.name,
        "state": state,
        "mark": "running" if status.state == "running" else "",
        "spark": sheet.put(losses) if len(losses) else None,
        "accuracy": f"{fixed(100 * shown.validation_accuracy, 1)} %" if shown else "",
        "time": f"{sum(row.seconds for row in rows):.0f} s",
        "shown": run.id == lesson.settings.run,
        "compared": run.id in lesson.tuning.compared,
    }
