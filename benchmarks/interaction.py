"""How fast the explorer answers a hand: `python -m benchmarks.interaction --json`.

Everything is measured in a real browser against a server of its own that the launcher
starts; each time ends when the answer has been painted.
"""

import argparse
import json
import math
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Error, Page

from benchmarks.chromium import chromium
from benchmarks.serving import LAUNCHED, Server, serving

IN_PAGE = Path(__file__).with_name("in_page.js")
LESSON = "linear_regression?start=-1,5&path=&rate=0.1"
CHART = f"{LESSON}&compare=yes"
UPDATES = 240
HERTZ = 60.0
LOADS = 3
SWITCHES = 10
CLICKS = 30
IN_TURN = 100
# Upper limits, from the design's measures; name of the figure to its limit.
TARGETS = {
    "drag_p50_ms": 40.0,
    "drag_p95_ms": 60.0,
    "start_s": 4.0,
    "page_switch_ms": 150.0,
    "page_switch_plotly_ms": 500.0,
    "button_ms": 100.0,
}
Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table, and with ``--json`` one JSON object as the last line.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.interaction")
    parser.add_argument("--json", action="store_true", help="print a JSON object as the last line")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # The server is ended then, too.
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with serving(Path(folder) / "log.txt", LAUNCHED) as server:
            figures = measured(browser, server)
        report = judged(figures) | {"machine": machine(browser)}
    print(table(report))
    if options.json:
        print(json.dumps(report))


def measured(browser: Browser, server: Server) -> Figures:
    """Take every measurement, the start of the server first; one that fails is named."""
    figures: Figures = {"start_s": started(browser, server)}
    failed = {}
    for measure in (first_load, drag, drag_in_turn, button, page_switch, page_switch_plotly):
        try:
            figures |= measure(browser, server)
        except Error as error:
            failed[measure.__name__] = str(error).splitlines()[0]
    return figures | ({"failed": failed} if failed else {})


def judged(figures: Figures) -> dict[str, Any]:
    """Add the targets, and for each whether it is met; None where nothing was measured."""
    met: dict[str, bool | None] = {}
    for name, limit in TARGETS.items():
        value = figures.get(name)
        met[name] = None if value is None else value < limit
    return {**figures, "targets": TARGETS, "pass": met}


def machine(browser: Browser) -> dict[str, Any]:
    """Describe what it ran on."""
    return {
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "chromium": browser.version,
    }


def table(report: dict[str, Any]) -> str:
    """Write the figures for a person."""
    rows = [f"{name} failed: {why}" for name, why in report.get("failed", {}).items()]
    for name, value in report.items():
        if isinstance(value, dict):
            continue
        limit, met = report["targets"].get(name), report["pass"].get(name)
        verdict = "" if limit is None else f"  target < {limit:g}  {'ok' if met else 'MISSED'}"
        rows.append(f"{name:<32} {'—' if value is None else f'{value:g}':>10}{verdict}")
    machine_row = ", ".join(f"{name} {value}" for name, value in report["machine"].items())
    return "\n".join([*rows, machine_row])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


# -- pages -----------------------------------------------------------------------------


def fresh(browser: Browser) -> Page:
    """Open an empty page in a context of its own, with nothing cached."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(path=IN_PAGE)
    return page


def opened(browser: Browser, server: Server, path: str = LESSON) -> Page:
    """Open a page and wait until its stage is painted."""
    page = fresh(browser)
    page.goto(f"{server.url}/{path}")
    page.evaluate("bench.until('stage')")
    page.wait_for_load_state("networkidle")
    return page


def clicked(page: Page, expression: str, click: Callable[[], None]) -> Any:
    """Arm a clock in the page, click, and return what the clock says."""
    page.evaluate(f"() => {{ window.clock = {expression}; }}")
    click()
    return page.evaluate("window.clock")


def follow_link(page: Page, name: str, *waited_for: str) -> list[float]:
    """Click an entry of the sidebar; return when each of the things was painted, in ms."""
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=name)
    times: list[float] = clicked(page, f"bench.clickToPages({list(waited_for)})", link.click)
    # The next click shall find the navigation at rest.
    current = page.get_by_test_id("stSidebar").locator("[aria-current=page]", has_text=name)
    current.wait_for()
    page.wait_for_timeout(150)
    return times


def click_step(page: Page) -> float:
    """Click on Step; return when the new picture was painted, in ms."""
    button = page.get_by_role("button", name="One step", exact=True)
    took = clicked(page, "bench.clickToAnswer()", button.click)
    return float(took)


# -- measurements ----------------------------------------------------------------------


def started(browser: Browser, server: Server) -> float:
    """Return the seconds from the command to a page that has answered a click."""
    page = fresh(browser)
    page.goto(f"{server.url}/{LESSON}")
    page.evaluate("bench.until('stage')")
    click_step(page)
    seconds = time.perf_counter() - server.started
    page.context.close()
    return round(seconds, 2)


def first_load(browser: Browser, server: Server) -> Figures:
    """Measure a first visit: from the navigation to the painted stage, nothing cached."""
    times = []
    for _ in range(LOADS):
        page = fresh(browser)
        page.goto(f"{server.url}/{LESSON}", wait_until="commit")
        times.append(page.evaluate("bench.until('stage')") / 1000)
        page.context.close()
    return {"first_load_s": round(median(times), 2)}


def drag(browser: Browser, server: Server) -> Figures:
    """Drag a point with the real pointer at up to 60 Hz.

    Moves are coalesced, one message is in flight: each answered message counts from the
    pointer move whose position it shows to the frame in which that was painted.
    """
    page = opened(browser, server)
    box = page.locator("[data-point='4'] .halo").bounding_box()
    if box is None:
        raise RuntimeError("there is no point to drag")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    warm = circle(page, x, y, count=30)
    page.evaluate("() => { window.watched = bench.watchDrag(); }")
    moves = warm
    while page.evaluate("window.watched.ages.length") < UPDATES and moves < 30 * UPDATES:
        moves = circle(page, x, y, count=60, first=moves)
    ages = page.evaluate("window.watched.stop()")
    page.mouse.up()
    page.context.close()
    event, handler, painted = ([row[at] for row in ages] for at in range(3))
    return {
        "drag_p50_ms": round(median(event), 1),
        "drag_p95_ms": round(percentile(event, 0.95), 1),
        "drag_from_handler_p50_ms": round(median(handler), 1),
        "drag_from_handler_p95_ms": round(percentile(handler, 0.95), 1),
        "drag_updates_per_s": round((len(painted) - 1) / (painted[-1] - painted[0]) * 1000, 1),
        "drag_updates": len(ages),
    }


def circle(page: Page, x: float, y: float, *, count: int, first: int = 0) -> int:
    """Move the pointer about a place at 60 Hz; return the number of the next move."""
    due = time.perf_counter()
    for turn in range(first, first + count):
        page.mouse.move(x + 20 * math.sin(turn / 9), y - 60 + 40 * math.cos(turn / 13))
        due = max(due + 1 / HERTZ, time.perf_counter() - 1 / HERTZ)
        time.sleep(max(0.0, due - time.perf_counter()))
    return first + count


def drag_in_turn(browser: Browser, server: Server) -> Figures:
    """Drag a point so that each move waits for the picture of the last: no queue at all."""
    page = opened(browser, server)
    page.evaluate("bench.dragInTurn(20)")
    page.wait_for_timeout(500)  # The end of that drag is answered.
    times = page.evaluate(f"bench.dragInTurn({IN_TURN})")
    page.context.close()
    return {
        "drag_sequential_p50_ms": round(median(times), 1),
        "drag_sequential_p95_ms": round(percentile(times, 0.95), 1),
    }


def button(browser: Browser, server: Server) -> Figures:
    """Click on Step again and again, each time at rest."""
    page = opened(browser, server)
    times = []
    for _ in range(CLICKS):
        times.append(click_step(page))
        page.wait_for_timeout(100)
    page.context.close()
    return {
        "button_ms": round(median(times), 1),
        "button_p95_ms": round(percentile(times, 0.95), 1),
    }


def page_switch(browser: Browser, server: Server) -> Figures:
    """Go back and forth between the home page and the lesson."""
    page = opened(browser, server)
    times = []
    for _ in range(SWITCHES // 2 + 1):
        times += follow_link(page, "All lessons", "home")
        times += follow_link(page, "Linear regression", "stage")
    page.context.close()
    usual = times[2:]  # The first visit to each page loads its modules.
    return {
        "page_switch_ms": round(median(usual), 1),
        "page_switch_p95_ms": round(percentile(usual, 0.95), 1),
        "page_switch_first_ms": round(max(times[:2]), 1),
    }


def page_switch_plotly(browser: Browser, server: Server) -> Figures:
    """Go to the lesson while its Plotly chart is open: when is the stage, when the chart there."""
    page = opened(browser, server, CHART)
    page.locator(".js-plotly-plot .plot-container").wait_for()
    stages, charts = [], []
    for _ in range(SWITCHES // 2 + 1):
        follow_link(page, "All lessons", "home")
        stage, chart = follow_link(page, "Linear regression", "stage", "chart")
        stages.append(stage)
        charts.append(chart)
    page.context.close()
    return {
        "page_switch_plotly_ms": round(median(charts[1:]), 1),
        "page_switch_plotly_stage_ms": round(median(stages[1:]), 1),
        "page_switch_plotly_p95_ms": round(percentile(charts[1:], 0.95), 1),
    }


if __name__ == "__main__":
    main()
