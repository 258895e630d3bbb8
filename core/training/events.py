"""What a training run tells while it goes on, as plain numbers that can be written as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

REASONS = ("finished", "early", "stopped", "diverged")


@dataclass(frozen=True)
class Started:
    """The first event of a run, and of every time that it goes on.

    Attributes:
        epoch: How many epochs are complete: 0, or more after a resume. What came later before
            counts no more.
        step: How many updates there have been.
        samples: Pictures to learn from.
        validation_samples: Pictures held back for validation.
        steps_per_epoch: Updates in an epoch.
        epochs: How many epochs are planned.
        parameters: How many numbers the network learns.
        device: Where it runs.
    """

    epoch: int
    step: int
    samples: int
    validation_samples: int
    steps_per_epoch: int
    epochs: int
    parameters: int
    device: str


@dataclass(frozen=True)
class Progress:
    """A few times a second: what happened since the last one.

    Attributes:
        step: How many updates there have been.
        epoch: How many epochs are complete.
        loss: The mean training loss since the last Progress (or the start of the epoch).
        accuracy: The share of right answers in the same batches, 0 to 1.
        learning_rate: That of the last update.
        samples_per_s: Pictures a second since the last Progress, pauses left out.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    learning_rate: float
    samples_per_s: float


@dataclass(frozen=True)
class EpochEnded:
    """One row of the history.

    Attributes:
        epoch: How many epochs are complete, this one included.
        step: How many updates there have been.
        training_loss: The mean over the epoch while the network was learning: with dropout and
            label smoothing, and with earlier weights at its start.
        training_accuracy: The share of right answers in the same batches, 0 to 1.
        validation_loss: The mean cross-entropy behind the epoch, without dropout and smoothing;
            NaN without validation pictures.
        validation_accuracy: Likewise, 0 to 1.
        learning_rate: That of the last update.
        seconds: What the epoch took, validation included, pauses left out.
        samples_per_s: Pictures learnt from a second, validation left out.
    """

    epoch: int
    step: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    learning_rate: float
    seconds: float
    samples_per_s: float


@dataclass(frozen=True)
class RateChanged:
    """The learning rate was changed by hand.

    Attributes:
        step: The update from which on it holds, counted from 0.
        epoch: How many epochs are complete.
        learning_rate: The new rate of that update.
        before: What it would have been.
    """

    step: int
    epoch: int
    learning_rate: float
    before: float


@dataclass(frozen=True)
class Stopped:
    """The last event.

    Attributes:
        reason: "finished", "early" (stopping), "stopped" (by hand) or "diverged".
        epoch: The last finished epoch: what is left of the run.
        step: How many updates there have been, those of an unfinished epoch included.
    """

    reason: str
    epoch: int
    step: int


@dataclass(frozen=True, eq=False)
class Insight:
    """What a person may look at after each epoch; comes right before its EpochEnded.

    Attributes:
        epoch: How many epochs are complete.
        predicted: The class that each validation picture was taken for, int16 of shape (N,).
        losses: The cross-entropy of each validation picture, float32 of shape (N,).
        confusion: How often a validation picture of class i (row) was taken for class j
            (column), int64 of shape (classes, classes); (0, 0) without validation pictures.
        filters: What the first units look for, float32 of shape (units, C, H, W), at most 64
            units; None where the first layer has no weights that make pictures.
    """

    epoch: int
    predicted: NDArray[np.int16]
    losses: NDArray[np.float32]
    confusion: NDArray[np.int64]
    filters: NDArray[np.float32] | None


Event = Started | Progress | EpochEnded | RateChanged | Stopped
KINDS: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (Started, Progress, EpochEnded, RateChanged, Stopped)
}


def to_mapping(event: Event) -> dict[str, Any]:
    """An event as names and values for JSON; what is not a number becomes null."""
    values = {name: _writable(value) for name, value in asdict(event).items()}
    return {"event": type(event).__name__, **values}


def from_mapping(values: object) -> Event:
    """The event that `to_mapping` wrote.

    Raises:
        InputError: Something else.
    """
    name = values.get("event") if isinstance(values, Mapping) else None
    if not isinstance(values, Mapping) or not isinstance(name, str) or name not in KINDS:
        raise InputError("This is no event of a training run.")
    kind = KINDS[name]
    return kind(**{field.name: _read(field.type, values.get(field.name)) for field in fields(kind)})


def _writable(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _read(kind: Any, value: object) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "float" and (value is None or number):
        return math.nan if value is None else float(value)  # type: ignore[arg-type]
    if (kind == "int" and number and isinstance(value, int)) or (
        kind == "str" and isinstance(value, str)
    ):
        return value
    raise InputError("An event of this run is damaged.")
