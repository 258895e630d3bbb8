"""A pipeline on whole batches for training, with separate chance for every picture.

torchvision's transforms give all pictures of a batch the same flip and the same angle; sending
the pictures through one by one costs a fraction of a millisecond for each step and picture.
Here, what can be done on a whole batch is, each picture with its own numbers: flips, rotation,
affine, elastic, crops, colour jitter without hue, noise, and all that acts or not without
further chance. The rest goes through torchvision picture by picture. The pictures have the same
distribution as those of `draws`, but are not the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import torch
from torch import Generator, Tensor
from torchvision.transforms import v2  # type: ignore[import-untyped]

from core.augmentation.batch_moves import OWN, Move, moves
from core.augmentation.chance import drawing_from
from core.augmentation.fitting import batch_transform
from core.augmentation.pipeline import Pipeline
from core.errors import InputError

_Batch = Tensor | list[Tensor]


class Passage:
    """The way of every batch through a pipeline; its transforms are made once.

    On one core, 64 pictures of 1×28×28 take below 1 ms with a rotation and a crop with padding,
    and 2 to 10 ms with one of the transforms that go picture by picture (AugMix 40 ms).

    Args:
        way: What `moves` gives.
    """

    def __init__(self, way: Sequence[Move]) -> None:
        self.way = tuple(way)

    def through(self, images: Tensor, generator: Generator) -> Tensor:
        """Send a batch through, every picture with its own chance.

        Args:
            images: uint8 or float32 of shape (B, 1 or 3, H, W) on the CPU; stays as it is.
            generator: Where the chance comes from; it moves on.

        Raises:
            InputError: Pictures of different sizes in the end.
        """
        batch: _Batch = images
        for move, transform in zip(self.way, self._transforms, strict=True):
            batch = _after(batch, move, transform, generator)
        if isinstance(batch, list):
            raise InputError(
                "After Zoom out the pictures have different sizes, and a batch needs one. Put "
                "Resize behind it."
            )
        return batch

    @cached_property
    def _transforms(self) -> list[v2.Transform]:
        return [move.call.make() for move in self.way]


def augmented(images: Tensor, pipeline: Pipeline, generator: Generator) -> Tensor:
    """Send a batch through a pipeline once, every picture with its own chance.

    Args:
        images: uint8 of shape (B, 1 or 3, H, W) on the CPU.
        pipeline: Steps on batches are passed over; see `mix`.
        generator: Where the chance comes from; it moves on.

    Returns:
        Shape (B, 1 or 3, H', W'): uint8, or float32 after Normalise. The input stays as it is.

    Raises:
        InputError: A step that cannot act where it is, or pictures of different sizes in the
            end.
    """
    _, channels, height, width = images.shape
    return Passage(moves(pipeline, (height, width), channels)).through(images, generator)


def mix(
    images: Tensor, labels: Tensor, pipeline: Pipeline, classes: int, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Apply the pipeline's MixUp or CutMix to a batch; without one, nothing changes.

    Args:
        images: float32 of shape (B, C, H, W).
        labels: int64 of shape (B,).
        pipeline: Its steps on batches count.
        classes: How many classes there are.
        generator: Where the chance comes from.

    Returns:
        The pictures, and the labels: shares of shape (B, classes) if they were mixed.
    """
    transform = batch_transform(pipeline, classes)
    if transform is None:
        return images, labels
    with drawing_from(generator):
        mixed_images, mixed_labels = transform(images, labels)
    return mixed_images, mixed_labels


def some(
    images: Tensor, probability: float, generator: Generator, change: Callable[[Tensor], Tensor]
) -> Tensor:
    """Change some of the pictures, each chosen with that probability."""
    acts = torch.rand(len(images), generator=generator) < probability
    if not acts.any():
        return images
    result = images.clone()
    result[acts] = change(images[acts])
    return result


def _after(batch: _Batch, move: Move, transform: v2.Transform, generator: Generator) -> _Batch:
    if move.way == "single" or isinstance(batch, list):
        with drawing_from(generator):
            images = [transform(image) for image in batch]
        same = len({image.shape for image in images}) == 1
        return torch.stack(images) if same and not move.ragged else images

    def change(part: Tensor) -> Tensor:
        if move.way == "own":
            return OWN[move.name](part, move.values, generator)
        with drawing_from(generator):
            return transform(part)  # type: ignore[no-any-return]

    return (
        change(batch) if move.probability == 1 else some(batch, move.probability, generator, change)
    )
