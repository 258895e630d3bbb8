"""What the stage shows: loss, accuracy, the digit, and how the run is doing."""

from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.runs.status import RunStatus
from explorer.numbers import fixed, significant
from explorer.training_dashboard.curves import Run, Sheet, plots
from explorer.training_dashboard.example import EXAMPLE
from explorer.training_dashboard.help import STAGE
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import pictures_of
from explorer.training_dashboard.managing import LIVE, place
from explorer.training_dashboard.settings import RATES


def stage_message(
    lesson: TrainingDashboard, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the stage as JSON and its curves as numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    lesson.managed.let_go_of_deleted()
    status = lesson.status()
    run = lesson.shown(lesson.directory)
    about = (lesson.settings.run, status.state, status.ahead, run and len(run.rows))
    lesson.following.run(about, lesson.frame)
    opened = [lesson.opened(name) for name in lesson.managed.compared]
    others = [
        found for one in opened if one is not None and (found := lesson.shown(one)) is not None
    ]
    others = [one for one in others if run is None or one.directory.id != run.directory.id]
    sheet = Sheet()
    loss, accuracy = plots(run, others, sheet, lesson.settings.smooth == "smooth")
    start = accuracy["range"][0] if accuracy["range"] else 0
    header = {
        "ack": token,
        "frame": lesson.frame,
        "follows": lesson.following.frame,
        "rested": lesson.rested,
        "notice": lesson.notice or status.message or None,
        "help": STAGE,
        "notes": [
            "log scale",
            f"axis starts at {fixed(start, 0)} %" if start else "",
            "",
        ],
        "smooth": lesson.settings.smooth,
        "loss": loss,
        "accuracy": accuracy,
        "digit": lesson.digit.message(_classes(lesson), _reading(lesson, run))
        | {"reader": _reader(lesson, run)},
        "run": _run(lesson, run, status),
    }
    return header, sheet.numbers()


def _classes(lesson: TrainingDashboard) -> tuple[str, ...]:
    """Return what the network that reads tells apart."""
    run = lesson.directory
    if lesson.settings.reader == "run" and run is not None:
        with suppress(InputError):  # its pictures are gone: digits, as it were
            return pictures_of(run.spec().config).train.classes
    return tuple("0123456789")


def _reading(lesson: TrainingDashboard, run: Run | None) -> str:
    """Return what the network is called that reads the digit."""
    own = lesson.settings.reader == "run" and run is not None
    return f"this run, {run.name}," if own and run else "the explorer's reader"


def _reader(lesson: TrainingDashboard, run: Run | None) -> dict[str, Any]:
    """Return which networks can read the digit, and which one does."""
    options = [["shipped", "the explorer's reader"]]
    if run is not None:
        options.append(["run", f"this run: {run.name}"])
    ready = run is not None and bool(run.rows)
    return {"value": lesson.settings.reader, "options": options, "ready": ready}


def _run(lesson: TrainingDashboard, run: Run | None, status: RunStatus) -> dict[str, Any]:
    """Return what the bar under the stage says."""
    done, total = _steps(run)
    speed = _speed(run)
    left = (total - done) / speed if speed and status.state == "running" else None
    return {
        "state": status.state,
        "live": status.state in LIVE,
        "mine": run is None or lesson.managed.owns(run.session),
        "where": _where(run, status, done),
        "left": "" if left is None else f"{_time(left)} left",
        "share": done / total if total else 0.0,
        "figures": _figures(run),
        "rate": lesson.settings.rate,
        "rates": RATES,
    }


def _steps(run: Run | None) -> tuple[int, int]:
    """Return how many updates a run has made, and of how many."""
    if run is None:
        return 0, 0
    within = run.progress[-1].step if run.progress else 0
    ended = run.rows[-1].step if run.rows else 0
    return max(within, ended), run.steps * run.epochs


def _speed(run: Run | None) -> float:
    """Return the updates a second."""
    if run is None or not run.rows:
        return 0.0
    return run.steps / max(run.rows[-1].seconds, 1e-9)


def _where(run: Run | None, status: RunStatus, done: int) -> str:
    name = run.name if run else ""
    if status.state == "queued":
        return f"{name}: {place(status.ahead)}"
    if run is not None and status.state in ("running", "paused"):
        epoch = min(run.epochs, done // run.steps + 1)
        batch = done % run.steps
        paused = "Paused in epoch" if status.state == "paused" else "Epoch"
        return f"{paused} {epoch} of {run.epochs}, batch {batch} of {run.steps}"
    if run is not None and run.rows and status.state in ("finished", "stopped"):
        ended = f"{name}: {status.state} after {len(run.rows)} epochs"
        return f"{ended}; it came with the explorer" if run.session == EXAMPLE else ended
    return f"{name}: {status.state}" if name else "No run yet"


def _figures(run: Run | None) -> list[list[str]]:
    if run is None or not run.rows:
        return []
    last = run.rows[-1]
    return [
        [f"{last.samples_per_s:,.0f}", "samples/s"],
        [_time(last.seconds), "per epoch"],
        [f"{fixed(100 * last.validation_accuracy, 1)} %", "validation"],
    ]


def _time(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:.0f} min"
    return f"{significant(seconds, 2)} s" if seconds < 10 else f"{seconds:.0f} s"
