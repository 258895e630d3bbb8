"""What is known about one activation function."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from core.errors import InputError

Function = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Parameter:
    """A number that shapes a function, for a slider.

    Attributes:
        name: How code and addresses call it, such as ``alpha``.
        symbol: How formulas write it, such as α.
        default: The value that PyTorch takes if none is given.
        minimum: The least value of the slider.
        maximum: The largest value of the slider.
    """

    name: str
    symbol: str
    default: float
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Activation:
    """One activation function and what a person may want to know about it.

    In formulas, ``*x*`` stands for an italic letter.

    Attributes:
        name: The key in `ACTIVATIONS` and in addresses.
        label: What a person reads.
        formula: f(x).
        derivative_formula: f′(x); where f has a kink, as PyTorch has it.
        range: All values that f takes, as an interval; a round bracket excludes the end.
        use: One sentence on where it is used.
        source: Author and year of the paper.
        link: Where to read it.
        torch_source: How PyTorch writes it, with the parameters as format fields. All are
            modules but the step, which PyTorch lacks: there it is a lambda.
        function: f itself, of a tensor of any shape and floating type, and the parameters.
        layer: Makes the module for a network from the parameters.
        parameters: The numbers that shape it.
    """

    name: str
    label: str
    formula: str
    derivative_formula: str
    range: str
    use: str
    source: str
    link: str
    torch_source: str
    function: Callable[..., Tensor]
    layer: Callable[..., nn.Module]
    parameters: tuple[Parameter, ...] = ()

    def filled(self, given: Mapping[str, float]) -> dict[str, float]:
        """All parameters: those given, and the usual values of the others.

        Raises:
            InputError: A parameter that this function does not have, or one out of its range.
        """
        values = {one.name: one.default for one in self.parameters}
        for name in given:
            if name not in values:
                raise InputError(f"{self.label} has no parameter {str(name)[:30]!r}.")
        for one in self.parameters:
            value = float(given.get(one.name, one.default))
            if not (math.isfinite(value) and one.minimum <= value <= one.maximum):
                limits = f"{one.minimum:g} to {one.maximum:g}".replace("-", "−")
                raise InputError(f"Choose {one.symbol} of {self.label} from {limits}.")
            values[one.name] = value
        return values

    def source_code(self, parameters: Mapping[str, float]) -> str:
        """`torch_source` with the numbers in it.

        Raises:
            InputError: As for `filled`.
        """
        return self.torch_source.format(**self.filled(parameters))
