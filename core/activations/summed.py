"""A sum of neurons with one input each: its numbers and its value."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Generator, Tensor

from core.activations.activation import Function
from core.activations.registry import function_of, values_of
from core.activations.targets import LEFT, RIGHT, FloatArray
from core.errors import InputError

MAX_UNITS = 64


@dataclass(frozen=True, eq=False)
class Chain:
    """A sum of K neurons with one input each: y = Σₖ outₖ · f(inₖ · x + biasₖ) + bias_out.

    Attributes:
        weights_in: What each neuron multiplies x by, shape (K,), read-only.
        biases: What each neuron adds, shape (K,), read-only.
        weights_out: The share of each neuron in the sum, shape (K,), read-only.
        bias_out: What is added to the sum.

    Raises:
        InputError: No neuron, more than 64, lists of different lengths, or numbers that are
            not finite.
    """

    weights_in: FloatArray
    biases: FloatArray
    weights_out: FloatArray
    bias_out: float

    def __post_init__(self) -> None:
        for name in ("weights_in", "biases", "weights_out"):
            column = np.array(getattr(self, name), dtype=np.float64)
            if column.ndim != 1 or not 1 <= len(column) <= MAX_UNITS:
                raise InputError(f"Choose from 1 to {MAX_UNITS} neurons.")
            column.setflags(write=False)
            object.__setattr__(self, name, column)
        object.__setattr__(self, "bias_out", float(self.bias_out))
        if not len(self.weights_in) == len(self.biases) == len(self.weights_out):
            raise InputError("Every neuron needs a weight, a bias and a weight of its output.")
        if not np.isfinite(self.numbers()).all():
            raise InputError("Every weight and bias must be a finite number.")

    @property
    def units(self) -> int:
        """How many neurons there are, K."""
        return len(self.biases)

    def numbers(self) -> FloatArray:
        """All 3K + 1 numbers: weights in, biases, weights out, and the bias of the sum."""
        parts = (self.weights_in, self.biases, self.weights_out, np.array([self.bias_out]))
        return np.concatenate(parts)

    @classmethod
    def from_numbers(cls, numbers: ArrayLike) -> Chain:
        """The chain whose `numbers` these are.

        Raises:
            InputError: As for the class, or not 3K + 1 numbers.
        """
        flat = np.asarray(numbers, dtype=np.float64).ravel()
        if len(flat) % 3 != 1:
            raise InputError("It takes three numbers for each neuron and one more.")
        first, second, third = np.split(flat[:-1], 3)
        return cls(first, second, third, float(flat[-1]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chain) and self.numbers().tolist() == other.numbers().tolist()

    def __hash__(self) -> int:
        return hash(tuple(self.numbers().tolist()))


def start(units: int, generator: Generator) -> Chain:
    """A chain with random numbers to learn from.

    Weights in are ±1 to ±2, and each neuron has its bend (inₖ·x + biasₖ = 0) somewhere from
    −3 to 3, so that every neuron has something to do; weights out are small.

    Args:
        units: How many neurons, 1 to 64.
        generator: Where the chance comes from; the same state gives the same chain.

    Raises:
        InputError: A number of neurons out of its range.
    """
    if not 1 <= units <= MAX_UNITS:
        raise InputError(f"Choose from 1 to {MAX_UNITS} neurons.")
    size, sign, bend, out = torch.rand(4, units, generator=generator, dtype=torch.float64)
    weights_in = (1 + size) * torch.where(sign < 0.5, -1.0, 1.0)
    biases = -weights_in * (LEFT + (RIGHT - LEFT) * bend)
    weights_out = (2 * out - 1) / math.sqrt(units)
    return Chain(weights_in.numpy(), biases.numpy(), weights_out.numpy(), 0.0)


def chain_parts(chain: Chain, activation: str | Function, x: ArrayLike) -> FloatArray:
    """What each neuron adds to the sum: outₖ · f(inₖ · x + biasₖ).

    Args:
        chain: The neurons, K of them.
        activation: f, by name or as a function of a tensor.
        x: Inputs, shape (N,).

    Returns:
        Shape (K, N). Its sum over the neurons, plus `bias_out`, is `chain_value`.

    Raises:
        InputError: An unknown activation.
    """
    inputs = np.asarray(x, dtype=np.float64)
    z = chain.weights_in[:, None] * inputs + chain.biases[:, None]  # (K, N)
    return np.asarray(chain.weights_out[:, None] * values_of(function_of(activation), z))


def chain_value(chain: Chain, activation: str | Function, x: ArrayLike) -> FloatArray:
    """The sum of the neurons: Σₖ outₖ · f(inₖ · x + biasₖ) + bias_out.

    Args:
        chain: The neurons.
        activation: f, by name or as a function of a tensor.
        x: Inputs, shape (N,).

    Returns:
        Shape (N,).

    Raises:
        InputError: An unknown activation.
    """
    f = function_of(activation)
    return values_of(lambda inputs: forward(tensors(chain), f, inputs), np.asarray(x, np.float64))


def tensors(chain: Chain) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Weights in, biases, weights out (K,) and the bias of the sum () as fresh tensors."""
    columns = (chain.weights_in, chain.biases, chain.weights_out)
    first, second, third = (torch.tensor(column) for column in columns)
    return first, second, third, torch.tensor(chain.bias_out, dtype=torch.float64)


def forward(numbers: tuple[Tensor, Tensor, Tensor, Tensor], f: Function, x: Tensor) -> Tensor:
    """Go from inputs (N,) to sums (N,)."""
    weights_in, biases, weights_out, bias_out = numbers
    return f(x[:, None] * weights_in + biases) @ weights_out + bias_out
