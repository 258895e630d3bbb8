"""The one runner of this server."""

import os
from functools import cache
from pathlib import Path

from core.runs.directory import runs_root
from core.runs.local import LocalRunner


def threads() -> int:
    """Return how many CPU threads a run gets: all but what the page needs."""
    return max(1, min(4, (os.cpu_count() or 2)))


def root() -> Path:
    """Return the folder of all runs: EXPLORER_RUNS_DIR, or the usual one."""
    given = os.environ.get("EXPLORER_RUNS_DIR")
    return Path(given).expanduser() if given else runs_root()


@cache
def runner() -> LocalRunner:
    """Return the runner, made when it is first asked for."""
    return LocalRunner(root(), threads=threads())
