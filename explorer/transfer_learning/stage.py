"""What the stage shows: the classes, the map of their pictures, and a prediction."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.numbers import significant
from explorer.transfer_learning.bar import bar_message
from explorer.transfer_learning.help import STAGE
from explorer.transfer_learning.inspecting import inspected
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.pictures import thumbnail
from explorer.transfer_learning.words import verdict

MOST_LABELS = 20


def stage_message(
    lesson: TransferLearning, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the stage as JSON, and the places on the map.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    lesson.tuning.let_go_of_deleted()
    lesson.map.update()
    collection = lesson.collecting.collection
    wrong = {} if lesson.settled is None else lesson.settled.wrong()
    names = () if lesson.settled is None else lesson.settled.classes
    header = {
        "ack": token,
        "frame": lesson.frame,
        "notice": lesson.notice,
        "rested": lesson.rested,
        "help": STAGE,
        "notes": _notes(lesson),
        "classes": [
            {
                "id": label.id,
                "name": label.name,
                "on": label.on,
                "colour": at,
                "samples": [one.id for one in label.samples],
            }
            for at, label in enumerate(collection.labels)
        ],
        "full": len(collection.labels) >= MOST_LABELS,
        "undo": bool(lesson.collecting.past),
        "wrong": {one: names[said] for one, said in wrong.items()},
        "refused": lesson.collecting.refused,
        "thumbs": _thumbs(lesson),
        "map": _map(lesson, wrong, names),
        "cam": lesson.settings.cam,
        "query": _query(lesson),
        "bar": bar_message(lesson),
        "inspected": inspected(lesson),
    }
    return header, np.ascontiguousarray(lesson.map.flat.points, np.float32).ravel()


def _notes(lesson: TransferLearning) -> list[str]:
    collection = lesson.collecting.collection
    count = sum(len(label) for label in collection.labels)
    model = lesson.model
    backbone = lesson.backbones.label
    speed = lesson.asking.milliseconds
    third = f"{significant(speed, 2)} ms" if lesson.asking.picture is not None and speed else ""
    return [f"{count} pictures", backbone if model is None else model.backbone.info.label, third]


def _thumbs(lesson: TransferLearning) -> dict[str, str]:
    """The small pictures that the browser has asked for with these gestures."""
    if lesson.collecting.thumbs_frame != lesson.frame:
        return {}
    wanted = set(lesson.collecting.thumbs)
    every = lesson.collecting.collection.everything()
    return {one.id: thumbnail(one) for one in every if one.id in wanted}


def _map(lesson: TransferLearning, wrong: dict[str, int], names: tuple[str, ...]) -> dict[str, Any]:
    collection = lesson.collecting.collection
    colours = {one.id: at for at, label in enumerate(collection.labels) for one in label.samples}
    points = [
        {"id": name, "label": colours[name], "on": True}
        | ({"wrong": True, "said": names[wrong[name]]} if name in wrong else {})
        for name in lesson.map.names
    ]
    return {
        "view": lesson.settings.view,
        "points": points,
        "names": [label.name for label in collection.labels],
        "query": lesson.map.query(),
        "foot": lesson.map.foot(),
    }


def _query(lesson: TransferLearning) -> dict[str, Any]:
    """Return the picture that is predicted, and what is said about it."""
    asking, model = lesson.asking, lesson.model
    said = asking.said()
    known = lesson.collecting.collection.labels
    order = {label.id: at for at, label in enumerate(known)}
    bars = []
    if model is not None:
        for at, (name, label) in enumerate(zip(model.classes, model.labels, strict=True)):
            share = None if said is None else float(said.probabilities[at])
            winner = said is not None and not said.rejected and at == said.winner
            colour = order.get(label, at)
            bars.append({"name": name, "colour": colour, "share": share, "winner": winner})
    words, detail = verdict(lesson, said)
    cam = None if model is None or said is None else asking.cam(model, said.winner)
    return {
        "bars": bars,
        "src": asking.source(),
        "cam": cam,
        "words": words,
        "detail": detail,
        "rejected": said is not None and said.rejected,
        "fresh": asking.can_be_fresh,
        "own": asking.own,
        "way": asking.way,
    }
