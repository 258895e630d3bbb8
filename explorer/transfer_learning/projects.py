"""Projects and pictures that come from elsewhere: a file, or another page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.project import MAX_FILE, read_project
from core.transfer.sample import sample_of
from explorer.pieces import Pieces
from explorer.settings import from_address
from explorer.shelf import PictureShelf
from explorer.transfer_learning.collecting import fresh_name
from explorer.transfer_learning.settings import OWN, Settings

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
Card = dict[str, Any]
KEPT = frozenset({"method", "epochs", "rate", "layer_decay", "batch", "schedule", "patience"})
KEPT_TOO = frozenset({"share", "augment", "seed", "view", "cam", "strict", "backbone"})


class Projects:
    """Opens projects, and takes over the pictures of the augmentation page.

    Args:
        lesson: The lesson that they are opened in.
        shelf: What the visitor has opened on other pages.

    Attributes:
        refused: Why a file could not be opened, or None.
    """

    def __init__(self, lesson: TransferLearning, shelf: PictureShelf) -> None:
        self.lesson = lesson
        self._shelf = shelf
        self.refused: str | None = None
        self._pieces = Pieces(MAX_FILE)

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {"project": self._piece, "from_shelf": lambda _: self._from_shelf()}

    def card(self) -> Card:
        """Return the card."""
        found = self._shelf
        there = found.pictures is not None or found.picture is not None
        return {
            "kind": "project",
            "span": 4,
            "title": "Go on with a project",
            "note": "",
            "text": (
                "Your pictures stay on this machine for this browser, for 30 days after the last "
                "visit. A project file keeps them for longer, and takes them elsewhere."
            ),
            "shelf": "Pictures opened there become a class here" if there else None,
            "refused": self.refused,
            "aside": self.lesson.keeping.aside(),
        }

    def _piece(self, event: Event) -> None:
        self.refused = None
        try:
            whole = self._pieces.take(event)
            if whole is not None:
                self._open(*whole)
        except InputError as error:
            self.refused = str(error)

    def _open(self, name: str, data: bytes) -> None:
        project = read_project(data)
        lesson = self.lesson
        given = {key: str(value) for key, value in project.settings.items()}
        wanted = {key: value for key, value in given.items() if key in KEPT | KEPT_TOO}
        settings, problems = from_address(Settings, wanted | {"samples": OWN})
        lesson.settings, lesson.problems = settings, problems
        lesson.collecting.start_from(project.collection, OWN)
        lesson.backbones.check()
        lesson.asking.fresh()
        count = sum(len(label) for label in project.collection.labels)
        opened = f"{name[:60]}: {count:,} pictures in {len(project.collection.labels)} classes."
        lesson.notice = f"{opened} {project.notice}".strip()

    def _from_shelf(self) -> None:
        collecting = self.lesson.collecting
        collecting.change(
            shelved(collecting.collection, self._shelf), "Taken over. Undo takes them out again."
        )


def shelved(collection: Collection, found: PictureShelf) -> Collection:
    """Return a collection with what a visitor opened on another page.

    Raises:
        InputError: Nothing was opened there.
    """
    if found.pictures is not None:
        images = found.pictures.images.permute(0, 2, 3, 1).numpy()
        for at, name in enumerate(found.pictures.classes):
            label = collection.label_named(name)
            if label is None:
                collection = collection.add_label(name)
                label = collection.labels[-1]
            mine = np.flatnonzero(found.pictures.labels.numpy() == at)
            collection = collection.add(label.id, [sample_of(images[k], "shared") for k in mine])
        return collection
    if found.picture is None:
        raise InputError("No picture was opened on the augmentation page yet.")
    collection = collection.add_label(fresh_name(collection))
    return collection.add(collection.labels[-1].id, [sample_of(found.picture, "shared")])
