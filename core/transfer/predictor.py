"""All that an answer needs: backbone, head, temperature and the threshold for none of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError
from core.transfer.backbones import Backbone
from core.transfer.calibration import calibrated, temperature
from core.transfer.embed import Progress, embed
from core.transfer.gradcam import grad_cam
from core.transfer.head import Head
from core.transfer.judging import Judged
from core.transfer.preprocess import Picture
from core.transfer.rejecting import Threshold, reject_threshold


@dataclass(frozen=True, eq=False)
class Prediction:
    """What is said about one picture.

    Attributes:
        index: The likeliest class, from 0.
        name: What it is called.
        probabilities: As softmax gives them, float32 of shape (K,).
        calibrated: With the temperature, float32 of shape (K,): the ones to show.
        distance: How far it lies from its nearest pictures among those learnt from, 0 to 2; NaN
            without a threshold.
        nearest: The numbers of these pictures, the nearest first.
        rejected: True if the answer is "none of these".
        why: A sentence.
    """

    index: int
    name: str
    probabilities: NDArray[np.float32]
    calibrated: NDArray[np.float32]
    distance: float
    nearest: tuple[int, ...]
    rejected: bool
    why: str

    @property
    def confidence(self) -> float:
        """The calibrated probability of the likeliest class, 0 to 1."""
        return float(self.calibrated[self.index])


@dataclass(frozen=True, eq=False)
class Predictor:
    """Answers for pictures of any size.

    Attributes:
        backbone: In evaluation mode.
        head: Behind it.
        classes: The names of the classes, in the order of the head's scores.
        temperature: What scores are divided by; 1 leaves the probabilities as they are.
        threshold: When the answer is "none of these"; None never gives it.

    Raises:
        InputError: Parts that do not fit each other.
    """

    backbone: Backbone
    head: Head
    classes: tuple[str, ...]
    temperature: float = 1.0
    threshold: Threshold | None = None

    def __post_init__(self) -> None:
        outputs, features = self.head.weight.shape
        if outputs != len(self.classes) or features != self.backbone.info.features:
            raise InputError(
                f"A head with {outputs} outputs for {features} features does not fit "
                f"{len(self.classes)} classes and a backbone with {self.backbone.info.features}."
            )

    def predict(
        self, pictures: Sequence[Picture], progress: Progress | None = None
    ) -> list[Prediction]:
        """What is said about pictures.

        Args:
            pictures: uint8 of shape (H, W, 3) each.
            progress: As in `embed`.

        Raises:
            InputError: A picture of another form.
        """
        return self.predict_features(embed(self.backbone, pictures, progress=progress))

    def predict_features(self, features: Tensor) -> list[Prediction]:
        """What is said about pictures whose features (n, D) are at hand."""
        logits = self.head.logits(features)
        plain, honest = logits.softmax(1).numpy(), calibrated(logits, self.temperature).numpy()
        distances, nearest = [float("nan")] * len(features), [()] * len(features)
        if self.threshold is not None and len(features):
            distances = self.threshold.distances(features).tolist()
            nearest = [tuple(row) for row in self.threshold.neighbours(features).tolist()]
        rows = zip(plain, honest, distances, nearest, strict=True)
        return [self._prediction(*row) for row in rows]

    def grad_cam(self, picture: Picture, class_index: int) -> NDArray[np.float32]:
        """Which places of a picture speak for a class, as in `core.transfer.gradcam`."""
        return grad_cam(self.backbone, self.head, picture, class_index)

    def _prediction(
        self,
        plain: NDArray[np.float32],
        honest: NDArray[np.float32],
        distance: float,
        nearest: tuple[int, ...],
    ) -> Prediction:
        index = int(honest.argmax())
        why = refusal(self.classes, honest, distance, self.threshold)
        said = why or f"{self.classes[index]}, {honest[index]:.0%} sure."
        return Prediction(
            index, self.classes[index], plain, honest, distance, nearest, bool(why), said
        )


def refusal(
    classes: Sequence[str],
    honest: NDArray[np.float32],
    distance: float,
    threshold: Threshold | None,
) -> str:
    """Why the answer is "none of these"; an empty text if it is not."""
    if threshold is None:
        return ""
    if distance > threshold.distance:
        return (
            f"None of these: it is unlike all pictures learnt from (distance {distance:.2f}; "
            f"they lie within {threshold.distance:.2f} of each other)."
        )
    if honest.max() < threshold.confidence:
        first, second = np.argsort(-honest)[:2]
        return (
            f"None of these for certain: {classes[first]} {honest[first]:.0%}, {classes[second]} "
            f"{honest[second]:.0%}."
        )
    return ""


def predictor_for(
    backbone: Backbone,
    head: Head,
    classes: Sequence[str],
    features: Tensor,
    judged: Judged,
    *,
    groups: Tensor | None = None,
) -> Predictor:
    """A predictor with temperature and threshold set by the pictures that judged the head.

    Args:
        backbone: What made the features.
        head: Fitted on all of them.
        classes: The names of the classes.
        features: Of all pictures learnt from, shape (N, D).
        judged: What `cross_validated` gave for them.
        groups: As in `reject_threshold`.

    Raises:
        InputError: Parts that do not fit each other.
    """
    warmth = temperature(judged.logits, judged.targets)
    honest = calibrated(judged.logits, warmth) if len(judged) else None
    threshold = reject_threshold(features, honest, groups=groups)
    return Predictor(backbone, head, tuple(classes), warmth, threshold)
