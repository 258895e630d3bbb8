"""What the stage of the lesson shows: both pictures and the transport bar."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.regression.descent import MAX_STEPS
from explorer.linear_regression.help import STAGE
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.settings import slider_range
from explorer.linear_regression.view import COLUMNS, ROWS
from explorer.numbers import fixed

Message = tuple[dict[str, Any], NDArray[np.float32]]


def stage_message(lesson: LinearRegression, token: str | None) -> Message:
    """Return the stage as JSON and numbers: the surface, the path, the losses.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    now = lesson.descent.current
    steps = lesson.descent.steps
    header = {
        "ack": token,
        "frame": lesson.frame,
        "rested": lesson.rested,
        "address": lesson.address(),
        "opening": lesson.opening,
        "notice": lesson.notice,
        "help": STAGE,
        "points": lesson.points.pairs(),
        "m": now.m,
        "b": now.b,
        "loss": now.loss,
        "best": {"m": lesson.best.m, "b": lesson.best.b, "loss": lesson.best.loss},
        "shown": now.index,
        "total": len(steps) - 1,
        "full": now.index >= MAX_STEPS,
        "diverged": lesson.descent.diverged,
        **_next_step(lesson),
        **_pictures(lesson),
        **_readings(lesson),
    }
    grid = lesson.view.grid(lesson.points, lesson.settings.loss)
    path = [[step.m, step.b] for step in steps]
    losses = [step.loss for step in steps]
    values = np.concatenate([grid.ravel(), np.ravel(path), losses])
    return header, np.clip(values, -3e38, 3e38).astype(np.float32)


def _next_step(lesson: LinearRegression) -> dict[str, Any]:
    if lesson.descent.diverged:
        return {"next": None, "nextLoss": None}
    now = lesson.descent.current
    dm, db = lesson.descent.next_gradient()
    m, b = now.m - lesson.settings.rate * dm, now.b - lesson.settings.rate * db
    return {"next": [m, b], "nextLoss": lesson.loss.mean(lesson.points, m, b)}


def _pictures(lesson: LinearRegression) -> dict[str, Any]:
    view = lesson.view
    ranges = {"x": view.x, "y": view.y, "m": view.m, "b": view.b}
    return {
        "view": ranges,
        "gridView": {"m": view.m, "b": view.b},
        "size": [COLUMNS, ROWS],
        "base": view.base,
        "ratio": view.ratio,
        "power": 1 if lesson.settings.loss == "mae" else 2,
        "residuals": lesson.settings.residuals,
        "surface": lesson.settings.surface,
        "turn": lesson.settings.turn,
    }


def _readings(lesson: LinearRegression) -> dict[str, Any]:
    now = lesson.descent.current
    sign = "−" if now.b < 0 else "+"
    stable = lesson.stable
    return {
        "equation": f"*ŷ* = {fixed(now.m)} *x* {sign} {fixed(abs(now.b))}",
        "reading": f"{lesson.loss.label} **{fixed(now.loss, 3)}** "
        f"at ({fixed(now.m)}, {fixed(now.b)})",
        "rate": lesson.settings.rate,
        "rateRange": slider_range(stable, lesson.settings.rate),
        "stable": stable,
        "stableText": "MAE: no stable rate"
        if stable is None
        else f"stable below **{fixed(stable, 3)}**"
        if lesson.settings.batch == "full"
        else f"full batch: below **{fixed(stable, 3)}**",
        "batch": lesson.settings.batch,
    }
