"""Softmax: an activation of a whole vector, from scores to shares that add up to 1."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.errors import InputError


@dataclass(frozen=True)
class VectorActivation:
    """What a person may want to know about an activation of a whole vector.

    Attributes:
        label: What a person reads.
        range: All values that one element takes.
        use: Sentences on where it is used, with a little markup.
        source: Author and year of the paper.
        link: Where to read it.
        torch_source: How PyTorch writes it.
    """

    label: str
    range: str
    use: str
    source: str
    link: str
    torch_source: str


SOFTMAX = VectorActivation(
    "Softmax",
    "(0, 1), with a sum of 1",
    "The last step of a classifier, and the weights of attention. For training, "
    "`F.cross_entropy` takes the scores (logits) themselves: it has log-softmax inside, which "
    "neither overflows nor takes the log of 0. A softmax before it would be applied twice.",
    "Bridle 1990",
    "https://doi.org/10.1007/978-3-642-76153-9_28",
    "nn.Softmax(dim=1)",
)


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


def softmax_as_written(values: ArrayLike, temperature: float = 1.0) -> NDArray[np.float32]:
    """The textbook formula in float32, without subtracting the largest score first.

    exp overflows above 88.7: (100, 0, 0) gives infinity over infinity, which is not a number.
    It is here to be compared with `softmax`, which computes the same shares and never overflows.

    Args:
        values: The scores, shape (N,).
        temperature: T above 0.

    Returns:
        Shape (N,), float32 as in a network; NaN where exp has overflowed.

    Raises:
        InputError: As for `softmax`.
    """
    powers = torch.exp(_scores(values, temperature).to(torch.float32) / temperature)
    return np.asarray((powers / powers.sum()).numpy(), dtype=np.float32)


def cross_entropy(values: ArrayLike, target: int, temperature: float = 1.0) -> float:
    """−log of the probability of the true class, from the scores as `F.cross_entropy` has it.

    Args:
        values: The scores, shape (N,).
        target: The true class, from 0 to N − 1.
        temperature: T above 0.

    Returns:
        At least 0. It is finite even where the probability is too small for a float.

    Raises:
        InputError: As for `softmax`, or no such class.
    """
    scores = _scores(values, temperature)
    if not 0 <= target < len(scores):
        raise InputError(f"The true class is a number from 0 to {len(scores) - 1}.")
    shifted = (scores - scores.max()) / temperature
    return float(F.cross_entropy(shifted, torch.tensor(target)))


def _shares(scores: Tensor, temperature: float) -> Tensor:
    """Subtract first, then divide: a tiny temperature may not overflow the largest score."""
    return torch.softmax((scores - scores.max().detach()) / temperature, dim=0)
