"""The cards under the stage: curves, selected unit, doctor, question, layers and the rest."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.networks.doctor import diagnose
from core.networks.probes import confusion, wilson
from core.networks.script import script
from explorer.boards import board, doctor_card, script_card
from explorer.network_builder.columns import class_colours, class_names
from explorer.network_builder.help import CARDS
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.units import layers_card, unit_card
from explorer.numbers import fixed

SLUG = "network_builder"
Card = dict[str, Any]
Floats = NDArray[np.float32]
MOST_POINTS = 300


def board_message(lesson: NetworkBuilder, token: str | None) -> tuple[dict[str, Any], Floats]:
    """Return the cards as JSON and their curves as numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    curves, values = lines(lesson)
    scratch, more = lesson.scratch.card(len(values))
    matrix = [confusion_card(lesson)] if lesson.side.training.objective.classes else []
    cards = [
        curves,
        unit_card(lesson),
        doctor(lesson),
        lesson.round.card(),
        *matrix,
        layers_card(lesson) | {"span": 4 if matrix else 8},
        scratch,
        code(lesson),
        lesson.exports.card(lesson),
    ]
    header = board(SLUG, lesson, token, cards, CARDS)
    numbers = np.nan_to_num(np.concatenate([values, more]), posinf=3e38, nan=np.nan)
    return header, numbers.astype(np.float32)


def lines(lesson: NetworkBuilder) -> tuple[Card, NDArray[np.float64]]:
    """Return loss or accuracy by epoch, of both networks in a comparison."""
    kind = lesson.settings.curve
    regression = not lesson.side.training.objective.classes
    kind = "loss" if regression else kind
    histories = [side.training.history.rows for side in lesson.sides]
    longest = max(histories, key=len)
    places = np.unique(np.linspace(0, len(longest) - 1, MOST_POINTS).round().astype(int))
    columns = [np.array([longest[place].epoch for place in places], dtype=float)]
    series = []
    for index, rows in enumerate(histories):
        for part in ("training", "validation"):
            if part == "validation" and not len(lesson.side.training.validation):
                continue
            found = [
                getattr(rows[place], f"{part}_{kind}") if place < len(rows) else np.nan
                for place in places
            ]
            column = np.array(found, dtype=float)
            series.append(
                {
                    "label": part,
                    "style": part,
                    "side": "AB"[index] if len(histories) > 1 else None,
                    "from": len(places) * len(columns),
                    "count": len(places),
                }
            )
            columns.append(100 * column if kind == "accuracy" else column)
    label = {"bce": "cross-entropy", "cross_entropy": "cross-entropy", "mse": "MSE"}
    tabs = [["loss", "Loss"]] if regression else [["loss", "Loss"], ["accuracy", "Accuracy"]]
    card = {
        "kind": "lines",
        "span": 4,
        "title": "Learning curve",
        "note": label.get(lesson.side.config.loss, "Huber loss") if kind == "loss" else "%",
        "tabs": tabs,
        "tab": kind,
        "x": {"from": 0, "count": len(places)},
        "series": series,
        "shown": lesson.side.training.epoch,
        "xLabel": "epoch",
        "log": False,
        "percent": kind == "accuracy",
        "plan": None,
        "range": None,
        "events": [],
    }
    return card, np.concatenate(columns)


def doctor(lesson: NetworkBuilder) -> Card:
    """Return the doctor's most important finding about the active network."""
    return doctor_card(diagnose(lesson.side.training))


def confusion_card(lesson: NetworkBuilder) -> Card:
    """Return how often each class was taken for which."""
    training = lesson.side.training
    checked = len(training.validation) > 0
    which = lesson.settings.matrix if checked else "training"
    data = training.validation if which == "validation" else training.training
    counts = confusion(training.model, training.objective, data)
    right, total = int(np.trace(counts)), int(counts.sum())
    low, high = wilson(right, total)
    tabs = [["validation", "Validation"], ["training", "Training"]]
    return {
        "kind": "confusion",
        "span": 4,
        "title": "Confusion matrix",
        "note": f"{total} points",
        "tabs": tabs if checked else tabs[1:],
        "tab": which,
        "names": class_names(lesson),
        "colours": class_colours(training.objective.classes),
        "counts": counts.tolist(),
        "reading": f"{right} of {total} right, **{fixed(100 * right / max(total, 1), 1)} %**; "
        f"95 % interval {fixed(100 * low, 1)}–{fixed(100 * high, 1)} %",
    }


def code(lesson: NetworkBuilder) -> Card:
    """Return the script that prints the losses of the active network.

    A run that was edited on its way is written down as its weights.
    """
    side = lesson.side
    run = side.training
    told = side.replayable
    if lesson.scripted is None or lesson.scripted[0] != (run.step_count, told, lesson.frame):
        values = np.array(side.weights(), dtype=np.float32)
        if told or not np.isfinite(values).all():
            source = script(run.config, run.training, run.validation, run.epoch)
        else:
            source = script(run.config, run.training, run.validation, 0, values)
        lesson.scripted = ((run.step_count, told, lesson.frame), source)
    return script_card(lesson.scripted[1], "network.py", 7)
