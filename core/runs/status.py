"""How a run is doing, in one small file that is always whole."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.runs.sealed import read_sealed, sealed, write_whole

NAME = "status.json"
STATES = (
    *("queued", "starting", "running", "paused"),
    *("finished", "stopped", "failed", "interrupted"),
)
ENDED = ("finished", "stopped", "failed", "interrupted")
_ROOM = 2048  # bytes: every version has this size, so that it can be overwritten on a full disk


@dataclass(frozen=True)
class RunStatus:
    """How a run is doing.

    Attributes:
        state: One of `STATES`. "interrupted" is a run whose process or server ended.
        message: A sentence for the person at the screen; empty if there is nothing to say.
        epoch: The last finished epoch.
        epochs: How many are planned; 0 if unknown.
        pid: The number of the process that works on it; 0 if there is none.
        heartbeat: When that process was last seen alive, seconds since 1970.
        ahead: While it is queued, how many runs come first.
        live: True if a process holds it, so that `resume` goes on in the middle of an epoch.
    """

    state: str
    message: str = ""
    epoch: int = 0
    epochs: int = 0
    pid: int = 0
    heartbeat: float = 0.0
    ahead: int = 0
    live: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing will happen any more unless somebody asks for it."""
        return self.state in ENDED


def read_status(folder: Path) -> RunStatus:
    """The status in a run directory; a damaged one reads as "interrupted"."""
    try:
        values = read_sealed(folder / NAME)
        status = RunStatus(**{name: values[name] for name in _NAMES})
    except (InputError, KeyError, TypeError) as error:
        return RunStatus("interrupted", f"The status of this run cannot be read: {error}")
    if status.state not in STATES:
        return RunStatus("interrupted", "The status of this run cannot be read.")
    return status


_NAMES = tuple(field.name for field in fields(RunStatus) if field.name not in ("ahead", "live"))


def write_status(folder: Path, status: RunStatus, durable: bool = True) -> None:
    """Write the status of a run; on a full disk over the old one.

    Raises:
        OSError: Not even that is possible.
    """
    values: dict[str, Any] = {name: asdict(status)[name] for name in _NAMES}
    values["message"] = status.message[:1000]
    data = sealed(values)
    data = data[:-1].ljust(_ROOM - 1) + b"\n"
    try:
        write_whole(folder / NAME, data, durable)
    except OSError:
        with (folder / NAME).open("r+b") as file:
            file.write(data)


class StatusKeeper:
    """The status of a run that this process works on; from several threads.

    Args:
        folder: The run directory.
        status: What it is now; written at once.
    """

    def __init__(self, folder: Path, status: RunStatus) -> None:
        self.folder = folder
        self.status = status
        self._lock = threading.Lock()
        self._told = 0.0
        self.change()

    def change(self, **values: Any) -> None:
        """Change some of its values; a new state outlives a power cut."""
        with self._lock:
            before = self.status.state
            self._told = time.monotonic()
            self.status = replace(self.status, heartbeat=time.time(), **values)
            durable = self.status.state != before and self.status.state not in ("running", "paused")
            write_status(self.folder, self.status, durable)

    @property
    def silent_s(self) -> float:
        """For how many seconds nothing was said, whatever has been done to the clock."""
        return time.monotonic() - self._told

    def beat(self, every_s: float) -> None:
        """Say that the process is alive, if the last time was so many seconds ago."""
        if self.silent_s >= every_s:
            self.change()
