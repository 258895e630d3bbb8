"""Loss, accuracy and speed of a run, read from the device a few times a second only."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import TypeVar

import torch
from torch import Tensor

T = TypeVar("T")
EVERY_S = 0.2


class Stopwatch:
    """Seconds in which the run was at work."""

    def __init__(self) -> None:
        self.total = 0.0
        self._since = time.perf_counter()

    def lap(self) -> float:
        """The seconds at work so far."""
        return self.total + time.perf_counter() - self._since

    def away(self, seconds: float) -> None:
        """Leave out some seconds that have passed."""
        self.total -= seconds


class Meter:
    """What the batches of one epoch amount to.

    The losses stay on the device until `read`, because reading a number waits for the device.
    The sums are exact (`math.fsum`), so that they do not depend on when `read` was called.

    Args:
        every_s: How many seconds lie between two readings at least.
    """

    def __init__(self, every_s: float = EVERY_S) -> None:
        self.watch = Stopwatch()
        self.right = self.seen = 0
        self._sums: list[float] = []
        self._waiting: list[tuple[Tensor, Tensor, Tensor]] = []
        self._every = every_s
        self._read_at = 0.0

    def add(self, loss: Tensor, scores: Tensor, labels: Tensor) -> None:
        """Note a batch: its mean loss, its scores (B, classes), its labels (B,)."""
        self._waiting.append((loss.detach(), scores.detach(), labels))

    @property
    def due(self) -> bool:
        """Whether it is time for `read`."""
        return self.watch.lap() - self._read_at >= self._every

    def read(self) -> tuple[float, float, float]:
        """Mean loss, accuracy and pictures a second since the last reading; waits for the device.

        Returns:
            NaN for all three if there was no batch.
        """
        if not self._waiting:
            return math.nan, math.nan, math.nan
        losses, scores, labels = zip(*self._waiting, strict=True)
        self._waiting = []
        counts = [len(answers) for answers in labels]
        values = torch.stack(losses).tolist()
        sums = [value * count for value, count in zip(values, counts, strict=True)]
        right = int((torch.cat(scores).argmax(1) == torch.cat(labels)).sum())
        seen = sum(counts)
        now = self.watch.lap()
        rate = seen / max(now - self._read_at, 1e-9)
        self._read_at = now
        self._sums += sums
        self.right += right
        self.seen += seen
        return _mean(sums, seen), right / seen, rate

    @property
    def loss(self) -> float:
        """The mean loss of all that was read, each picture counted once."""
        return _mean(self._sums, self.seen)

    @property
    def accuracy(self) -> float:
        """The share of right answers in all that was read, 0 to 1."""
        return self.right / self.seen if self.seen else math.nan

    def handing_out(self, event: T) -> Iterator[T]:
        """Yield an event; the time until the next one is asked for does not count."""
        left = time.perf_counter()
        yield event
        self.watch.away(time.perf_counter() - left)


def _mean(sums: list[float], seen: int) -> float:
    if not seen or not all(map(math.isfinite, sums)):
        return math.nan
    return math.fsum(sums) / seen
