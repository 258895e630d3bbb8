"""The curves that a sum of neurons is asked to learn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

LEFT, RIGHT = -3.0, 3.0


@dataclass(frozen=True)
class Target:
    """A curve to be learnt.

    Attributes:
        name: The key in `TARGETS`.
        label: What a person reads.
        function: The curve, best looked at from −3 to 3, with values from −2 to 2.
    """

    name: str
    label: str
    function: Callable[[FloatArray], FloatArray]

    def __call__(self, x: ArrayLike) -> FloatArray:
        """The curve at many x: float64 of the shape of x."""
        return np.asarray(self.function(np.asarray(x, dtype=np.float64)), dtype=np.float64)


TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Target("sine", "Sine", lambda x: np.sin(1.5 * x)),
        Target("bump", "Bump", lambda x: 1.5 * np.exp(-2 * x * x)),
        Target("steps", "Steps", lambda x: np.clip(np.floor(x), -2, 2) / 2),
        Target("abs", "Absolute value", lambda x: np.abs(x) - 1.5),
        Target("sawtooth", "Sawtooth", lambda x: np.mod(x, 2.0) - 1.0),
        Target("parabola", "Parabola", lambda x: x * x / 3 - 1.5),
    )
}
