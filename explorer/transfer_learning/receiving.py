"""Pictures that arrive from the browser: many in one message, or an archive in pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.transfer.taking_in import take_in
from explorer.pieces import Pieces, decoded
from explorer.transfer_learning.collecting import fresh_name

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
MAX_FILE = 200_000_000  # bytes of one archive
MAX_FILES = 100  # in one message
MOST_REFUSED = 50
QUERY = "query:"  # the class of photos that are to be predicted


class Receiving:
    """Hands whole files on.

    Args:
        lesson: The lesson whose collection they are for.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self._pieces = Pieces(MAX_FILE)

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {"files": self._files, "piece": self._piece, "unreadable": self._unreadable}

    def _files(self, event: Event) -> None:
        listed = event["files"]
        if not isinstance(listed, list | tuple) or len(listed) > MAX_FILES:
            raise InputError(f"{MAX_FILES} files are the most in one go.")
        files = [(str(one["name"]), decoded(str(one["data"]))) for one in listed]
        self._take(files, event.get("label"))

    def _piece(self, event: Event) -> None:
        try:
            whole = self._pieces.take(event)
        except InputError as error:
            self._refuse([(str(event["name"])[:80], str(error))])
            return
        if whole is not None:
            self._take([whole], event.get("label"))

    def _unreadable(self, event: Event) -> None:
        names = event["names"]
        self._refuse([(str(name)[:80], "could not be read by the browser.") for name in names])

    def _take(self, files: list[tuple[str, bytes]], label: object) -> None:
        if label == QUERY:
            self.lesson.asking.photos(files)
            return
        collecting = self.lesson.collecting
        collection = collecting.collection
        given = None if label is None else str(label)
        taken = take_in(files, collection, to_label=given is not None)
        rows = list(taken.refused)
        if taken.more:
            rows.append((f"{taken.more:,} more files", "could not be used either."))
        self._refuse(rows)
        if taken.samples and given is None:
            collection = collection.add_label(fresh_name(collection))
            given = collection.labels[-1].id
        if len(taken):
            collecting.change(taken.into(collection, given), taken.notice)

    def _refuse(self, rows: list[tuple[str, str]]) -> None:
        refused = self.lesson.collecting.refused
        refused += rows
        del refused[:-MOST_REFUSED]
