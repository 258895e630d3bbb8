"""How fast the network builder plays: `python -m benchmarks.playground --json`.

Frames are counted in a real browser: one for every animation frame in which the stage shows
another moment of the run than in the frame before.
"""

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import torch
from playwright.sync_api import Browser

from benchmarks.chromium import chromium
from benchmarks.interaction import machine
from benchmarks.serving import LAUNCHED, Server, serving
from core.networks.loop import train
from explorer.network_builder.lesson import NetworkBuilder

COMMON = "points=500&share=50&batch_size=10&noise=0&speed=turbo"
SMALL = f"data=circles&layers=4:tanh;2:tanh&{COMMON}"
LARGE = f"data=spirals&layers={';'.join(['8:tanh'] * 6)}&{COMMON}"
WARM_S, MEASURED_S, ROUNDS = 2.0, 4.0, 3
BARE_STEPS = 3000
SOLVED = 0.05
# Lower limits, from the design's measures; name of the figure to its limit.
TARGETS = {
    "play_fps": 30.0,
    "play_epochs_per_s": 60.0,
    "play_fps_large": 17.0,
    "play_epochs_per_s_large": 17.0,
}
COUNTER = """
seconds => new Promise(done => {
  const find = (node) => {
    for (const host of node.querySelectorAll("*")) {
      if (host.matches("[data-moment]")) return host;
      const inner = host.shadowRoot && find(host.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  const root = find(document);
  const read = () => root.dataset.moment.split(":").map(Number);
  const [from, start] = [read(), performance.now()];
  let [frames, all, last] = [0, 0, root.dataset.moment];
  const look = () => {
    all += 1;
    if (root.dataset.moment !== last) { last = root.dataset.moment; frames += 1; }
    const spent = (performance.now() - start) / 1000;
    if (spent < seconds) requestAnimationFrame(look);
    else {
      const to = read();
      const [epochs, steps] = to.map((value, at) => (value - from[at]) / spent);
      done({fps: frames / spent, screen: all / spent, epochs, steps});
    }
  };
  requestAnimationFrame(look);
})
"""
Figures = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table, and with ``--json`` one JSON object as the last line.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.playground")
    parser.add_argument("--json", action="store_true", help="print a JSON object as the last line")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # The server is ended then, too.
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        with serving(Path(folder) / "log.txt", LAUNCHED) as server:
            small, large = played(browser, server, SMALL), played(browser, server, LARGE)
        report = figures(small, large) | {"machine": machine(browser)}
    print("\n".join(f"{name:<28} {value}" for name, value in report.items()))
    if options.json:
        print(json.dumps(report))


def figures(small: Figures, large: Figures) -> Figures:
    """Put the measurements beside their targets and beside the bare loop."""
    bare, bare_large = bare_loop(SMALL), bare_loop(LARGE)
    made: Figures = {
        "play_fps": round(small["fps"], 1),
        "play_epochs_per_s": round(small["epochs"], 1),
        "play_fps_large": round(large["fps"], 1),
        "play_epochs_per_s_large": round(large["epochs"], 1),
        "steps_per_s_ratio": round(small["steps"] / bare, 3),
        "steps_per_s_ratio_large": round(large["steps"] / bare_large, 3),
        "steps_per_s_bare": round(bare),
        "screen_fps": round(small["screen"], 1),
        "epochs_to_circle": epochs_to_circle(),
    }
    return {
        **made,
        "targets": TARGETS,
        "pass": {name: made[name] >= limit for name, limit in TARGETS.items()},
    }


def played(browser: Browser, server: Server, query: str) -> Figures:
    """Press play and count, the middle one of several rounds."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.url}/network_builder?{query}")
    page.locator("[data-moment]").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.locator("button.play").click()
    page.wait_for_timeout(1000 * WARM_S)
    rounds = [page.evaluate(COUNTER, MEASURED_S) for _ in range(ROUNDS)]
    page.context.close()
    return {name: median(one[name] for one in rounds) for name in rounds[0]}


def lesson(query: str) -> NetworkBuilder:
    """Return the lesson that an address opens."""
    return NetworkBuilder(dict(part.split("=", 1) for part in query.split("&")))


def bare_loop(query: str) -> float:
    """Return the updates a second of the training loop alone, with no page and no history."""
    run = lesson(query).sides[0].training
    loop = train(
        run.model,
        run.examples.inputs,
        run.examples.targets,
        run.objective,
        run.config,
        run.optimizer,
        run.place,
        run.config.batch_size,
    )
    torch.set_num_threads(1)  # As the server does: the loop at its best.
    list(islice(loop, BARE_STEPS // 10))
    began = time.perf_counter()
    list(islice(loop, BARE_STEPS))
    return BARE_STEPS / (time.perf_counter() - began)


def epochs_to_circle() -> int | None:
    """Return after how many epochs the validation loss of the default page is under 0.05."""
    run = NetworkBuilder({}).sides[0].training
    while run.epoch < 1000:
        run.advance_epochs(1)
        if run.now.validation_loss < SOLVED:
            return int(run.epoch)
    return None


if __name__ == "__main__":
    main()
