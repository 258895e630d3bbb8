"""How well a network does on a whole set of points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from core.networks.features import matrix
from core.networks.losses import Objective
from core.networks.model import Network
from core.networks.plane import PlaneData


@dataclass(frozen=True)
class Examples:
    """A set of points as the network and the loss want them.

    Attributes:
        inputs: The features, float32 of shape (N, F).
        targets: What the loss compares with, as `Objective.targets` gives it.
        classes: The right classes, int64 of shape (N,); None in regression.
    """

    inputs: Tensor
    targets: Tensor
    classes: Tensor | None

    @classmethod
    def of(cls, data: PlaneData, features: Sequence[str], objective: Objective) -> Examples:
        """The points of `data`, for these features and this loss."""
        classes = torch.as_tensor(data.y) if data.classes else None
        return cls(matrix(features, data.x), objective.targets(data.y), classes)


@torch.no_grad()
def evaluate(model: Network, objective: Objective, examples: Examples) -> tuple[float, float]:
    """Mean loss and share of right classes over a set, with dropout off.

    Returns:
        (loss, accuracy from 0 to 1); NaN for the accuracy in regression, NaN for both if
        the set is empty.
    """
    if not len(examples.inputs):
        return math.nan, math.nan
    with_chance = model.training
    model.eval()
    scores = model(examples.inputs)
    model.train(with_chance)
    loss = objective.value(scores, examples.targets).item()
    if examples.classes is None:
        return loss, math.nan
    right = objective.predicted(scores) == examples.classes
    return loss, int(right.sum()) / len(right)
