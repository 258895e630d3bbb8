"""Whether a pipeline can change what a picture shows, by rule and by asking a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from core.augmentation.draws import MAX_DRAWS, Bytes, outcome, shown
from core.augmentation.pipeline import NORMALISE, Pipeline
from core.augmentation.spec import DATA_KINDS
from core.errors import InputError
from core.images.image_set import ImageSet

Read = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
SIDE = 28
SURE = 0.6  # how confident the reader has to be, before and after


@dataclass(frozen=True)
class Warned:
    """A step that can change the label of a picture.

    Attributes:
        at: Its place in the pipeline.
        sentence: What goes wrong.
    """

    at: int
    sentence: str


@dataclass(frozen=True, eq=False)
class Change:
    """A digit that is read as another one after the pipeline.

    Attributes:
        before: uint8 of shape (28, 28).
        after: The same, changed.
        true: What it is.
        said: What the reader takes it for now.
        confidence: How likely the reader holds that, from 0 to 1.
    """

    before: Bytes
    after: Bytes
    true: int
    said: int
    confidence: float


def warnings(pipeline: Pipeline, data: str) -> list[Warned]:
    """What can change the class of a picture, with the pipeline's settings.

    A step that is off or never acts is not warned of.

    Args:
        pipeline: The steps.
        data: The kind of data, a key of `DATA_KINDS`.

    Raises:
        InputError: An unknown kind of data.
    """
    if data not in DATA_KINDS:
        raise InputError(f"There is no such kind of data. There are: {', '.join(DATA_KINDS)}.")
    return [
        Warned(at, one.sentence)
        for at, step in pipeline.active
        if step.probability > 0
        for one in step.transform.breaks
        if one.concerns(data, step.values)
    ]


def digit_changes(
    pipeline: Pipeline, digits: ImageSet, read: Read, seed: int, tries: int = 4
) -> list[Change]:
    """Digits that a reader takes for others after the pipeline, the most certain first.

    Only digits count that the reader knows before, so that what is found is the pipeline's
    doing. A result of another size is brought back to 28×28.

    Args:
        pipeline: Normalising and mixing are passed over.
        digits: Grey pictures of 28×28 with the classes 0 to 9.
        read: From uint8 (N, 28, 28) to probabilities (N, 10), such as
            `core.reader.reader.Reader.read_all`.
        seed: From 0 to 999,999.
        tries: Draws for each digit, 1 to 100.

    Returns:
        At most one change for each digit.

    Raises:
        InputError: Pictures of another form, or a step that cannot act where it is.
    """
    if digits.shape != (1, SIDE, SIDE):
        raise InputError("Only grey digits of 28×28 pixels can be read.")
    if not 1 <= tries <= MAX_DRAWS:
        raise InputError(f"Each digit is tried 1 to {MAX_DRAWS} times, not {tries}.")
    seen = Pipeline(tuple(step for step in pipeline.steps if step.name != NORMALISE))
    pictures, labels = digits.images[:, 0].numpy(), digits.labels.numpy()
    before = read(pictures)
    known = (before.argmax(1) == labels) & (before[np.arange(len(labels)), labels] >= SURE)
    pictures, labels = pictures[known], labels[known]
    if not len(labels):
        return []
    after = [_small(outcome(one, seen, seed, draw)) for one in pictures for draw in range(tries)]
    answers = read(np.stack(after)).reshape(len(labels), tries, -1)
    found = []
    for at, (picture, label) in enumerate(zip(pictures, labels.tolist(), strict=True)):
        draw = _most_certain(answers[at], label)
        if draw is not None:
            said = int(answers[at, draw].argmax())
            sure = float(answers[at, draw, said])
            found.append(Change(picture.copy(), after[at * tries + draw], label, said, sure))
    return sorted(found, key=lambda change: -change.confidence)


def _most_certain(answers: NDArray[np.float64], label: int) -> int | None:
    """The draw of one digit that is misread most certainly, the last of equals; None if none is."""
    sure = np.where(answers.argmax(1) == label, 0.0, answers.max(1))
    draw = len(sure) - 1 - int(sure[::-1].argmax())
    return draw if sure[draw] >= SURE else None


def _small(image: torch.Tensor) -> Bytes:
    grey = shown(image)[:, :, 0]
    if grey.shape == (SIDE, SIDE):
        return np.ascontiguousarray(grey)
    values = torch.from_numpy(grey.astype(np.float32))[None, None]
    back = torch.nn.functional.interpolate(
        values, size=(SIDE, SIDE), mode="bilinear", antialias=True
    )
    return np.asarray(back[0, 0].round().clamp(0, 255).to(torch.uint8).numpy())
