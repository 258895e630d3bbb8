"""A picture to predict: a fresh one of the set, a drawing, photos, the camera."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.augmentation.pictures import open_picture
from core.errors import InputError
from core.transfer.backbones import Backbone
from core.transfer.embed import look
from core.transfer.gradcam import cams_of
from core.transfer.sample import LONGER, Origin, Picture, cleaned, sample_of
from explorer.journeys import Journey
from explorer.transfer_learning.collecting import ink, photo
from explorer.transfer_learning.model import Model, Said
from explorer.transfer_learning.opening import fresh_picture, stranger
from explorer.transfer_learning.pictures import large, seen
from explorer.transfer_learning.settings import OWN

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Event = Mapping[str, Any]
ORIGINS: dict[str, Origin] = {"draw": "drawing", "upload": "upload", "camera": "webcam"}
WAYS = ("sample", "draw", "upload", "camera")
MOST_PHOTOS = 500
LONGEST_NAME = 80


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo that was uploaded to be predicted.

    Attributes:
        name: What its file is called.
        picture: uint8 of shape (H, W, 3).
    """

    name: str
    picture: Picture


class Asking:
    """The picture that is predicted at the moment, and photos that were predicted together.

    Args:
        lesson: The lesson whose model is asked.

    Attributes:
        picture: uint8 of shape (H, W, 3), or None.
        about: What the picture is, for the person at the screen.
        many: Photos that were uploaded together.
    """

    def __init__(self, lesson: TransferLearning) -> None:
        self.lesson = lesson
        self.way = "sample"
        self.picture: Picture | None = None
        self.about = ""
        self.many: list[Photo] = []
        self.version = 0
        self._number = 0
        self._strangers = 0
        self._features: tuple[tuple[Backbone, int], tuple[Tensor, Tensor]] | None = None
        self._cam: tuple[tuple[object, ...], str] | None = None
        self._source: tuple[int, str] | None = None
        self._said: tuple[tuple[object, ...], Said] | None = None
        self.milliseconds = 0.0

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "fresh": lambda _: self.fresh(),
            "strange": lambda _: self.strange(),
            "query_from": lambda e: self._from(str(e["way"])),
            "query_ink": lambda e: self._draw(e),
            "query_frame": lambda e: self._film(str(e["data"])),
            "keep_query": lambda e: self._keep(str(e["label"])),
            "augment_query": lambda _: self._augment(self.picture),
            "augment_sample": lambda e: self._augment(
                self.lesson.collecting.collection.sample(str(e["sample"])).picture
            ),
            "forget_photos": lambda _: self.many.clear(),
        }

    @property
    def can_be_fresh(self) -> bool:
        """Whether the set can give pictures that nothing has learnt from."""
        return self.lesson.settings.samples != OWN

    def features(self, backbone: Backbone) -> Tensor:
        """Return the features (1, D) of the picture; none if there is no picture."""
        if self.picture is None:
            return torch.zeros(0, backbone.info.features)
        return self._looked(self.picture, backbone)[0]

    def source(self) -> str | None:
        """Return the picture as an address that holds it; a drawing stands on the pad already."""
        if self.picture is None or self.way == "draw":
            return None
        if self._source is None or self._source[0] != self.version:
            self._source = self.version, large(self.picture)
        return self._source[1]

    def cam(self, model: Model, winner: int) -> str | None:
        """Return the picture as the model sees it, with a heat where the settings want one."""
        if self.picture is None:
            return None
        wanted = self.lesson.settings.cam == "on"
        key = (model, self.version, winner, wanted)
        if self._cam is None or self._cam[0] != key:
            heat = self._heat(self.picture, model, winner) if wanted else None
            info = model.backbone.info
            self._cam = (key, seen(self.picture, heat, info.side, info.shorter))
        return self._cam[1]

    def _heat(self, picture: Picture, model: Model, winner: int) -> NDArray[np.float32] | None:
        maps = self._looked(picture, model.backbone)[1]
        try:
            heats = cams_of(model.backbone, model.head, maps, [winner])
        except InputError:
            return None
        return np.asarray(heats[0])

    def _looked(self, picture: Picture, backbone: Backbone) -> tuple[Tensor, Tensor]:
        """Features and maps of the picture, which goes through the backbone once."""
        key = (backbone, self.version)
        if self._features is None or self._features[0] != key:
            began = time.perf_counter()
            self._features = (key, look(backbone, picture))
            self.milliseconds = 1000 * (time.perf_counter() - began)
        return self._features[1]

    def said(self) -> Said | None:
        """Return what the model of the moment says about the picture, or None."""
        model = self.lesson.model
        if model is None or self.picture is None:
            return None
        strict = self.lesson.settings.strict
        key = (model, self.version, strict)
        if self._said is None or self._said[0] != key:
            self._said = (key, model.say_of(self.features(model.backbone), strict)[0])
        return self._said[1]

    def fresh(self) -> None:
        """Take a picture of one of the classes that nothing has learnt from."""
        self.lesson.notice = None
        if not self.can_be_fresh:
            self._fallback()
            return
        collection = self.lesson.collecting.collection
        picture, name = fresh_picture(self.lesson.settings, collection, self._number)
        self._number += 1
        self._show(picture, f"Truth: **{name}**, a fresh picture that nothing has learnt from.")

    def strange(self) -> None:
        """Take a picture of something that no class stands for."""
        self.lesson.notice = None
        picture, name = stranger(self.lesson.settings, self._strangers)
        self._strangers += 1
        self._show(picture, f"Truth: **{name}**, which is none of the classes.")

    def photos(self, files: list[tuple[str, bytes]]) -> None:
        """Predict uploaded photos; the first one is shown, all are listed on a card."""
        self.way = "upload"
        refused = self.lesson.collecting.refused
        for name, data in files:
            shown = cleaned(name, LONGEST_NAME) or "picture"
            if len(self.many) >= MOST_PHOTOS:
                refused.append((shown, f"was left out: {MOST_PHOTOS} photos are the most."))
                break
            try:
                picture = sample_of(open_picture(data, LONGER), "upload").picture
            except InputError as error:
                refused.append((shown, str(error)))
                continue
            self.many.append(Photo(shown, picture))
            self._show(picture, f"Your photo **{shown}**.")

    def receive(self, picture: Picture | None) -> None:
        """Predict a picture that another page sends; None changes nothing."""
        if picture is not None:
            self.way = "upload"
            self._show(picture, "The picture from the augmentation page.")

    @property
    def own(self) -> bool:
        """Whether the picture is the visitor's and not one of the set."""
        return self.picture is not None and self.way in ORIGINS

    def _keep(self, label: str) -> None:
        """Learn from the picture that is predicted: it becomes an example of a class."""
        if self.picture is None or not self.own:
            raise InputError("Draw, upload or film something first.")
        collecting = self.lesson.collecting
        name = collecting.collection.label(label).name
        collecting.add(label, [sample_of(self.picture, ORIGINS[self.way])])
        self.lesson.notice = f"The picture is an example of {name} now. Undo takes it back."

    def _augment(self, picture: Picture | None) -> None:
        """Go where pipelines are tried, with a picture."""
        if picture is None:
            raise InputError("There is no picture yet: draw, upload or film one.")
        self.lesson.leaving.ask(Journey("augmentation", picture=picture))

    def _fallback(self) -> None:
        """Where no fresh picture is to be had, the first one of the collection stands in."""
        samples = self.lesson.collecting.collection.samples
        if samples:
            self._show(samples[0].picture, "One of the pictures that were learnt from.")
        else:
            self.picture, self.about = None, "Draw, upload or film something to predict."

    def _show(self, picture: Picture, about: str) -> None:
        self.picture, self.about = picture, about
        self.version += 1

    def _from(self, way: str) -> None:
        if way not in WAYS:
            raise InputError("There is no such way to get a picture.")
        self.way = way

    def _draw(self, event: Event) -> None:
        try:
            self._show(ink(event), "Your drawing.")
        except InputError:
            self.picture, self.about = None, "Draw something: the bars follow the pen."
            self.version += 1

    def _film(self, letters: str) -> None:
        self._show(photo(letters), "Live from the camera.")
