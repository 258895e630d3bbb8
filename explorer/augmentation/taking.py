"""The visitor's own pictures: one file, or an archive with a folder for each class."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.augmentation.draws import Bytes
from core.augmentation.pictures import open_picture
from core.errors import InputError
from core.images.class_folder import read_class_folder
from core.images.image_set import ImageSet
from explorer.augmentation.settings import OWN, SET
from explorer.augmentation.uploading import MAX_UPLOAD, opened, too_large
from explorer.pieces import Pieces
from explorer.shelf import PictureShelf

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

Event = Mapping[str, Any]
MAX_ARCHIVE = 100_000_000  # bytes
SIDE = 96  # pixels that pictures of an archive are brought to
PATIENCE_S = 40.0
_ZIP = b"PK"


class Taking:
    """What was opened, kept on the shelf of the session for all pages.

    Args:
        lesson: The lesson that shows it.
        shelf: Where it is kept.

    Attributes:
        refused: Why the last file could not be used; None if it could.
    """

    def __init__(self, lesson: Augmentation, shelf: PictureShelf) -> None:
        self.lesson = lesson
        self.shelf = shelf
        self.refused: str | None = None
        self._pieces = Pieces(MAX_ARCHIVE)

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "upload": lambda event: self._try(lambda: self._picture(opened(str(event["data"])))),
            "too_large": lambda event: self._refuse(too_large(float(event["bytes"]))),
            "piece": lambda event: self._try(lambda: self._piece(event)),
            "item": lambda event: self._item(event),
        }

    @property
    def pictures(self) -> ImageSet | None:
        """The set of class folders, if one was opened."""
        return self.shelf.pictures

    @property
    def item(self) -> int:
        """Which picture of the set is shown, from 0."""
        return min(self.lesson.settings.item, max(0, len(self.pictures or ()) - 1))

    def shown(self) -> Bytes:
        """The picture of the set that is shown, uint8 of shape (H, W, 3)."""
        assert self.pictures is not None
        image = self.pictures.images[self.item].expand(3, -1, -1)
        return np.ascontiguousarray(image.permute(1, 2, 0).numpy())

    def message(self) -> dict[str, Any] | None:
        """Return the classes of the set and the place of the shown picture in its class."""
        if self.pictures is None or self.lesson.settings.picture != SET:
            return None
        label = int(self.pictures.labels[self.item])
        same = self._class(label)
        return {
            "classes": list(self.pictures.classes),
            "label": label,
            "at": same.index(self.item),
            "count": len(same),
        }

    def _class(self, label: int) -> list[int]:
        """The numbers of the pictures of a class."""
        assert self.pictures is not None
        return [int(one) for one in (self.pictures.labels == label).nonzero()[:, 0]]

    def _item(self, event: Event) -> None:
        """Show another picture: of a class, or so many further within it."""
        if self.pictures is None:
            raise InputError("Open an archive first.")
        same = self._class(int(event["label"]))
        if not same:
            raise InputError("There is no such class.")
        at = int(event.get("at", 0)) % len(same)
        self.lesson.settings = replace(self.lesson.settings, picture=SET, item=same[at])

    def _piece(self, event: Event) -> None:
        whole = self._pieces.take(event)
        if whole is not None:
            self._whole(whole[1])

    def _whole(self, data: bytes) -> None:
        if data[:2] == _ZIP:
            self._archive(data)
        elif len(data) > MAX_UPLOAD:
            raise too_large(len(data))
        else:
            self._picture(open_picture(data))

    def _archive(self, data: bytes) -> None:
        pictures, left_out = read_class_folder(data, SIDE, progress=_patient())
        self.shelf.put_pictures(pictures)
        self.lesson.show_own(SET, item=0)
        self.lesson.notice = (
            f"{len(pictures):,} pictures of {len(pictures.classes)} classes are kept while this "
            f"tab is open, {SIDE}×{SIDE} pixels each. {left_out or ''}".strip()
        )

    def _picture(self, picture: Bytes) -> None:
        self.shelf.put_picture(picture)
        self.lesson.show_own(OWN)
        height, width = picture.shape[:2]
        self.lesson.notice = (
            f"Your picture, {width:,}×{height:,} pixels, is kept while this tab is open."
        )

    def show_picture(self, picture: Bytes) -> None:
        """Show a picture that another page sends, and keep it for all pages."""
        self.refused = None
        self._picture(picture)

    def _try(self, act: Callable[[], None]) -> None:
        self.refused = None
        try:
            act()
        except InputError as error:
            self._refuse(error)

    def _refuse(self, error: InputError) -> None:
        self.refused = str(error)


def _patient() -> Callable[[int, int], None]:
    """Return what ends the reading of an archive that takes too long."""
    until = time.monotonic() + PATIENCE_S

    def check(done: int, total: int) -> None:
        if time.monotonic() > until:
            raise InputError(
                f"After {PATIENCE_S:.0f} s only {done:,} of {total:,} pictures were read. Pack "
                "fewer of them, or smaller ones."
            )

    return check
