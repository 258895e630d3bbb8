"""On which processor cores threads run: those that share Python's lock do better on one.

Python runs one thread at a time. When thirty people use one server, its threads hand the lock to
each other thousands of times a second, and each time the next one has to be woken. On another
core that takes longer than what it then does, above all in a virtual machine; on the same core it
is a change of threads and no more. Measured with thirty learners on two cores: twice the steps of
the networks that play and half the longest waits, with a tenth less processor time
(`benchmarks/classroom`). What computes long without the lock, and every other process, may use
all cores.

Only Linux lets a thread choose; elsewhere nothing happens.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

LOOK_S = 5.0  # between two looks whether another core has more room
WORTH = 0.25  # of a core: so much more room there must be elsewhere
TASKS, STAT = Path("/proc/self/task"), Path("/proc/stat")
# Of this process, before any of its threads has chosen.
ALLOWED = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()


def cores() -> int:
    """How many processor cores this process may use."""
    return len(ALLOWED) or os.cpu_count() or 1


def roam() -> None:
    """Let the thread that calls, and the processes that it starts, use every core."""
    _place(0, ALLOWED)


@contextlib.contextmanager
def everywhere() -> Iterator[None]:
    """While the context is open, the thread that calls may use every core."""
    before: Set[int] = os.sched_getaffinity(0) if ALLOWED else ALLOWED
    roam()
    try:
        yield
    finally:
        _place(0, before)


def stay_together() -> None:
    """Keep the threads of this process on one core, whichever has most room for them.

    To be called by the first thread before there are others: threads run where the one runs that
    has started them. Nothing happens where there is one core only.
    """
    if len(ALLOWED) < 2 or not STAT.exists():
        return
    core = secrets.choice(sorted(ALLOWED))  # Several servers on one machine spread by this.
    _place(0, {core})
    threading.Thread(target=_look_around, args=(core,), name="cores", daemon=True).start()


def roomiest(busy: Mapping[int, float], core: int, own: float) -> int:
    """Return the core on which this process has most room.

    Args:
        busy: For each core the share of time in which it was busy, 0 to 1.
        core: The one that its threads use now.
        own: Their share of it.

    Returns:
        The same core, unless another one has clearly more room.
    """
    others = {one: share - (own if one == core else 0.0) for one, share in busy.items()}
    best = min(others, key=lambda one: others[one])
    return best if others[best] + WORTH < others[core] else core


def _look_around(core: int) -> None:
    before = _times()
    stop = threading.Event()
    while not stop.wait(LOOK_S):
        with contextlib.suppress(OSError, ValueError, IndexError):
            after = _times()
            busy, own = _shares(before, after)
            before = after
            if busy:
                core = roomiest(busy, core, own)
                _gather(core)


def _gather(core: int) -> None:
    """Bring every thread to a core that has not been told to roam."""
    for task in TASKS.iterdir():
        with contextlib.suppress(OSError):  # it has just ended
            number = int(task.name)
            now = os.sched_getaffinity(number)
            if len(now) == 1 and now != {core}:
                _place(number, {core})


def _times() -> tuple[dict[int, tuple[int, int]], float]:
    """Return for each allowed core its busy and its whole time, and that of this process."""
    found = {}
    for line in STAT.read_text(encoding="ascii").splitlines():
        name, *numbers = line.split()
        if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in ALLOWED:
            ticks = [int(number) for number in numbers[:8]]
            found[int(name[3:])] = sum(ticks) - ticks[3] - ticks[4], sum(ticks)
    spent = os.times()
    return found, (spent.user + spent.system) * os.sysconf("SC_CLK_TCK")


def _shares(
    before: tuple[dict[int, tuple[int, int]], float],
    after: tuple[dict[int, tuple[int, int]], float],
) -> tuple[dict[int, float], float]:
    """Return how busy each core was in between, and the share of this process."""
    busy = {}
    whole = 1
    for core, (worked, total) in after[0].items():
        was = before[0].get(core, (worked, total))
        whole = max(1, total - was[1])
        busy[core] = (worked - was[0]) / whole
    return busy, (after[1] - before[1]) / whole


def _place(thread: int, where: Set[int]) -> None:
    if where and hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):  # the system does not let us, or the thread has ended
            os.sched_setaffinity(thread, where)
