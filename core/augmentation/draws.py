"""What a pipeline does to one picture: draws, the chain of one draw, the time that it takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torchvision import tv_tensors  # type: ignore[import-untyped]

from core.augmentation.automatic import STATISTICS
from core.augmentation.chance import drawing_from
from core.augmentation.fitting import MAX_SIDE, Fitted, fit
from core.augmentation.pipeline import NORMALISE, Pipeline, Step
from core.errors import InputError

MAX_DRAWS = 100
MAX_SEED = 999_999
STRIDE = 1000  # so that neighbouring seeds share no draw

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Stage:
    """The picture after one step of a draw.

    Attributes:
        at: The place of the step in the pipeline.
        picture: uint8 of shape (H, W, 3); a normalised one is shown as it was before.
        acted: False if this draw passed the step over or it changed nothing.
    """

    at: int
    picture: Bytes
    acted: bool


def draw_seed(seed: int, draw: int) -> int:
    """What PyTorch's generator is seeded with for one draw: 1,000 × seed + draw.

    Raises:
        InputError: A seed or a number of a draw that is out of range.
    """
    if not 0 <= seed <= MAX_SEED:
        raise InputError(f"A seed goes from 0 to {MAX_SEED:,}, not {seed:,}.")
    if not 0 <= draw < STRIDE:
        raise InputError(f"Draws are counted from 0 to {STRIDE - 1}, not {draw:,}.")
    return STRIDE * seed + draw


def generator_for(seed: int, draw: int) -> Generator:
    """The generator of one draw; it gives the numbers of ``torch.manual_seed(draw_seed(…))``."""
    return Generator().manual_seed(draw_seed(seed, draw))


def as_tensor(picture: Bytes) -> Tensor:
    """A picture as the transforms take it: uint8 of shape (1 or 3, H, W).

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3), at most 2,048 pixels a side.

    Raises:
        InputError: Another shape or type.
    """
    right = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)
    if picture.dtype != np.uint8 or not right or not picture.size:
        raise InputError(
            f"A picture is bytes of shape (H, W) or (H, W, 3), not {picture.dtype} of shape "
            f"{picture.shape}."
        )
    if max(picture.shape) > MAX_SIDE:
        raise InputError(f"A picture here has at most {MAX_SIDE:,} pixels a side. Reduce it first.")
    planes = picture[None] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    image: Tensor = tv_tensors.Image(torch.from_numpy(np.array(planes, order="C")))
    return image


def shown(image: Tensor, normalised: Step | None = None) -> Bytes:
    """What comes out of a pipeline as a picture to look at.

    Args:
        image: Shape (1 or 3, H, W): bytes, numbers from 0 to 1, or normalised ones.
        normalised: The step that normalised it, which is undone for the eye; None if none did.

    Returns:
        uint8 of shape (H, W, 3).
    """
    values = image.as_subclass(Tensor)
    if normalised is not None:
        mean, std = STATISTICS[str(normalised.values["statistics"])]
        values = values * torch.tensor(std).view(-1, 1, 1) + torch.tensor(mean).view(-1, 1, 1)
    if values.is_floating_point():
        values = (values * 255).round().clamp(0, 255).to(torch.uint8)
    return np.ascontiguousarray(values.expand(3, -1, -1).permute(1, 2, 0).numpy())


def outcome(picture: Bytes, pipeline: Pipeline, seed: int, draw: int = 0) -> Tensor:
    """What the pipeline's `Compose` gives for one draw, before anything is done to show it.

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3).
        pipeline: Steps on batches are passed over.
        seed: From 0 to 999,999.
        draw: The number of the draw, from 0.

    Returns:
        Shape (1 or 3, H', W'): uint8, or float32 after Normalise.

    Raises:
        InputError: A step that cannot act where it is, or an unusable picture or seed.
    """
    return Drawing(picture, pipeline).outcome(seed, draw)


class Drawing:
    """A pipeline made ready for one picture, so that many draws cost what a draw costs.

    Its transforms keep nothing, so that several threads may draw at the same time.

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3).
        pipeline: Steps on batches are passed over.

    Raises:
        InputError: A step that cannot act where it is, or an unusable picture.
    """

    def __init__(self, picture: Bytes, pipeline: Pipeline) -> None:
        self.image = as_tensor(picture)
        fitted = _fitted(self.image, pipeline)
        self.transforms = fitted.make()
        self.normalised = _normalise_step(pipeline, fitted)

    def stages(self, seed: int, draw: int) -> Iterator[tuple[int, Tensor]]:
        """The picture itself with −1, then after every call with the place of its step."""
        image = self.image
        generator = generator_for(seed, draw)
        yield -1, image
        for at, transform in self.transforms:
            with drawing_from(generator):
                image = transform(image)
            yield at, image

    def outcome(self, seed: int, draw: int) -> Tensor:
        """What `outcome` returns for one draw."""
        *_, (_, image) = self.stages(seed, draw)
        return image

    def draw(self, seed: int, draw: int) -> Bytes:
        """One draw to look at: uint8 of shape (H', W', 3)."""
        return self.timed(seed, draw)[0]

    def timed(self, seed: int, draw: int) -> tuple[Bytes, float]:
        """One draw to look at, and the seconds that the transforms took for it."""
        start = time.perf_counter()
        outcome = self.outcome(seed, draw)
        took_s = time.perf_counter() - start
        return shown(outcome, self.normalised), took_s


def draws(picture: Bytes, pipeline: Pipeline, count: int, seed: int, first: int = 0) -> list[Bytes]:
    """Several random results of a pipeline for one picture.

    Draw k of a seed is the same picture however many are drawn, in whatever thread.

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3).
        pipeline: Steps on batches are passed over.
        count: How many, 0 to 100.
        seed: From 0 to 999,999.
        first: The number of the first draw.

    Returns:
        For each draw uint8 of shape (H', W', 3). Normalised numbers are shown as they were
        before.

    Raises:
        InputError: A step that cannot act where it is, or an unusable picture or number.
    """
    if not 0 <= count <= MAX_DRAWS:
        raise InputError(f"At most {MAX_DRAWS} draws are made at once, not {count:,}.")
    numbers = range(first, first + count)
    drawing = Drawing(picture, pipeline)
    return [drawing.draw(seed, k) for k in numbers]


def chain(picture: Bytes, pipeline: Pipeline, seed: int, draw: int = 0) -> list[Stage]:
    """The picture after every step of one draw; the last one is what `draws` gives.

    Steps that are off, act on batches, or are left out for the size of the picture are not in
    it; `fit` says why.
    """
    drawing = Drawing(picture, pipeline)
    found: dict[int, Stage] = {}
    before: Bytes = shown(as_tensor(picture))
    undo: Step | None = None
    for at, image in drawing.stages(seed, draw):
        if at < 0:
            continue
        behind = pipeline.steps[at].name == NORMALISE and at in found
        undo = drawing.normalised if behind else undo
        after = shown(image, undo)
        changed = behind or not np.array_equal(before, after)
        found[at] = Stage(at, after, changed)
        before = after
    return list(found.values())


def milliseconds(pipeline: Pipeline, picture: Bytes, repeats: int = 7) -> float:
    """How long one draw takes on this machine now: the median of several, in ms.

    Making the transforms is not counted, because training makes them once.
    """
    drawing = Drawing(picture, pipeline)
    image, transforms = drawing.image, [one for _, one in drawing.transforms]
    times = []
    for repeat in range(repeats + 1):
        with drawing_from(generator_for(0, repeat)):
            start = time.perf_counter()
            changed = image
            for transform in transforms:
                changed = transform(changed)
            times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times[1:])  # the first one is slow


def _fitted(image: Tensor, pipeline: Pipeline) -> Fitted:
    channels, height, width = image.shape
    return fit(pipeline, (height, width), channels)


def _normalise_step(pipeline: Pipeline, fitted: Fitted) -> Step | None:
    """The step that normalises a picture; None if there is none or it is left out."""
    return next(
        (step for at, step in pipeline.active if step.name == NORMALISE and at not in fitted.notes),
        None,
    )
