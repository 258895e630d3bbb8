"""What a network for pictures answers, and what can be read from its answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from core.images.prepared import Part, Prepared
from core.networks.probes import wilson

BATCH = 512


@dataclass(frozen=True)
class ClassAccuracy:
    """How well one class is recognised.

    Attributes:
        right: How many of its pictures were recognised.
        of: How many it has.
        low: The lower end of the 95 % interval by Wilson (1927), 0 to 1.
        high: The upper end.
    """

    right: int
    of: int
    low: float
    high: float

    @property
    def accuracy(self) -> float:
        """The share that was recognised, 0 to 1; NaN for a class without pictures."""
        return self.right / self.of if self.of else float("nan")


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says about every picture of a set.

    Attributes:
        labels: The right classes, int64 of shape (N,).
        probabilities: float32 of shape (N, classes), each row adds up to 1.
        losses: The cross-entropy of each picture, float32 of shape (N,).
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    losses: NDArray[np.float32]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The class with the highest probability, shape (N,)."""
        if not len(self.labels):
            return np.zeros(0, np.int64)
        return np.asarray(self.probabilities.argmax(1), dtype=np.int64)

    @property
    def loss(self) -> float:
        """The mean cross-entropy; NaN without pictures."""
        return float(self.losses.mean(dtype=np.float64)) if len(self.losses) else float("nan")

    @property
    def accuracy(self) -> float:
        """The share of right answers, 0 to 1; NaN without pictures."""
        return float((self.predicted == self.labels).mean()) if len(self.labels) else float("nan")

    @property
    def confusion(self) -> NDArray[np.int64]:
        """How often a picture of class i (row) was taken for class j (column)."""
        return confusion(self.labels, self.predicted, self.probabilities.shape[1])

    def per_class(self) -> list[ClassAccuracy]:
        """The accuracy of each class with its interval of 95 %."""
        return per_class(self.confusion)

    def worst(self, count: int) -> NDArray[np.int64]:
        """The numbers of the mistaken pictures, the largest loss first, at most `count`."""
        return self._by_loss(self.predicted != self.labels, count)

    def of_cell(self, row: int, column: int, count: int) -> NDArray[np.int64]:
        """The pictures of class `row` that were taken for `column`, the largest loss first."""
        return self._by_loss((self.labels == row) & (self.predicted == column), count)

    def _by_loss(self, chosen: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
        numbers = np.flatnonzero(chosen)
        order = np.argsort(-self.losses[numbers], kind="stable")[:count]
        return np.asarray(numbers[order], dtype=np.int64)


def confusion(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int
) -> NDArray[np.int64]:
    """How often class i (row) was taken for class j (column), shape (classes, classes)."""
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def per_class(counts: NDArray[np.int64]) -> list[ClassAccuracy]:
    """The accuracy of each class with its interval of 95 %, from a confusion matrix."""
    pairs = zip(np.diag(counts).tolist(), counts.sum(1).tolist(), strict=True)
    return [ClassAccuracy(right, of, *wilson(right, of)) for right, of in pairs]


@contextmanager
def in_use(model: nn.Module) -> Iterator[None]:
    """The network as it is used: dropout off, running statistics, no gradients."""
    before = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        model.train(before)


def answers(model: nn.Module, part: Part, batch_size: int = BATCH) -> Answers:
    """Ask a network about every picture of a set.

    Args:
        model: From pictures (B, C, H, W) to scores (B, classes), on the device of the set.
        part: The pictures, such as `prepared.validation`.
        batch_size: Pictures in a batch; changes the speed only.
    """
    with in_use(model):
        found = [
            (F.log_softmax(model(images).float(), dim=1).cpu(), labels.cpu())
            for images, labels in part.in_order(batch_size)
        ]
    if not found:
        return Answers(np.zeros(0, np.int64), np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
    logs, labels = (torch.cat(pieces) for pieces in zip(*found, strict=True))
    losses = F.nll_loss(logs, labels, reduction="none")
    return Answers(labels.numpy(), logs.exp().numpy(), losses.numpy())


def final_answers(model: nn.Module, prepared: Prepared) -> Answers:
    """Ask a finished network about the test set: once, at the end. Nothing else touches it."""
    return answers(model, prepared.test)


def probabilities(model: nn.Module, images: Tensor) -> NDArray[np.float32]:
    """What a network says about pictures (B, C, H, W) that are normalised as in its training.

    Returns:
        Shape (B, classes); each row adds up to 1.
    """
    with in_use(model):
        said: NDArray[np.float32] = F.softmax(model(images).float(), dim=1).cpu().numpy()
    return said
