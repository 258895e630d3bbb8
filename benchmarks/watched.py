"""A run that a browser watches beside the bare generator, the pen, and the server's memory."""

import re
import shutil
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks.interaction import percentile
from benchmarks.serving import Server
from core.runs.directory import RunDirectory
from core.training.config import TrainingConfig
from core.training.data import prepared_for
from core.training.events import EpochEnded
from core.training.loop import train
from core.training.state import start

# The speed of a machine that others share swings by a tenth within seconds. So watched and bare
# runs alternate, an epoch of the whole set each, and the medians are compared.
PAIRS = 3
SETTLE_S = 15.0  # until a new server has prepared what its pages show
STROKES, MOVES = 6, 20
Figures = dict[str, Any]
WATCH_BARS = """
() => {
  const find = (node) => {
    for (const host of node.querySelectorAll("*")) {
      if (host.matches(".bars")) return host;
      const inner = host.shadowRoot && find(host.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  const root = find(document).getRootNode().querySelector(".root");
  window.pen = { times: [], moved: null };
  const pad = root.querySelector("canvas.pad");
  pad.addEventListener("pointermove", (event) => { window.pen.moved ??= event.timeStamp; }, true);
  new MutationObserver(() => {
    const began = window.pen.moved;
    if (began === null) return;
    window.pen.moved = null;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.pen.times.push(performance.now() - began);
      channel.port2.postMessage(0);
    });
  }).observe(root, { attributes: true, attributeFilter: ["data-frame"] });
}
"""


def page(browser: Browser, server: Server, runs: Path) -> Figures:
    """Draw, train with a browser watching, and weigh the server.

    Args:
        browser: A running Chromium.
        server: A server that nobody else uses.
        runs: Its folder of runs.
    """
    opened = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    query = (
        "data=mnist&model=cnn&optimizer=adam&rate=0.001&schedule=constant&batch=64&epochs=1&share=5"
    )
    opened.goto(f"{server.url}/training_dashboard?{query}")
    where(opened).filter(has_text="finished").wait_for(timeout=120_000)  # The example.
    opened.wait_for_timeout(1000 * SETTLE_S)
    made: Figures = {"pen_to_bars_p95_ms": pen(opened)}
    speeds: list[tuple[list[float], list[float]]] = []
    for _ in range(PAIRS):
        run = watched(opened, runs)
        speeds.append((_speeds(run.rows()), bare(run.spec().config)))
    made["rss_mb"] = rss_mb(server.pid)
    made["rss_mb_ten_open"] = ten_open(opened, server, run.path)
    opened.context.close()
    seen, unseen = (median(chain(*part)) for part in zip(*speeds, strict=True))
    return made | {
        "watched_samples_per_s": round(seen),
        "bare_samples_per_s": round(unseen),
        "watched_ratio": round(seen / unseen, 3),
        "watched_ratios": [round(median(one) / median(other), 3) for one, other in speeds],
    }


def where(opened: Any) -> Any:
    """Return the words that say how far a run is."""
    return opened.locator(".progress .row span").first


def watched(opened: Any, runs: Path) -> RunDirectory:
    """Train with a browser that looks at it all the time; returns the run."""
    before = set(runs.iterdir())
    opened.locator("button.play").click()
    opened.wait_for_timeout(2000)
    new = next(one for one in runs.iterdir() if one.is_dir() and one not in before)
    where(opened).filter(has_text="CNN, Adam: finished").wait_for(timeout=300_000)
    return RunDirectory(new)


def bare(config: TrainingConfig) -> list[float]:
    """Train as much in this process, with no page; returns the pictures a second of each epoch."""
    prepared = prepared_for(config)
    model, state = start(config, prepared.shape, len(prepared.classes))
    events = train(model, prepared, config, state)
    return _speeds([event for event in events if isinstance(event, EpochEnded)])


def _speeds(rows: list[EpochEnded]) -> list[float]:
    return [row.samples_per_s for row in rows]


def ten_open(opened: Any, server: Server, run: Path) -> float | None:
    """Open ten finished runs beside each other and weigh the server again."""
    for number in range(10):
        copy = run.with_name(f"{run.name[:-6]}{number:06x}")
        shutil.copytree(run, copy)
        page = opened.context.new_page()
        page.goto(f"{server.url}/training_dashboard?run={copy.name}")
        where(page).filter(has_text="finished").wait_for()
    return rss_mb(server.pid)


def pen(opened: Any) -> float:
    """Draw, and count from each move of the pen to the frame with its bars."""
    opened.evaluate(WATCH_BARS)
    box = opened.locator("canvas.pad").bounding_box()
    for stroke in range(STROKES):
        opened.mouse.move(box["x"] + 30, box["y"] + 30 + 15 * stroke)
        opened.mouse.down()
        for move in range(MOVES):
            opened.mouse.move(box["x"] + 30 + 5 * move, box["y"] + 30 + 15 * stroke + move)
            opened.wait_for_timeout(16)
        opened.mouse.up()
    opened.wait_for_timeout(500)
    return round(percentile(opened.evaluate("window.pen.times"), 0.95), 1)


def rss_mb(pid: int) -> float | None:
    """Return the memory of the server's process, in MB; None where nobody tells."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return None
    line = re.search(r"VmRSS:\s+(\d+) kB", text)
    return round(int(line[1]) / 1024, 1) if line else None
