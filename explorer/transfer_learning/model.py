"""What predicts: a backbone with a head, what it is worth, and when it says none of these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.transfer.backbones import Backbone
from core.transfer.calibration import calibrated, temperature
from core.transfer.embed import embed
from core.transfer.gradcam import grad_cam
from core.transfer.head import Head
from core.transfer.judging import Judged
from core.transfer.rejecting import Threshold, reject_threshold
from core.transfer.sample import Picture


@dataclass(frozen=True, eq=False)
class Said:
    """What a model says about a picture.

    Attributes:
        probabilities: Calibrated, shape (K,), adding up to 1.
        raw: Softmax without a temperature, shape (K,).
        logits: The scores, shape (K,).
        distance: How far the picture lies from the nearest learnt ones, 0 to 2.
        rejected: Whether the answer is "none of these".
        why: The reason, "far" or "unsure"; empty if it is accepted.
    """

    probabilities: NDArray[np.float64]
    raw: NDArray[np.float64]
    logits: NDArray[np.float64]
    distance: float
    rejected: bool
    why: str

    @property
    def winner(self) -> int:
        """The class with the largest probability."""
        return int(self.probabilities.argmax())


@dataclass(frozen=True, eq=False)
class Model:
    """A model that has learnt the classes of a collection.

    Attributes:
        name: What a person calls it.
        backbone: Turns pictures into features.
        head: Turns features into scores.
        classes: The names of the classes.
        labels: The ids of the classes in the collection.
        samples: The ids of the pictures it has learnt from, in order.
        features: Theirs, shape (N, D).
        judged: What was said about pictures that were held back; `numbers` count in `samples`.
        usual: The temperature as long as it is not judged.
    """

    name: str
    backbone: Backbone
    head: Head
    classes: tuple[str, ...]
    labels: tuple[str, ...]
    samples: tuple[str, ...]
    features: Tensor
    judged: Judged
    usual: float = 1.0

    @cached_property
    def temperature(self) -> float:
        """The temperature that makes the confidence honest (Guo et al. 2017)."""
        if not len(self.judged):
            return self.usual
        return temperature(self.judged.logits, self.judged.targets)

    def threshold(self, strict: int) -> Threshold:
        """When the answer is "none of these".

        Args:
            strict: How many of a hundred own pictures should stay above the bar, 50 to 100.
        """
        if strict not in self._thresholds:
            judged = calibrated(self.judged.logits, self.temperature) if len(self.judged) else None
            share = max(1 - strict / 100, 0.001)
            self._thresholds[strict] = reject_threshold(
                self.features, judged, far=share, unsure=share / 5
            )
        return self._thresholds[strict]

    @cached_property
    def _thresholds(self) -> dict[int, Threshold]:
        return {}

    def say(self, pictures: list[Picture], strict: int) -> list[Said]:
        """Return what is said about pictures."""
        return self.say_of(embed(self.backbone, pictures), strict)

    def say_of(self, features: Tensor, strict: int) -> list[Said]:
        """Return what is said about features, shape (M, D)."""
        if not len(features):
            return []
        logits = self.head.logits(features).detach()
        honest, raw = calibrated(logits, self.temperature), logits.softmax(1)
        threshold = self.threshold(strict)
        distances = threshold.distances(features)
        said = []
        for at in range(len(features)):
            far = float(distances[at]) > threshold.distance
            unsure = float(honest[at].max()) < threshold.confidence
            why = "far" if far else "unsure" if unsure else ""
            rows = [one[at].double().numpy() for one in (honest, raw, logits)]
            said.append(Said(rows[0], rows[1], rows[2], float(distances[at]), bool(why), why))
        return said

    def cam(self, picture: Picture, winner: int) -> NDArray[np.float32]:
        """Return where a picture speaks for a class: shape (h, w), 0 to 1."""
        return grad_cam(self.backbone, self.head, picture, winner)

    def wrong(self) -> dict[str, int]:
        """Return the pictures that were taken for another class while they were held back."""
        predicted = self.judged.logits.argmax(1)
        rows = zip(
            self.judged.numbers.tolist(),
            self.judged.targets.tolist(),
            predicted.tolist(),
            strict=True,
        )
        return {self.samples[at]: said for at, target, said in rows if said != target}


def nothing_judged(classes: int, sentence: str) -> Judged:
    """Return a judgement of no picture at all."""
    none = torch.zeros(0, dtype=torch.int64)
    return Judged(none, none, torch.zeros(0, classes), sentence)


def joined(parts: list[Judged], classes: int, sentence: str) -> Judged:
    """Return one judgement of several folds, in the order of the pictures."""
    if not parts:
        return nothing_judged(classes, sentence)
    numbers = torch.cat([one.numbers for one in parts])
    order = numbers.argsort()
    targets = torch.cat([one.targets for one in parts])[order]
    logits = torch.cat([one.logits for one in parts])[order]
    return Judged(numbers[order], targets, logits, sentence)
