"""The backbones: which is chosen, which are here, and how the others come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.transfer.backbones import (
    BACKBONES,
    BUILT_IN,
    Backbone,
    BackboneInfo,
    available,
    backbone_named,
    load_backbone,
)
from core.transfer.own_weights import OWN, store_own
from core.transfer.weights_file import LARGEST
from explorer.numbers import fixed
from explorer.pieces import Pieces
from explorer.transfer_learning.downloads import downloads

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
Card = dict[str, Any]
MOST_LOADED = 3


@lru_cache(maxsize=MOST_LOADED)
def loaded(name: str) -> Backbone:
    """Return a backbone, shared by all visitors: nobody changes it.

    Raises:
        InputError: It is not on this machine.
    """
    return load_backbone(name)


class Backbones:
    """What the card of backbones does.

    Args:
        lesson: The lesson whose backbone is chosen.

    Attributes:
        refused: Why a file with weights could not be used, or None.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self.refused: str | None = None
        self._pieces = Pieces(LARGEST)

    @property
    def name(self) -> str:
        """The backbone that is in use."""
        own = self.lesson.settings.weights
        return self.lesson.settings.backbone if own is None else f"{OWN}{own}"

    @property
    def info(self) -> BackboneInfo:
        """What is known about it."""
        return backbone_named(self.name)

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.info.label

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "weights": self._weights,
            "download_backbone": lambda event: self._download(str(event["name"])),
            "cancel_backbone": lambda event: self._cancel(str(event["name"])),
        }

    def options(self) -> list[list[str]]:
        """Return the choices of the settings row: those that are on this machine."""
        chosen = self.lesson.settings.backbone
        here = [name for name in BACKBONES if name == chosen or available(name).here]
        return [[name, BACKBONES[name].label] for name in here]

    def check(self) -> None:
        """Fall back to the built-in backbone where that of a link is not here, and say so."""
        try:
            place = available(self.name)
            why = "" if place.here else place.why
        except InputError as error:
            why = str(error)
        if why:
            self.lesson.problems.append(f"{why} The built-in backbone stands in.")
            self.use(BUILT_IN)

    def use(self, name: str) -> None:
        """Take a backbone that is on this machine.

        Raises:
            InputError: It is not.
        """
        place = available(name)
        if not place.here:
            raise InputError(place.why)
        self.lesson.settings = replace(self.lesson.settings, backbone=name, weights=None)
        self.refused = None

    def card(self) -> Card:
        """Return the card with all backbones."""
        rows = [self._row(name, info) for name, info in BACKBONES.items()]
        if self.lesson.settings.weights is not None:
            rows.insert(0, self._row(self.name, self.info))
        return {
            "kind": "backbones",
            "span": 8,
            "title": "Backbones",
            "note": f"{self.info.features:,} features of a picture",
            "rows": rows,
            "text": f"{self.info.sentence} Trained on {self.info.pretrained_on}. "
            f"Licence: {self.info.licence}.",
            "setting": "backbone",
            "own": True,
            "refused": self.refused,
        }

    def going_on(self) -> bool:
        """Whether a download goes on, so that the page should look again."""
        return any(downloads.going_on(name) for name in BACKBONES)

    def _row(self, name: str, info: BackboneInfo) -> dict[str, Any]:
        place = available(name)
        size = f"{fixed(info.megabytes, 1 if info.megabytes < 10 else 0)} MB"
        own = self.lesson.settings.weights is not None
        return {
            "name": name,
            "label": info.label,
            "detail": f"{info.source}; {info.parameters / 1e6:.1f} million parameters, "
            f"{info.side}×{info.side} pixels",
            "sentence": info.sentence,
            "chosen": name == self.name if own or not name.startswith(OWN) else False,
            "here": place.here,
            "why": place.why,
            "size": size,
            **downloads.row(name, place.here),
        }

    # -- gestures ------------------------------------------------------------------------

    def _download(self, name: str) -> None:
        info = backbone_named(name)
        if available(name).here:
            raise InputError(f"{info.label} is on this machine already.")
        downloads.start(name)

    def _cancel(self, name: str) -> None:
        found = downloads.find(name)
        if found is not None:
            found.stop()

    def _weights(self, event: Event) -> None:
        self.refused = None
        try:
            whole = self._pieces.take(event)
            if whole is None:
                return
            name, data = whole
            own = store_own(data, name)
        except InputError as error:
            self.refused = str(error)
            return
        architecture = own.id.rpartition("-")[0]
        self.lesson.settings = replace(self.lesson.settings, backbone=architecture, weights=own.id)
        self.lesson.notice = f"{own.info.label}: these weights are in use now."
