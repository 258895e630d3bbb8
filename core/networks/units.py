"""The activation of a layer: from its name or its expression to a module."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from core.errors import InputError

_FALLBACK: dict[str, Callable[[], nn.Module]] = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "leaky_relu": nn.LeakyReLU,
}


def activation_names() -> list[str]:
    """The names that a layer may give as its activation."""
    return list(_FALLBACK)


def check_activation(text: str) -> None:
    """Refuse what is neither a known name nor an expression behind an equals sign.

    Raises:
        InputError: With a sentence that says what is wrong.
    """
    activation(text)


def activation(text: str) -> nn.Module:
    """The activation as a module that changes a tensor of any shape element by element.

    Args:
        text: A name, or an expression such as ``=max(0.1*x, x)``.

    Raises:
        InputError: An unknown name, or an expression that cannot be read.
    """
    if text not in _FALLBACK:
        names = ", ".join(activation_names())
        raise InputError(f"There is no activation {text!r}. There are: {names}.")
    return _FALLBACK[text]()
