"""How the learning rate changes from update to update.

The formulas are those of PyTorch's StepLR, CosineAnnealingLR, ExponentialLR and OneCycleLR,
written out instead of multiplied up, so that a run can go on at any update. All are
proportional to the rate at the start: whoever changes the rate in flight moves the whole
rest of the curve.
"""

from __future__ import annotations

import math

STEP_PARTS, STEP_FACTOR = 3, 0.1
DECAY = 0.9
WARM_UP = 0.3  # OneCycle: the share of all updates on the way up
FIRST, LAST = 25.0, 1e4  # it starts at 1/25 of the highest rate and ends at 1/10,000 of that
MOMENTA = (0.85, 0.95)  # OneCycle: least momentum at the highest rate


def rate_at(schedule: str, rate: float, step: int, steps_per_epoch: int, epochs: int) -> float:
    """The learning rate of an update.

    "constant" stays. "step" falls to a tenth after each third of the epochs. "cosine" falls
    along half a cosine wave, to zero behind the last update. "exponential" loses a tenth with
    every epoch. "onecycle" rises to `rate` during the first 30 % and then falls to almost
    nothing (Smith & Topin, 2018).

    Args:
        schedule: One of `core.training.config.SCHEDULES`.
        rate: The rate at the start; with "onecycle" the highest one.
        step: The update, counted from 0.
        steps_per_epoch: Updates in an epoch.
        epochs: Epochs in all.
    """
    epoch, total = step // steps_per_epoch, steps_per_epoch * epochs
    if schedule == "step":
        return rate * STEP_FACTOR ** (epoch // step_size(epochs))
    if schedule == "cosine":
        return rate * (1 + math.cos(math.pi * min(step, total) / total)) / 2
    if schedule == "exponential":
        return rate * DECAY**epoch
    if schedule == "onecycle":
        return _cycle(step, total, rate / FIRST, rate, rate / FIRST / LAST)
    return rate


def momentum_at(step: int, steps_per_epoch: int, epochs: int) -> float:
    """The momentum (β₁ in Adam) of an update with OneCycle: high where the rate is low."""
    low, high = MOMENTA
    return _cycle(step, steps_per_epoch * epochs, high, low, high)


def step_size(epochs: int) -> int:
    """After how many epochs "step" makes the rate smaller: a third, rounded up."""
    return math.ceil(epochs / STEP_PARTS)


def _cycle(step: int, total: int, start: float, top: float, end: float) -> float:
    """From start to top and on to end, along half a cosine wave each."""
    peak, last = WARM_UP * total - 1, total - 1
    if step <= peak:
        return _between(start, top, step / peak if peak else 1.0)
    return _between(top, end, (min(step, last) - peak) / (last - peak))


def _between(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))
