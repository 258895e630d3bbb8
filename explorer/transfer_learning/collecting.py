"""Collecting: classes and their pictures, changed by gestures, with a way back."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.augmentation.pictures import open_picture
from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.sample import Picture, Sample, sample_of
from explorer.transfer_learning.settings import OWN

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
MAX_PAST = 40
MOST_THUMBS = 150
MOST_INK = 512  # pixels of a side of a drawing
_NOT_WHOLE = "The picture did not arrive whole. Try it once more."


class Collecting:
    """The collection of a page, what was refused, and the picture that is looked at.

    Args:
        lesson: The lesson that it belongs to.
        collection: What to begin with.

    Attributes:
        collection: The classes and pictures as they are now.
        refused: Files that could not be taken, each with the reason.
        inspected: The id of the picture that is shown large, or None.
        thumbs: The ids of the small pictures that the browser has asked for.
        frame: When `thumbs` was asked for.
    """

    def __init__(self, lesson: TransferLearning, collection: Collection) -> None:
        self.lesson = lesson
        self.collection = collection
        self.refused: list[tuple[str, str]] = []
        self.inspected: str | None = None
        self.thumbs: tuple[str, ...] = ()
        self.thumbs_frame = -1
        self.past: list[Collection] = []

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "add_label": lambda _: self._add_label(),
            "rename_label": lambda e: self._rename(str(e["label"]), str(e["name"])),
            "remove_label": lambda e: self._remove_label(str(e["label"])),
            "switch_label": lambda e: self.change(
                self.collection.switch_label(str(e["label"]), bool(e["on"]))
            ),
            "drawing": lambda e: self._draw(str(e["label"]), e),
            "shot": lambda e: self._shoot(str(e["label"]), str(e["data"])),
            "remove_sample": lambda e: self._remove(str(e["sample"])),
            "move_sample": lambda e: self._move(str(e["sample"]), str(e["label"])),
            "inspect": lambda e: self._inspect(e.get("sample")),
            "thumbs": lambda e: self._send_thumbs(e["ids"]),
            "refusals_read": lambda _: self.refused.clear(),
            "undo": lambda _: self._undo(),
        }

    def change(self, collection: Collection, notice: str | None = None) -> None:
        """Take another collection; Undo brings the old one back."""
        if collection is self.collection:
            return
        self.past = [*self.past, self.collection][-MAX_PAST:]
        self._take(collection, notice)

    def start_from(self, collection: Collection, samples: str) -> None:
        """Take the pictures of a set, or those that were kept; nothing can be undone then."""
        self.past, self.inspected = [], None
        self.lesson.keeping.unrelated()
        self.collection = collection
        self.lesson.settings = replace(self.lesson.settings, samples=samples)

    def join(self, collection: Collection, notice: str | None) -> None:
        """Take over what another tab has done, too; that cannot be undone here."""
        self.past = []
        self._take(collection, notice)

    def add(self, label: str, samples: list[Sample]) -> None:
        """Put samples into a class."""
        self.change(self.collection.add(label, samples))

    # -- gestures ------------------------------------------------------------------------

    def _take(self, collection: Collection, notice: str | None) -> None:
        self.collection = collection
        self.lesson.settings = replace(self.lesson.settings, samples=OWN)
        self.lesson.notice = notice
        known = {sample.id for sample in collection.everything()}
        if self.inspected not in known:
            self.inspected = None

    def _add_label(self) -> None:
        self.change(self.collection.add_label(fresh_name(self.collection)))

    def _rename(self, label: str, name: str) -> None:
        if self.collection.label(label).name != name.strip():
            self.change(self.collection.rename_label(label, name))

    def _remove_label(self, label: str) -> None:
        name = self.collection.label(label).name
        self.change(self.collection.remove_label(label), f"{name} is gone. Undo brings it back.")

    def _draw(self, label: str, event: Event) -> None:
        self.add(label, [sample_of(ink(event), "drawing")])

    def _shoot(self, label: str, letters: str) -> None:
        self.add(label, [sample_of(photo(letters), "webcam")])

    def _remove(self, sample: str) -> None:
        self.change(self.collection.remove(sample), "The picture is gone. Undo brings it back.")

    def _move(self, sample: str, label: str) -> None:
        name = self.collection.label(label).name
        self.change(self.collection.move(sample, label), f"Moved to {name}. Undo brings it back.")

    def _inspect(self, sample: object) -> None:
        self.inspected = None if sample is None else self.collection.sample(str(sample)).id

    def _send_thumbs(self, ids: object) -> None:
        if not isinstance(ids, list | tuple):
            raise InputError("Pictures are asked for by their names.")
        self.thumbs = tuple(str(one) for one in ids[:MOST_THUMBS])
        self.thumbs_frame = self.lesson.frame

    def _undo(self) -> None:
        if not self.past:
            raise InputError("There is nothing to undo.")
        self._take(self.past.pop(), None)


def fresh_name(collection: Collection) -> str:
    """Return a name for a new class that no other one has."""
    number = len(collection.labels) + 1
    while collection.label_named(f"Class {number}") is not None:
        number += 1
    return f"Class {number}"


def ink(event: Event) -> Picture:
    """Return the drawing of a pad as a picture, dark on white.

    Args:
        event: `size` pixels a side, or `width` and `height`, and `pixels`: the ink of each
            pixel as one byte in base64, 255 where it is full.

    Returns:
        uint8 of shape (H, W, 3).

    Raises:
        InputError: A drawing that did not arrive whole, or an empty one.
    """
    side = int(event["size"])
    try:
        pixels = np.frombuffer(b64decode(str(event["pixels"]), validate=True), np.uint8)
    except (NotBase64, ValueError):
        raise InputError(_NOT_WHOLE) from None
    if not 0 < side <= MOST_INK or len(pixels) != side * side:
        raise InputError(_NOT_WHOLE)
    if not pixels.any():
        raise InputError("The pad is empty: draw something first.")
    return np.repeat((255 - pixels).reshape(side, side, 1), 3, axis=2)


def photo(letters: str) -> Picture:
    """Return a picture that the camera sent as a file in base64.

    Raises:
        InputError: It did not arrive whole, or is no picture.
    """
    try:
        return open_picture(b64decode(letters, validate=True))
    except (NotBase64, ValueError):
        raise InputError(_NOT_WHOLE) from None
