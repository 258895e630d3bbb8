"""Threads stay on one core, other processes use all; the core with most room is found."""

import os
import subprocess
import sys

import pytest

from core.cores import ALLOWED, cores, everywhere, roomiest

SEVERAL = pytest.mark.skipif(len(ALLOWED) < 2, reason="this machine has one core, or cannot choose")
STAYS = """
import os, subprocess, sys, threading
from concurrent.futures import ThreadPoolExecutor
from core.cores import cores, everywhere, roam, stay_together
stay_together()
seen = [len(os.sched_getaffinity(0))]
thread = threading.Thread(target=lambda: seen.append(len(os.sched_getaffinity(0))))
thread.start(); thread.join()
with ThreadPoolExecutor(1, initializer=roam) as pool:
    seen.append(pool.submit(lambda: len(os.sched_getaffinity(0))).result())
with everywhere():
    code = "from core.cores import cores; print(cores())"
    seen.append(int(subprocess.run([sys.executable, "-c", code], capture_output=True).stdout))
seen += [len(os.sched_getaffinity(0)), cores()]
print(*seen)
"""


@SEVERAL
def test_a_server_stays_on_one_core_and_what_it_starts_does_not():
    done = subprocess.run([sys.executable, "-c", STAYS], capture_output=True, text=True, check=True)
    every = len(ALLOWED)
    assert [int(word) for word in done.stdout.split()] == [1, 1, every, every, 1, every]


@SEVERAL
def test_everywhere_is_left_as_it_was_entered():
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(ALLOWED)})
        with everywhere():
            assert os.sched_getaffinity(0) == ALLOWED
        assert os.sched_getaffinity(0) == {min(ALLOWED)}
    finally:
        os.sched_setaffinity(0, before)


@pytest.mark.parametrize(
    ("busy", "core", "own", "wanted"),
    [
        ({0: 0.9, 1: 0.1}, 0, 0.1, 1),  # Others fill the core that we are on.
        ({0: 0.9, 1: 0.1}, 0, 0.9, 0),  # It is ourselves who fill it.
        ({0: 0.5, 1: 0.4}, 0, 0.0, 0),  # Not worth the move.
        ({0: 1.0, 1: 1.0, 2: 0.2, 3: 0.1}, 1, 0.3, 3),
    ],
)
def test_the_core_with_most_room_is_taken(busy, core, own, wanted):
    assert roomiest(busy, core, own) == wanted


def test_there_is_a_core():
    assert 1 <= cores() <= (os.cpu_count() or 1)
