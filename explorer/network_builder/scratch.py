"""The course's XOR network: its NumPy code and PyTorch, side by side, step by step."""

from __future__ import annotations

import inspect
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.networks import from_scratch
from core.networks.config import LayerConfig
from core.networks.from_scratch import ScratchStep, initial_weights, numpy_losses, torch_losses
from explorer.numbers import significant

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder

CODE = inspect.getsource(numpy_losses)
TOTAL = from_scratch.EPOCHS
TICK_S = 0.045
TOLD = (0, 2000, 4000, 6000, 8000, 10_000)
MOST_POINTS = 300
NOTE = (
    "The course's code shows the mean of the squared errors but follows the slope of half their "
    "sum, which for four points is twice as steep. The numbers here are what that code really "
    "prints."
)


class Scratch:
    """Two runs from the same weights in float64.

    Args:
        epoch: How far they are to go before they wait.
    """

    def __init__(self, epoch: int = 0) -> None:
        self.reset()
        self.goal = self.named = epoch
        self.running = epoch > 0

    @property
    def target(self) -> int:
        """The epoch for the address: this one, or that of a link while it is on its way there."""
        return max(self.epoch, self.named)

    def reset(self) -> None:
        """Start both anew, with the weights of ``np.random.seed(42)``."""
        random = np.random.RandomState(from_scratch.SEED)
        start = initial_weights(random)
        self._runs = numpy_losses(start), torch_losses(start)
        self.now: tuple[ScratchStep, ScratchStep] = (next(self._runs[0]), next(self._runs[1]))
        self.losses: list[tuple[float, float]] = [(self.now[0].loss, self.now[1].loss)]
        self.largest = 0.0
        self.goal, self.running, self.named = TOTAL, False, 0

    @property
    def epoch(self) -> int:
        """How many updates both have made."""
        return self.now[0].epoch

    def act(self, action: str, lesson: NetworkBuilder) -> None:
        """Carry out a gesture of the card."""
        if action == "play":
            if self.epoch >= TOTAL:
                self.reset()
            self.goal, self.running = TOTAL, True
        elif action == "pause":
            self.running, self.named = False, 0
        elif action == "reset":
            self.reset()
        elif action == "tick" and self.running:
            self.advance(TICK_S)
        elif action == "load":
            self._load(lesson)

    def advance(self, budget_s: float) -> None:
        """Go on for so many seconds, or to the goal."""
        until = perf_counter() + budget_s
        while self.epoch < self.goal and perf_counter() < until:
            self.now = next(self._runs[0]), next(self._runs[1])
            self.losses.append((self.now[0].loss, self.now[1].loss))
            self.largest = max(self.largest, abs(self.now[0].loss - self.now[1].loss))
        self.running = self.epoch < self.goal

    def _load(self, lesson: NetworkBuilder) -> None:
        """Put data, network and initial weights of the course on the stage."""
        lesson.use(replace(lesson.settings, data="xor_exact"))
        lesson.reconfigure(
            features=("x1", "x2"),
            layers=(LayerConfig(from_scratch.HIDDEN, "sigmoid"),),
            loss="mse",
            optimizer="sgd",
            learning_rate=2 * from_scratch.LEARNING_RATE,
            schedule="constant",
            l1=0.0,
            l2=0.0,
            batch_size=4,
        )
        lesson.side.rewind()
        start = initial_weights(np.random.RandomState(from_scratch.SEED))
        parts = [start.w1.T.ravel(), start.b1.ravel(), start.w2.T.ravel(), start.b2.ravel()]
        lesson.side.edit("use_values", np.concatenate(parts).astype(np.float32))
        lesson.notice = (
            "The course's network with its own first weights. The rate is 4 because PyTorch "
            "follows the mean itself: the losses come out the same."
        )

    def card(self, start: int) -> tuple[dict[str, Any], NDArray[np.float64]]:
        """Return the card and its numbers.

        Args:
            start: Where its numbers begin in the message.
        """
        chosen = np.unique(np.linspace(0, self.epoch, min(MOST_POINTS, self.epoch + 1)).astype(int))
        rows = np.array(self.losses)[chosen]
        count = len(chosen)
        card = {
            "kind": "scratch",
            "span": 12,
            "title": "From scratch: XOR in NumPy and in PyTorch",
            "running": self.running,
            "epoch": self.epoch,
            "total": TOTAL,
            "rows": [
                {"epoch": at, "course": None, "numpy": pair[0], "torch": pair[1]}
                for at in TOLD
                if at <= self.epoch
                for pair in [self.losses[at]]
            ],
            "predictions": [
                {"x": f"({int(x[0])}, {int(x[1])})", "target": int(y[0]), "numpy": a, "torch": b}
                for x, y, a, b in zip(
                    from_scratch.X,
                    from_scratch.Y,
                    self.now[0].predictions,
                    self.now[1].predictions,
                    strict=True,
                )
            ],
            "series": {
                "x": {"from": start, "count": count},
                "numpy": {"from": start + count, "count": count},
                "torch": {"from": start + 2 * count, "count": count},
            },
            "difference": significant(self.largest, 2),
            "code": CODE,
            "note": NOTE,
        }
        return card, np.concatenate([chosen.astype(float), rows[:, 0], rows[:, 1]])
