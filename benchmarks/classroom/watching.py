"""What a server costs while it works: memory and processor time, read once a second."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
EVERY_S = 1.0
ASIDE = "5"  # steps of courtesy, of 19: a third of the weight where cores are short


def memory_mb(pid: int) -> float:
    """Return how much memory a process alone has set aside, in MB; 0 for one that is gone."""
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss_Anon:") or line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    except (OSError, ValueError):
        pass
    return 0.0


def seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads together."""
    try:
        parts = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / TICKS
    except (OSError, ValueError, IndexError):
        return 0.0


def kept_waiting(pid: int) -> float:
    """Return for how many seconds the main thread of a process could run and was not let.

    That is other processes' doing: on a machine of its own a server hardly waits.
    """
    try:
        return int((PROC / str(pid) / "schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parts = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(parts[1]) == pid:
            found.append(int(entry.name))
    return found


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and all that these have started."""
    return [one for child in children(pid) for one in (child, *descendants(child))]


def give_way(pid: int, to: int) -> None:
    """Let what a process has started, and what that has started, step back behind a server.

    A browser that is measured beside a server would have a machine of its own in truth. Only
    sessions of processes of their own step back, where Linux weighs them; else nothing happens.

    Args:
        pid: Whose processes.
        to: The server, which is one of them and stays as it is.
    """
    for child in set(children(pid)) - {to}:
        with suppress(OSError):
            if os.getsid(child) == child:
                (PROC / str(child) / "autogroup").write_text(ASIDE)
        give_way(child, to)


def machine_seconds() -> tuple[float, float]:
    """Return the processor time of the whole machine that was used, and that was not."""
    try:
        parts = [int(one) for one in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return 0.0, 0.0
    idle = parts[3] + parts[4]
    return (sum(parts) - idle) / TICKS, idle / TICKS


@dataclass
class Watched:
    """What was seen.

    Attributes:
        at: Seconds since the beginning.
        memory: MB of the server at these times.
        children: MB of its worker processes at these times.
    """

    at: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    children: list[float] = field(default_factory=list)


class Watch:
    """Looks at a server every second until it is told to stop.

    Args:
        pid: The server.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.seen = Watched()
        self._began = time.monotonic()
        self._first = seconds(pid)
        self._machine = machine_seconds()
        self._waited = kept_waiting(pid)
        self._workers: dict[int, tuple[float, float]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no longer."""
        self._stop.set()
        self._thread.join()

    @property
    def cpu(self) -> dict[str, float]:
        """How many cores were used on average: by the server, its workers, and by everything.

        `kept_waiting` is the share of time in which the server's event loop had work and no core.
        """
        spent = time.monotonic() - self._began
        workers = sum(last - first for first, last in self._workers.values())
        server = seconds(self.pid) - self._first
        busy = machine_seconds()[0] - self._machine[0]
        waited = kept_waiting(self.pid) - self._waited
        cores = {"server": server, "workers": workers, "machine": busy, "kept_waiting": waited}
        return {name: round(one / spent, 3) for name, one in cores.items()}

    def _work(self) -> None:
        while not self._stop.wait(EVERY_S):
            others = descendants(self.pid)
            for pid in others:
                now = seconds(pid)
                self._workers[pid] = (self._workers.get(pid, (now, now))[0], now)
            self.seen.at.append(round(time.monotonic() - self._began, 1))
            self.seen.memory.append(round(memory_mb(self.pid), 1))
            self.seen.children.append(round(sum(memory_mb(pid) for pid in others), 1))


def slope(at: list[float], values: list[float]) -> float:
    """Return by how much values grow in a minute, by least squares; 0 for fewer than two.

    Args:
        at: Seconds.
        values: What was measured then.
    """
    if len(at) < 2:
        return 0.0
    middle, mean = sum(at) / len(at), sum(values) / len(values)
    spread = sum((one - middle) ** 2 for one in at)
    shared = sum((one - middle) * (value - mean) for one, value in zip(at, values, strict=True))
    return 60 * shared / spread if spread else 0.0
