"""Writes down what a run tells: lines, checkpoints, pictures, status."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Any

from torch import nn

from core.runs.keeper import BEAT_S, Keeper
from core.runs.log import LogWriter
from core.runs.status import StatusKeeper
from core.training.events import EpochEnded, Event, Insight, Progress
from core.training.state import State

OFTEN_S, SELDOM_S = 0.2, 1.0
_LINES = 1500  # a run of T seconds reports every T/1500 seconds, within the limits above


class Recorder:
    """The writing side of a run directory; a context that writes all that is left at its end.

    Args:
        run: The run directory.
        status: Its status.
        model: The network in training.
        state: Where its training stands.
        about: What belongs into the facts of every checkpoint.
    """

    def __init__(
        self, run: Path, status: StatusKeeper, model: nn.Module, state: State, about: dict[str, Any]
    ) -> None:
        self.status = status
        self._model, self._state, self._about = model, state, about
        self._log = LogWriter(run)
        self._keeper = Keeper(run, lambda: status.beat(BEAT_S))
        self._insight: Insight | None = None
        self._began = self._told = time.monotonic()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._keeper.close()
        except OSError:
            if error is None:
                raise
        finally:
            self._log.close()

    def take(self, event: Event | Insight) -> None:
        """Write down an event.

        Raises:
            OSError: The disk is full, for instance.
        """
        if isinstance(event, Insight):
            self._insight = event
            return
        if not isinstance(event, Progress) or self._worth_a_line():
            self._log.write(event)
        if isinstance(event, EpochEnded):
            self._keep(event)

    def _keep(self, row: EpochEnded) -> None:
        snapshot = self._state.capture(self._model)
        snapshot.facts.update(self._about)
        best = self._state.best_epoch == row.epoch
        self._keeper.keep(snapshot, best, self._insight)
        if self.status.silent_s >= OFTEN_S:
            self.status.change(epoch=row.epoch)

    def _worth_a_line(self) -> bool:
        """A long run reports less often, so that its file stays small."""
        now = time.monotonic()
        if now - self._told < min(max((now - self._began) / _LINES, OFTEN_S), SELDOM_S) * 0.9:
            return False
        self._told = now
        return True
