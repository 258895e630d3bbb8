"""All activation functions by name, their values, derivatives and modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.activations.activation import Activation, Function, Parameter
from core.activations.bounded import BOUNDED
from core.activations.rectifiers import RECTIFIERS
from core.activations.softmax import softmax, softmax_jacobian
from core.errors import InputError

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Function",
    "Parameter",
    "derivative",
    "function_of",
    "module",
    "softmax",
    "softmax_jacobian",
    "value",
]

FloatArray = NDArray[np.float64]
Parameters = Mapping[str, float]
NONE: Parameters = MappingProxyType({})

_ORDER = (
    *("step", "identity", "sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "selu"),
    *("gelu", "silu", "mish", "softplus", "softsign", "hardtanh", "hardswish"),
)
_BY_NAME = {one.name: one for one in (*BOUNDED, *RECTIFIERS)}
ACTIVATIONS: dict[str, Activation] = {name: _BY_NAME[name] for name in _ORDER}


def activation_named(name: str) -> Activation:
    """The activation function of that name.

    Raises:
        InputError: There is none.
    """
    if name not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise InputError(f"There is no activation function {str(name)[:30]!r}. There are: {known}.")
    return ACTIVATIONS[name]


def function_of(activation: str | Function, parameters: Parameters = NONE) -> Function:
    """The function of one tensor, from its name or from anything that is one already.

    Args:
        activation: A key of `ACTIVATIONS`; or an `Expression`, a module or another function
            from a tensor to a tensor of the same shape, which comes back as it is.
        parameters: The parameters of a named function, by name; the others have their usual
            values.

    Raises:
        InputError: An unknown name or parameter, or a parameter out of its range.
    """
    if not isinstance(activation, str):
        return activation
    one = activation_named(activation)
    values = one.filled(parameters)
    return lambda x: one.function(x, **values)


def value(name: str, x: FloatArray, parameters: Parameters = NONE) -> FloatArray:
    """The values f(x) for many x.

    Args:
        name: A key of `ACTIVATIONS`.
        x: Places, any shape.
        parameters: By name; the others have their usual values.

    Returns:
        float64 of the shape of x.

    Raises:
        InputError: As for `function_of`.
    """
    return values_of(function_of(name, parameters), x)


def derivative(name: str, x: FloatArray, parameters: Parameters = NONE) -> FloatArray:
    """f′(x) for many x, by PyTorch's automatic differentiation.

    Where f has a kink or a jump, it is what PyTorch takes it for: ReLU has 0 at 0, and the
    step has 0 everywhere.

    Args:
        name: A key of `ACTIVATIONS`.
        x: Places, any shape.
        parameters: By name; the others have their usual values.

    Returns:
        float64 of the shape of x.

    Raises:
        InputError: As for `function_of`.
    """
    return slopes_of(function_of(name, parameters), x)


def values_of(f: Callable[[Tensor], Tensor], x: FloatArray) -> FloatArray:
    """The values f(x) as an array of float64 of the shape of x, for any function of tensors."""
    with torch.no_grad():
        return np.asarray(f(torch.tensor(np.asarray(x, dtype=np.float64))).numpy())


def slopes_of(f: Callable[[Tensor], Tensor], x: FloatArray) -> FloatArray:
    """f′(x) by autograd as an array of float64 of the shape of x.

    Each f(xᵢ) depends on its own xᵢ only, so the gradient of their sum holds all slopes.
    """
    places = torch.tensor(np.asarray(x, dtype=np.float64), requires_grad=True)
    y = f(places)
    if not y.requires_grad:  # a constant
        return np.zeros(places.shape)
    (slopes,) = torch.autograd.grad(y.sum(), places, allow_unused=True)
    return np.zeros(places.shape) if slopes is None else np.asarray(slopes.numpy())


def module(name: str, parameters: Parameters = NONE) -> nn.Module:
    """The activation as a module for a network. That of PReLU learns its α.

    Args:
        name: A key of `ACTIVATIONS`.
        parameters: By name; the others have their usual values.

    Raises:
        InputError: As for `function_of`.
    """
    one = activation_named(name)
    return one.layer(**one.filled(parameters))
