"""The pictures of the next run: which sets there are, which come on a click, and one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.images.finding import available
from core.images.registry import IMAGE_SETS
from core.training.config import STORED
from core.training.stored import StoredSet, about_stored, delete_stored, stored_sets
from explorer.training_dashboard.about_data import About, about, there
from explorer.training_dashboard.downloads import downloads

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

Event = Mapping[str, Any]
DEFAULT = "digits"
MOST_OWN = 12


class DataChoice:
    """What the card on the data does.

    Attributes:
        wants_import: Whether the window for pictures of one's own is to be opened.
    """

    def __init__(self, lesson: TrainingDashboard) -> None:
        self.lesson = lesson
        self.wants_import = False
        self._waiting: set[str] = set()

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "download": lambda _: self._download(),
            "cancel_download": lambda _: self._cancel(),
            "look_data": lambda _: self.follow(),
            "import": lambda _: self._import(),
            "delete_set": lambda _: self._delete(),
        }

    @property
    def prefix(self) -> str:
        """How the names of this browser's own sets begin; nobody can guess it."""
        owner = self.lesson.owner or "guest"
        return f"{sha256(owner.encode()).hexdigest()[:16]}-"

    def own(self) -> list[StoredSet]:
        """Return the sets of this browser, and the chosen one if it came with a link."""
        found = stored_sets(self.prefix)
        chosen = self.lesson.settings.data
        if chosen.startswith(STORED) and chosen not in {one.dataset for one in found}:
            found += [about_stored(chosen)] if there(chosen) else []
        return found

    def mark(self) -> str:
        """Return a text that changes when the list of choices does."""
        ready = [name for name in IMAGE_SETS if available(name)]
        return ",".join([*ready, *(one.dataset for one in self.own())])

    def take(self, dataset: str) -> None:
        """Choose a set that was just uploaded."""
        self.lesson.settings = replace(self.lesson.settings, data=dataset)
        self.lesson.notice, self.lesson.rested = None, True  # The address follows at once.

    def ready_to_train(self) -> None:
        """Make sure that the chosen pictures are here.

        Raises:
            InputError: They are not, with what to do.
        """
        dataset = self.lesson.settings.data
        if there(dataset):
            return
        if dataset.startswith(STORED):
            raise InputError("These pictures are no longer on this server. Choose other data.")
        one = IMAGE_SETS[dataset]
        raise InputError(
            f"{one.label} is not on this machine yet. Download it with the card Data "
            f"({one.megabytes:g} MB), or choose the small digits, which are always there."
        )

    def follow(self) -> None:
        """See what has become of the downloads that this page waits for."""
        for name in sorted(self._waiting):
            found = downloads().state(name)
            if found is None or found.state == "working":
                continue
            self._waiting.discard(name)
            label = IMAGE_SETS[name].label
            if found.state == "done":
                self.lesson.notice = f"{label} is here: press Train to learn from it."
                continue
            self.lesson.notice = found.message
            if self.lesson.settings.data == name and not available(name):
                self.lesson.settings = replace(self.lesson.settings, data=DEFAULT)

    def _download(self) -> None:
        name = self.lesson.settings.data
        if name.startswith(STORED) or available(name):
            raise InputError("These pictures are on this machine already.")
        downloads().start(name, self.prefix)
        self._waiting.add(name)
        self.lesson.notice = None

    def _cancel(self) -> None:
        downloads().cancel(self.lesson.settings.data, self.prefix)

    def _import(self) -> None:
        if len(stored_sets(self.prefix)) >= MOST_OWN:
            raise InputError(f"{MOST_OWN} sets of your own are kept. Delete one of them first.")
        self.wants_import = True

    def _delete(self) -> None:
        dataset = self.lesson.settings.data
        if not dataset.removeprefix(STORED).startswith(self.prefix):
            raise InputError("Only a set that this browser has uploaded can be deleted here.")
        delete_stored(dataset)
        self.lesson.settings = replace(self.lesson.settings, data=DEFAULT)

    def card(self) -> dict[str, Any]:
        """Return the card on the chosen pictures."""
        dataset = self.lesson.settings.data
        try:
            one = about(dataset)
        except InputError as error:
            return self._gone(str(error))
        here = there(dataset)
        colour = "grey" if one.channels == 1 else "colour"
        size = "on the disk" if one.own else "to download"
        facts = [
            [
                "Pictures",
                f"{one.pictures:,} in {one.classes} classes, {one.side}×{one.side} {colour}",
            ],
            ["Licence", one.licence],
        ]
        if one.megabytes:
            facts.insert(1, ["Size", f"{one.megabytes:g} MB {size}"])
        return {
            "kind": "data",
            "span": 4,
            "title": "Data",
            "note": "here" if here else "not here yet",
            "name": one.label,
            "sentence": one.sentence,
            "facts": facts,
            "source": one.source,
            "download": None if here else self._button(dataset, one),
            "deletable": one.own and dataset.removeprefix(STORED).startswith(self.prefix),
        }

    def _gone(self, sentence: str) -> dict[str, Any]:
        return {
            "kind": "data",
            "span": 4,
            "title": "Data",
            "note": "gone",
            "name": "A set that is gone",
            "sentence": sentence,
            "facts": [],
            "source": "",
            "download": None,
            "deletable": False,
        }

    def _button(self, dataset: str, one: About) -> dict[str, Any]:
        """Return how the download stands, in bytes of bytes."""
        found = downloads().state(dataset)
        if found is None or not (found.state == "working" or dataset in self._waiting):
            words = "" if found is None or found.state == "done" else found.message
            return {
                "working": False,
                "label": f"Download {one.megabytes:g} MB",
                "share": 0,
                "text": words,
            }
        share = found.done / max(found.total, 1)
        text = f"{found.done / 1e6:.1f} of {found.total / 1e6:.1f} MB"
        return {"working": True, "label": "Cancel", "share": share, "text": text}
