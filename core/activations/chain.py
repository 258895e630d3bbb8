"""A sum of neurons that learns a curve, and stacks of layers with and without activation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor

from core.activations.activation import Function
from core.activations.registry import function_of, values_of
from core.activations.summed import (
    MAX_UNITS,
    Chain,
    chain_parts,
    chain_value,
    forward,
    start,
    tensors,
)
from core.activations.targets import LEFT, RIGHT, TARGETS, FloatArray, Target
from core.errors import InputError

__all__ = [
    "LEFT",
    "MAX_UNITS",
    "RIGHT",
    "TARGETS",
    "Chain",
    "ChainStep",
    "Target",
    "chain_parts",
    "chain_value",
    "collapse",
    "fit",
    "stack_value",
    "start",
]

Rate = float | Callable[[int], float]
Layers = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class ChainStep:
    """Where the learning stands before an update.

    Attributes:
        index: How many updates led here; 0 is the start.
        chain: The numbers of the neurons.
        loss: The mean squared error over all points.
        gradient: ∂loss/∂number for the next update, in the order of `Chain.numbers`.
    """

    index: int
    chain: Chain
    loss: float
    gradient: tuple[float, ...]

    @property
    def gradient_norm(self) -> float:
        """How steep the loss is here: the length of the gradient, at least 0."""
        return math.hypot(*self.gradient)


def fit(
    chain: Chain, activation: str | Function, x: ArrayLike, y: ArrayLike, rate: Rate
) -> Iterator[ChainStep]:
    """Let Adam move the numbers of the neurons towards a curve, all points at a time.

    Nothing here is random: the same start gives the same run, to the last digit on a CPU.

    Args:
        chain: Where to start.
        activation: f, by name or as a function of a tensor.
        x: Inputs, shape (N,).
        y: What the sum should be there, shape (N,).
        rate: Adam's learning rate, at least 0; or a function that is asked before each update
            for the rate of update number 1, 2, …

    Yields:
        The state before each update, the start first; for ever, or until the loss is no
        finite number any more: that state is not yielded.

    Raises:
        InputError: Lists of different lengths or none, an unknown activation, a wrong rate.
    """
    inputs, targets = _points(x, y)
    f, numbers = function_of(activation), tensors(chain)
    optimizer = torch.optim.Adam([number.requires_grad_() for number in numbers])
    for index in count():
        prediction = forward(numbers, f, inputs)  # forward
        loss = F.mse_loss(prediction, targets)  # loss
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # backward
        if not math.isfinite(loss.item()) or not all(n.isfinite().all() for n in numbers):
            return
        yield ChainStep(index, _chain(numbers), loss.item(), _gradient(numbers))
        optimizer.param_groups[0]["lr"] = _checked(rate(index + 1) if callable(rate) else rate)
        optimizer.step()  # update


def _points(x: ArrayLike, y: ArrayLike) -> tuple[Tensor, Tensor]:
    inputs, targets = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    if inputs.ndim != 1 or inputs.shape != targets.shape or not inputs.size:
        raise InputError("The curve needs as many values as places, and at least one.")
    return torch.tensor(inputs), torch.tensor(targets)


def _checked(rate: float) -> float:
    if not (math.isfinite(rate) and rate >= 0):
        raise InputError("The learning rate must be a number from 0 upwards.")
    return rate


def _chain(numbers: Sequence[Tensor]) -> Chain:
    weights_in, biases, weights_out, bias_out = (number.detach().numpy() for number in numbers)
    return Chain(weights_in, biases, weights_out, float(bias_out))


def _gradient(numbers: Sequence[Tensor]) -> tuple[float, ...]:
    flat: list[float] = []
    for number in numbers:
        slope = torch.zeros_like(number) if number.grad is None else number.grad
        flat.extend(slope.reshape(-1).tolist())
    return tuple(flat)


def collapse(layers: Layers) -> tuple[float, float]:
    """The one line that a stack of linear layers amounts to.

    w₂(w₁x + b₁) + b₂ = (w₂w₁)x + (w₂b₁ + b₂): multiply the slopes, carry the intercepts on.

    Args:
        layers: (w, b) of each layer of one neuron, the first layer first.

    Returns:
        (w, b) of the line; (1, 0), which changes nothing, for no layers.
    """
    slope, intercept = 1.0, 0.0
    for w, b in layers:
        slope, intercept = w * slope, w * intercept + b
    return slope, intercept


def stack_value(layers: Layers, activation: str | Function | None, x: ArrayLike) -> FloatArray:
    """A stack of layers of one neuron each, with the activation between them.

    After the last layer there is none, as in a network that predicts a number. Without any,
    the stack is the line of `collapse`; with ReLU it has bends.

    Args:
        layers: (w, b) of each layer, the first layer first.
        activation: f, by name or as a function of a tensor; None for none.
        x: Inputs, shape (N,).

    Returns:
        Shape (N,).

    Raises:
        InputError: An unknown activation.
    """
    f = function_of("identity" if activation is None else activation)

    def stack(h: Tensor) -> Tensor:
        for index, (w, b) in enumerate(layers):
            h = w * (f(h) if index else h) + b
        return h

    return values_of(stack, np.asarray(x, dtype=np.float64))
