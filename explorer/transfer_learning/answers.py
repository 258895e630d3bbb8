"""The photos that were uploaded together, each with what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from explorer.numbers import fixed
from explorer.transfer_learning.asking import Photo
from explorer.transfer_learning.model import Model, Said
from explorer.transfer_learning.pictures import seen

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Card = dict[str, Any]
SHOWN = 12  # the newest
FEWEST = 2  # a single photo is shown on the stage


class Answers:
    """What is said about uploaded photos, computed once for each model."""

    def __init__(self) -> None:
        self._key: tuple[int, int, int] | None = None
        self._said: list[Said] = []

    def card(self, lesson: TransferLearning) -> Card | None:
        """Return the card; None as long as fewer than two photos were uploaded."""
        photos, model = lesson.asking.many[-SHOWN:], lesson.model
        total = len(lesson.asking.many)
        if model is None or total < FEWEST:
            return None
        strict = lesson.settings.strict
        key = (id(model), total, strict)
        if key != self._key:
            self._key = key
            self._said = model.say([one.picture for one in photos], strict)
        rows = zip(photos, self._said, strict=True)
        return {
            "kind": "pictures",
            "span": 12,
            "title": "Your photos",
            "note": f"{total:,} predicted; all of them as a table under “Take it with you”",
            "columns": 6,
            "pictures": [_picture(lesson, model, photo, said) for photo, said in rows],
            "empty": "",
            "foot": "",
        }


def _picture(lesson: TransferLearning, model: Model, photo: Photo, said: Said) -> dict[str, str]:
    info = model.backbone.info
    heat = model.cam(photo.picture, said.winner) if lesson.settings.cam == "on" else None
    name = model.classes[said.winner]
    sure = f"{fixed(100 * said.probabilities[said.winner], 0)} %"
    return {
        "src": seen(photo.picture, heat, info.side, info.shorter),
        "caption": "**None of these**" if said.rejected else f"**{name}**, {sure}",
        "detail": photo.name[:24],
    }
