"""Who is at work on a run: a lock that ends with its process, however that ends."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _seize(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


NAME = "lock"
RETRY_S = 0.05


class RunLock:
    """The right to write to a run directory, held until `release` or the end of the process."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path, wait_s: float = 0.0) -> RunLock | None:
        """The lock of a run directory, or None if another process still has it.

        Args:
            folder: The run directory.
            wait_s: For how long to try.
        """
        until = time.monotonic() + wait_s
        while True:
            handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _seize(handle)
                return cls(handle)
            except OSError:
                os.close(handle)
            if time.monotonic() >= until:
                return None
            time.sleep(RETRY_S)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._handle)


def held(folder: Path) -> bool:
    """Whether a process is at work on a run."""
    try:
        lock = RunLock.take(folder)
    except OSError:  # the folder is gone, or the disk is full and nobody has made a lock yet
        return False
    if lock is None:
        return True
    lock.release()
    return False
