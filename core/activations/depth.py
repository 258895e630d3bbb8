"""What happens to signals and gradients on their way through many layers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from core.activations.activation import Function
from core.activations.registry import function_of, slopes_of, values_of
from core.errors import InputError

MAX_DEPTH, MAX_WIDTH, MAX_GAIN = 50, 256, 10.0
EXAMPLES = 128


def _normal(width: int, generator: Generator) -> Tensor:
    return torch.randn(width, width, generator=generator, dtype=torch.float64)


def _xavier(width: int, generator: Generator) -> Tensor:
    even = torch.rand(width, width, generator=generator, dtype=torch.float64)
    return (2 * even - 1) * math.sqrt(6 / (width + width))


# How the weights of a layer with as many inputs as outputs, n, are drawn at gain 1.
INITS: dict[str, Callable[[int, Generator], Tensor]] = {
    # Glorot & Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html: even in ±√(6/2n)
    "xavier": _xavier,
    # He et al. 2015, https://arxiv.org/abs/1502.01852: normal with variance 2/n
    "he": lambda width, generator: _normal(width, generator) * math.sqrt(2 / width),
    # LeCun et al. 1998, https://doi.org/10.1007/3-540-49430-8_2: normal with variance 1/n
    "lecun": lambda width, generator: _normal(width, generator) / math.sqrt(width),
    # The same by its plain name, for playing with the gain
    "normal": lambda width, generator: _normal(width, generator) / math.sqrt(width),
}


@dataclass(frozen=True)
class DepthProfile:
    """One forward and one backward pass through a network that has learnt nothing yet.

    Every attribute has one number for each layer, the first layer first.

    Attributes:
        mean_abs: The mean of |a| over units and examples, at least 0.
        std: The standard deviation of a over units and examples.
        gradient_norm: The length of ∂loss/∂a of an example (root mean square over the
            examples). It is 1 at the last layer; towards the first it vanishes or explodes.
        dead: The share of units that are exactly 0 for every example, 0 to 1.
        mean_slope: The mean of |f′(z)| over units and examples.
        slope_product: The product of `mean_slope` from the first layer up to this one.
    """

    mean_abs: tuple[float, ...]
    std: tuple[float, ...]
    gradient_norm: tuple[float, ...]
    dead: tuple[float, ...]
    mean_slope: tuple[float, ...]
    slope_product: tuple[float, ...]


def start_weights(
    depth: int, width: int, init: str, gain: float, generator: Generator
) -> list[Tensor]:
    """Draw the weights of all layers.

    Args:
        depth: How many layers, 1 to 50.
        width: How many units a layer has, 1 to 256.
        init: A key of `INITS`.
        gain: What all weights are multiplied by, above 0 up to 10.
        generator: Where the chance comes from.

    Returns:
        `depth` matrices of shape (width, width), in float64.

    Raises:
        InputError: A setting outside of its range.
    """
    check_depth(depth, width, init, gain)
    return [gain * INITS[init](width, generator) for _ in range(depth)]


def check_depth(depth: int, width: int, init: str, gain: float) -> None:
    """Refuse what no network is made of.

    Raises:
        InputError: A setting outside of its range, as `start_weights` lists them.
    """
    if not 1 <= depth <= MAX_DEPTH:
        raise InputError(f"Choose from 1 to {MAX_DEPTH} layers.")
    if not 1 <= width <= MAX_WIDTH:
        raise InputError(f"Choose from 1 to {MAX_WIDTH} units in a layer.")
    if init not in INITS:
        raise InputError(f"There is no start {str(init)[:30]!r}. There are: {', '.join(INITS)}.")
    if not 0 < gain <= MAX_GAIN:
        raise InputError(f"Choose a gain above 0 and up to {MAX_GAIN:g}.")


def depth_profile(
    activation: str | Function,
    depth: int,
    width: int,
    init: str,
    gain: float,
    generator: Generator,
) -> DepthProfile:
    """Send 128 random examples through a fresh network, and the gradient back.

    z = W·a and a = f(z) in every layer, without biases; the inputs are N(0, 1). The loss is
    the simplest that there is: a weighted sum of the last layer with random weights of length
    1. So the gradient begins with length 1, and what arrives is what the layers made of it.

    Args:
        activation: f, by name or as a function of a tensor.
        depth: How many layers, 1 to 50.
        width: How many units a layer has, 1 to 256.
        init: A key of `INITS`.
        gain: What all weights are multiplied by, above 0 up to 10.
        generator: Where the chance comes from: the weights first, then inputs, then the loss.

    Raises:
        InputError: A setting outside of its range, or an unknown activation.
    """
    f = function_of(activation)
    weights = start_weights(depth, width, init, gain, generator)
    inputs = torch.randn(EXAMPLES, width, generator=generator, dtype=torch.float64)
    direction = torch.randn(width, generator=generator, dtype=torch.float64)
    before, after = _forward(weights, f, inputs)
    loss = (after[-1] @ (direction / direction.norm())).sum()
    gradients = torch.autograd.grad(loss, after, allow_unused=True)
    signals = [a.detach() for a in after]
    slopes = [float(np.abs(slopes_of(f, z.detach().numpy())).mean()) for z in before]
    return DepthProfile(
        mean_abs=tuple(float(a.abs().mean()) for a in signals),
        std=tuple(float(a.std(correction=0)) for a in signals),
        gradient_norm=tuple(_norm(gradient) for gradient in gradients),
        dead=tuple(float((a == 0).all(dim=0).double().mean()) for a in signals),
        mean_slope=tuple(slopes),
        slope_product=tuple(np.cumprod(slopes).tolist()),
    )


def _forward(
    weights: Sequence[Tensor], f: Function, inputs: Tensor
) -> tuple[list[Tensor], list[Tensor]]:
    """What each layer has before and after its activation, each (examples, width)."""
    before: list[Tensor] = []
    after: list[Tensor] = []
    a = inputs.requires_grad_()
    for matrix in weights:
        z = a @ matrix.T
        a = f(z)
        if not a.requires_grad:  # a constant: no gradient passes, but one arrives
            a = a.requires_grad_()
        before.append(z)
        after.append(a)
    return before, after


def _norm(gradient: Tensor | None) -> float:
    if gradient is None:
        return 0.0
    return float(gradient.square().sum(dim=1).mean().sqrt())


def derivative_product(
    activation: str | Function, x0: float, weights: Sequence[float]
) -> list[float]:
    """The chain rule through layers of one neuron each, xₗ = f(wₗ · xₗ₋₁).

    Args:
        activation: f, by name or as a function of a tensor.
        x0: The input.
        weights: One weight for each layer, L of them.

    Returns:
        ∂xₗ/∂x₀ for l = 1 … L: each is the one before times wₗ · f′(wₗ · xₗ₋₁).

    Raises:
        InputError: An unknown activation.
    """
    f, x, product = function_of(activation), float(x0), 1.0
    products = []
    for w in weights:
        z = np.array([w * x])
        product *= w * float(slopes_of(f, z)[0])
        x = float(values_of(f, z)[0])
        products.append(product)
    return products
