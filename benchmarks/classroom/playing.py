"""Playing the network builder: the clock of `explorer/static/play_clock.js`, without a screen."""

from __future__ import annotations

import asyncio
import time

from benchmarks.classroom.learner import Learner

SCREEN_HZ = 60.0
STORED, QUICK = 6, 25.0
FULL_S = 0.03


def wait_for(speed: str, turbo: str, elapsed: float, stored: float) -> float:
    """Return the seconds until the next tick, so many after the last one."""
    if stored >= STORED:
        return FULL_S
    if speed == turbo or float(speed) >= QUICK:
        return 0.0
    return max(0.0, 1 / float(speed) - elapsed)


async def play(learner: Learner, seconds: float) -> None:
    """Press Play and watch for so long; counts painted frames and epochs."""
    began = asked = time.perf_counter()
    first_epoch = int(learner.stage["clock"]["epoch"])
    passed, painted, frames = 0.05, began, 0
    while time.perf_counter() - began < seconds:
        if not await learner.answer(learner.act({"type": "tick", "seconds": passed}, "play")):
            break
        header = learner.stage
        now = time.perf_counter()
        moments, clock = len(header["moments"]), header["clock"]
        frames += moments
        painted = max(painted, now) + moments / SCREEN_HZ
        stored = (painted - now) * SCREEN_HZ
        wait = wait_for(str(clock["speed"]), str(clock["turbo"]), now - asked, stored)
        wait = max(wait, float(clock.get("wait", 0.0)))
        if wait:
            await asyncio.sleep(wait)
        now = time.perf_counter()
        passed, asked = now - asked, now
        if clock["stopped"]:
            break
    spent = time.perf_counter() - began
    learner.times.count("play_s", spent)
    learner.times.count("play_frames", frames)
    learner.times.count("play_epochs", int(learner.stage["clock"]["epoch"]) - first_epoch)
    await learner.answer(learner.act({"type": "rest"}, "release"))
