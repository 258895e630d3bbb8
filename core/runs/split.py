"""A process that has split from the nursery, seen from the server."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from typing import IO, Protocol

LOOK_S = 0.1  # so often somebody who waits for its number looks whether somebody else has heard it
UNBORN = 71  # the code of a process for which there was no room: EX_OSERR of sysexits.h


class Process(Protocol):
    """What is asked of a process; `subprocess.Popen` has it."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def stdin(self) -> IO[bytes] | None:
        """Where it reads."""
        ...

    def poll(self) -> int | None:
        """Its exit code (minus the signal that killed it), or None while it lives."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


class Split:
    """A worker that has split from the nursery; it has what `Process` wants.

    Args:
        stdin: Where it reads.
        watch: Where its number and its exit code come from.
    """

    def __init__(self, stdin: IO[bytes], watch: int) -> None:
        self.stdin = stdin
        self._watch = watch
        self._said = b""
        self._ended = False
        self._lock = threading.Lock()

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._watch)

    @property
    def pid(self) -> int:
        """Its number; waits for it if the nursery is not ready yet. 0 if it was never born."""
        while not self._lines() and not self._ended:
            self._hear(LOOK_S)
        return int(self._lines()[0]) if self._lines() else 0

    def poll(self) -> int | None:
        """Its exit code (minus the signal that killed it, `UNBORN`), or None while it lives."""
        self._hear(0)
        if not self._ended:
            return None
        lines = self._lines()
        return int(lines[1]) if len(lines) > 1 else 1 if lines else UNBORN

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired("worker", timeout or 0)
            self._hear(left)
        return code

    def kill(self) -> None:
        """End it at once, or as soon as it is there."""
        self._hear(0)
        if self._lines() or self._ended:
            self._kill()
        else:
            threading.Thread(target=self._kill, name="kill", daemon=True).start()

    def _kill(self) -> None:
        pid = self.pid
        if pid and self.poll() is None:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _lines(self) -> list[bytes]:
        return self._said.split(b"\n")[:-1]

    def _hear(self, patience_s: float | None) -> None:
        """Take in what the watch has said; wait for it for so long (others may ask meanwhile)."""
        while not self._ended and self._speaks(patience_s):
            with self._lock:
                if not self._ended and self._speaks(0):  # Nobody else has heard it meanwhile.
                    said = os.read(self._watch, 100)
                    self._said += said
                    self._ended = not said or len(self._lines()) > 1
            patience_s = 0

    def _speaks(self, patience_s: float | None) -> bool:
        return bool(select.select([self._watch], [], [], patience_s)[0])
