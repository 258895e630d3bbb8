"""MixUp and CutMix: pictures of a batch, and their labels, mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.augmentation.chance import drawing_from
from core.augmentation.draws import STRIDE, Bytes, as_tensor, generator_for, outcome, shown
from core.augmentation.fitting import TO_FLOAT, batch_transform, fit
from core.augmentation.pipeline import NORMALISE, Pipeline
from core.errors import InputError

LAST = STRIDE - 1  # the draw whose numbers the batch is mixed by


@dataclass(frozen=True, eq=False)
class Mixed:
    """A batch after MixUp or CutMix.

    Attributes:
        pictures: For each, uint8 of shape (H, W, 3).
        labels: float32 of shape (B, classes): the share of each class, with the sum 1.
        batch: What a network would be given, float32 of shape (B, 1 or 3, H, W).
    """

    pictures: list[Bytes]
    labels: Tensor
    batch: Tensor


def mixed(
    pictures: Sequence[Bytes], labels: Sequence[int], pipeline: Pipeline, seed: int, classes: int
) -> Mixed:
    """Send pictures through a pipeline and mix them as a batch.

    Picture k is changed as in draw k, and then mixed with its neighbour, as torchvision does:
    picture 0 with the last one, picture 1 with picture 0. Without MixUp and CutMix in the
    pipeline the labels are those of the pictures alone.

    Args:
        pictures: uint8 of shape (H, W) or (H, W, 3), 1 to 64.
        labels: The class of each, from 0.
        pipeline: With everything that makes the pictures equal in size, if they are not.
        seed: From 0 to 999,999.
        classes: How many classes there are.

    Raises:
        InputError: Pictures of different sizes after the pipeline, labels that do not fit,
            or a step that cannot act where it is.
    """
    _check(pictures, labels, classes)
    images = [outcome(one, pipeline, seed, k) for k, one in enumerate(pictures)]
    if len({(image.shape, image.dtype) for image in images}) > 1:
        raise InputError(
            "Pictures of a batch have one size. Put Resize or Random resized crop into the "
            "pipeline, or take pictures of the same kind."
        )
    batch = TO_FLOAT.make()(torch.stack([image.as_subclass(Tensor) for image in images]))
    transform, targets = batch_transform(pipeline, classes), torch.tensor(labels)
    if transform is None:
        targets = F.one_hot(targets, classes).float()
    else:
        with drawing_from(generator_for(seed, LAST)):
            batch, targets = transform(batch, targets)
    image = as_tensor(pictures[0])
    left_out = fit(pipeline, (image.shape[1], image.shape[2]), len(image)).notes
    off = any(pipeline.steps[at].name == NORMALISE for at in left_out)
    normalised = None if off else pipeline.normalised
    return Mixed([shown(one, normalised) for one in batch], targets, batch)


def _check(pictures: Sequence[Bytes], labels: Sequence[int], classes: int) -> None:
    if not 1 <= len(pictures) <= 64:
        raise InputError(f"A batch here has 1 to 64 pictures, not {len(pictures)}.")
    if len(labels) != len(pictures) or not all(0 <= label < classes for label in labels):
        raise InputError(f"Each picture of a batch needs one label from 0 to {classes - 1}.")
