"""The worker processes of this server: one kept ready, none left behind."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path
from typing import IO, Any

from core.runs.birth import begin

LOG = "workers.log"
LONGEST_LOG = 1_000_000
KILL_S = 5.0  # seconds; only a process that waits for a broken disk takes longer


class Child:
    """A worker process, seen from the server.

    Args:
        root: The folder of all runs; what the process prints goes to a file there.
    """

    def __init__(self, root: Path) -> None:
        with _log(root / LOG) as file:
            self._process = begin("core.runs.worker", file)
        self.idle_since = time.monotonic()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code (minus the signal that killed it), or None while it lives."""
        return self._process.poll()

    def send(self, do: str, run: Path, **values: Any) -> None:
        """Tell it something (see `core.runs.inbox`); a process that is gone hears nothing."""
        line = json.dumps({"do": do, "run": str(run), **values}) + "\n"
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()

    def retire(self) -> None:
        """Close its input: it ends what it does as interrupted, then itself."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self.retire()
        self._process.kill()
        self.wait(time.monotonic() + KILL_S)

    def wait(self, until: float) -> bool:
        """Wait up to a moment of `time.monotonic`; whether it has ended."""
        try:
            self._process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            return False
        return True


def _log(path: Path) -> IO[bytes]:
    """Where processes print to; nowhere if the disk does not even let the file be opened."""
    try:
        long = path.exists() and path.stat().st_size > LONGEST_LOG
        return path.open("wb" if long else "ab")
    except OSError:
        return open(os.devnull, "wb")


class Pool:
    """Worker processes that have nothing to do, and those that are on their way out.

    Args:
        root: The folder of all runs.
        idle_end_s: After so many seconds without work a process is ended.
    """

    def __init__(self, root: Path, idle_end_s: float) -> None:
        self._root = root
        self._idle_end_s = idle_end_s
        self._idle: list[Child] = []
        self._leaving: list[Child] = []

    def take(self) -> Child:
        """A process that is ready, or else a new one, which needs some seconds."""
        self._drop_dead()
        return self._idle.pop() if self._idle else Child(self._root)

    def give_back(self, child: Child, fit: bool) -> None:
        """Take back a process; one that is not fit for another run ends."""
        if fit and child.code is None:
            child.idle_since = time.monotonic()
            self._idle.append(child)
        else:
            child.retire()
            self._leaving.append(child)

    def tend(self, wanted: bool) -> None:
        """Have one process ready if it is wanted; end those that wait too long."""
        self._drop_dead()
        if wanted and not self._idle:
            with contextlib.suppress(OSError):  # the run that needs it will say so
                self._idle.append(Child(self._root))
        now = time.monotonic()
        for child in list(self._idle):
            if now - child.idle_since > self._idle_end_s:
                self._idle.remove(child)
                self.give_back(child, fit=False)

    @property
    def ready(self) -> int:
        """How many processes wait for work."""
        return len(self._idle)

    @property
    def unfinished(self) -> bool:
        """Whether a process has still to end."""
        return bool(self._leaving)

    def close(self, others: list[Child], patience_s: float) -> None:
        """End all processes, those of `others` too; who does not want to is killed."""
        every = [*self._idle, *self._leaving, *others]
        for child in every:
            child.retire()
        until = time.monotonic() + patience_s
        for child in every:
            if not child.wait(until):
                child.kill()
        self._idle, self._leaving = [], []

    def _drop_dead(self) -> None:
        self._idle = [child for child in self._idle if child.code is None]
        self._leaving = [child for child in self._leaving if child.code is None]
