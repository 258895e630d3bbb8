"""A split as tensors on the device where the model is, dealt out in batches without a loader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from core.errors import InputError
from core.images.image_set import ImageSet
from core.images.split import Split

FLOAT_LIMIT = 512_000_000  # bytes: larger sets stay uint8 and are normalised batch by batch
_CHUNK = 4096


@dataclass(frozen=True, eq=False)
class Part:
    """One set of a split, ready for the model.

    Attributes:
        images: Shape (N, H, W, C): float32, already normalised, or uint8 for a large set.
        labels: int64 of shape (N,).
        mean: What is taken off each channel, on the scale from 0 to 1; shape (C,).
        std: What each channel is divided by afterwards; shape (C,).
    """

    images: Tensor
    labels: Tensor
    mean: Tensor
    std: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """The pictures (B, C, H, W), float32 and channels last, and the labels (B,).

        Args:
            indices: Numbers of pictures, int64 of shape (B,).
        """
        indices = indices.to(self.labels.device)
        images = self.images.index_select(0, indices)
        if images.dtype == torch.uint8:
            images = normalised(images, self.mean, self.std)
        return images.permute(0, 3, 1, 2), self.labels.index_select(0, indices)

    def bytes_of(self, indices: Tensor) -> Tensor:
        """The same pictures as bytes, uint8 of shape (B, C, H, W) on the CPU.

        Args:
            indices: Numbers of pictures, int64 of shape (B,).
        """
        images = self.images.index_select(0, indices.to(self.images.device))
        if images.dtype != torch.uint8:
            images = images.mul(self.std).add(self.mean).mul(255).round().to(torch.uint8)
        return images.permute(0, 3, 1, 2).cpu()

    def batches(self, generator: Generator, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """One epoch: every picture once, in an order drawn from `generator`.

        The last batch is smaller where the number does not divide.

        Args:
            generator: A generator of the CPU, so that every device sees the same order.
            batch_size: Pictures in a batch, 1 or more.
        """
        _check(batch_size)
        order = torch.randperm(len(self), generator=generator).to(self.labels.device)
        return self._dealt(order, batch_size)

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Every picture once in the order of the set, for evaluation."""
        _check(batch_size)
        return self._dealt(torch.arange(len(self), device=self.labels.device), batch_size)

    def _dealt(self, order: Tensor, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        for start in range(0, len(order), batch_size):
            yield self.batch(order[start : start + batch_size])


@dataclass(frozen=True, eq=False)
class Prepared:
    """A split on its device; all three parts are normalised in the same way.

    Attributes:
        train: The part to learn from.
        validation: The part to choose by.
        test: The part for the end.
        classes: The names of the classes.
    """

    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of every picture."""
        _, height, width, channels = self.train.images.shape
        return channels, height, width


def prepare(
    split: Split,
    device: torch.device | str,
    float_limit: int = FLOAT_LIMIT,
    statistics: tuple[Tensor, Tensor] | None = None,
) -> Prepared:
    """Bring a split to a device, normalised.

    Args:
        split: The three sets.
        device: Where the model is.
        float_limit: Bytes that all pictures may take as float32. A larger set stays uint8 on
            the device, a quarter of the size, and every batch is normalised when it is dealt;
            the numbers are the same.
        statistics: Mean and spread of each channel; None measures those of `train`.
    """
    found = mean_and_std(split.train) if statistics is None else statistics
    mean, std = (numbers.to(device) for numbers in found)
    sets = (split.train, split.validation, split.test)
    as_float = 4 * sum(part.images.numel() for part in sets) <= float_limit
    train, validation, test = (_part(data, mean, std, as_float) for data in sets)
    return Prepared(train, validation, test, split.train.classes)


def mean_and_std(data: ImageSet) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel, on the scale from 0 to 1.

    They are counted from how often each of the 256 values occurs, so they are exact. A channel
    without any spread gets 1, so that it can be divided by.

    Returns:
        Two float32 tensors of shape (C,); for MNIST's training set 0.1307 and 0.3081.
    """
    values = torch.arange(256, dtype=torch.float64) / 255
    means, spreads = [], []
    for channel in data.images.unbind(1):
        share = torch.bincount(channel.flatten(), minlength=256).double() / max(channel.numel(), 1)
        mean = (share * values).sum()
        means.append(mean)
        spreads.append((share * (values - mean) ** 2).sum().sqrt())
    mean, std = torch.stack(means), torch.stack(spreads)
    return mean.float(), torch.where(std > 0, std, 1.0).float()


def normalised(images: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Bytes with the channels last as float32 with the channel's mean 0 and spread 1."""
    return images.float().div_(255).sub_(mean).div_(std)


def _part(data: ImageSet, mean: Tensor, std: Tensor, as_float: bool) -> Part:
    labels = data.labels.to(mean.device)
    images = data.images.permute(0, 2, 3, 1).contiguous().to(mean.device)  # (N, H, W, C)
    if as_float:
        ready = torch.empty(images.shape, device=mean.device)
        for start in range(0, len(images), _CHUNK):  # whole, it would need the memory twice
            ready[start : start + _CHUNK] = normalised(images[start : start + _CHUNK], mean, std)
        images = ready
    return Part(images, labels, mean, std)


def _check(batch_size: int) -> None:
    if batch_size < 1:
        raise InputError("A batch has at least one picture.")
