"""What a typed expression may contain, and what each part of it means in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import torch
import torch.nn.functional as F
from torch import Tensor

CONSTANTS = {"pi": torch.pi, "e": torch.e}
MOST_ARGUMENTS = 8


@dataclass(frozen=True)
class Operation:
    """A function that an expression may call.

    Attributes:
        usage: How it is written, for help and messages.
        least: The least number of arguments.
        most: The largest number of arguments.
        apply: What it does with its arguments as tensors.
        source: How PyTorch writes it, with the arguments in `{}`; where there are many, how
            two of them are joined.
    """

    usage: str
    least: int
    most: int
    apply: Callable[..., Tensor]
    source: str


def _single(name: str, apply: Callable[[Tensor], Tensor], source: str = "") -> Operation:
    return Operation(f"{name}(x)", 1, 1, apply, (source or f"torch.{name}") + "({})")


def _largest(*values: Tensor) -> Tensor:
    return reduce(torch.maximum, values)


def _smallest(*values: Tensor) -> Tensor:
    return reduce(torch.minimum, values)


FUNCTIONS: dict[str, Operation] = {
    "sin": _single("sin", torch.sin),
    "cos": _single("cos", torch.cos),
    "tan": _single("tan", torch.tan),
    "tanh": _single("tanh", torch.tanh),
    "sigmoid": _single("sigmoid", torch.sigmoid),
    "exp": _single("exp", torch.exp),
    "log": _single("log", torch.log),
    "sqrt": _single("sqrt", torch.sqrt),
    "abs": _single("abs", torch.abs),
    "sign": _single("sign", torch.sign),
    "floor": _single("floor", torch.floor),
    "relu": _single("relu", torch.relu),
    "gelu": _single("gelu", F.gelu, "torch.nn.functional.gelu"),
    "softplus": _single("softplus", F.softplus, "torch.nn.functional.softplus"),
    "max": Operation("max(a, b)", 2, MOST_ARGUMENTS, _largest, "torch.maximum({}, {})"),
    "min": Operation("min(a, b)", 2, MOST_ARGUMENTS, _smallest, "torch.minimum({}, {})"),
    "clip": Operation(
        "clip(x, low, high)",
        3,
        3,
        lambda x, low, high: torch.clamp(x, low, high),
        "torch.clamp({}, {}, {})",
    ),
    "where": Operation("where(x < 0, a, b)", 3, 3, torch.where, "torch.where({}, {}, {})"),
}

OPERATORS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
}
COMPARISONS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}

ALLOWED = (
    "Allowed are x, numbers, pi, e, + − * / ** (or ^) and brackets, the functions "
    + ", ".join(name for name in FUNCTIONS if name not in ("max", "min", "clip", "where"))
    + ", and max(a, b), min(a, b), clip(x, low, high) and where(x < 0, a, b) "
    "with < <= > or >=."
)
