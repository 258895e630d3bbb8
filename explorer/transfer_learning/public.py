"""Public sets of photos: which are here, and how the others come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.transfer.public_registry import PUBLIC_SETS, PublicSet
from core.transfer.public_sets import download_public, public_place
from explorer.transfer_learning.downloads import Downloads

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
Card = dict[str, Any]


def _fetch(name: str, progress: Callable[[int, int], None]) -> Path:
    download_public(name, progress)
    return public_place(name) or Path()


downloads = Downloads(_fetch)


class PublicSets:
    """What the card of public sets does.

    Args:
        lesson: The lesson whose pictures may come from one.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "download_set": lambda event: self._download(str(event["name"])),
            "cancel_set": lambda event: self._cancel(str(event["name"])),
        }

    def going_on(self) -> bool:
        """Whether a download goes on, so that the page should look again."""
        return any(downloads.going_on(name) for name in PUBLIC_SETS)

    def card(self) -> Card:
        """Return the card with all public sets."""
        chosen = PUBLIC_SETS.get(self.lesson.settings.samples)
        text = "Photos for research and teaching, fetched from their own sources on your click."
        return {
            "kind": "backbones",
            "span": 8,
            "setting": "samples",
            "title": "Public photos",
            "help": "Sets of photos to learn from, fetched from their own sources on your click.",
            "note": "",
            "rows": [self._row(name, one) for name, one in PUBLIC_SETS.items()],
            "text": text if chosen is None else chosen.sentence,
            "own": False,
            "refused": None,
        }

    def _row(self, name: str, known: PublicSet) -> dict[str, Any]:
        here = public_place(name) is not None
        return {
            "name": name,
            "label": known.label,
            "detail": f"{known.count} classes; {known.licence}",
            "sentence": known.sentence,
            "chosen": name == self.lesson.settings.samples,
            "here": here,
            "why": "",
            "size": f"{known.megabytes:,.0f} MB",
            **downloads.row(name, here),
        }

    def _download(self, name: str) -> None:
        if name not in PUBLIC_SETS:
            raise InputError("There is no such set.")
        if public_place(name) is None:
            downloads.start(name)

    def _cancel(self, name: str) -> None:
        found = downloads.find(name)
        if found is not None:
            found.stop()
