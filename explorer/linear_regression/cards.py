"""The cards under the stage: formulas, table, curve, question, doctor, script, prose."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.regression.script import script
from explorer.boards import board, doctor_card, script_card
from explorer.linear_regression.help import CARDS
from explorer.linear_regression.lesson import LinearRegression
from explorer.numbers import bracketed, fixed, significant

# How each loss and its derivative are written, and what the table's last column is.
SYMBOLS = {
    "mse": ("(*ŷ* − *y*)²", "2/{n} Σ (*ŷ* − *y*){x}", "(*ŷ* − *y*)²"),
    "mae": ("|*ŷ* − *y*|", "1/{n} Σ sign(*ŷ* − *y*){x}", "|*ŷ* − *y*|"),
    "huber": ("*h*(*ŷ* − *y*)", "1/{n} Σ clip(*ŷ* − *y*){x}", "*h*(*ŷ* − *y*)"),
}
Card = dict[str, Any]
SLUG = "linear_regression"


def board_message(
    lesson: LinearRegression, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the cards as JSON and the loss curve as numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    cards = [
        formulas(lesson),
        table(lesson),
        curve(lesson),
        lesson.round.card(),
        doctor_card(lesson.finding()),
        code(lesson),
    ]
    losses = np.array([step.loss for step in lesson.descent.steps])
    header = board(SLUG, lesson, token, cards, CARDS)
    return header, np.clip(losses, 0, 3e38).astype(np.float32)


def formulas(lesson: LinearRegression) -> Card:
    """Return loss, gradient and update with the numbers of the coming step in them."""
    name, label = lesson.settings.loss, lesson.loss.label
    now, rate = lesson.descent.current, lesson.settings.rate
    count = len(lesson.points)
    total = f"1/{count} · {fixed(now.loss * count)}"
    cost, _, _ = SYMBOLS[name]
    rows = [_row(f"{label} = 1/*n* Σ {cost}", total, now.loss)]
    if not lesson.descent.diverged:
        (dm, db), sums, used = _gradient(lesson)
        letter = "*n*" if used == count else "*k*"
        factor = 2 if name == "mse" else 1
        for place, slope in enumerate((dm, db)):
            of = "*m*" if place == 0 else "*b*"
            written = SYMBOLS[name][1].format(n=letter, x=" *x*" if place == 0 else "")
            rows.append(
                _row(
                    f"∂{label}/∂{of} = {written}",
                    f"{factor}/{used} · {bracketed(sums[place])}",
                    slope,
                    detail=True,
                )
            )
        for of, value, slope in (("*m*", now.m, dm), ("*b*", now.b, db)):
            rows.append(
                _row(
                    f"{of} := {of} − *λ* ∂{label}/∂{of}",
                    f"{fixed(value, 3)} − {significant(rate)} · {bracketed(slope, 3)}",
                    value - rate * slope,
                )
            )
    note = f"Step {now.index + 1} would do this"
    if lesson.descent.diverged:
        note = "The numbers have exploded"
    return {
        "kind": "formulas",
        "span": 7,
        "title": "Numbers in the formulas",
        "note": note,
        "rows": rows,
    }


def _gradient(
    lesson: LinearRegression,
) -> tuple[tuple[float, float], tuple[float, float], int]:
    """Return the gradient of the next step, its two sums, and how many points they run over."""
    batch = list(lesson.descent.next_batch())
    now = lesson.descent.current
    x, y = lesson.points.x[batch], lesson.points.y[batch]
    slope = lesson.loss.slope(now.m * x + now.b - y)
    part = 2.0 if lesson.settings.loss == "mse" else 1.0
    sums = float((slope * x).sum() / part), float(slope.sum() / part)
    return lesson.descent.next_gradient(), sums, len(batch)


def _row(symbols: str, numbers: str, result: float, *, detail: bool = False) -> dict[str, Any]:
    return {"symbols": symbols, "numbers": numbers, "result": fixed(result, 3), "detail": detail}


def table(lesson: LinearRegression) -> Card:
    """Return every point with its prediction, its residual and what it costs."""
    now = lesson.descent.current
    prediction = now.m * lesson.points.x + now.b
    residual = prediction - lesson.points.y
    cost = lesson.loss.per_point(residual)
    rows = [
        [_cell(x), _cell(y), float(p), float(r), float(c)]
        for (x, y), p, r, c in zip(lesson.points.pairs(), prediction, residual, cost, strict=True)
    ]
    squared = float(np.mean(residual**2))
    totals = [[lesson.loss.label, fixed(now.loss, 4)]]
    totals.append(["RMSE", fixed(squared**0.5, 4)])
    return {
        "kind": "table",
        "span": 5,
        "title": "Table",
        "columns": ["*x*", "*y*", "*ŷ*", "*ŷ* − *y*", SYMBOLS[lesson.settings.loss][2]],
        "rows": rows,
        "totals": totals,
        "least": f"smallest possible {fixed(lesson.best.loss, 4)}",
        "refused": lesson.refused,
    }


def _cell(value: float) -> str:
    text = f"{value:.2f}"
    return (text if float(text) == value else repr(value)).replace("-", "−")


def curve(lesson: LinearRegression) -> Card:
    """Return the loss by step; the numbers themselves follow the JSON."""
    steps = lesson.descent.steps
    events = []
    for before, after in pairwise(steps[1:]):
        if before.learning_rate != after.learning_rate:
            events.append({"step": before.index, "text": f"λ {significant(after.learning_rate)}"})
    return {
        "kind": "curve",
        "span": 4,
        "title": "Learning curve",
        "note": f"{lesson.loss.label}, log scale",
        "from": 0,
        "count": len(steps),
        "shown": lesson.descent.current.index,
        "floor": max(1e-12, lesson.best.loss * 0.5, 1e-9 * steps[0].loss),
        "reference": lesson.best.loss,
        "referenceText": f"smallest possible {significant(lesson.best.loss)}",
        "events": events[-6:],
    }


def code(lesson: LinearRegression) -> Card:
    """Return the script that prints the numbers of this screen."""
    start = lesson.descent.steps[0]
    source = script(
        lesson.points,
        lesson.settings.loss,
        (start.m, start.b),
        lesson.descent.segments() or [(lesson.settings.rate, 0)],
        lesson.settings.batch_size(len(lesson.points)),
        lesson.settings.seed,
    )
    return script_card(source, "linear_regression.py", 12)
