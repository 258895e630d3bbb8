"""The training pictures of a run whose batches are changed anew each time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, Protocol

import torch
from torch import Generator, Tensor

from core.images.prepared import Part, Prepared, normalised
from core.training.config import TrainingConfig


class Dealer(Protocol):
    """What a run draws its batches from."""

    def batches(self, generator: Generator, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch: every picture once, in an order drawn from `generator`."""


def training_part(prepared: Prepared, config: TrainingConfig) -> Dealer:
    """What a run learns from: the pictures as they are, or changed as `config.augment` says.

    Raises:
        InputError: A step that cannot act on pictures of this form.
    """
    if not config.augment:
        return prepared.train
    parse = importlib.import_module("core.augmentation.text").parse
    augmenter = importlib.import_module("core.augmentation.training").Augmenter
    changes = augmenter(parse(config.augment), prepared.shape, len(prepared.classes))
    return AugmentedPart(prepared.train, changes)


class AugmentedPart:
    """A training set through a pipeline: other pictures in every epoch.

    What changes pictures runs on the CPU, so that every device sees the same ones.

    Args:
        part: The pictures, as bytes or normalised.
        augmenter: A `core.augmentation.training.Augmenter`.
    """

    def __init__(self, part: Part, augmenter: Any) -> None:
        self.part = part
        self.augmenter = augmenter
        self._statistics = part.mean.cpu(), part.std.cpu()

    def batches(self, generator: Generator, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch: every picture once, in an order and with changes drawn from `generator`.

        Args:
            generator: A generator of the CPU.
            batch_size: Pictures in a batch, 1 or more.

        Yields:
            float32 of shape (B, C, H, W) with the channels last, and the labels: int64 (B,), or
            the shares of the classes (B, K) where pictures were mixed.
        """
        order = torch.randperm(len(self.part), generator=generator)
        for start in range(0, len(order), batch_size):
            yield self._batch(order[start : start + batch_size], generator)

    def _batch(self, indices: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        images, labels = self.part.bytes_of(indices), self.part.labels
        targets = labels.index_select(0, indices.to(labels.device)).cpu()
        numbers, targets = self.augmenter.batch(images, targets, self._normalised, generator)
        numbers = numbers.contiguous(memory_format=torch.channels_last)
        return numbers.to(labels.device), targets.to(labels.device)

    def _normalised(self, images: Tensor) -> Tensor:
        # (B, H, W, C); `contiguous` would leave grey pictures in the order that they have.
        last = images.permute(0, 2, 3, 1).clone(memory_format=torch.contiguous_format)
        return normalised(last, *self._statistics).permute(0, 3, 1, 2)


def hard(labels: Tensor) -> Tensor:
    """The class of each picture, int64 (B,); of a mixed one the class with the larger share."""
    return labels if labels.ndim == 1 else labels.argmax(1)
