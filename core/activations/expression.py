"""An activation function that a learner types, such as ``max(0.1*x, x) + 0.2*sin(3*x)``.

The text is parsed and compared with a list of what is allowed; it is never executed. What is
allowed stands in `ALLOWED`, which is also the help text. ``^`` means the same as ``**``; −, ·,
×, ÷, ², ³, π, ≤ and ≥ are understood as well. Limits: 200 characters, 60 parts, nested 40 deep,
numbers up to a million, exponents that are numbers from −8 to 8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from core.activations import tree
from core.activations.operations import ALLOWED
from core.activations.reading import MAX_DEPTH, MAX_LENGTH, ExpressionError, cleaned
from core.activations.registry import slopes_of, values_of
from core.activations.syntax import MAX_EXPONENT, MAX_NODES, MAX_NUMBER, tree_of

__all__ = [
    "ALLOWED",
    "MAX_DEPTH",
    "MAX_EXPONENT",
    "MAX_LENGTH",
    "MAX_NODES",
    "MAX_NUMBER",
    "Expression",
    "ExpressionError",
    "ExpressionModule",
    "parse",
]

FloatArray = NDArray[np.float64]
_SAMPLES = 601


@dataclass(frozen=True)
class Expression:
    """A function of x that was typed and found to be in order; made by `parse`.

    Attributes:
        text: What was typed.
        root: What it means.
    """

    text: str
    root: tree.Node = field(repr=False, compare=False)

    def __call__(self, x: Tensor) -> Tensor:
        """The function of every element.

        Args:
            x: Any shape, any floating type.

        Returns:
            Of the same shape and type, differentiable. Where the mathematics has no answer,
            such as the log of a negative number, there is NaN or infinity.
        """
        return tree.evaluate(self.root, x)

    @property
    def torch_source(self) -> str:
        """The same as a Python expression in the tensor x; it needs ``import torch`` only."""
        return tree.source(self.root)

    def value(self, x: FloatArray) -> FloatArray:
        """f(x) for many x: float64 of the shape of x."""
        return values_of(self, x)

    def derivative(self, x: FloatArray) -> FloatArray:
        """f′(x) for many x by autograd: float64 of the shape of x.

        At kinks it is what PyTorch takes it for: ½ for max(0, x) at 0, but 0 for relu(x).
        Where there is no value there is no slope: autograd has 1/x for log(x) below 0, too.
        """
        return np.where(np.isnan(self.value(x)), np.nan, slopes_of(self, x))

    def module(self) -> ExpressionModule:
        """The function as a module for a network."""
        return ExpressionModule(self)

    def domain_note(self, x_range: tuple[float, float]) -> str | None:
        """Say where on a range the function has no finite value.

        Args:
            x_range: From where to where to look, at 601 places.

        Returns:
            A sentence, or None if there is a number everywhere.
        """
        x = np.linspace(x_range[0], x_range[1], _SAMPLES)
        missing = ~np.isfinite(self.value(x))
        if not missing.any():
            return None
        if missing.all():
            return "Nowhere on this range is the value a finite number: there is nothing to draw."
        return f"The value is no finite number {_stretches(x, missing)}: the curve has a gap there."


def _stretches(x: FloatArray, missing: NDArray[np.bool_]) -> str:
    """Where `missing` is true, in words; the first two stretches if there are many."""
    edges = np.flatnonzero(np.diff(np.r_[False, missing, False]))
    pairs = edges.reshape(-1, 2)
    words = []
    for first, after in pairs[:2]:
        low, high = _short(x[first]), _short(x[after - 1])
        words.append(f"at x = {low}" if low == high else f"from x = {low} to {high}")
    more = " and elsewhere" if len(pairs) > 2 else ""
    return " and ".join(words) + more if not more else ", ".join(words) + more


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−") if not math.isclose(value, 0, abs_tol=1e-9) else "0"


class ExpressionModule(nn.Module):
    """A typed function as a layer without weights.

    Args:
        expression: What `parse` gave.
    """

    def __init__(self, expression: Expression) -> None:
        super().__init__()
        self.expression = expression

    def forward(self, x: Tensor) -> Tensor:
        """Return the function of every element, of the shape of x."""
        return self.expression(x)

    def extra_repr(self) -> str:
        """What the printed network shows in its brackets."""
        return self.expression.text


def parse(text: str) -> Expression:
    """Read an expression in x.

    Args:
        text: Such as ``max(0.1*x, x) + 0.2*sin(3*x)``; what is allowed stands in `ALLOWED`.

    Returns:
        The function. One that x cannot reach by a slope, such as ``3`` or
        ``where(x > 0, 1, 0)``, has ``+ 0*x`` added, so that autograd gives it the slope 0.

    Raises:
        ExpressionError: With a sentence on what is wrong and the column where it is.
    """
    if not isinstance(text, str):
        raise ExpressionError("Type an expression in x, such as max(0.1*x, x).")
    root = tree_of(cleaned(text))
    if not root.follows_x:
        nothing = tree.Node("*", (tree.number(0.0), tree.Node("x")))
        root = tree.Node("+", (root, nothing))
    return Expression(text, root)
