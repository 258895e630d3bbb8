"""What learners do on each page, with pauses in which they read."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.classroom.activities_pictures import augmentation, dashboard, transfer
from benchmarks.classroom.hands import moves, read
from benchmarks.classroom.learner import Learner
from benchmarks.classroom.playing import play

Activity = Callable[[Learner], Awaitable[None]]


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
