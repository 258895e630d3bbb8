"""Own pictures are kept on this machine, for the browser that collected them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.transfer.aside import counts_aside, put_aside, take_back
from core.transfer.collection import Collection
from core.transfer.merging import gained, merged
from core.transfer.store import (
    ElsewhereError,
    collections_root,
    load_collection,
    save_collection,
)
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
ASIDE = (
    "What you had collected before ({}) is put aside: the card “Go on with a project” brings it "
    "back."
)
FROM_ELSEWHERE = "What you have collected in another tab is here now, too."


class Keeping:
    """Saves the collection of a browser and brings it back.

    Args:
        lesson: The lesson whose collection is kept.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self._saved: Collection | None = None
        self._base = Collection()  # what the disk held when this tab last wrote or read it
        self._mark: str | None = None  # of that; None if it is no earlier state of this one
        self._elsewhere = False
        self._writing = threading.Lock()

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "hello": lambda event: self.hello(str(event["owner"])),
            "take_back": lambda _: self._take_back(),
        }

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

    def unrelated(self) -> None:
        """Take note that the collection did not grow out of the kept one."""
        self._saved, self._mark = None, None

    def aside(self) -> str | None:
        """Return what was put aside, in words; None if nothing was."""
        owner = self.lesson.owner
        pictures, classes = counts_aside(collections_root(), owner) if owner else (0, 0)
        return _words(pictures, f" in {classes} classes") if pictures else None

    def save(self) -> None:
        """Keep the collection if it has changed."""
        owner = self.lesson.owner
        if self.lesson.settings.samples != OWN or owner is None:
            return
        self._catch_up(owner)
        collection = self.lesson.collecting.collection
        if collection is self._saved:
            return
        before = () if self._saved is None else self._saved.everything()
        fresh = {one.digest for one in collection.everything()} - {one.digest for one in before}
        self._saved = collection
        if len(fresh) > AT_ONCE:  # Hundreds of photos take seconds; the page goes on meanwhile.
            threading.Thread(target=self._write, args=(owner, collection), daemon=True).start()
            return
        self._write(owner, collection)
        self._catch_up(owner)

    def _write(self, owner: str, collection: Collection) -> None:
        with self._writing:
            if collection is not self._saved:
                return  # A newer one waits.
            root = collections_root()
            try:
                if self._mark is None and (count := put_aside(root, owner)):
                    said = self.lesson.notice  # What the gesture itself has done is told first.
                    told = ASIDE.format(_words(count))
                    self.lesson.notice = f"{said} {told}" if said else told
                self._mark = save_collection(root, owner, collection, self._mark)
                self._base = collection
            except ElsewhereError:
                self._elsewhere = True
            except InputError as error:
                self.lesson.notice = str(error)

    def _catch_up(self, owner: str) -> None:
        """Where another tab was faster, put together what both have collected."""
        if not self._elsewhere:
            return
        self._elsewhere = False
        collection = self.lesson.collecting.collection
        found = load_collection(collections_root(), owner)
        try:
            both = merged(self._base, collection, found.collection)
        except InputError:  # more than a collection may hold: theirs is put aside
            self._saved, self._mark = collection, None
            self._write(owner, collection)
            return
        told = FROM_ELSEWHERE if gained(collection, both) else self.lesson.notice
        self.lesson.collecting.join(both, told)
        self._saved, self._mark = both, found.mark
        self._write(owner, both)

    def _take_back(self) -> None:
        if self.lesson.owner is None:
            raise InputError("Nothing was put aside.")
        found = take_back(collections_root(), self.lesson.owner)
        self.lesson.collecting.start_from(found, OWN)
        self._mark = load_collection(collections_root(), self.lesson.owner).mark
        self.lesson.asking.fresh()
        self.lesson.notice = "Your earlier pictures are back; the others are put aside instead."

    def _bring_back(self, otherwise: str | None) -> None:
        lesson = self.lesson
        found = load_collection(collections_root(), lesson.owner) if lesson.owner else None
        if found is not None and found.collection.labels:
            lesson.collecting.start_from(found.collection, OWN)
            self._saved = self._base = found.collection
            self._mark = found.mark
            lesson.notice = found.notice or None
        elif otherwise is None:
            empty = Collection().add_label("Class 1").add_label("Class 2")
            lesson.collecting.start_from(empty, OWN)
        else:
            lesson.problems.append(otherwise)
            lesson.settings = replace(lesson.settings, samples=USUAL)
            lesson.collecting.start_from(started(lesson.settings), USUAL)
        lesson.asking.fresh()


def _words(pictures: int, more: str = "") -> str:
    return f"{pictures:,} picture{'' if pictures == 1 else 's'}{more}"
