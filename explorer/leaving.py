"""What becomes of sessions whose tabs are closed: what they held is given back in time.

Streamlit keeps a session for two minutes, so that a short loss of the network loses nothing. But it
lets the old ones go only when another one comes or leaves: after a lesson the pictures and networks
of a whole class would stay until the next morning. So a task beside the server lets them go on
time.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
from collections.abc import AsyncIterator
from typing import Any

from streamlit.runtime import Runtime

from core import heaps
from explorer.served import SHELF

EVERY_S = 20.0
TRIM_ROUNDS = 3  # After so many, what is free in the heaps goes back to the machine.
ROUNDS = 2  # A thread that is just ending may hold a session for a moment longer.


def kept() -> int:
    """Return how many sessions wait for their browsers; those that waited too long go now."""
    # Streamlit has no public way to ask. Counting lets go of what has expired.
    found: Any = Runtime.instance()
    for name in ("_session_mgr", "_session_storage", "_cache"):
        found = getattr(found, name, None)
    return 0 if found is None else len(found)


async def tend() -> None:
    """Look again and again, until cancelled; where sessions have gone, free what they held."""
    before = rounds = 0
    for turn in itertools.count(1):
        await asyncio.sleep(EVERY_S)
        if not Runtime.exists():
            continue
        now = kept()
        rounds = ROUNDS if now < before else rounds - 1
        before = now
        if rounds > 0:
            gc.collect()  # Lessons and their parts know each other: counting alone frees none.
            SHELF.tidy()
        if rounds > 0 or turn % TRIM_ROUNDS == 0:
            await asyncio.to_thread(heaps.trim)


@contextlib.asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Tend the sessions as long as the server runs."""
    task = asyncio.create_task(tend())
    try:
        yield {}
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
