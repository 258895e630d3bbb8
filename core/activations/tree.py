"""The tree of an expression: what it computes, and how PyTorch writes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import torch
from torch import Tensor

from core.activations.operations import COMPARISONS, FUNCTIONS, OPERATORS

_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
_ATOM = 5


@dataclass(frozen=True)
class Node:
    """One part of an expression.

    Attributes:
        kind: "number", "x", "neg", an operator, a comparison, or the name of a function.
        parts: What it is made of.
        value: The number, if it is one.
        name: How the number is written in PyTorch, if it has a name such as ``torch.pi``.
    """

    kind: str
    parts: tuple[Node, ...] = ()
    value: float = 0.0
    name: str = ""

    @property
    def constant(self) -> bool:
        """True if it is a number."""
        return self.kind == "number"

    @property
    def follows_x(self) -> bool:
        """True if a change of x can reach the result, so that autograd sees x in it."""
        if self.kind == "where":  # the condition decides, but it has no gradient
            return any(part.follows_x for part in self.parts[1:])
        return self.kind == "x" or any(part.follows_x for part in self.parts)


def number(value: float, name: str = "") -> Node:
    """A number as a node."""
    return Node("number", (), value, name)


def folded(node: Node) -> Node:
    """The number that a node of nothing but numbers amounts to, else the node itself."""
    if node.kind in COMPARISONS or not node.parts:
        return node
    if not all(part.constant for part in node.parts):
        return node
    values = [torch.tensor(part.value, dtype=torch.float64) for part in node.parts]
    return number(float(_applied(node.kind, values)))


def _applied(kind: str, values: list[Tensor]) -> Tensor:
    if kind == "neg":
        return -values[0]
    if kind in OPERATORS:
        return OPERATORS[kind](values[0], values[1])
    return FUNCTIONS[kind].apply(*values)


def evaluate(node: Node, x: Tensor) -> Tensor:
    """The node for every element of x: of its shape and type, with a gradient."""
    result = _evaluate(node, x)
    return result if isinstance(result, Tensor) else torch.full_like(x, result)


def _evaluate(node: Node, x: Tensor) -> Tensor | float:
    """Numbers stay plain numbers beside operators, as they do in `source`."""
    if node.constant:
        return node.value
    if node.kind == "x":
        return x
    if node.kind == "neg":
        return -_evaluate(node.parts[0], x)
    if node.kind in OPERATORS:
        left, right = (_evaluate(part, x) for part in node.parts)
        return OPERATORS[node.kind](left, right)  # type: ignore[arg-type]
    if node.kind in COMPARISONS:
        left, right = evaluate(node.parts[0], x), _evaluate(node.parts[1], x)
        return COMPARISONS[node.kind](left, right)  # type: ignore[arg-type]
    if node.kind == "clip":
        low, high = (part.value for part in node.parts[1:])
        return torch.clamp(evaluate(node.parts[0], x), low, high)
    return FUNCTIONS[node.kind].apply(*(evaluate(part, x) for part in node.parts))


def source(node: Node) -> str:
    """An expression in x, with nothing but ``torch`` needed, that computes the same."""
    return _as_tensor(node)


def _as_tensor(node: Node) -> str:
    return f"torch.full_like(x, {_written(node)})" if node.constant else _written(node)


def _written(node: Node) -> str:
    if node.constant:
        return node.name or _number(node.value)
    if node.kind == "x":
        return "x"
    if node.kind == "neg":
        return "-" + _bracketed(node.parts[0], _STRENGTH["neg"])
    if node.kind in OPERATORS:
        strength = _STRENGTH[node.kind]
        left_least = strength + (node.kind == "**")
        left = _bracketed(node.parts[0], left_least)
        return f"{left} {node.kind} {_bracketed(node.parts[1], strength + 1)}"
    if node.kind in COMPARISONS:
        return f"{_as_tensor(node.parts[0])} {node.kind} {_written(node.parts[1])}"
    return _call(node)


def _call(node: Node) -> str:
    template = FUNCTIONS[node.kind].source
    if node.kind == "clip":
        return template.format(_as_tensor(node.parts[0]), *map(_written, node.parts[1:]))
    written = [_as_tensor(part) for part in node.parts]
    if node.kind in ("max", "min"):
        return reduce(template.format, written)
    return template.format(*written)


def _bracketed(node: Node, least: int) -> str:
    """In brackets, if it binds less than what stands around it."""
    negative = node.constant and not node.name and str(node.value).startswith("-")
    strength = _STRENGTH["neg"] if negative else _STRENGTH.get(node.kind, _ATOM)
    return _written(node) if strength >= least else f"({_written(node)})"


def _number(value: float) -> str:
    """Python source of the number: 3 for a whole one, with all digits otherwise."""
    if value != value or value in (float("inf"), float("-inf")):
        return f'float("{value}")'
    whole = value == int(value) and abs(value) < 1e15 and str(value) != "-0.0"
    return str(int(value)) if whole else repr(value)
