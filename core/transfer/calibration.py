"""Honest confidence: one temperature that makes probabilities mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from core.errors import InputError

BINS = 15
LOWEST, HIGHEST = 0.05, 20.0
_HALVINGS = 60


@dataclass(frozen=True)
class Bin:
    """Pictures with about the same confidence.

    Attributes:
        low: Where the bin begins, 0 to 1.
        high: Where it ends.
        count: How many pictures lie in it.
        confidence: Their mean confidence, 0 to 1; NaN without pictures.
        accuracy: The share of them that was recognised; NaN without pictures.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def temperature(logits: Tensor, targets: Tensor, *, careful: bool = True) -> float:
    """The temperature T for which softmax(logits / T) is most honest (Guo et al. 2017).

    It minimises the mean cross-entropy, which is convex in 1/T. The class that is chosen stays
    the same; only the confidence changes: T above 1 makes it smaller.

    Args:
        logits: What was said about pictures that were not learnt from, shape (n, K).
        targets: Their classes, int64 of shape (n,).
        careful: Do not believe few pictures: with n of them all right, nothing would stop the
            confidence from reaching 100 %. The right class counts (n + 1) / (n + K) and every
            other 1 / (n + K), as in Platt (1999); with many pictures that makes no difference.

    Returns:
        From 0.05 to 20; 1 without pictures.

    Raises:
        InputError: Logits and targets that do not fit each other.
    """
    if logits.ndim != 2 or targets.shape != logits.shape[:1]:
        raise InputError("A temperature needs one row of scores for each target.")
    count, classes = logits.shape
    if not count:
        return 1.0
    scores = logits.double()
    wanted = torch.full_like(scores, 1 / (count + classes) if careful else 0.0)
    wanted[torch.arange(count), targets] = (count + 1) / (count + classes) if careful else 1.0

    def slope(inverse: float) -> float:
        """The derivative of the mean cross-entropy by 1/T."""
        return float(((scores * inverse).softmax(1) - wanted).mul(scores).sum(1).mean())

    low, high = 1 / HIGHEST, 1 / LOWEST
    for _ in range(_HALVINGS):  # bisection: the slope rises with 1/T
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) <= 0 else (low, middle)
    return 2 / (low + high)


def calibrated(logits: Tensor, temperature: float) -> Tensor:
    """Probabilities (n, K) with a temperature."""
    return (logits / temperature).softmax(1)


def reliability(probabilities: Tensor, targets: Tensor, bins: int = BINS) -> list[Bin]:
    """How confidence and accuracy go together, for a reliability diagram.

    Args:
        probabilities: Shape (n, K).
        targets: The classes, shape (n,).
        bins: How many bins of the same width.
    """
    confidence, said = probabilities.max(1)
    right = (said == targets).double()
    place = (confidence * bins).ceil().long().clamp(1, bins) - 1  # (low, high]
    found = []
    for at in range(bins):
        mine = place == at
        count = int(mine.sum())
        means = [
            float(v[mine].double().mean()) if count else float("nan") for v in (confidence, right)
        ]
        found.append(Bin(at / bins, (at + 1) / bins, count, *means))
    return found


def calibration_error(probabilities: Tensor, targets: Tensor, bins: int = BINS) -> float:
    """The expected calibration error: the mean gap between confidence and accuracy.

    Each bin counts by its pictures (Naeini et al. 2015; Guo et al. 2017, equation 3). With few
    pictures it is large by chance alone.

    Returns:
        From 0 (honest) to 1; NaN without pictures.
    """
    if not len(targets):
        return float("nan")
    parts = [one for one in reliability(probabilities, targets, bins) if one.count]
    gaps = sum(one.count * abs(one.confidence - one.accuracy) for one in parts)
    return gaps / len(targets)
