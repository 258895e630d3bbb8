"""The doctor of the lesson: the most important thing about the open view, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.activations.softmax import softmax
from explorer.activations.findings import Finding, Remedy
from explorer.activations.measured import profile
from explorer.activations.scores import vector
from explorer.activations.settings import RANGE, RATES
from explorer.activations.softmax_words import INDICES, probability
from explorer.numbers import significant

if TYPE_CHECKING:
    from explorer.activations.lesson import Activations

PLACES = np.linspace(*RANGE, 401)
SATURATED = 0.999


def finding(lesson: Activations) -> Finding:
    """Return the most important thing about the open view."""
    return CHECKS[lesson.settings.view](lesson)


def _neuron(lesson: Activations) -> Finding:
    w, b = lesson.settings.neuron
    first = lesson.curves[0]
    flat = float((np.abs(first.slopes(w * PLACES + b)) < 0.01).mean())
    if flat == 1:
        return Finding(
            "warning",
            f"This {first.label} neuron has slope 0 for every input from −5 to 5: it is dead and "
            "cannot learn. Drag one handle into the picture.",
        )
    if flat > 0.6:
        return Finding(
            "note",
            f"For {flat:.0%} of the inputs the slope is below 0.01: there the neuron is saturated "
            "and hardly learns.",
        )
    return Finding("ok", f"Healthy: the slope is above 0.01 for {1 - flat:.0%} of the inputs.")


def _plane(lesson: Activations) -> Finding:
    w1, w2, b = lesson.settings.plane
    size = float(np.hypot(w1, w2))
    distance = abs(b) / max(size, 1e-9)
    if distance > 4 * 2**0.5:
        return Finding(
            "note", "The line where the sum is 0 lies outside of the picture: make b smaller."
        )
    return Finding(
        "ok",
        f"Healthy: the line lies {significant(distance, 2)} from the origin; across it the sum "
        f"grows by {significant(size, 2)} for each unit.",
    )


def _chain(lesson: Activations) -> Finding:
    now = lesson.fit.current
    if lesson.curves[0].name == "identity":
        return Finding(
            "warning",
            "Neurons without a bend add up to a straight line, however many there are. Choose "
            "another function first.",
        )
    if not np.isfinite(now.loss):
        return Finding(
            "warning",
            f"{lesson.curves[0].label} has no finite value somewhere from −3 to 3, so there is no "
            "error to descend. Choose another function first.",
        )
    if lesson.fit.stuck(lesson.settings.rate):
        return _stopped(lesson)
    if lesson.fit.shown >= 200 and now.loss > 0.05:
        return Finding(
            "note",
            f"After {lesson.fit.shown} steps the error is still {significant(now.loss)}: "
            "the neurons are too few or stuck. Try more neurons or another seed.",
        )
    return Finding(
        "ok",
        f"Healthy: the error is {significant(now.loss)}, the gradient "
        f"{significant(now.gradient_norm)}.",
    )


def _stopped(lesson: Activations) -> Finding:
    """A step led to where the function has no value, or to numbers too large for a float."""
    lower = max(RATES[0], float(f"{lesson.settings.rate / 3:.1g}"))
    label = "Start over" + (
        f" with learning rate {lower:g}" if lower < lesson.settings.rate else ""
    )
    return Finding(
        "warning",
        f"After step {lesson.fit.shown} the error is not a number: some neuron asks "
        f"{lesson.curves[0].label} where it has no finite value. Smaller steps stay away from "
        "there for longer.",
        Remedy(label, {"rate": f"{lower:g}"}, start_over=True),
    )


def _softmax(lesson: Activations) -> Finding:
    settings = lesson.settings
    now = vector(settings)
    p, at = now.probabilities, int(np.argmax(now.probabilities))
    if p[at] > SATURATED:
        steepest = float(np.abs(now.row).max())
        calmer = [t for t in (1, 10) if softmax(now.scores, t).max() <= SATURATED]
        remedies = [Remedy(f"Set T to {t}", {"temperature": str(t)}) for t in calmer]
        return Finding(
            "warning",
            f"Saturated: *p*{INDICES[at]} is above {SATURATED}, and *p*{INDICES[now.selected]} "
            f"changes by {significant(steepest)} at most for one unit of a score. Almost no "
            "gradient passes softmax; cross-entropy on the scores still has *p* − *y*.",
            remedies[0] if remedies else None,
        )
    spread = float(p.max() - p.min())
    if settings.temperature > 1 and spread < 0.1 and len(set(now.scores)) > 1:
        return Finding(
            "note",
            f"T = {settings.temperature:g} evens the scores out: all probabilities lie within "
            f"{significant(spread, 2)} of each other, nearly uniform.",
            Remedy("Set T to 1", {"temperature": "1"}),
        )
    slope = float(now.row[now.selected])
    return Finding(
        "ok",
        f"Healthy: the largest probability is {probability(float(p[at]))}, and "
        f"*p*{INDICES[now.selected]} answers its own score with slope {significant(slope, 2)}.",
    )


def _stack(lesson: Activations) -> Finding:
    label = lesson.curves[0].label
    if lesson.curves[0].name == "identity":
        return Finding(
            "warning", "Without an activation, the layers are one line: all but one are wasted."
        )
    return Finding("ok", f"Healthy: with {label} between the layers the same weights draw a curve.")


def _depth(lesson: Activations) -> Finding:
    settings = lesson.settings
    worst = Finding("ok", "Healthy: every gradient keeps its size within a factor of 100.")
    for one in lesson.curves:
        found = profile(one, int(settings.depth), settings.start, settings.gain, settings.seed)
        ratio = found.gradient_norm[0] / max(found.gradient_norm[-1], 1e-300)
        if ratio < 0.01:
            return Finding(
                "warning",
                f"With {one.label} the gradient vanishes: layer 1 gets {significant(ratio, 2)} of "
                "what the last layer gets. Raise the gain, or take ReLU with He start.",
            )
        if ratio > 100:
            return Finding(
                "warning",
                f"With {one.label} the gradient explodes: layer 1 gets {significant(ratio, 2)} "
                "times what the last layer gets. Lower the gain.",
            )
        dead = float(np.mean(found.dead))
        if dead > 0.1:
            worst = Finding(
                "note", f"{dead:.0%} of the {one.label} units are 0 for every example: dead."
            )
    return worst


CHECKS = {
    "neuron": _neuron,
    "plane": _plane,
    "chain": _chain,
    "stack": _stack,
    "depth": _depth,
    "softmax": _softmax,
}
