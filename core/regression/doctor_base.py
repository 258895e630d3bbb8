"""What the doctor looks at and what the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from core import diagnosis
from core.regression.descent import Descent
from core.regression.losses import loss_named
from core.regression.optimum import (
    Optimum,
    best_line,
    curvatures,
    largest_stable_rate,
    one_x,
)
from core.regression.points import Points
from core.regression.wording import number, rounded_down

Setting = Literal["learning_rate", "loss", "batch_size", "reset"]


@dataclass(frozen=True)
class Remedy:
    """A change that one click makes.

    Attributes:
        label: What the button says.
        setting: What it changes; "reset" only goes back to the start.
        value: The new value: a rate, a key of `LOSSES`, a batch size; None for "reset".
        start_over: True if the run also has to go back to its start.
    """

    label: str
    setting: Setting
    value: float | str | int | None
    start_over: bool = False


Finding = diagnosis.Finding[Remedy]


@dataclass(frozen=True)
class Case:
    """A run and what is known about it, worked out only where a check asks for it."""

    points: Points
    loss_name: str
    descent: Descent
    learning_rate: float

    @property
    def label(self) -> str:
        """The name of the loss for people."""
        return loss_named(self.loss_name).label

    @property
    def full_batch(self) -> bool:
        """True if every update looks at all points."""
        return self.descent.schedule.full

    @property
    def one_x(self) -> bool:
        """True if all points lie above one another."""
        return one_x(self.points)

    @cached_property
    def best(self) -> Optimum:
        """The best line for the loss of the run."""
        return best_line(self.points, self.loss_name)

    @cached_property
    def stable(self) -> float | None:
        """The largest stable rate of full batches."""
        return largest_stable_rate(self.points, self.loss_name)

    @cached_property
    def curvatures(self) -> tuple[float, float] | None:
        """The curvature of the flattest and of the steepest direction."""
        return curvatures(self.points, self.loss_name)

    @property
    def best_shown(self) -> str:
        """The smallest loss for people; rounding dust is 0."""
        dust = 1e-24 * (1.0 + float((self.points.y**2).mean()))
        return number(self.best.loss if self.best.loss > dust else 0.0)

    @property
    def settled(self) -> bool:
        """True if the loss is as good as the smallest there is."""
        return self.descent.current.loss - self.best.loss <= 1e-6 * (1e-6 + self.best.loss)

    @property
    def good_rate(self) -> float:
        """A rate to recommend: half the stable one, and safe for every single batch too."""
        rate = 0.1 if self.stable is None else self.stable / 2
        if not self.full_batch or self.stable is None:
            # A batch is at most as steep as its steepest point: λmax = 2·(x² + 1) for MSE.
            rate = min(rate, 1.0 / (1.0 + float((self.points.x**2).max())))
        return rounded_down(rate)

    def set_rate(self, rate: float, *, start_over: bool = False) -> Remedy:
        """The button that sets the learning rate."""
        label = f"Set λ to {number(rate, 2)}" + (" and start over" if start_over else "")
        return Remedy(label, "learning_rate", rate, start_over)
