"""The address of the lesson: its settings, and how each network came to its weights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.network_builder.rules import Values
from explorer.network_builder.settings import OWN, NetworkSettings, network_settings
from explorer.network_builder.side import Side
from explorer.settings import to_address

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder


def address(lesson: NetworkBuilder, going: bool = False) -> str:
    """Return the query that shows the same picture in another browser.

    A run that settings and epochs tell is played again there; any other one is carried as its
    weights.

    Args:
        lesson: The lesson.
        going: Whether it is played: what was begun of an epoch may be left out then.
    """
    first, *more = lesson.sides
    told = all(s.told for s in lesson.sides) if lesson.replay_to else _told(lesson.sides, going)
    last = max(lesson.replay_to, *(side.last_epoch for side in lesson.sides), 0)
    shown = max(side.shown_epoch for side in lesson.sides)
    back = told and shown < last and not lesson.replay_to
    changes: dict[str, Any] = {
        **network_settings(first.config),
        "epochs": last if told else 0,
        "at": shown if back else lesson.settings.at if lesson.replay_to and told else None,
        "weights": None if told else _weights(first),
        "active": lesson.active,
        "b": None,
        "b_weights": None,
        "own": lesson.settings.own if lesson.settings.data == OWN else None,
        "scratch": lesson.scratch.target,
    }
    for other in more:
        changes["b"] = NetworkSettings(**network_settings(other.config))
        changes["b_weights"] = None if told else _weights(other)
    return to_address(replace(lesson.settings, **changes))


def _told(sides: list[Side], going: bool) -> bool:
    """Whether settings and one number of epochs tell the runs of all sides."""
    epochs = {side.training.epoch for side in sides if not side.training.diverged}
    again = all(side.repeats_epochs if going else side.replayable for side in sides)
    return len(epochs) <= 1 and again


def _weights(side: Side) -> Values | None:
    """Return the weights; none where a run has left them without a finite number."""
    values = side.weights()
    return values if np.isfinite(values).all() else None
