"""What a network has learnt, measured: maps of its units, confusion, gradients, dead units.

Every probe runs the network as it is used, with dropout off, and leaves it as it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.networks.features import matrix
from core.networks.losses import Objective
from core.networks.model import Layer, Network
from core.networks.plane import LIMIT, PlaneData
from core.networks.running import Run

NORMAL_95 = 1.959963984540054  # 97.5 % of a normal distribution lie below


@contextmanager
def _in_use(model: Network) -> Iterator[None]:
    """The network as it is used: dropout off, running statistics, no gradients."""
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(before)


@lru_cache(maxsize=8)
def grid(resolution: int, extent: float = LIMIT) -> Tensor:
    """The middles of R × R equal squares that fill the plane from −extent to extent.

    Returns:
        Shape (R·R, 2): row by row from the top (large x₂) down, each from left to right, as a
        picture is painted. Shared between callers: do not write to it.
    """
    middles = (torch.arange(resolution) + 0.5) * (2 * extent / resolution) - extent
    x2, x1 = torch.meshgrid(middles.flip(0), middles, indexing="ij")
    return torch.stack([x1.flatten(), x2.flatten()], dim=1)


@lru_cache(maxsize=32)
def _grid_inputs(features: tuple[str, ...], resolution: int, extent: float) -> Tensor:
    return matrix(features, grid(resolution, extent))


def unit_maps(model: Network, resolution: int = 24, extent: float = LIMIT) -> NDArray[np.float32]:
    """What every unit says at every place of the plane.

    Args:
        model: The network.
        resolution: R, squares in each direction.
        extent: The plane goes from −extent to extent.

    Returns:
        Shape (units, R, R): first the inputs, then the hidden layers, at last the outputs
        after their sigmoid or softmax. Row 0 is the top, x₂ = extent.
    """
    with _in_use(model):
        stages = model.stages(_grid_inputs(tuple(model.features), resolution, extent))
        units = torch.cat(stages, dim=1).T.reshape(-1, resolution, resolution)
    return units.contiguous().numpy()


def decision_map(
    model: Network, objective: Objective, resolution: int = 64, extent: float = LIMIT
) -> NDArray[np.float32]:
    """What the network would answer at every place of the plane.

    Returns:
        Shape (R, R, classes): a probability per class (`Objective.probabilities`); in
        regression (R, R, 1), the number predicted. Row 0 is the top.
    """
    with _in_use(model):
        scores = model(_grid_inputs(tuple(model.features), resolution, extent))
        answers = objective.probabilities(scores).reshape(resolution, resolution, -1)
    return answers.contiguous().numpy()


def answer(model: Network, objective: Objective, x1: float, x2: float) -> list[float]:
    """What the network says about one point: a probability per class, or the number."""
    with _in_use(model):
        scores = model(matrix(model.features, torch.tensor([[x1, x2]])))
        return objective.probabilities(scores)[0].tolist()


def values_at(model: Network, x1: float, x2: float) -> list[list[float]]:
    """What every unit says about one point, column by column of the diagram."""
    with _in_use(model):
        stages = model.stages(matrix(model.features, torch.tensor([[x1, x2]])))
    return [stage[0].tolist() for stage in stages]


def confusion(model: Network, objective: Objective, data: PlaneData) -> NDArray[np.int64]:
    """How often a point of class i (row) was taken for class j (column).

    Returns:
        Shape (classes, classes); (0, 0) in regression.
    """
    counts = np.zeros((data.classes, data.classes), dtype=np.int64)
    if data.classes and len(data):
        with _in_use(model):
            said = objective.predicted(model(matrix(model.features, data.x))).numpy()
        np.add.at(counts, (data.y.astype(np.int64), said), 1)
    return counts


def gradient_norms(run: Run) -> list[float]:
    """The length of the gradient of the training loss in each layer, outputs last.

    Over all training points, weights and biases together, without penalty and dropout.
    """
    model, examples = run.model, run.examples
    before = model.training
    model.eval()
    loss = run.objective.value(model(examples.inputs), examples.targets)
    model.train(before)
    linears = model.linears()
    parameters = [parameter for linear in linears for parameter in (linear.weight, linear.bias)]
    gradients = torch.autograd.grad(loss, parameters)
    return [
        math.sqrt(float((weight**2).sum() + (bias**2).sum()))
        for weight, bias in zip(gradients[::2], gradients[1::2], strict=True)
    ]


@dataclass(frozen=True)
class Dead:
    """The ReLU units of a layer that say 0 about every training point: they learn no more.

    Attributes:
        layer: The hidden layer, from 0.
        units: The numbers of its dead units, from 0.
        of: How many units the layer has.
    """

    layer: int
    units: tuple[int, ...]
    of: int

    @property
    def share(self) -> float:
        """The share of the layer that is dead, 0 to 1."""
        return len(self.units) / self.of


def dead_units(run: Run) -> list[Dead]:
    """For every hidden layer with ReLU, which units are zero on all training points."""
    with _in_use(run.model):
        stages = run.model.stages(run.examples.inputs)
    found = []
    for index, layer in enumerate(run.model.hidden):
        if isinstance(layer, Layer) and isinstance(layer.activation, nn.ReLU):
            silent = (stages[index + 1] == 0).all(dim=0)
            units = tuple(torch.nonzero(silent)[:, 0].tolist())
            found.append(Dead(index, units, len(silent)))
    return found


def wilson(right: int, of: int, z: float = NORMAL_95) -> tuple[float, float]:
    """The range in which the true accuracy lies, by E. B. Wilson (1927).

    Unlike accuracy ± error it stays within 0 and 1 and is right for few points too.

    Args:
        right: How many answers were right.
        of: How many there were.
        z: 1.96 for 95 % certainty.

    Returns:
        Lower and upper end, 0 to 1; (0, 1) if there are no answers.
    """
    if not of:
        return 0.0, 1.0
    share, spread = right / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def accuracy(
    model: Network, objective: Objective, data: PlaneData
) -> tuple[float, tuple[float, float]]:
    """The share of right answers and its Wilson interval of 95 %; NaN if there are none."""
    counts = confusion(model, objective, data)
    right, of = int(np.trace(counts)), int(counts.sum())
    return (right / of if of else math.nan), wilson(right, of)
