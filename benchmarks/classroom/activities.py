"""What learners do on each page, with pauses in which they read."""

from __future__ import annotations

import asyncio
import io
import math
import random
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.classroom.learner import Learner
from benchmarks.classroom.playing import play

MOVES_HZ = 20.0
READING_S = (2.0, 7.0)
PAD = 112  # pixels of a side that the drawing pad sends
Activity = Callable[[Learner], Awaitable[None]]


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


async def home(learner: Learner) -> None:
    """Read the cards."""
    await read(learner)


async def regression(learner: Learner) -> None:
    """Drag a point, take steps, look what happens."""
    for _ in range(4):  # The page opens with four steps.
        await asyncio.sleep(0.28)
        await learner.answer(learner.act({"type": "tick"}))
    learner.act({"type": "rest"})
    await read(learner)
    index, x, y = learner.draws.randrange(6), learner.draws.uniform(1, 8), 5.0

    def point(share: float) -> dict[str, Any]:
        turn = 9 * share
        place = {"x": x + math.sin(turn), "y": y + 2 * math.cos(turn)}
        return {"type": "point", "target": f"point{index}", "index": index, **place}

    await moves(learner, learner.draws.uniform(2, 5), "drag", point)
    await read(learner)
    for _ in range(5):
        await learner.answer(learner.act({"type": "step", "count": 1}, "step"))
        await asyncio.sleep(learner.draws.uniform(0.4, 1.2))
    await moves(
        learner,
        learner.draws.uniform(2, 4),
        "drag",
        lambda share: {"type": "line", "target": "line", "m": 2 * share, "b": 3 - 2 * share},
    )
    await question(learner)


async def question(learner: Learner) -> None:
    """Predict first."""
    board = f"{learner.page}_board"
    await learner.answer(learner.send(board, {"type": "choose", "option": 0}, "choose"))
    await read(learner)
    await learner.answer(learner.send(board, {"type": "reveal"}, "reveal"))
    await read(learner)


async def activations(learner: Learner) -> None:
    """Move the cursor along a curve, then a unit of a sum."""
    await read(learner)
    await moves(
        learner,
        learner.draws.uniform(2, 4),
        "drag",
        lambda share: {"type": "cursor", "target": "cursor", "x": 8 * share - 4},
    )
    await learner.answer(
        learner.act({"type": "set", "target": "view", "name": "view", "value": "plane"}, "set")
    )
    await read(learner)
    await moves(
        learner,
        3.0,
        "drag",
        lambda share: {"type": "plane", "target": "plane", "w": [2 * share, 1 - share], "b": share},
    )
    await read(learner)


async def builder(learner: Learner) -> None:
    """Play the network, change it, play on."""
    await play(learner, learner.draws.uniform(4, 9))
    await read(learner)
    settings = "network_builder_settings"
    name, value = learner.draws.choice(
        [("data", "spiral"), ("data", "circle"), ("rate", 0.1), ("activation", "relu")]
    )
    change = {"type": "set", "target": name, "name": name, "value": value}
    await learner.answer(learner.send(settings, change, "set"))
    await play(learner, learner.draws.uniform(4, 12))
    await moves(
        learner,
        1.5,
        "hover",
        lambda share: {"type": "hover", "target": "hover", "column": 1, "unit": int(3.9 * share)},
    )
    await read(learner)


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
            ahead = "ahead in the queue" in run["where"] or "waiting" in run["where"]
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


ACTIVITIES: dict[str, tuple[Activity, int]] = {
    "": (home, 1),
    "linear_regression": (regression, 4),
    "activations": (activations, 3),
    "network_builder": (builder, 5),
    "training_dashboard": (dashboard, 4),
    "augmentation": (augmentation, 3),
    "transfer_learning": (transfer, 3),
}


def next_page(draws: random.Random, now: str | None) -> str:
    """Return where a learner goes next; never to the page that is open."""
    others = {page: weight for page, (_, weight) in ACTIVITIES.items() if page != now}
    return draws.choices(list(others), list(others.values()))[0]
