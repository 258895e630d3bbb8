"""The head: softmax regression on the numbers that a backbone makes of pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from core.errors import InputError

WEIGHT_DECAY = 0.1  # measured, with 3 to 60 pictures a class: within a point of the best everywhere
STEPS = 100
_TOLERANCE = 1e-9  # by which the objective has to fall for another step
_SLOPE = 1e-7  # of the steepest direction, at which there is none
_HISTORY = 20  # steps that L-BFGS remembers


@dataclass(frozen=True, eq=False)
class Head:
    """One linear layer on standardised features; softmax makes probabilities of its scores.

    Attributes:
        mean: What is taken off each feature, float32 of shape (D,).
        std: What each feature is divided by afterwards, shape (D,).
        weight: Shape (K, D), for standardised features.
        bias: Shape (K,).
    """

    mean: Tensor
    std: Tensor
    weight: Tensor
    bias: Tensor

    def logits(self, features: Tensor) -> Tensor:
        """The scores (N, K) of features (N, D)."""
        return F.linear((features - self.mean) / self.std, self.weight, self.bias)

    def linear(self) -> tuple[Tensor, Tensor]:
        """Weight (K, D) and bias (K,) of the same layer for features as they come."""
        weight = self.weight / self.std
        return weight, self.bias - weight @ self.mean


@dataclass(frozen=True)
class HeadStep:
    """How well a head does on its way, after one step.

    Attributes:
        step: How many steps there have been; 0 is the head that knows nothing.
        training_loss: The mean cross-entropy of the pictures it learns from, in nats.
        training_accuracy: The share of them that is recognised, 0 to 1.
        validation_loss: Likewise for pictures that it does not see; NaN without any.
        validation_accuracy: Likewise.
    """

    step: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float


def fit_head(
    features: Tensor,
    targets: Tensor,
    classes: int,
    *,
    weight_decay: float = WEIGHT_DECAY,
    steps: int = STEPS,
) -> Head:
    """The best softmax regression on features of pictures.

    It minimises the mean cross-entropy plus λ/2 times the sum of the squared weights (Bishop
    2006, section 4.3.4), which has one lowest point only: chance plays no part. On standardised
    features it is scikit-learn's ``LogisticRegression(C=1 / (λ N))``; with two classes, where
    scikit-learn keeps one row of weights and not two that mirror each other, ``C=2 / (λ N)``.

    Args:
        features: float32 of shape (N, D).
        targets: The classes, int64 of shape (N,), from 0.
        classes: K, 2 or more.
        weight_decay: λ, 0 or more.
        steps: At most so many steps of L-BFGS.

    Raises:
        InputError: Features and targets that do not fit each other, one class only, or
            numbers that are not finite.
    """
    solver = _solver(features, targets, classes, weight_decay)
    return solver.head(solver.way(steps)[-1])


def fitting(
    features: Tensor,
    targets: Tensor,
    classes: int,
    *,
    weight_decay: float = WEIGHT_DECAY,
    steps: int = STEPS,
    validation: tuple[Tensor, Tensor] | None = None,
) -> Iterator[tuple[HeadStep, Head]]:
    """Fit a head step by step, for a curve to look at; the last head is that of `fit_head`.

    Args:
        features: float32 of shape (N, D).
        targets: The classes, int64 of shape (N,), from 0.
        classes: K, 2 or more.
        weight_decay: λ, 0 or more.
        steps: At most so many steps of L-BFGS.
        validation: Features and targets that are only watched.

    Yields:
        The head that knows nothing, then one after every step, and how well each does.

    Raises:
        InputError: As with `fit_head`.
    """
    solver = _solver(features, targets, classes, weight_decay)
    for step, place in enumerate(solver.way(steps)):
        head = solver.head(place)
        loss, accuracy = quality(head, features, targets)
        held = (math.nan, math.nan) if validation is None else quality(head, *validation)
        yield HeadStep(step, loss, accuracy, *held), head


def quality(head: Head, features: Tensor, targets: Tensor) -> tuple[float, float]:
    """Mean cross-entropy in nats and share of right answers, both NaN without pictures."""
    if not len(targets):
        return math.nan, math.nan
    logits = head.logits(features)
    right = (logits.argmax(1) == targets).double().mean()
    return float(F.cross_entropy(logits, targets)), float(right)


def check_features(features: Tensor, targets: Tensor, classes: int) -> None:
    """Make sure that a head can be fitted.

    Raises:
        InputError: With what is missing.
    """
    if features.ndim != 2 or targets.shape != features.shape[:1] or targets.dtype != torch.int64:
        raise InputError(
            f"{len(features)} rows of features need as many whole numbers as targets; "
            f"got {targets.dtype} of shape {tuple(targets.shape)}."
        )
    if classes < 2:
        raise InputError("One class cannot be told from nothing: add a second one with pictures.")
    counts = torch.bincount(targets, minlength=classes) if len(targets) else torch.zeros(classes)
    if len(counts) > classes:
        raise InputError(f"Targets are counted from 0 to {classes - 1}.")
    if not counts.all():
        raise InputError(f"Class {int((counts == 0).nonzero()[0]) + 1} has no picture. Add some.")
    if not features.isfinite().all():
        raise InputError("The backbone made something of these pictures that is not a number.")


class _Solver:
    """L-BFGS (Liu & Nocedal 1989) on the standardised features, in float64.

    With fewer pictures than features, the best weights are sums of pictures: they are sought in
    the N directions that the pictures span, which gives the same head in less time.
    """

    def __init__(
        self, features: Tensor, targets: Tensor, classes: int, weight_decay: float
    ) -> None:
        self.mean, std = features.mean(0), features.std(0, correction=0)
        self.std = torch.where(std > 1e-6 * std.max().clamp(min=1e-12), std, 1.0)
        rows = ((features - self.mean) / self.std).double()  # (N, D)
        self.basis: Tensor | None = None
        if rows.shape[0] < rows.shape[1]:
            self.basis, right = torch.linalg.qr(rows.T)  # (D, N), (N, N)
            rows = right.T
        self.rows: NDArray[np.float64] = rows.numpy()
        self.truth: NDArray[np.float64] = F.one_hot(targets, classes).double().numpy()  # (N, K)
        self.weight_decay = weight_decay

    def way(self, steps: int) -> list[NDArray[np.float64]]:
        """Where it begins and where each step leads: weights and biases as one row of numbers."""
        count, classes = self.rows.shape[1], self.truth.shape[1]
        places = [np.zeros(classes * (count + 1))]
        minimize(
            self.objective,
            places[0],
            jac=True,
            method="L-BFGS-B",
            callback=lambda place: places.append(place.copy()),
            options={"maxiter": steps, "maxcor": _HISTORY, "ftol": _TOLERANCE, "gtol": _SLOPE},
        )
        return places

    def objective(self, place: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Mean cross-entropy plus λ/2 ‖W‖², and its gradient (Bishop 2006, eq. 4.108, 4.109)."""
        weight, bias = self.parts(place)
        logits = self.rows @ weight.T + bias  # (N, K)
        logits -= logits.max(1, keepdims=True)
        logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        value = self.weight_decay / 2 * np.square(weight).sum() - (self.truth * logs).sum(1).mean()
        error = (np.exp(logs) - self.truth) / len(logs)
        slope = error.T @ self.rows + self.weight_decay * weight
        return float(value), np.concatenate([slope.ravel(), error.sum(0)])

    def parts(self, place: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Weights (K, N or D) and biases (K,)."""
        classes = self.truth.shape[1]
        return place[:-classes].reshape(classes, -1), place[-classes:]

    def head(self, place: NDArray[np.float64]) -> Head:
        """The head there."""
        weight, bias = map(torch.from_numpy, self.parts(place))
        if self.basis is not None:
            weight = weight @ self.basis.T
        return Head(self.mean, self.std, weight.float(), bias.float())


def _solver(features: Tensor, targets: Tensor, classes: int, weight_decay: float) -> _Solver:
    check_features(features, targets, classes)
    if not 0 <= weight_decay < math.inf:
        raise InputError("The weight decay of a head is a number of 0 or more.")
    return _Solver(features.detach().float(), targets, classes, weight_decay)
