"""The activation of a layer: from its name or its expression to a module."""

from __future__ import annotations

from torch import nn

from core.activations.expression import parse
from core.activations.registry import ACTIVATIONS, activation_named, module
from core.errors import InputError

TYPED = "="  # what an expression begins with, as in a spreadsheet
_PARTS = "Function("


def activation_names() -> list[str]:
    """The names that a layer may give as its activation."""
    return list(ACTIVATIONS)


def check_activation(text: str) -> None:
    """Refuse what is neither a known name nor an expression behind an equals sign.

    Raises:
        InputError: With a sentence that says what is wrong.
    """
    activation(text)


def activation(text: str) -> nn.Module:
    """The activation as a module that changes a tensor of any shape element by element.

    Parameters such as the slope of a leaky ReLU have their usual values; another slope can be
    typed, ``=max(0.2*x, x)``. The α of PReLU is learnt together with the weights.

    Args:
        text: A name, or an expression such as ``=max(0.1*x, x)``.

    Raises:
        InputError: An unknown name, or an expression that cannot be read.
    """
    if not isinstance(text, str):
        raise InputError("An activation is a name, or an expression such as =max(0.1*x, x).")
    if text.startswith(TYPED):
        return parse(text.removeprefix(TYPED)).module()
    return module(text)


def activation_code(text: str) -> str:
    """The activation as one expression of a script that has imported torch and nn.

    Where PyTorch has no module for it, it is ``Function(lambda x: …)``, and the script has to
    define `Function` (`needs_function`).
    """
    if text.startswith(TYPED):
        return f"{_PARTS}lambda x: {parse(text.removeprefix(TYPED)).torch_source})"
    source = activation_named(text).source_code({})
    return f"{_PARTS}{source})" if source.startswith("lambda") else source


def needs_function(text: str) -> bool:
    """Whether `activation_code` uses `Function`."""
    return activation_code(text).startswith(_PARTS)


def learnt_parameters(text: str) -> int:
    """How many numbers the activation learns for its layer: 1 for PReLU, else none."""
    return sum(parameter.numel() for parameter in activation(text).parameters())
