"""How well a head tells the classes apart, judged by pictures that it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.networks.probes import wilson
from core.training.evaluation import Answers, ClassAccuracy
from core.transfer.folds import Plan
from core.transfer.head import WEIGHT_DECAY, check_features, fit_head


@dataclass(frozen=True, eq=False)
class Judged:
    """What heads said about pictures that they had not seen.

    Attributes:
        numbers: Which pictures were judged, int64 of shape (n,), in order.
        targets: Their classes, int64 of shape (n,).
        logits: What was said about them, float32 of shape (n, K).
        sentence: How it came about, for the person at the screen.
    """

    numbers: Tensor
    targets: Tensor
    logits: Tensor
    sentence: str = field(default="")

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def right(self) -> int:
        """How many were recognised."""
        return int((self.logits.argmax(1) == self.targets).sum()) if len(self) else 0

    @property
    def accuracy(self) -> float:
        """The share that was recognised, 0 to 1; NaN if none was judged."""
        return self.right / len(self) if len(self) else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the accuracy by Wilson (1927), 0 to 1.

        In cross-validation the folds share most of what they learn from, so that the truth may
        lie outside a little more often.
        """
        return wilson(self.right, len(self))

    @cached_property
    def answers(self) -> Answers:
        """Probabilities, losses, confusion, mistakes; its pictures are places in `numbers`."""
        losses = F.cross_entropy(self.logits, self.targets, reduction="none")
        probabilities = self.logits.softmax(1)
        return Answers(self.targets.numpy(), probabilities.numpy(), losses.numpy())

    @property
    def confusion(self) -> NDArray[np.int64]:
        """How often a picture of class i (row) was taken for class j (column)."""
        return self.answers.confusion

    def per_class(self) -> list[ClassAccuracy]:
        """The accuracy of each class with its interval of 95 %."""
        return self.answers.per_class()

    def of_cell(self, row: int, column: int, count: int = 10_000) -> list[int]:
        """The pictures of class `row` taken for `column`, the largest loss first.

        Returns:
            Their numbers among all pictures.
        """
        places = self.answers.of_cell(row, column, count)
        return [int(self.numbers[at]) for at in places]


def cross_validated(
    features: Tensor,
    targets: Tensor,
    classes: int,
    plan: Plan,
    *,
    weight_decay: float = WEIGHT_DECAY,
    progress: Callable[[int, int], None] | None = None,
) -> Judged:
    """Fit a head without each part of the pictures, and ask it about that part.

    Mean and spread of the features are those of the pictures that the head learns from, so that
    nothing of a picture is known before it is judged.

    Args:
        features: float32 of shape (N, D).
        targets: The classes, int64 of shape (N,).
        classes: K.
        plan: What `plan_for` dealt out.
        weight_decay: λ of `fit_head`.
        progress: Called after every head with the heads done and all.

    Raises:
        InputError: As with `fit_head`.
    """
    check_features(features, targets, classes)
    logits = torch.zeros(len(targets), classes)
    for done, held in enumerate(plan.held, 1):
        kept = torch.ones(len(targets), dtype=torch.bool)
        kept[held] = False
        head = fit_head(features[kept], targets[kept], classes, weight_decay=weight_decay)
        logits[held] = head.logits(features[held])
        if progress:
            progress(done, len(plan.held))
    numbers = torch.cat(plan.held).sort().values if plan.held else torch.zeros(0, dtype=torch.int64)
    return Judged(numbers, targets[numbers], logits[numbers], plan.sentence)
