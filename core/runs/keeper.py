"""Writes checkpoints beside the training, so that the training does not wait for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from torch import Tensor

from core.runs.checkpoints import save_checkpoint
from core.runs.insights import save_insight
from core.runs.weights import halved, save_weights
from core.training.events import Insight
from core.training.state import Snapshot

Looks = list[tuple[Insight, dict[str, Tensor]]]

REST = 3.0  # seconds of rest for each second of writing, unless somebody waits
LONGEST_REST = 1.0
BEAT_S = 2.0


class Keeper:
    """A thread that writes what it is given; of checkpoints it skips what is overtaken.

    An epoch that takes longer than the writing is always written before the next one ends. Of
    shorter ones only the newest and the best are; what is lost by a kill is then computed
    again when the run is resumed.

    Args:
        run: The run directory.
        beat: Called every other second, to say that the process is alive.
    """

    def __init__(self, run: Path, beat: Callable[[], None]) -> None:
        self._run = run
        self._beat = beat
        self._snapshots: dict[str, Snapshot] = {}
        self._looks: Looks = []
        self._error: OSError | None = None
        self._closing = self._waiting = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    def keep(self, snapshot: Snapshot, best: bool, insight: Insight | None) -> None:
        """Hand in a finished epoch.

        Args:
            snapshot: What it can be resumed from.
            best: Whether it is the best one so far.
            insight: What can be looked at.

        Raises:
            OSError: Something handed in earlier could not be written.
        """
        with self._changed:
            self._raise()
            self._snapshots["newest"] = snapshot
            if best:
                self._snapshots["best"] = snapshot
            if insight is not None:
                self._looks.append((insight, halved(snapshot.weights())))
            self._changed.notify_all()

    def close(self) -> None:
        """Write what is left, then end.

        Raises:
            OSError: Something could not be written.
        """
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._raise()

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _work(self) -> None:
        while True:
            with self._changed:
                if not (self._snapshots or self._looks or self._closing):
                    self._changed.wait(BEAT_S)
                if self._closing and not (self._snapshots or self._looks):
                    return
                snapshots, looks = self._snapshots, self._looks
                self._snapshots, self._looks = {}, []
            began = time.monotonic()
            self._write(snapshots, looks)
            pause = min(REST * (time.monotonic() - began), LONGEST_REST)
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause)

    def _write(self, snapshots: dict[str, Snapshot], looks: Looks) -> None:
        try:
            self._beat()
            different = {snapshot.facts["epoch"]: snapshot for snapshot in snapshots.values()}
            for _, snapshot in sorted(different.items()):
                save_checkpoint(self._run, snapshot)
            for insight, weights in looks:
                save_weights(self._run, insight.epoch, weights)
                save_insight(self._run, insight)
        except OSError as error:
            self._error = error
