"""A real Chromium among the learners: what a person sees, measured inside of the page."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Error

from benchmarks.classroom.times import percentile
from benchmarks.interaction import circle, click_step, follow_link, opened
from benchmarks.serving import Server

DRAG_S, READ_MS, LEAST = 4.0, 1500, 5


def visited(browser: Browser, server: Server, seconds: float) -> dict[str, Any]:
    """Drag, step, switch pages again and again; return medians and percentiles in ms.

    Args:
        browser: A running Chromium.
        server: The server that the others use, too.
        seconds: For how long.
    """
    until = time.monotonic() + seconds
    times: dict[str, list[float]] = {"drag": [], "step": [], "switch": []}
    problems: list[str] = []
    page = opened(browser, server)
    while time.monotonic() < until:
        try:
            times["drag"] += dragged(page)
            page.wait_for_timeout(READ_MS)
            for _ in range(3):
                times["step"].append(click_step(page))
                page.wait_for_timeout(400)
            times["switch"] += follow_link(page, "All lessons", "home")
            page.wait_for_timeout(READ_MS)
            times["switch"] += follow_link(page, "Linear regression", "stage")
            page.wait_for_timeout(READ_MS)
        except Error as error:
            problems.append(str(error).splitlines()[0])
    page.context.close()
    found = {
        name: {"p50_ms": round(median(some), 1), "p95_ms": round(percentile(some, 0.95), 1)}
        for name, some in times.items()
        if len(some) >= LEAST
    }
    return {**found, "problems": problems}


def dragged(page: Any) -> list[float]:
    """Drag a point for some seconds; return the age of each picture when it was painted, in ms."""
    box = page.locator("[data-point='4'] .halo").bounding_box()
    if box is None:
        return []
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { window.watched = bench.watchDrag(); }")
    moves, until = 0, time.monotonic() + DRAG_S
    while time.monotonic() < until:
        moves = circle(page, x, y, count=20, first=moves)
    ages = page.evaluate("window.watched.stop()")
    page.mouse.up()
    return [row[0] for row in ages]
