"""Predict first: questions that the run itself answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.regression.optimum import best_line, largest_stable_rate, one_x
from core.regression.sweep import descents
from explorer.linear_regression.settings import RATES
from explorer.numbers import fixed, significant
from explorer.questions import Answer, Question

if TYPE_CHECKING:
    from explorer.linear_regression.lesson import LinearRegression

SHARES = (0.9, 0.3, 0.03)
STEPS = 25


def _rightmost(lesson: LinearRegression) -> Answer:
    old = lesson.best
    index = int(np.argmax(lesson.points.x))
    x, y = lesson.points.pairs()[index]
    lesson.use_points(lesson.points.moved(index, x, y + 1))
    new = lesson.best
    rise, lift = new.m - old.m, new.b - old.b
    moved = f"Slope {fixed(old.m)} → {fixed(new.m)}, intercept {fixed(old.b)} → {fixed(new.b)}. "
    if max(abs(rise), abs(lift)) < 1e-9:
        return (
            3,
            moved + "This loss charges every residual the same, so one point alone may not count.",
        )
    if rise < 0:
        return 2, moved
    why = "A point on the right lifts the right end of the line, so the slope grows. "
    if lift >= 0:
        return 0, moved + why + "Here the lift is felt at x = 0, too."
    return 1, moved + why + "The line turns about the middle of the points, so at x = 0 it sinks."


def _beyond(lesson: LinearRegression) -> Answer:
    stable = largest_stable_rate(lesson.points, lesson.settings.loss) or 1.0
    lesson.apply(
        (
            {"type": "rewind", "index": 0},
            {"type": "set", "name": "batch", "value": "full"},
            {"type": "set", "name": "rate", "value": float(f"{1.15 * stable:.3g}")},
            {"type": "step", "count": 25},
        )
    )
    losses = [step.loss for step in lesson.descent.steps]
    told = (
        f"λ = {significant(lesson.settings.rate)}: the loss went from "
        f"{significant(losses[0])} to {significant(losses[-1])}. "
    )
    if losses[-1] > losses[0]:
        return 2, told + (
            "Each step lands farther up on the other side, because λ is above 2 divided by the "
            "largest eigenvalue of the [[hessian]]."
        )
    return (
        1 if max(np.diff(losses)) > 0 else 0
    ), told + "Twenty-five steps were too few to explode."


def _settable(lesson: LinearRegression, *shares: float) -> bool:
    """Return whether the slider has these shares of the largest stable rate."""
    stable = lesson.stable
    return stable is not None and all(RATES[0] <= k * stable <= RATES[1] for k in shares)


def _which_rate_order(lesson: LinearRegression) -> list[int]:
    return [int(k) for k in np.random.default_rng(lesson.round.seed).permutation(len(SHARES))]


def _three_rates(lesson: LinearRegression) -> list[float]:
    stable = largest_stable_rate(lesson.points, lesson.settings.loss) or 0.2
    return [float(f"{SHARES[k] * stable:.2g}") for k in _which_rate_order(lesson)]


def _rate_curves(lesson: LinearRegression) -> list[list[float]]:
    start = (lesson.descent.steps[0].m, lesson.descent.steps[0].b)
    losses = descents(lesson.points, lesson.settings.loss, start, _three_rates(lesson), STEPS)
    return [[float(value) for value in column] for column in losses.T]


def _smallest_rate(lesson: LinearRegression) -> Answer:
    rates = _three_rates(lesson)
    right = int(np.argmin(rates))
    lesson.apply(
        (
            {"type": "rewind", "index": 0},
            {"type": "set", "name": "batch", "value": "full"},
            {"type": "set", "name": "rate", "value": rates[right]},
            {"type": "step", "count": STEPS},
        )
    )
    named = ", ".join(f"{'ABC'[k]} {significant(rate)}" for k, rate in enumerate(rates))
    return right, (
        f"The rates are {named}. A small rate takes small steps, so its curve falls slowest. "
        f"Its {STEPS} steps are now on the stage."
    )


def _plus_sign(lesson: LinearRegression) -> Answer:
    start = (lesson.descent.steps[0].m, lesson.descent.steps[0].b)
    rate = lesson.settings.rate
    down, up = (
        descents(lesson.points, lesson.settings.loss, start, [signed], 10)[-1, 0]
        for signed in (rate, -rate)
    )
    return 1, (
        f"Ten steps from the start with λ = {significant(rate)}: with the minus sign the loss "
        f"comes to {significant(float(down))}, with the plus sign to {significant(float(up))}. "
        "The [[gradient]] points uphill, so the update must subtract it."
    )


def _robust(lesson: LinearRegression) -> Answer:
    old = best_line(lesson.points, "mse")
    lesson.apply(({"type": "set", "name": "loss", "value": "mae"},))
    new = lesson.best
    off = int(np.argmax(np.abs(lesson.points.y - (new.m * lesson.points.x + new.b))))
    x, y = lesson.points.pairs()[off]
    before, after = abs(old.m * x + old.b - y), abs(new.m * x + new.b - y)
    told = (
        f"The best line is now {fixed(after)} away from the outlier; "
        f"with MSE it was {fixed(before)}. "
    )
    if after > before + 1e-9:
        return 0, told + "Squares make one large residual costly; absolute values do not."
    return (1 if after < before - 1e-9 else 2), told


QUESTIONS: tuple[Question[LinearRegression], ...] = (
    Question(
        "You drag the rightmost point one unit up. Which way does the minimum move?",
        (
            "Larger slope, larger intercept",
            "Larger slope, smaller intercept",
            "Smaller slope",
            "It stays where it is",
        ),
        "Drag it and see",
        _rightmost,
        suits=lambda lesson: not one_x(lesson.points),
    ),
    Question(
        f"Three runs of {STEPS} steps from the same start. Which has the smallest learning rate?",
        ("A", "B", "C"),
        "Show the rates",
        _smallest_rate,
        suits=lambda lesson: _settable(lesson, *SHARES),
        curves=_rate_curves,
    ),
    Question(
        "*λ* goes 15 % above the largest stable rate, then 25 steps from the start. "
        "What does the loss do?",
        ("It falls faster", "It jumps about, but falls", "It grows in the end"),
        "Take 25 steps",
        _beyond,
        suits=lambda lesson: _settable(lesson, 1.15),
    ),
    Question(
        "Spot the mistake: a course prints the update as *w* := *w* + *λ* ∂*E*/∂*w*. "
        "What would it do here?",
        ("The same, only slower", "Climb away from the minimum", "Stay where it is"),
        "Take 10 steps with both signs",
        _plus_sign,
        suits=lambda lesson: max(map(abs, lesson.descent.next_gradient())) > 1e-6,
    ),
    Question(
        "One point is far off. You change the loss from [[MSE]] to [[MAE]]. "
        "Where does the best line go?",
        ("Away from the outlier", "Towards the outlier", "It stays"),
        "Change the loss",
        _robust,
        suits=lambda lesson: lesson.settings.data == "outlier",
    ),
)
