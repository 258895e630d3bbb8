"""The sum of neurons on the page: its numbers, and the path on which Adam moved them."""

import math
from collections.abc import Iterator
from itertools import groupby

import numpy as np
import torch

from core.activations.chain import LEFT, RIGHT, TARGETS, Chain, ChainStep, fit, start
from core.errors import InputError
from explorer.activations.curves import Curve
from explorer.activations.settings import MAX_STEPS, Settings

POINTS = 61
PLACES = np.linspace(LEFT, RIGHT, POINTS)


class Fit:
    """A run that can be advanced, rewound and continued.

    Args:
        curve: The function that every neuron uses.
        settings: Target, number of neurons and seed.
        weights: Numbers to start from; none draws them with the seed.
    """

    def __init__(self, curve: Curve, settings: Settings, weights: tuple[float, ...]) -> None:
        self.curve, self.target = curve, settings.target
        self.by_hand = bool(weights)
        generator = torch.Generator().manual_seed(settings.seed)
        self.chain = Chain.from_numbers(weights) if weights else start(settings.units, generator)
        self.start_over()

    @property
    def start(self) -> tuple[float, ...]:
        """The numbers from which the run starts."""
        return tuple(float(number) for number in self.chain.numbers())

    @property
    def current(self) -> ChainStep:
        """The state that is shown."""
        return self.steps[self.shown]

    def stuck(self, rate: float) -> bool:
        """Return whether a step from here with this rate led to a loss that is no number."""
        return self.stopped == rate and self.shown == len(self.steps) - 1

    def weights(self) -> tuple[float, ...]:
        """Return the numbers as they are now."""
        return tuple(float(number) for number in self.current.chain.numbers())

    def start_over(self) -> None:
        """Go back to the start and forget the steps."""
        self.rates: list[float] = []
        self.shown = 0
        self.stopped: float | None = None
        self._run = self._fresh()
        self.steps = [next(self._run, None) or self._undefined()]

    def _undefined(self) -> ChainStep:
        """Return a start whose loss is no number, such as that of log(x): it cannot be walked."""
        gradient = (math.nan,) * len(self.chain.numbers())
        return ChainStep(0, self.chain, math.nan, gradient)

    def _fresh(self) -> Iterator[ChainStep]:
        target = TARGETS[self.target](PLACES)
        run = fit(self.chain, self.curve.function, PLACES, target, lambda k: self.rates[k - 1])
        return iter(run)

    def advance(self, count: int, rate: float) -> None:
        """Take steps from the state that is shown; later ones are dropped."""
        if self.stuck(rate):
            return
        if self.shown < len(self.steps) - 1 or self.stopped is not None:
            self._drop_later()
        for _ in range(min(count, MAX_STEPS - self.shown)):
            self.rates.append(rate)
            step = next(self._run, None)
            if step is None:  # The loss is no number any more: stay at the last one that was.
                self.rates.pop()
                self.stopped = rate
                return
            self.steps.append(step)
            self.shown += 1

    def _drop_later(self) -> None:
        """Walk to the shown state again: Adam's memory cannot be rewound, only rebuilt."""
        self.stopped = None
        self.rates = self.rates[: self.shown]
        self._run = self._fresh()
        states = (next(self._run, None) for _ in range(self.shown + 1))
        self.steps = [state or self._undefined() for state in states]

    def rewind(self, index: int) -> None:
        """Show an earlier or later state of the run."""
        self.shown = max(0, min(index, len(self.steps) - 1))

    def replay(self, path: tuple[tuple[float, int], ...]) -> None:
        """Take the steps that an address names."""
        for rate, count in path:
            self.advance(count, rate)

    def segments(self) -> tuple[tuple[float, int], ...]:
        """Return the steps up to the shown one, as runs of equal learning rate."""
        rates = self.rates[: self.shown]
        return tuple((rate, len(list(same))) for rate, same in groupby(rates))

    def move(self, index: int, kink: float, v: float) -> None:
        """Put one neuron by hand: where it bends, and its share in the sum.

        Raises:
            InputError: There is no such neuron, or the numbers are too large.
        """
        chain = self.current.chain
        if not 0 <= index < chain.units or not max(abs(kink), abs(v)) < 1e3:
            raise InputError("That place is outside of the picture.")
        biases, out = np.array(chain.biases), np.array(chain.weights_out)
        biases[index], out[index] = -chain.weights_in[index] * kink, v
        self.chain = Chain(chain.weights_in, biases, out, chain.bias_out)
        self.by_hand = True
        self.start_over()
