"""The cards under the stage: confusion, mistakes, runs, classes, filters, layers and the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.vision.specs import completed
from core.vision.text import parse
from core.vision.trace import LayerRow, totals, trace
from explorer.boards import board, doctor_card
from explorer.numbers import fixed
from explorer.training_dashboard.about_data import about
from explorer.training_dashboard.curves import Sheet
from explorer.training_dashboard.data import DEFAULT
from explorer.training_dashboard.doctor import finding
from explorer.training_dashboard.epoch_cards import (
    classes,
    heat,
    insight_of,
    pictures,
)
from explorer.training_dashboard.help import CARDS
from explorer.training_dashboard.layers import card as inside
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.runner import runner
from explorer.training_dashboard.settings import model_text
from explorer.training_dashboard.taking import code
from explorer.training_dashboard.testing import card as testing

SLUG = "training_dashboard"
Card = dict[str, Any]
CHOICES = [
    ["conv 16 3", "Conv"],
    ["bn", "BatchNorm"],
    ["relu", "ReLU"],
    ["maxpool 2", "Max pool"],
    ["dropout 0.25", "Dropout"],
    ["flatten", "Flatten"],
    ["linear 128", "Linear"],
    ["gap", "Global average"],
    ["skip(conv 16 3; bn)", "Skip"],
]


def board_message(
    lesson: TrainingDashboard, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the cards as JSON and their curves as numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    lesson.managed.let_go_of_deleted()
    sheet = Sheet()
    run = lesson.directory
    insight = insight_of(lesson, run)
    cards = []
    if run is not None and insight is not None:
        cards += [heat(lesson, run, insight), pictures(lesson, run, insight)]
    cards.append(runs(lesson, sheet))
    if run is not None and insight is not None:
        cards += [classes(run, insight), inside(lesson, run, insight)]
    cards.append(doctor_card(finding(lesson)))
    if run is not None:
        cards.append(testing(lesson, run))
    data, layers = (4, 8) if run is None or insight is not None else (8, 12)  # No row has a hole.
    cards += [lesson.data.card() | {"span": data}, lesson.round.card()]
    cards += [editor(lesson) | {"span": layers}, lesson.race.card()]
    told = code(lesson)
    cards += [told] if told is not None else []
    cards += [lesson.exports.card(lesson)]
    header = board(SLUG, lesson, token, cards, CARDS)
    header["follows"] = lesson.following.frame
    return header, sheet.numbers()


def runs(lesson: TrainingDashboard, sheet: Sheet) -> Card:
    """Return the list of runs."""
    shown = lesson.directory
    rows = []
    for run in lesson.managed.listed():
        found = lesson.shown(run)
        if found is None:
            continue
        status = runner().status(run.id)
        losses = np.array([row.validation_loss for row in found.rows])
        last = found.rows[-1] if found.rows else None
        state = status.state if not status.ahead else f"queued, {status.ahead} before"
        rows.append(
            {
                "id": run.id,
                "name": found.name,
                "state": state,
                "mark": "running" if status.state == "running" else "",
                "spark": sheet.put(losses) if len(losses) else None,
                "accuracy": f"{fixed(100 * last.validation_accuracy, 1)} %" if last else "",
                "time": f"{sum(row.seconds for row in found.rows):.0f} s",
                "shown": shown is not None and run.id == shown.id,
                "compared": run.id in lesson.managed.compared,
            }
        )
    return {
        "kind": "runs",
        "span": 4,
        "title": "Runs",
        "note": f"{len(rows)}",
        "runs": rows,
        "compared": len(lesson.managed.compared),
    }


def editor(lesson: TrainingDashboard) -> Card:
    """Return the layers of the next run, with what each costs."""
    try:
        data = about(lesson.settings.data)
    except InputError:  # a set of one's own that has just been deleted
        data = about(DEFAULT)
    text = model_text(lesson.settings)
    spec = completed(parse(text), data.classes)
    rows = trace(spec, (data.channels, data.side, data.side))
    whole = totals(rows)
    return {
        "kind": "editor",
        "title": "Layers of the next run",
        "note": f"{data.channels}×{data.side}×{data.side} in, {data.classes} classes out",
        "text": text,
        "rows": [_row(index, row) for index, row in enumerate(rows)],
        "totals": None
        if whole is None
        else {"parameters": f"{whole[0]:,}", "multiplyAdds": f"{whole[1]:,}"},
        "choices": CHOICES,
        "refused": lesson.refused_spec,
    }


def _row(index: int, row: LayerRow) -> dict[str, Any]:
    shape = "" if row.output is None else "×".join(str(one) for one in row.output)
    return {
        "index": index,
        "text": row.text,
        "name": row.name,
        "output": shape,
        "parameters": "" if row.parameters is None else f"{row.parameters:,}",
        "formula": row.formula,
        "multiplyAdds": "" if row.multiply_adds is None else f"{row.multiply_adds:,}",
        "depth": row.depth,
        "problem": row.problem,
        "note": row.note,
    }
