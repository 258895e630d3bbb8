"""Labelled pictures as two tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError

CHANNELS = (1, 3)  # grey; red, green, blue


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Pictures of one size, each with the number of its class.

    Attributes:
        images: The pictures, uint8 of shape (N, C, H, W), 0 black and 255 full; C is 1 for grey
            pictures and 3 for red, green, blue.
        labels: The classes, int64 of shape (N,), counted from 0.
        classes: The names of the classes, all different, at least 2.
        name: What the set is called on the screen.

    Raises:
        InputError: Shapes or numbers that do not fit each other.
    """

    images: Tensor
    labels: Tensor
    classes: tuple[str, ...]
    name: str

    def __post_init__(self) -> None:
        images, labels = self.images, self.labels
        if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] not in CHANNELS:
            raise InputError(
                "Pictures come as bytes of shape (N, 1 or 3, height, width); "
                f"got {images.dtype} of shape {tuple(images.shape)}."
            )
        if labels.dtype != torch.int64 or labels.shape != (len(images),):
            raise InputError(
                f"{len(images):,} pictures need as many whole numbers as labels; "
                f"got {labels.dtype} of shape {tuple(labels.shape)}."
            )
        if len(set(self.classes)) != len(self.classes) or len(self.classes) < 2:
            raise InputError("A data set has at least two classes with different names.")
        if len(labels) and not (labels.min() >= 0 and labels.max() < len(self.classes)):
            raise InputError(f"Labels are counted from 0 to {len(self.classes) - 1}.")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of every picture."""
        _, channels, height, width = self.images.shape
        return channels, height, width

    def counts(self) -> list[int]:
        """How many pictures each class has."""
        return torch.bincount(self.labels, minlength=len(self.classes)).tolist()

    def take(self, indices: Tensor | NDArray[np.int64] | Sequence[int]) -> ImageSet:
        """Only the pictures with these numbers, in that order."""
        which = torch.as_tensor(indices, dtype=torch.int64)
        return ImageSet(self.images[which], self.labels[which], self.classes, self.name)
