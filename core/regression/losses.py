"""The losses: one number for how badly a line misses the points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch.nn.functional as F
from torch import Tensor, tensor

from core.errors import InputError
from core.regression.points import FloatArray, Points


@dataclass(frozen=True)
class Loss:
    """A way to turn misses into one number.

    Attributes:
        name: The key in `LOSSES` and in the address of the page.
        label: What a person reads.
        torch_name: The function of `torch.nn.functional` that computes it.
        value: (prediction (N,), y (N,)) to the mean loss, a scalar tensor.
        per_point: Residuals ŷ − y to what each point costs, same shape, at least 0.
        slope: Residuals ŷ − y to d cost / d ŷ of each point, same shape; 0 at a kink.
    """

    name: str
    label: str
    torch_name: str
    value: Callable[[Tensor, Tensor], Tensor]
    per_point: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]

    def mean(self, points: Points, m: float, b: float) -> float:
        """The loss of the line y = m·x + b over all points, at least 0."""
        prediction = m * tensor(points.x) + b
        return float(self.value(prediction, tensor(points.y)))


def _mse(prediction: Tensor, y: Tensor) -> Tensor:
    return F.mse_loss(prediction, y)


def _mae(prediction: Tensor, y: Tensor) -> Tensor:
    return F.l1_loss(prediction, y)


def _huber(prediction: Tensor, y: Tensor) -> Tensor:
    return F.huber_loss(prediction, y)  # delta = 1


def _square(residual: FloatArray) -> FloatArray:
    return residual * residual


def _twice(residual: FloatArray) -> FloatArray:
    return 2.0 * residual


def _absolute(residual: FloatArray) -> FloatArray:
    return np.abs(residual)


def _sign(residual: FloatArray) -> FloatArray:
    return np.sign(residual)


def _huber_cost(residual: FloatArray) -> FloatArray:
    """½r² up to |r| = 1, |r| − ½ beyond (Huber 1964, https://doi.org/10.1214/aoms/1177703732)."""
    size = np.abs(residual)
    inner = np.minimum(size, 1.0)
    return inner * (size - 0.5 * inner)


def _clip(residual: FloatArray) -> FloatArray:
    return np.clip(residual, -1.0, 1.0)


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss("mse", "MSE", "mse_loss", _mse, _square, _twice),
        Loss("mae", "MAE", "l1_loss", _mae, _absolute, _sign),
        Loss("huber", "Huber", "huber_loss", _huber, _huber_cost, _clip),
    )
}


def loss_named(name: str) -> Loss:
    """The loss with this key.

    Raises:
        InputError: There is no such loss.
    """
    if name not in LOSSES:
        raise InputError(f"There is no loss called “{name}”. Choose {', '.join(LOSSES)}.")
    return LOSSES[name]
