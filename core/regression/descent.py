"""Gradient descent on the slope and the intercept, one update at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, groupby, islice

import torch

from core.errors import InputError
from core.regression.batches import BatchSchedule
from core.regression.gradient import gradient
from core.regression.losses import loss_named
from core.regression.points import Points

MAX_STEPS = 2000
LIMIT = 1e12


@dataclass(frozen=True)
class Step:
    """Where the dot stands after an update.

    Attributes:
        index: How many updates led here; 0 is the start.
        m: The slope of the line.
        b: The intercept of the line.
        loss: The loss over all points, whatever the batch was.
        learning_rate: The rate of the update that led here; NaN at the start.
    """

    index: int
    m: float
    b: float
    loss: float
    learning_rate: float


def descend(
    points: Points,
    loss_name: str,
    start: tuple[float, float],
    learning_rate: float,
    schedule: BatchSchedule,
    first_step: int = 0,
) -> Iterator[Step]:
    """Walk downhill from `start`, for ever, or until the numbers have exploded.

    The arithmetic is that of `torch.optim.SGD` in float64, to the last digit.

    Args:
        points: The points.
        loss_name: A key of `LOSSES`.
        start: The slope m and the intercept b to start from.
        learning_rate: λ, how far an update goes along the gradient, at least 0.
        schedule: Which points each update looks at.
        first_step: How many updates came before, so that the schedule goes on.

    Yields:
        The state after each update. After one that has diverged there is no other.

    Raises:
        InputError: An unknown loss, or a rate that is negative or not finite.
    """
    if not (math.isfinite(learning_rate) and learning_rate >= 0):
        raise InputError("The learning rate must be a number from 0 upwards.")
    loss_of, limit = loss_named(loss_name).value, loss_limit(points, loss_name)
    x, y = torch.tensor(points.x), torch.tensor(points.y)
    m = torch.tensor(start[0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(start[1], dtype=torch.float64, requires_grad=True)
    some_x, some_y = x, y  # A full batch deals all points in order.
    for index in count(first_step):
        if not schedule.full:
            batch = list(schedule.batch(index))
            some_x, some_y = x[batch], y[batch]
        prediction = m * some_x + b  # forward
        loss = loss_of(prediction, some_y)  # loss
        dm, db = torch.autograd.grad(loss, (m, b))  # backward
        with torch.no_grad():
            m.add_(dm, alpha=-learning_rate)  # update: m ← m − λ·∂loss/∂m
            b.add_(db, alpha=-learning_rate)  # update: b ← b − λ·∂loss/∂b
            total = loss_of(m * x + b, y)
        step = Step(index + 1, m.item(), b.item(), total.item(), learning_rate)
        yield step
        if exploded(step, limit):
            return


def loss_limit(points: Points, loss_name: str) -> float:
    """The loss beyond which a run counts as diverged.

    10¹² for data of everyday size; in proportion to the loss of the line y = 0 where
    that is above 1, so that large data do not count as diverged at the start.
    """
    return LIMIT * max(1.0, loss_named(loss_name).mean(points, 0.0, 0.0))


def exploded(step: Step, limit: float) -> bool:
    """True if a number of the step is not finite or beyond its limit."""
    return not (abs(step.m) <= LIMIT and abs(step.b) <= LIMIT and step.loss <= limit)


class Descent:
    """A run that can be stepped, rewound and continued. Same seed, same run, to the last digit.

    Args:
        points: The points.
        loss_name: A key of `LOSSES`.
        start: The slope m and the intercept b to start from.
        batch_size: Points in a batch; None takes all of them every time.
        seed: What the shuffling of the batches depends on.

    Attributes:
        steps: Every state computed so far; `steps[0]` is the start.
        shown: The index of the state that is looked at.

    Raises:
        InputError: An unknown loss, a batch of less than one, a start that is not finite.
    """

    def __init__(
        self,
        points: Points,
        loss_name: str,
        start: tuple[float, float],
        batch_size: int | None = None,
        seed: int = 0,
    ) -> None:
        m, b = float(start[0]), float(start[1])
        if not (math.isfinite(m) and math.isfinite(b)):
            raise InputError("The line to start from needs a finite slope and intercept.")
        self.points = points
        self.loss_name = loss_name
        self.schedule = BatchSchedule(len(points), batch_size, seed)
        loss = loss_named(loss_name).mean(points, m, b)
        self.steps: list[Step] = [Step(0, m, b, loss, math.nan)]
        self.shown = 0
        self._limit = loss_limit(points, loss_name)

    @property
    def current(self) -> Step:
        """The state that is looked at."""
        return self.steps[self.shown]

    @property
    def diverged(self) -> bool:
        """True if the numbers of the state looked at have exploded."""
        return self.shown > 0 and exploded(self.current, self._limit)

    @property
    def full(self) -> bool:
        """True if no more updates are taken from here: there are `MAX_STEPS`."""
        return self.shown >= MAX_STEPS

    def advance(self, count: int, learning_rate: float) -> int:
        """Take up to `count` updates from the state looked at; later ones are dropped.

        Stops early where the run has diverged or is full.

        Returns:
            How many updates were taken.

        Raises:
            InputError: A rate that is negative or not finite.
        """
        count = min(count, MAX_STEPS - self.shown)
        if count <= 0 or self.diverged:
            return 0
        at = self.current
        walk = descend(
            self.points, self.loss_name, (at.m, at.b), learning_rate, self.schedule, at.index
        )
        taken = list(islice(walk, count))
        self.steps[self.shown + 1 :] = taken
        self.shown += len(taken)
        return len(taken)

    def rewind(self, index: int) -> None:
        """Look at the state after `index` updates, or at the nearest there is."""
        self.shown = min(max(index, 0), len(self.steps) - 1)

    def start_over(self) -> None:
        """Go back to the start and forget every update."""
        del self.steps[1:]
        self.shown = 0

    def segments(self) -> list[tuple[float, int]]:
        """The run up to the state looked at as (learning rate, number of updates) in order."""
        rates = (step.learning_rate for step in self.steps[1 : self.shown + 1])
        return [(rate, len(list(group))) for rate, group in groupby(rates)]

    def replay(self, segments: Iterable[tuple[float, int]]) -> None:
        """Start over and take the updates that `segments` lists, as far as they go."""
        self.start_over()
        for learning_rate, steps in segments:
            self.advance(steps, learning_rate)

    def next_batch(self) -> tuple[int, ...]:
        """The points, from 0, that the next update looks at."""
        return self.schedule.batch(self.shown)

    def next_gradient(self) -> tuple[float, float]:
        """(∂loss/∂m, ∂loss/∂b) that the next update follows downhill, over its batch."""
        at = self.current
        return gradient(self.points, self.loss_name, at.m, at.b, self.next_batch())
