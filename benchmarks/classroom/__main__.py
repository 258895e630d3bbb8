"""Measure a class: `python -m benchmarks.classroom --sessions 30 --seconds 60 --json`.

All but one of the sessions are clients in a process of their own that speak Streamlit's protocol
(`tab.py`); one is a real Chromium, measured inside of the page, to see that they tell the truth.
Server, workers, learners and Chromium share the cores of this machine; Chromium, which in a class
has a machine of its own, gets what the others leave.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.chromium import chromium
from benchmarks.classroom.real_page import visited
from benchmarks.classroom.times import summary
from benchmarks.classroom.watching import Watch, give_way, memory_mb, slope
from benchmarks.serving import ROOT, Server, serving

SETTLE_S = 45.0  # until the server has prepared what it shows
TARGET_MS = 500.0
BACKGROUND = ("cards", "look", "play", "hover")  # what pages do by themselves
COUNTED = ("fetched_bytes", "received_bytes", "play_s", "play_frames", "play_epochs")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a table or a JSON object.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom")
    parser.add_argument("--sessions", type=int, default=30, help="how many learners there are")
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long they work")
    parser.add_argument("--settle", type=float, default=SETTLE_S, help="wait before they come")
    parser.add_argument("--no-browser", action="store_true", help="without a real Chromium")
    parser.add_argument("--json", action="store_true", help="print a JSON object as the last line")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # The server is ended then, too.
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "log.txt") as server:
        time.sleep(options.settle)
        report = measured(server, options.sessions, options.seconds, not options.no_browser)
    print(table(report))
    if options.json:
        print(json.dumps(report))


def measured(server: Server, sessions: int, seconds: float, browser: bool) -> dict[str, Any]:
    """Let a class work on a server and say what it took.

    Args:
        server: A server that nobody else uses.
        sessions: How many learners there are.
        seconds: For how long they work.
        browser: Whether one of them is a real Chromium.
    """
    empty = memory_mb(server.pid)
    watch = Watch(server.pid)
    learners = started(server, sessions - browser, seconds)
    real: dict[str, Any] = {}
    try:
        if browser:
            with chromium() as running:
                give_way(os.getpid(), server.pid)
                real = visited(running, server, seconds)
        said, _ = learners.communicate(timeout=seconds + 120)
    finally:
        learners.kill()
        learners.wait()
    watch.stop()
    return judged(
        json.loads(said.splitlines()[-1]), real, watch, (empty, sessions, seconds), server
    )


def started(server: Server, sessions: int, seconds: float) -> subprocess.Popen[str]:
    """Start the process of the learners."""
    command = [sys.executable, "-m", "benchmarks.classroom.learners", "--url", server.url]
    command += ["--sessions", str(sessions), "--seconds", str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def judged(
    said: dict[str, Any],
    real: dict[str, Any],
    watch: Watch,
    asked: tuple[float, int, float],
    server: Server,
) -> dict[str, Any]:
    """Return the report: times, errors, memory, processor, and whether the targets are met."""
    empty, sessions, seconds = asked
    gestures = summary(said["of"])
    made = {name: row for name, row in gestures.items() if name not in BACKGROUND}
    worst = max(made, key=lambda name: made[name]["p95_ms"], default=None)
    errors = [*said["problems"], *real.pop("problems", [])]
    errors += tracebacks(server.wrote())
    seen, counts = watch.seen, said["counts"]
    half = len(seen.at) // 2
    played = counts.get("play_s", 0.0)
    p95 = made[worst]["p95_ms"] if worst else None
    return {
        "p95_ms": p95,
        "worst": worst,
        "errors": len(errors),
        "problems": errors[:20],
        "gestures": gestures,
        "browser": real,
        "mb_empty": round(empty, 1),
        "mb_most": max(seen.memory, default=0.0),
        "mb_per_session": round((max(seen.memory, default=empty) - empty) / sessions, 2),
        "mb_per_minute": round(slope(seen.at[half:], seen.memory[half:]), 2),
        "memory": {"at_s": seen.at[::10], "server_mb": seen.memory[::10]},
        "workers_mb": max(seen.children, default=0.0),
        "cpu": watch.cpu | {"learners": round(said["cpu"], 3)},
        "play": {
            "frames_per_s": round(counts.get("play_frames", 0) / played, 1) if played else None,
            "epochs_per_s": round(counts.get("play_epochs", 0) / played, 1) if played else None,
        },
        "counts": {k: round(v, 1) for k, v in counts.items() if not k.startswith("play")},
        "targets": {"p95_ms": TARGET_MS, "errors": 0},
        "pass": {"p95_ms": p95 is not None and p95 < TARGET_MS, "errors": not errors},
        "sessions": sessions,
        "seconds": seconds,
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "platform": platform.platform(),
        },
    }


def tracebacks(log: str) -> list[str]:
    """Return where and why there was an exception, for each that a server has written.

    Args:
        log: What it wrote.
    """
    found = []
    for part in log.split("Traceback (most recent call last)")[1:]:
        lines = part.splitlines()[1:]
        end = next((at for at, line in enumerate(lines) if line[:1].strip()), len(lines) - 1)
        places = [line.strip() for line in lines[:end] if line.lstrip().startswith("File ")]
        found.append(f"The server: {lines[end]} ({places[-1] if places else 'nowhere'})"[:300])
    return found


def table(report: dict[str, Any]) -> str:
    """Write the figures for a person."""
    rows = [f"{'gesture':<12} {'p50 ms':>9} {'p95 ms':>9} {'worst':>9} {'count':>7}"]
    for name, one in report["gestures"].items():
        figures = f"{one['p50_ms']:>9g} {one['p95_ms']:>9g} {one['max_ms']:>9g} {one['count']:>7}"
        rows.append(f"{name:<12} {figures}")
    for name, one in report["browser"].items():
        rows.append(f"{name:<12} {one['p50_ms']:>9g} {one['p95_ms']:>9g}  in a real Chromium")
    for name in ("p95_ms", "worst", "errors", "mb_per_session", "mb_per_minute", "cpu", "play"):
        rows.append(f"{name:<16} {report[name]}")
    return "\n".join([*rows, *report["problems"]])


if __name__ == "__main__":
    main()
