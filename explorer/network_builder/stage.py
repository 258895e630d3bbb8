"""What the stage shows: diagrams, decision maps, points, and where the run stands."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.networks.training import Training
from explorer.network_builder.columns import class_colours, class_names, input_maps, network
from explorer.network_builder.frames import map_size, unit_size
from explorer.network_builder.help import STAGE
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.linking import address
from explorer.network_builder.points import extent
from explorer.network_builder.settings import OWN, SPEEDS, TURBO
from explorer.network_builder.side import Side

Floats = NDArray[np.float32]


def stage_message(lesson: NetworkBuilder, token: str | None) -> tuple[dict[str, Any], Floats]:
    """Return the stage as JSON and numbers.

    The numbers are, in this order: the points (x₁, x₂, class or target, 1 if held back, 1 if
    in the next batch), for every side the maps of all inputs, and for every moment the frames
    of all sides.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    reach = extent(lesson.settings)
    points = _points(lesson)
    moments = lesson.pictures()
    inputs = [input_maps(unit_size(side.training), reach) for side in lesson.sides]
    rows = [one.values for moment in moments for one in moment]
    header = {
        "ack": token,
        "frame": lesson.frame,
        "rested": lesson.rested,
        "address": address(lesson, going=True),
        "opening": lesson.opening,
        "replaying": lesson.replay_to or None,
        "notice": lesson.notice,
        "help": STAGE,
        "active": lesson.active,
        "sides": [
            network(lesson, side, "AB"[index]) | {"values": len(moments[0][index].values)}
            for index, side in enumerate(lesson.sides)
        ],
        "moments": [[one.reading for one in moment] for moment in moments],
        "map": map_size(lesson.sides[0]),
        "extent": reach,
        "peek": _peek(lesson),
        "probe": lesson.settings.probe,
        "points": points.size // 5,
        "data": _data(lesson),
        "clock": _clock(lesson),
    }
    return header, np.concatenate([points.ravel(), *inputs, *rows]).astype(np.float32)


def _points(lesson: NetworkBuilder) -> Floats:
    """Return one row per point: x₁, x₂, class or target, held back, in the next batch."""
    if lesson.edits.cleared:
        return np.zeros((0, 5), dtype=np.float32)
    training = lesson.sides[0].training
    parts = []
    for held_back, data in enumerate((training.training, training.validation)):
        part = np.zeros((len(data), 5), dtype=np.float32)
        part[:, :2], part[:, 2], part[:, 3] = data.x, data.y, held_back
        parts.append(part)
    if lesson.settings.mode != "epoch":
        following = training.next_examples.numpy()
        parts[0][following if lesson.settings.mode == "batch" else following[:1], 4] = 1
    return np.concatenate(parts)


def _peek(lesson: NetworkBuilder) -> dict[str, Any] | None:
    if lesson.looking.peek is None:
        return None
    column, unit = lesson.looking.peek
    return {"column": column, "unit": unit, "name": unit_name(lesson.side, column, unit)}


def unit_name(side: Side, column: int, unit: int) -> str:
    """Return what a unit is called on the page."""
    if column == 0:
        return f"input {unit + 1}"
    if column > len(side.config.layers):
        return "output" if side.training.objective.outputs == 1 else f"output {unit + 1}"
    return f"hidden {column}, unit {unit + 1}"


def _data(lesson: NetworkBuilder) -> dict[str, Any]:
    training = lesson.sides[0].training
    classes = training.objective.classes
    return {
        "classes": classes,
        "colours": class_colours(classes),
        "names": class_names(lesson),
        "brushes": max(classes, int(lesson.settings.classes)),
        "own": lesson.settings.data == OWN,
        "cleared": lesson.edits.cleared,
        "largest": _largest(training),
        "validation": len(training.validation),
    }


def _largest(training: Training) -> float:
    """Return the largest number to predict, in size; the scale of a map in regression."""
    if training.objective.classes:
        return 1.0
    return max(float(np.abs(training.training.y).max()), 1e-6)


def _clock(lesson: NetworkBuilder) -> dict[str, Any]:
    training = lesson.side.training
    epochs = training.history.epochs
    settings = lesson.settings
    return {
        "mode": settings.mode,
        "speed": settings.speed,
        "speeds": SPEEDS,
        "turbo": TURBO,
        "epoch": training.epoch,
        "step": training.step_count,
        "first": epochs[0],
        "last": max(epochs[-1], training.epoch),
        "stopped": all(side.training.diverged for side in lesson.sides),
    }
