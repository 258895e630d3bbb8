"""Serve the explorer: Streamlit's app object behind plain uvicorn."""

import argparse
import gc
import importlib
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Imported before the first visitor arrives, so that nobody waits for them.
HEAVY_MODULES = (
    "torch",
    "plotly.graph_objects",
    "streamlit.components.v2",
    "explorer.linear_regression.lesson",
)

PREPARED = (
    ("explorer.warming", "prepare"),
    ("explorer.network_builder.warming", "prepare"),
    ("explorer.home", "prepare"),
    ("explorer.training_dashboard.warming", "prepare"),
    ("explorer.augmentation.files", "thumbnails"),
    ("explorer.transfer_learning.warming", "prepare"),
)

# Streamlit warns of work outside of a page; what is prepared belongs to none, and that is meant.
WARMING, SCRIPT_LOG = "warm-up", "streamlit.runtime.scriptrunner_utils.script_run_context"

LARGEST_MESSAGE = 16 << 20  # bytes of one message of a browser; pieces of files have 3 MB
MOST_CONNECTIONS = 1000  # open at the same time; who comes then is told to come back
KEPT_OPEN_S = 30  # Browsers need not connect anew for every look at a quiet page.
# What is prepared waits for a moment in which no hand is at work, but not for ever.
BREATH_S, QUIET_S, LONGEST_S, LOOK_S = 4.0, 2.0, 60.0, 0.25


def warm_up() -> None:
    """Import what the pages need and keep the collector from walking it again.

    ``gc.freeze`` moves everything imported so far out of the generations that the
    garbage collector visits, which makes each later collection cheaper.
    """
    for name in HEAVY_MODULES:
        importlib.import_module(name)
    # What pages compute themselves is small. A second thread only waits for the first, and
    # where the cores are busy with other visitors it makes a step thirty times as slow.
    importlib.import_module("torch").set_num_threads(1)
    gc.collect()
    gc.freeze()
    logging.getLogger(SCRIPT_LOG).addFilter(lambda said: said.threadName != WARMING)
    threading.Thread(target=finish_warm_up, name=WARMING, daemon=True).start()


def finish_warm_up() -> None:
    """Prepare what pages show while the server answers already; the first visitor comes first."""
    gate = importlib.import_module("explorer.gate").GATE
    importlib.import_module("explorer.home").warm()
    time.sleep(BREATH_S)  # Whoever opens a page as soon as the server answers has it for that.
    until = time.monotonic() + LONGEST_S
    for name, prepare in PREPARED:
        while gate.quiet_s < QUIET_S and time.monotonic() < until:
            time.sleep(LOOK_S)
        getattr(importlib.import_module(name), prepare)()


def serve(host: str, port: int) -> None:
    """Serve the explorer until it is interrupted.

    Args:
        host: Address to listen on; ``127.0.0.1`` keeps it on this machine.
        port: TCP port, 1 to 65535.
    """
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from here.
    importlib.import_module("core.heaps").share()
    importlib.import_module("core.cores").stay_together()
    application = app()
    importlib.import_module("explorer.reconnecting").install()
    warm_up()
    importlib.import_module("uvicorn").run(
        application,
        host=host,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=LARGEST_MESSAGE,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEPT_OPEN_S,
        server_header=False,
        access_log=False,
        log_level="warning",
    )


def app() -> Any:
    """Return what answers: the short way, and behind it Streamlit's app, guarded."""
    files = importlib.import_module("explorer.components.files")
    served = importlib.import_module("explorer.served")
    guarded = importlib.import_module("explorer.guarding").Guarded
    streamlit = importlib.import_module("streamlit").App(
        "explorer/app.py",
        routes=[*served.routes(), files.route()],
        lifespan=importlib.import_module("explorer.leaving").lifespan,
        middleware=[importlib.import_module("starlette.middleware").Middleware(guarded)],
    )
    return importlib.import_module("explorer.express").Front(streamlit)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and serve.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m explorer.server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    options = parser.parse_args(arguments)
    serve(options.host, options.port)


if __name__ == "__main__":
    main()
