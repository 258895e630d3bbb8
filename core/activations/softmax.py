"""Softmax: an activation of a whole vector, from scores to shares that add up to 1."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.errors import InputError


def _scores(values: ArrayLike, temperature: float) -> Tensor:
    try:
        scores = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError("Every score must be a number.") from None
    if scores.ndim != 1 or not scores.size:
        raise InputError("Softmax needs one list of at least one number.")
    if not np.isfinite(scores).all():
        raise InputError("Every score must be a finite number.")
    if not (math.isfinite(temperature) and temperature > 0):
        raise InputError("The temperature must be a number above 0.")
    return torch.tensor(scores)


def softmax(values: ArrayLike, temperature: float = 1.0) -> NDArray[np.float64]:
    """Turn scores into shares: exp(vᵢ/T) over the sum of all exp(vⱼ/T).

    PyTorch subtracts the largest score first, which changes nothing in the result and keeps
    exp from overflowing: (1000, 0, 0) gives (1, 0, 0).

    Args:
        values: The scores, shape (N,), at least one.
        temperature: T above 0. Above 1 the shares become more even, below 1 more decided.

    Returns:
        Shape (N,), each from 0 to 1, with a sum of 1.

    Raises:
        InputError: Scores that are not one list of finite numbers, or a wrong temperature.
    """
    shares = _shares(_scores(values, temperature), temperature)
    return np.asarray(shares.numpy(), dtype=np.float64)


def softmax_jacobian(values: ArrayLike, temperature: float = 1.0) -> NDArray[np.float64]:
    """How each share answers to each score, from autograd.

    In closed form pᵢ(1 − pᵢ)/T on the diagonal and −pᵢpⱼ/T elsewhere: every row adds up to 0,
    because what one share gains the others lose.

    Args:
        values: The scores, shape (N,).
        temperature: T above 0.

    Returns:
        Shape (N, N): row i, column j is ∂pᵢ/∂vⱼ.

    Raises:
        InputError: As for `softmax`.
    """
    scores = _scores(values, temperature).requires_grad_()
    shares = _shares(scores, temperature)
    rows = [torch.autograd.grad(share, scores, retain_graph=True)[0] for share in shares]
    return np.asarray(torch.stack(rows).numpy(), dtype=np.float64)


def _shares(scores: Tensor, temperature: float) -> Tensor:
    """Subtract first, then divide: a tiny temperature may not overflow the largest score."""
    return torch.softmax((scores - scores.max().detach()) / temperature, dim=0)
