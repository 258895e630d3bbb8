"""The functions that are drawn, with the learner's own among them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.activations.expression import Expression, parse
from core.activations.registry import ACTIVATIONS, derivative, function_of, value
from core.activations.script import Drawn
from explorer.activations.rules import OWN
from explorer.activations.settings import RANGE, Settings

SAMPLES = 241
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """One function: its name, its parameters, and its values wherever they are asked for."""

    name: str
    parameters: tuple[tuple[str, float], ...] = ()
    expression: Expression | None = None

    @property
    def label(self) -> str:
        """What a person reads."""
        return "f(x)" if self.expression is not None else ACTIVATIONS[self.name].label

    @property
    def function(self) -> Callable[[Tensor], Tensor]:
        """The function of a tensor, differentiable."""
        if self.expression is not None:
            return self.expression
        return function_of(self.name, dict(self.parameters))

    def values(self, x: Floats) -> Floats:
        """Return f(x), float64 of the shape of x."""
        if self.expression is not None:
            return self.expression.value(x)
        return value(self.name, x, dict(self.parameters))

    def slopes(self, x: Floats) -> Floats:
        """Return f′(x) from autograd, float64 of the shape of x."""
        if self.expression is not None:
            return self.expression.derivative(x)
        return derivative(self.name, x, dict(self.parameters))

    @cached_property
    def sampled(self) -> tuple[Floats, Floats]:
        """F and f′ on the grid of the picture."""
        x = np.linspace(*RANGE, SAMPLES)
        return self.values(x), self.slopes(x)

    def at(self, x: float) -> tuple[float, float]:
        """Return f and f′ at one place."""
        place = np.array([x])
        return float(self.values(place)[0]), float(self.slopes(place)[0])

    @property
    def drawn(self) -> Drawn:
        """The function as the scripts take it."""
        return self.expression or (self.name, dict(self.parameters))


@lru_cache(maxsize=256)
def curve(name: str, parameters: tuple[tuple[str, float], ...], expression: str) -> Curve:
    """Return a function by name, or the learner's own; the same one for the same arguments."""
    if name == OWN:
        return Curve(OWN, (), parse(expression))
    return Curve(name, parameters)


def curves(settings: Settings) -> list[Curve]:
    """Return the functions that are chosen, in their order."""
    return [
        curve(
            name,
            tuple((p, v) for own, p, v in settings.parameters if own == name),
            settings.expression if name == OWN else "",
        )
        for name in settings.functions
    ]


def y_range(shown: list[Curve], show: str) -> tuple[float, float]:
    """Return the range of y that shows the chosen curves without their far ends."""
    rows = [row for one in shown for row in _rows(one, show)]
    values = np.concatenate([row[np.isfinite(row)] for row in rows]) if rows else np.zeros(1)
    values = values if values.size else np.zeros(1)
    low, high = max(-3.0, float(values.min())), min(4.0, float(values.max()))
    low, high = min(low, -0.5), max(high, 1.2)
    pad = 0.08 * (high - low)
    return round(low - pad, 2), round(high + pad, 2)


def _rows(one: Curve, show: str) -> list[Floats]:
    values, slopes = one.sampled
    return {"f": [values], "d": [slopes]}.get(show, [values, slopes])
