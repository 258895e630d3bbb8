"""A process that trains leaves the processor to the pages."""

import os
import sys
import time
from pathlib import Path

import pytest

from core.runs.courtesy import GROUP, STEPS
from core.runs.pool import Child

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


def test_a_worker_steps_back_behind_the_server(tmp_path):
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    child = Child(tmp_path)
    try:
        until = time.monotonic() + 30
        while (its := os.getpriority(os.PRIO_PROCESS, child.pid)) == mine:
            assert time.monotonic() < until, "the worker does not step back"
            time.sleep(0.05)
        assert its == min(mine + STEPS, 19)
        if (
            GROUP.exists()
        ):  # Where sessions are weighed, the number of a process counts for nothing.
            theirs = Path(f"/proc/{child.pid}/autogroup")
            while f"nice {STEPS}" not in theirs.read_text():
                assert time.monotonic() < until, "its session does not step back"
                time.sleep(0.05)
            assert f"nice {STEPS}" not in GROUP.read_text()
    finally:
        child.kill()
    assert os.getpriority(os.PRIO_PROCESS, 0) == mine
