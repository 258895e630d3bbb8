"""Own pictures are kept on this machine, for the browser that collected them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.store import collections_root, load_collection, save_collection
from explorer.transfer_learning.opening import started
from explorer.transfer_learning.settings import OWN

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
USUAL = "symbols"
AT_ONCE = 30  # new pictures that are written before the page answers
NOT_HERE = (
    "A link does not carry one's own pictures: they stay in the browser that collected them. "
    "The drawn symbols stand in."
)


class Keeping:
    """Saves the collection of a browser and brings it back.

    Args:
        lesson: The lesson whose collection is kept.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self._saved: Collection | None = None
        self._writing = threading.Lock()

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {"hello": lambda event: self.hello(str(event["owner"]))}

    def hello(self, owner: str) -> None:
        """Take note of whose browser this is, and bring back what it collected."""
        if not (owner.isalnum() and 8 <= len(owner) <= 40):
            return
        first, self.lesson.owner = self.lesson.owner is None, owner
        collecting = self.lesson.collecting
        if first and self.lesson.settings.samples == OWN and not collecting.collection.labels:
            self._bring_back(NOT_HERE)

    def own_again(self) -> None:
        """Bring back the pictures that were collected before, or begin with two empty classes."""
        if self.lesson.settings.samples != OWN:
            self._bring_back(None)

    def save(self) -> None:
        """Keep the collection if it has changed."""
        collection, owner = self.lesson.collecting.collection, self.lesson.owner
        own = self.lesson.settings.samples == OWN
        if not own or owner is None or collection is self._saved:
            return
        before = () if self._saved is None else self._saved.everything()
        fresh = {one.digest for one in collection.everything()} - {one.digest for one in before}
        self._saved = collection
        if len(fresh) <= AT_ONCE:
            self._write(owner, collection)
        else:  # Hundreds of photos take seconds; the page goes on meanwhile.
            threading.Thread(target=self._write, args=(owner, collection), daemon=True).start()

    def _write(self, owner: str, collection: Collection) -> None:
        with self._writing:
            if collection is not self._saved:
                return  # A newer one waits.
            try:
                save_collection(collections_root(), owner, collection)
            except InputError as error:
                self.lesson.notice = str(error)

    def _bring_back(self, otherwise: str | None) -> None:
        lesson = self.lesson
        found = load_collection(collections_root(), lesson.owner) if lesson.owner else None
        if found is not None and found.collection.labels:
            self._saved = found.collection
            lesson.collecting.start_from(found.collection, OWN)
            lesson.notice = found.notice or None
        elif otherwise is None:
            empty = Collection().add_label("Class 1").add_label("Class 2")
            lesson.collecting.start_from(empty, OWN)
        else:
            lesson.problems.append(otherwise)
            lesson.settings = replace(lesson.settings, samples=USUAL)
            lesson.collecting.start_from(started(lesson.settings), USUAL)
        lesson.asking.fresh()
