"""The events of a run, one line each: written at the end, read from where one has got to."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import InputError
from core.runs.sealed import sealed, unsealed
from core.training.events import (
    EpochEnded,
    Event,
    Progress,
    RateChanged,
    Started,
    from_mapping,
    to_mapping,
)

NAME = "events.jsonl"
_TAIL = 1 << 16


class LogWriter:
    """Appends events; a line that an earlier process left half written is cut off first.

    Args:
        run: The run directory.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, run: Path) -> None:
        self._handle = os.open(run / NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))
        _repair(self._handle)

    def write(self, event: Event) -> None:
        """Append an event in one piece.

        Raises:
            OSError: The disk is full, for instance.
        """
        data = sealed(to_mapping(event))
        if os.write(self._handle, data) < len(data):
            _repair(self._handle)
            raise OSError(28, "No space left on device")

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def read_events(run: Path, offset: int) -> tuple[list[Event], int, int]:
    """The events behind a place in the file; only the new bytes are read.

    Returns:
        The events; the place to go on from; how many lines were damaged and left out.
    """
    try:
        with (run / NAME).open("rb") as file:
            file.seek(offset)
            data = file.read()
    except OSError:
        return [], offset, 0
    end = data.rfind(b"\n") + 1
    events: list[Event] = []
    damaged = 0
    for line in data[:end].splitlines():
        try:
            events.append(from_mapping(unsealed(line)))
        except InputError:
            damaged += 1
    return events, offset + end, damaged


class History:
    """What the events of a run amount to, brought up to date with the new lines only.

    Attributes:
        started: The last Started, or None.
        rows: One for each finished epoch, in order.
        progress: Every Progress that still counts, in order.
        changes: Every change of the learning rate that still counts, in order.
        damaged: How many lines could not be read.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._forget()

    def _forget(self) -> None:
        self._offset = self.damaged = 0
        self.started: Started | None = None
        self.rows: list[EpochEnded] = []
        self.progress: list[Progress] = []
        self.changes: list[RateChanged] = []

    def update(self) -> None:
        """Read what is new."""
        try:
            size = (self._run / NAME).stat().st_size
        except OSError:
            size = 0
        if size == self._offset:
            return
        if size < self._offset:
            self._forget()
        events, self._offset, damaged = read_events(self._run, self._offset)
        self.damaged += damaged
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Started():
                # It goes on from an epoch: what came after that was lost and comes again.
                self.started = event
                self.rows = [row for row in self.rows if row.epoch <= event.epoch]
                self.progress = [one for one in self.progress if one.step <= event.step]
                self.changes = [one for one in self.changes if one.step < event.step]
            case EpochEnded():
                self.rows.append(event)
            case Progress():
                self.progress.append(event)
            case RateChanged():
                self.changes.append(event)


def _repair(handle: int) -> None:
    """Cut off what stands behind the last end of a line, and go there."""
    end = os.lseek(handle, 0, os.SEEK_END)
    while end:
        start = max(end - _TAIL, 0)
        os.lseek(handle, start, os.SEEK_SET)
        found = os.read(handle, end - start).rfind(b"\n")
        end = start + found + 1
        if found >= 0:
            break
    os.ftruncate(handle, end)
    os.lseek(handle, end, os.SEEK_SET)
