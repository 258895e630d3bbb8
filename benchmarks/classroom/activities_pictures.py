"""What learners do on the pages that learn from pictures."""

from __future__ import annotations

import asyncio
import io
import time
from base64 import b64encode
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.classroom.hands import moves, read
from benchmarks.classroom.learner import Learner

PAD = 112  # pixels of a side that the drawing pad sends


def ink(share: float) -> str:
    """Return a pad on which a circle is drawn up to a share of its way, as letters."""
    pad = np.zeros((PAD, PAD), dtype=np.uint8)
    for turn in np.linspace(0, 2 * np.pi * share, max(2, int(90 * share))):
        row, column = int(56 + 34 * np.cos(turn)), int(56 + 24 * np.sin(turn))
        pad[row - 4 : row + 5, column - 4 : column + 5] = 255
    return b64encode(pad.tobytes()).decode()


async def dashboard(learner: Learner) -> None:
    """Draw a digit; train a network, watch it, stop or let it end."""
    await read(learner)
    await moves(
        learner,
        learner.draws.uniform(1.5, 3),
        "draw",
        lambda share: {"type": "ink", "target": "ink", "size": PAD, "pixels": ink(share)},
    )
    await read(learner)
    settings = "training_dashboard_settings"
    for name, value in (("data", "digits"), ("epochs", learner.draws.choice([2, 3, 4]))):
        change = {"type": "set", "target": name, "name": name, "value": value}
        await learner.answer(learner.send(settings, change, "set"))
    await learner.answer(learner.act({"type": "start"}, "train"))
    await _watch(learner, learner.draws.uniform(10, 25))


async def _watch(learner: Learner, seconds: float) -> None:
    """Watch a run; who has waited long enough stops it."""
    until = time.perf_counter() + seconds
    shown = False
    began = time.perf_counter()
    while time.perf_counter() < until:
        run = learner.stage["run"]
        if run["state"] == "queued" and not shown:
            shown = True
            ahead = "before yours" in run["where"] or "next in the queue" in run["where"]
            learner.times.count("queued")
            learner.times.count("queued_place_shown", ahead)
        if run["state"] == "running" and "run_started" not in learner.times.of:
            learner.times.of.setdefault("run_started", [])
        if not run["live"]:
            learner.times.count(f"runs_{run['state']}")
            learner.times.count("run_seconds", time.perf_counter() - began)
            await read(learner)
            return
        await asyncio.sleep(0.3)
    await learner.answer(learner.act({"type": "stop"}, "stop"))
    learner.times.count("runs_given_up")


@cache
def photo() -> str:
    """Return a photo of 1600×1200 pixels as letters, made of soft noise."""
    draws = np.random.default_rng(7)
    small = draws.integers(0, 255, (48, 64, 3), dtype=np.uint8)
    large = Image.fromarray(small).resize((1600, 1200), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    large.save(file, "JPEG", quality=92)
    return b64encode(file.getvalue()).decode()


async def augmentation(learner: Learner) -> None:
    """Open a picture, move a slider, draw anew."""
    await read(learner)
    await learner.answer(learner.act({"type": "upload", "data": photo()}, "upload"))
    learner.act({"type": "rest"})
    await read(learner)
    rows = learner.stage["pipeline"]["rows"]
    places = [
        (at, field)
        for at, row in enumerate(rows)
        for field in row["fields"]
        if field["kind"] == "slider"
    ]
    if places:
        at, field = learner.draws.choice(places)
        low, high = float(field["minimum"]), float(field["maximum"])

        def value(share: float) -> dict[str, Any]:
            name = field["name"]
            now = low + (high - low) * share
            return {"type": "value", "at": at, "name": name, "value": now, "target": f"{at}.{name}"}

        await moves(learner, learner.draws.uniform(1.5, 3), "slide", value)
    for _ in range(3):
        await learner.answer(learner.act({"type": "reroll"}, "reroll"))
        await asyncio.sleep(learner.draws.uniform(0.8, 2))


async def transfer(learner: Learner) -> None:
    """Let a head learn, draw into a class, ask about a drawing."""
    await read(learner)
    await learner.answer(learner.act({"type": "start"}, "learn"))
    await read(learner)
    await learner.answer(learner.act({"type": "fresh"}, "predict"))
    await moves(
        learner,
        learner.draws.uniform(1.5, 3),
        "predict",
        lambda share: {"type": "query_ink", "target": "ink", "size": PAD, "pixels": ink(share)},
    )
    labels = learner.stage["classes"]
    for _ in range(2):
        label = learner.draws.choice(labels)["id"]
        share = learner.draws.uniform(0.3, 1)
        drawing = {"type": "drawing", "label": label, "size": PAD, "pixels": ink(share)}
        await learner.answer(learner.act(drawing, "collect"))
        await asyncio.sleep(learner.draws.uniform(1, 3))
    await read(learner)
