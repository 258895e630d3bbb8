"""The process of all learners: they come one after the other, work, and leave.

`python -m benchmarks.classroom.learners --url … --sessions 28 --seconds 60` prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import resource
import time
from urllib.request import urlopen

from benchmarks.classroom.activities import ACTIVITIES, next_page
from benchmarks.classroom.learner import Learner
from benchmarks.classroom.times import Times
from explorer.components.files import ADDRESS, WHOLE, version

ARRIVE_S = 0.4  # between two learners who open the page
FILES = re.compile(r"""(?:src|href)="(?:\./)?(static/[^"]+)\"""")


def fetched(url: str) -> int:
    """Fetch what a browser fetches before it connects; returns how many bytes that is."""
    with urlopen(f"{url}/", timeout=60) as answer:
        index = answer.read()
    total = len(index)
    files = FILES.findall(index.decode())
    files += ["_stcore/health", "_stcore/host-config"]
    files.append(f"{ADDRESS[1:]}/{version()}/{WHOLE}")
    for name in files:
        with urlopen(f"{url}/{name}", timeout=60) as answer:
            total += len(answer.read())
    return total


async def attend(url: str, number: int, until: float, times: Times) -> None:
    """Come, do one thing after the other, leave."""
    draws = random.Random(number)
    await asyncio.sleep(number * ARRIVE_S)
    times.count("fetched_bytes", await asyncio.to_thread(fetched, url))
    learner = Learner(url, times, draws)
    page = next_page(draws, None)
    await learner.open(page)
    while time.monotonic() < until:
        activity, _ = ACTIVITIES[page]
        try:
            async with asyncio.timeout(max(0.1, until - time.monotonic())):
                await activity(learner)
                page = next_page(draws, page)
                await learner.go(page)
        except TimeoutError:
            break
    times.count("reminders", learner.reminders)
    times.count("received_bytes", learner.tab.bytes)
    await learner.leave()


async def together(url: str, sessions: int, seconds: float) -> Times:
    """Let all of them work for so long."""
    times = Times()
    until = time.monotonic() + seconds
    work = [attend(url, number, until, times) for number in range(sessions)]
    for ended in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(ended, BaseException):
            times.problems.append(f"{type(ended).__name__}: {ended}"[:300])
    return times


def main() -> None:
    """Read the command line, work, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--sessions", type=int, default=28)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    began = time.perf_counter()
    times = asyncio.run(together(options.url, options.sessions, options.seconds))
    spent = resource.getrusage(resource.RUSAGE_SELF)
    share = (spent.ru_utime + spent.ru_stime) / (time.perf_counter() - began)
    print(json.dumps(times.plain() | {"cpu": share}))


if __name__ == "__main__":
    main()
