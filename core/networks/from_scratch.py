"""The network of the course for XOR, once in NumPy and once in PyTorch.

Two inputs, four hidden units and one output, sigmoids throughout, mean squared error, all
four points in every step. Both start from the same weights and compute in float64, so that
their losses agree to more digits than the screen can show.

The course's code shows the mean of the squared errors, but follows the derivative of half
their sum, (ŷ − y)·ŷ·(1 − ŷ), as many texts do because the 2 of the derivative goes away. With
four points that is twice the gradient of the mean: its learning rate of 2 is one of 4 for the
loss that it shows. Here the same is done, so that the same numbers come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

X: FloatArray = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y: FloatArray = np.array([[0.0], [1.0], [1.0], [0.0]])
HIDDEN, LEARNING_RATE, EPOCHS, SEED = 4, 2.0, 10_000, 42


@dataclass(frozen=True)
class Weights:
    """All parameters of the network.

    Attributes:
        w1: From the inputs to the hidden units, shape (2, hidden).
        b1: The biases of the hidden units, shape (1, hidden).
        w2: From the hidden units to the output, shape (hidden, 1).
        b2: The bias of the output, shape (1, 1).
    """

    w1: FloatArray
    b1: FloatArray
    w2: FloatArray
    b2: FloatArray


@dataclass(frozen=True)
class ScratchStep:
    """The network before an update.

    Attributes:
        epoch: How many updates there have been.
        loss: The mean squared error over the four points.
        predictions: What the network says about (0,0), (0,1), (1,0), (1,1).
        weights: A copy of the weights that said so.
    """

    epoch: int
    loss: float
    predictions: tuple[float, ...]
    weights: Weights


def initial_weights(random: np.random.RandomState, hidden: int = HIDDEN) -> Weights:
    """Weights from a standard normal distribution, biases 0.

    Args:
        random: ``np.random.RandomState(42)`` gives the numbers of ``np.random.seed(42)``,
            without touching the generator that everybody shares.
        hidden: How many hidden units.
    """
    w1 = random.randn(2, hidden)
    return Weights(w1, np.zeros((1, hidden)), random.randn(hidden, 1), np.zeros((1, 1)))


def sigmoid(x: FloatArray) -> FloatArray:
    """Squeeze every number between 0 and 1; for large −x, exp overflows to the right 0."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-x)))


def numpy_losses(start: Weights, learning_rate: float = LEARNING_RATE) -> Iterator[ScratchStep]:
    """Train in NumPy, with every derivative written out, without end.

    Yields:
        The network before each update, so the first is the untrained one.
    """
    w1, b1, w2, b2 = (part.copy() for part in (start.w1, start.b1, start.w2, start.b2))
    epoch = 0
    while True:
        # Forward
        hidden = sigmoid(X @ w1 + b1)  # (4, hidden)
        output = sigmoid(hidden @ w2 + b2)  # (4, 1)
        loss = np.mean((Y - output) ** 2)
        kept = Weights(w1.copy(), b1.copy(), w2.copy(), b2.copy())
        yield ScratchStep(epoch, float(loss), tuple(output[:, 0].tolist()), kept)

        # Backward: the chain rule, from the loss to the inputs
        d_output = (output - Y) * output * (1 - output)  # of half the sum, (4, 1)
        d_hidden = d_output @ w2.T * hidden * (1 - hidden)  # (4, hidden)

        # Update: every parameter a little against its gradient
        w2 -= learning_rate * hidden.T @ d_output
        b2 -= learning_rate * d_output.sum(axis=0, keepdims=True)
        w1 -= learning_rate * X.T @ d_hidden
        b1 -= learning_rate * d_hidden.sum(axis=0, keepdims=True)
        epoch += 1


def torch_losses(start: Weights, learning_rate: float = LEARNING_RATE) -> Iterator[ScratchStep]:
    """The same training in PyTorch, which finds the derivatives by itself."""
    x, y = torch.tensor(X), torch.tensor(Y)
    w1, b1, w2, b2 = parameters = [
        torch.tensor(part, requires_grad=True) for part in (start.w1, start.b1, start.w2, start.b2)
    ]
    optimizer = torch.optim.SGD(parameters, lr=learning_rate, fused=True)
    epoch = 0
    while True:
        hidden = torch.sigmoid(x @ w1 + b1)
        output = torch.sigmoid(hidden @ w2 + b2)
        loss = torch.mean((y - output) ** 2)
        kept = Weights(*(part.detach().numpy().copy() for part in parameters))
        yield ScratchStep(epoch, loss.item(), tuple(output[:, 0].tolist()), kept)

        optimizer.zero_grad()
        (((y - output) ** 2).sum() / 2).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        epoch += 1
