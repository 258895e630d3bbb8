"""A call of torchvision, kept so that it can be both made and written down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import torch
from torchvision.transforms import v2  # type: ignore[import-untyped]


@dataclass(frozen=True)
class Call:
    """The constructor of a transform with its arguments.

    Attributes:
        name: The class in ``torchvision.transforms.v2``.
        positional: Arguments without a name: numbers, texts, tuples, enumeration members, or
            a list of further calls.
        named: Arguments with their names, in order.
    """

    name: str
    positional: tuple[Any, ...] = ()
    named: tuple[tuple[str, Any], ...] = ()

    def make(self) -> v2.Transform:
        """The transform itself."""
        named = {name: _made(value) for name, value in self.named}
        made: v2.Transform = getattr(v2, self.name)(*map(_made, self.positional), **named)
        return made

    def code(self) -> str:
        """The same as Python, where ``v2`` and ``torch`` are imported."""
        return f"v2.{self.name}({', '.join(self._arguments())})"

    def lines(self, indent: int, width: int) -> list[str]:
        """The same as lines of a list, the arguments below each other where they do not fit.

        Args:
            indent: Spaces in front.
            width: Characters that a line may have.
        """
        space = " " * indent
        line = f"{space}{self.code()},"
        if len(line) <= width:
            return [line]
        inner = [f"{space}    {argument}," for argument in self._arguments()]
        return [f"{space}v2.{self.name}(", *inner, f"{space}),"]

    def sometimes(self, probability: float) -> Call:
        """The same call, carried out with a probability and passed over otherwise."""
        return Call("RandomApply", ([self],), (("p", probability),))

    def with_p(self, probability: float) -> Call:
        """The same call with its own argument p."""
        return Call(self.name, self.positional, (*self.named, ("p", probability)))

    def _arguments(self) -> list[str]:
        plain = [_written(value) for value in self.positional]
        return plain + [f"{name}={_written(value)}" for name, value in self.named]


def call(name: str, *positional: Any, **named: Any) -> Call:
    """A call in the notation of a call; arguments that are None are left out."""
    kept = tuple((key, value) for key, value in named.items() if value is not None)
    return Call(name, tuple(map(_short, positional)), kept)


def _made(value: Any) -> Any:
    return [one.make() for one in value] if isinstance(value, list) else value


def _short(value: Any) -> Any:
    """15 for 15.0, as a person would write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(one.code() for one in value)}]"
    if isinstance(value, Enum):
        return f"v2.{type(value).__name__}.{value.name}"
    return str(value) if isinstance(value, torch.dtype) else repr(value)
