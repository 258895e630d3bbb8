"""Many learning rates at once: the same descent, one column for each rate."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from core.regression.losses import loss_named
from core.regression.points import Points


def descents(
    points: Points,
    loss_name: str,
    start: tuple[float, float],
    rates: Sequence[float],
    steps: int,
) -> NDArray[np.float64]:
    """Return the loss after every step of full-batch gradient descent, for many rates.

    Each rate has its own slope and intercept; the losses are added up before the backward
    pass, so that each gradient is that of its own run.

    Args:
        points: The points, N of them.
        loss_name: A key of `LOSSES`.
        start: Slope and intercept from which every run starts.
        rates: R learning rates; a negative one walks uphill.
        steps: How many updates, at least 0.

    Returns:
        Losses of shape (steps + 1, R); row 0 is the start. A run that has exploded holds
        infinity from there on.
    """
    loss_fn = getattr(torch.nn.functional, loss_named(loss_name).torch_name)
    x, y = torch.tensor(points.x), torch.tensor(points.y)
    line = torch.tensor([[start[0]] * len(rates), [start[1]] * len(rates)], dtype=torch.float64)
    line.requires_grad_()
    rate = torch.tensor(list(rates), dtype=torch.float64)
    rows = []
    for step in range(steps + 1):
        predictions = line[0, :, None] * x + line[1, :, None]  # (R, N)
        targets = y.expand_as(predictions)
        losses = loss_fn(predictions, targets, reduction="none").mean(dim=1)  # (R,)
        rows.append(losses.detach().numpy().copy())
        if step < steps:
            (gradient,) = torch.autograd.grad(losses.sum(), line)
            with torch.no_grad():
                line -= rate * gradient
    table = np.array(rows)
    return np.where(np.isfinite(table), table, np.inf)
