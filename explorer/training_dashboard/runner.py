"""The one runner of this server."""

import os
from functools import cache
from pathlib import Path

from core.runs.directory import runs_root
from core.runs.local import LocalRunner


def threads() -> int:
    """Return how many CPU threads a run gets: EXPLORER_THREADS, or every core up to four.

    Threads that wait for each other are slow where other programs need the same cores: a machine
    that does other work, too, is better off with one. What is no number from 1 on counts as not
    given, and there are never more than cores.
    """
    given = os.environ.get("EXPLORER_THREADS", "").strip()
    wanted = int(given[:9]) if given.isdecimal() else 0
    return min(wanted or 4, os.cpu_count() or 2)


def root() -> Path:
    """Return the folder of all runs: EXPLORER_RUNS_DIR, or the usual one."""
    given = os.environ.get("EXPLORER_RUNS_DIR")
    return Path(given).expanduser() if given else runs_root()


@cache
def runner() -> LocalRunner:
    """Return the runner, made when it is first asked for."""
    return LocalRunner(root(), threads=threads())
