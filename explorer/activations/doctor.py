"""The doctor of the lesson: the most important thing about the open view, in plain words."""

import numpy as np

from explorer.activations.lesson import Activations
from explorer.activations.measured import profile
from explorer.activations.settings import RANGE
from explorer.numbers import significant

Finding = tuple[str, str]
PLACES = np.linspace(*RANGE, 401)


def finding(lesson: Activations) -> Finding:
    """Return level ("ok", "note" or "warning") and one sentence with its numbers."""
    checks = {"neuron": _neuron, "plane": _plane, "chain": _chain, "depth": _depth}
    check = checks.get(lesson.settings.view)
    return check(lesson) if check else _stack(lesson)


def _neuron(lesson: Activations) -> Finding:
    w, b = lesson.settings.neuron
    first = lesson.curves[0]
    flat = float((np.abs(first.slopes(w * PLACES + b)) < 0.01).mean())
    if flat == 1:
        return "warning", (
            f"This {first.label} neuron has slope 0 for every input from −5 to 5: it is dead and "
            "cannot learn. Drag one handle into the picture."
        )
    if flat > 0.6:
        return "note", (
            f"For {flat:.0%} of the inputs the slope is below 0.01: there the neuron is saturated "
            "and hardly learns."
        )
    return "ok", f"Healthy: the slope is above 0.01 for {1 - flat:.0%} of the inputs."


def _plane(lesson: Activations) -> Finding:
    w1, w2, b = lesson.settings.plane
    size = float(np.hypot(w1, w2))
    distance = abs(b) / max(size, 1e-9)
    if distance > 4 * 2**0.5:
        return "note", "The line where the sum is 0 lies outside of the picture: make b smaller."
    return "ok", (
        f"The line lies {significant(distance, 2)} from the origin; across it the sum grows by "
        f"{significant(size, 2)} for each unit."
    )


def _chain(lesson: Activations) -> Finding:
    now = lesson.fit.current
    if lesson.curves[0].name == "identity":
        return "warning", (
            "Neurons without a bend add up to a straight line, however many there are. Choose "
            "another function first."
        )
    if not np.isfinite(now.loss):
        return "warning", (
            f"{lesson.curves[0].label} has no finite value somewhere from −3 to 3, so there is no "
            "error to descend. Choose another function first."
        )
    if lesson.fit.shown >= 200 and now.loss > 0.05:
        return "note", (
            f"After {lesson.fit.shown} steps the error is still {significant(now.loss)}: "
            "the neurons are too few or stuck. Try more neurons or another seed."
        )
    return (
        "ok",
        f"The error is {significant(now.loss)}, the gradient {significant(now.gradient_norm)}.",
    )


def _stack(lesson: Activations) -> Finding:
    label = lesson.curves[0].label
    if lesson.curves[0].name == "identity":
        return "warning", "Without an activation, the layers are one line: all but one are wasted."
    return "ok", f"With {label} between the layers the same weights draw a curve."


def _depth(lesson: Activations) -> Finding:
    settings = lesson.settings
    worst: Finding = ("ok", "Healthy: every gradient keeps its size within a factor of 100.")
    for one in lesson.curves:
        found = profile(one, int(settings.depth), settings.start, settings.gain, settings.seed)
        ratio = found.gradient_norm[0] / max(found.gradient_norm[-1], 1e-300)
        if ratio < 0.01:
            return "warning", (
                f"With {one.label} the gradient vanishes: layer 1 gets {significant(ratio, 2)} of "
                "what the last layer gets. Raise the gain, or take ReLU with He start."
            )
        if ratio > 100:
            return "warning", (
                f"With {one.label} the gradient explodes: layer 1 gets {significant(ratio, 2)} "
                "times what the last layer gets. Lower the gain."
            )
        dead = float(np.mean(found.dead))
        if dead > 0.1:
            worst = "note", f"{dead:.0%} of the {one.label} units are 0 for every example: dead."
    return worst
