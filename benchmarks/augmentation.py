"""How fast sixteen pictures follow a slider: `python -m benchmarks.augmentation --json`.

Measured in a real browser against a server of its own, with the course's pipeline for pictures
of 224 pixels. Each time goes from the pointer's move to the frame in which all sixteen pictures
of its answer were painted.
"""

import argparse
import json
import math
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.chromium import chromium
from benchmarks.interaction import machine, percentile
from benchmarks.serving import LAUNCHED, Server, serving

PAGE = "augmentation?picture=cat"  # Opens with the course's pipeline and its rotation unfolded.
UPDATES = 100
HERTZ = 60.0
PATIENCE_S = 120.0
TARGETS = {"redraw_p95_ms": 300.0}
WATCH = r"""() => {
  const trees = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
  const stage = trees.map((tree) => tree.querySelector("section.stage.augmentation")).find(Boolean);
  const root = stage.closest(".root");
  const host = root.parentNode;
  const [ages, sent, frames] = [[], new Map(), new Map()];
  let moved = null;
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  }));
  addEventListener("pointermove", (event) => { moved = event.timeStamp; }, true);
  host.__sent = (message) => {
    const value = message.events.some(({ type }) => type === "value");
    if (moved && value) sent.set(message.token, moved);
  };
  new MutationObserver(async (changes) => {
    for (const { attributeName } of changes) {
      if (attributeName === "data-frame") {
        const { frame, ack } = host.__taken;
        frames.set(String(frame), ack);
        continue;
      }
      const token = frames.get(root.dataset.painted);
      const from = sent.get(token);
      sent.delete(token);
      if (from) painted().then((now) => ages.push([now - from, now]));
    }
  }).observe(root, { attributes: true, attributeFilter: ["data-frame", "data-painted"] });
  window.redraws = ages;
}"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the figures, and with ``--json`` one JSON object as the last line.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.augmentation")
    parser.add_argument("--json", action="store_true", help="print a JSON object as the last line")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # The server is ended then, too.
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with serving(Path(folder) / "log.txt", LAUNCHED) as server:
            figures = redraws(browser, server)
        met = {name: figures[name] < limit for name, limit in TARGETS.items()}
        report = {**figures, "targets": TARGETS, "pass": met, "machine": machine(browser)}
    for name, value in report.items():
        print(f"{name:<24} {value}")
    if options.json:
        print(json.dumps(report))


def redraws(browser: Browser, server: Server) -> dict[str, Any]:
    """Drag the angle's slider with the real pointer until enough answers were painted."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.url}/{PAGE}")
    track = page.get_by_role("slider", name="Angle (°)")
    track.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)  # Thumbnails and cards are there.
    box = track.bounding_box()
    if box is None:
        raise RuntimeError("there is no slider to drag")
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    turn = swing(page, box, 60)
    page.evaluate(WATCH)
    limit = time.monotonic() + PATIENCE_S
    while page.evaluate("window.redraws.length") < UPDATES and time.monotonic() < limit:
        turn = swing(page, box, 60, turn)
    page.mouse.up()
    ages = page.evaluate("window.redraws")
    page.context.close()
    times, painted = [age for age, _ in ages], [now for _, now in ages]
    return {
        "redraw_p50_ms": round(median(times), 1),
        "redraw_p95_ms": round(percentile(times, 0.95), 1),
        "redraws_per_s": round((len(painted) - 1) / (painted[-1] - painted[0]) * 1000, 1),
        "redraws": len(ages),
    }


def swing(page: Page, box: Any, count: int, first: int = 0) -> int:
    """Move the pointer along the slider at 60 Hz; return the number of the next move."""
    due = time.perf_counter()
    for turn in range(first, first + count):
        share = 0.5 + 0.4 * math.sin(turn / 25)
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 10)
        due = max(due + 1 / HERTZ, time.perf_counter() - 1 / HERTZ)
        time.sleep(max(0.0, due - time.perf_counter()))
    return first + count


if __name__ == "__main__":
    main()
