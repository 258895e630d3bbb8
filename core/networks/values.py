"""All that a network has learnt as one row of numbers, and back."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.errors import InputError


def values_of(model: nn.Module) -> NDArray[np.float32]:
    """Return all parameters and running statistics in one row, parameters first."""
    row = torch.cat([part.detach().flatten().float() for part in _parts(model)])
    return np.asarray(row.numpy())


@torch.no_grad()
def put_values(model: nn.Module, values: NDArray[np.float32]) -> None:
    """Give a network the parameters and running statistics of another one of its kind.

    Args:
        model: It is changed.
        values: What `values_of` gave for the other one.

    Raises:
        InputError: There are more or fewer of them than this network has, or one is not finite.
    """
    parts = _parts(model)
    wanted = sum(part.numel() for part in parts)
    if len(values) != wanted:
        raise InputError(f"This network has {wanted} numbers; these are {len(values)}.")
    if not np.isfinite(values).all():
        raise InputError("Weights are finite numbers; these are not.")
    start = 0
    for part in parts:
        piece = values[start : start + part.numel()]
        part.copy_(torch.tensor(piece).view_as(part))
        start += part.numel()


def _parts(model: nn.Module) -> list[Tensor]:
    return [*model.parameters(), *model.buffers()]
