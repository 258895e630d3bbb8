"""What the benchmark reports, against NumPy and against processes whose use is known."""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest

from benchmarks.classroom.__main__ import tracebacks
from benchmarks.classroom.activities import ACTIVITIES, next_page
from benchmarks.classroom.activities_pictures import ink
from benchmarks.classroom.playing import wait_for
from benchmarks.classroom.times import Times, percentile, summary
from benchmarks.classroom.watching import (
    children,
    descendants,
    kept_waiting,
    memory_mb,
    seconds,
    slope,
)


@pytest.mark.parametrize("share", [0.5, 0.95, 1.0])
def test_percentile_is_numpys_inverted_cdf(share):
    values = np.random.default_rng(3).exponential(size=137)
    expected = np.quantile(values, share, method="inverted_cdf")
    assert percentile(values.tolist(), share) == pytest.approx(expected)


def test_slope_is_that_of_least_squares_per_minute():
    draws = np.random.default_rng(4)
    at, values = np.sort(draws.uniform(0, 300, 40)), draws.normal(900, 5, 40)
    expected = 60 * np.polyfit(at, values, 1)[0]
    assert slope(at.tolist(), values.tolist()) == pytest.approx(expected)
    assert slope([1.0], [5.0]) == 0.0


def test_summary_counts_and_names_the_worst():
    times = Times()
    for took in (0.1, 0.3, 0.2):
        times.took("drag", took)
    row = {"p50_ms": 200.0, "p95_ms": 300.0, "max_ms": 300.0, "count": 3}
    assert summary(times.of) == {"drag": row}


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs /proc")
def test_a_child_is_found_with_its_memory_and_its_time():
    code = (
        "import time\nx = b'1' * 80_000_000\nwhile time.process_time() < 0.6: pass\n"
        "print(1, flush=True); input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    child.stdout.readline()
    assert child.pid in children(os.getpid())
    assert 80 < memory_mb(child.pid) < 120
    assert seconds(child.pid) > 0.5
    child.communicate(b"\n")
    assert memory_mb(child.pid) == 0.0


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")
def test_what_a_child_has_started_is_found_too():
    code = (
        "import subprocess, sys\n"
        "one = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)\n"
        "print(one.pid, flush=True); input(); one.communicate(b'\\n')"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    grandchild = int(child.stdout.readline())
    assert {child.pid, grandchild} <= set(descendants(os.getpid()))
    assert grandchild not in children(os.getpid())
    child.communicate(b"\n")


@pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="needs schedstat")
def test_who_shares_a_core_is_kept_waiting():
    core = min(os.sched_getaffinity(0))
    code = f"import os, time; os.sched_setaffinity(0, {{{core}}})\nprint(1, flush=True)\n"
    code += "until = time.monotonic() + 1.2\nwhile time.monotonic() < until: pass\ninput()"
    pair = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for one in pair:
        one.stdout.readline()
    time.sleep(1.5)
    waited = sum(kept_waiting(one.pid) for one in pair)
    for one in pair:
        one.communicate(b"\n")
    assert waited > 0.6  # Together they wanted 2.4 seconds of a core in 1.2 seconds.


def test_learners_go_everywhere_and_never_where_they_are():
    draws, page, seen = random.Random(5), None, Counter()
    for _ in range(2000):
        before, page = page, next_page(draws, page)
        assert page != before
        seen[page] += 1
    assert set(seen) == set(ACTIVITIES)
    assert seen["network_builder"] > seen[""]


def test_the_clock_waits_as_the_one_in_the_browser():
    assert wait_for("turbo", "turbo", 0.0, 0) == 0.0
    assert wait_for("60", "turbo", 0.0, 0) == 0.0
    assert wait_for("60", "turbo", 0.0, 6) == 0.03
    assert wait_for("5", "turbo", 0.05, 0) == pytest.approx(0.15)
    assert wait_for("5", "turbo", 0.5, 0) == 0.0


def test_ink_grows_along_its_way():
    assert len(ink(0.2)) == len(ink(1.0))
    assert ink(0.2) != ink(1.0)


def test_a_traceback_is_told_by_its_last_line_and_its_place():
    log = (
        "started\nTraceback (most recent call last):\n"
        '  File "a.py", line 3, in outer\n    inner()\n'
        '  File "b.py", line 7, in inner\n    x[0]\n'
        "IndexError: list index out of range\nmore\n"
    )
    assert tracebacks(log) == [
        'The server: IndexError: list index out of range (File "b.py", line 7, in inner)'
    ]
    assert tracebacks("all is well") == []
