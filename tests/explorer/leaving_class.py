"""A server, a class that visits every page and leaves, and what is left of it. Run as a script."""

import asyncio
import gc
import importlib
import json
import os
import random
import sys
import threading
import time

import uvicorn
from streamlit.runtime import Runtime

from benchmarks.classroom.activities_pictures import ink, photo
from benchmarks.classroom.learner import Learner
from benchmarks.classroom.times import Times
from explorer import leaving
from explorer.launch.ports import free_port
from explorer.served import SHELF

LESSONS = {
    "linear_regression": ("explorer.linear_regression.lesson", "LinearRegression"),
    "activations": ("explorer.activations.lesson", "Activations"),
    "network_builder": ("explorer.network_builder.lesson", "NetworkBuilder"),
    "training_dashboard": ("explorer.training_dashboard.lesson", "TrainingDashboard"),
    "augmentation": ("explorer.augmentation.lesson", "Augmentation"),
    "transfer_learning": ("explorer.transfer_learning.lesson", "TransferLearning"),
}


def served(port: int) -> uvicorn.Server:
    """Start the server in a thread of its own."""
    config = uvicorn.Config(
        _app(), host="127.0.0.1", port=port, log_level="warning", ws_max_size=2**28
    )
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return server


def _app():
    streamlit = importlib.import_module("streamlit")
    routes = importlib.import_module("explorer.served").routes()
    served = streamlit.App("explorer/app.py", routes=routes, lifespan=leaving.lifespan)
    return importlib.import_module("explorer.express").Front(served)


def tell(what: dict[str, object]) -> None:
    """Write a line for the test."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def alive() -> dict[str, int]:
    """Count the lessons that there are, and what they hold."""
    kinds = {getattr(importlib.import_module(m), n): n for m, n in LESSONS.values()}
    kinds[importlib.import_module("explorer.shelf").PictureShelf] = "PictureShelf"
    kinds[importlib.import_module("streamlit.runtime.app_session").AppSession] = "AppSession"
    found = dict.fromkeys(kinds.values(), 0)
    for one in gc.get_objects():
        name = kinds.get(type(one))
        if name is not None:
            found[name] += 1
    return found | {"files": len(SHELF._kept)}


async def visit(url: str) -> Times:
    """Open every page in one tab, bring a picture, take a file, and close the tab."""
    times = Times()
    learner = Learner(url, times, random.Random(3))
    pages = list(LESSONS)
    await learner.open(pages[0])
    for page in pages[1:]:
        await learner.go(page)
        if page == "network_builder":
            for _ in range(3):
                await learner.answer(learner.act({"type": "tick", "seconds": 0.1}))
        if page == "training_dashboard":
            drawn = {"type": "ink", "target": "ink", "moving": True, "size": 112, "pixels": ink(1)}
            await learner.answer(learner.act(drawn))
        if page == "augmentation":
            await learner.answer(learner.act({"type": "upload", "data": photo()}))
        if page == "transfer_learning":
            board = "transfer_learning_board"
            await learner.answer(learner.send(board, {"type": "export", "name": "project"}))
            await learner.answer(learner.send(board, {"type": "export", "name": "safetensors"}))
    tell({"while": alive()})
    await learner.leave()
    other = Learner(url, times, random.Random(4))  # Streamlit's loop remembers who spoke last.
    await other.open("")
    await other.leave()
    return times


def main() -> None:
    """Print what was there while somebody was there, and what is left afterwards."""
    os.environ["EXPLORER_RUNS_DIR"] = sys.argv[1]
    leaving.EVERY_S = 0.2
    port = free_port("127.0.0.1", 0)
    server = served(port)
    times = asyncio.run(visit(f"http://127.0.0.1:{port}"))
    manager = Runtime.instance()._session_mgr
    until = time.monotonic() + 5
    while manager.list_active_sessions() and time.monotonic() < until:
        time.sleep(0.05)
    tell({"kept": alive()})
    cache = manager._session_storage._cache  # Two minutes pass:
    cache._expirations.update(dict.fromkeys(cache._expirations, time.monotonic()))
    until = time.monotonic() + 20
    while cache._data and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(2.0)  # Counting holds what it counts: not before the rounds are over.
    tell({"left": alive(), "problems": times.problems})
    server.should_exit = True
    os._exit(0)


if __name__ == "__main__":
    main()
