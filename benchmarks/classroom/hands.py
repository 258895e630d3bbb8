"""What hands and eyes do on every page: read, and move something."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from benchmarks.classroom.learner import Learner

MOVES_HZ = 20.0
READING_S = (2.0, 7.0)


async def read(learner: Learner) -> None:
    """Look at what is there."""
    await asyncio.sleep(learner.draws.uniform(*READING_S))


async def moves(learner: Learner, seconds: float, name: str, at: Callable[[float], Any]) -> None:
    """Move something at twenty moves a second, then let it go.

    Args:
        learner: Whose hand.
        seconds: For how long.
        name: Of the gesture.
        at: What is sent after a share of the way.
    """
    began = time.perf_counter()
    last = None
    while (passed := time.perf_counter() - began) < seconds:
        last = learner.act({"moving": True, **at(passed / seconds)}, name)
        await asyncio.sleep(1 / MOVES_HZ)
    if last is not None:
        await learner.answer(last)
    await learner.answer(learner.act({"type": "rest"}, "release"))
