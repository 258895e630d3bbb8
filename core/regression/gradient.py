"""Which way is uphill: the slope of the loss at one line."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from core.errors import InputError
from core.regression.losses import loss_named
from core.regression.points import Points


def gradient(
    points: Points,
    loss_name: str,
    m: float,
    b: float,
    indices: Sequence[int] | None = None,
) -> tuple[float, float]:
    """How fast the loss rises with the slope m and with the intercept b.

    A step of descent goes the other way: m − λ·∂loss/∂m, b − λ·∂loss/∂b.

    Args:
        points: The points.
        loss_name: A key of `LOSSES`.
        m: The slope of the line.
        b: The intercept of the line.
        indices: The points of the batch, from 0; None takes all.

    Returns:
        (∂loss/∂m, ∂loss/∂b), by automatic differentiation in float64.

    Raises:
        InputError: An empty batch or an unknown loss.
    """
    x, y = torch.tensor(points.x), torch.tensor(points.y)
    if indices is not None:
        if not len(indices):
            raise InputError("A batch needs at least one point.")
        batch = list(indices)
        x, y = x[batch], y[batch]
    slope = torch.tensor(m, dtype=torch.float64, requires_grad=True)
    intercept = torch.tensor(b, dtype=torch.float64, requires_grad=True)
    loss = loss_named(loss_name).value(slope * x + intercept, y)
    dm, db = torch.autograd.grad(loss, (slope, intercept))
    return float(dm), float(db)
