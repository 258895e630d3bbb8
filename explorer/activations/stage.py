"""What the stage of the lesson shows: the curves, and one view of a neuron at work."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.activations.chain import TARGETS, chain_parts, chain_value, collapse, stack_value
from core.activations.neuron import neuron, neuron_plane
from explorer.activations.controls import stage_controls
from explorer.activations.curves import SAMPLES, Curve, y_range
from explorer.activations.help import STAGE
from explorer.activations.lesson import Activations
from explorer.activations.measured import profile, stack_layers
from explorer.activations.scores import vector
from explorer.activations.settings import MAX_STEPS, RANGE
from explorer.activations.softmax_words import comment
from explorer.numbers import fixed, significant

Floats = NDArray[np.float64]
View = tuple[dict[str, Any], dict[str, Floats]]
X = np.linspace(*RANGE, SAMPLES)
MAP = 64
PRESETS = ((2.0, 1.0, 0.1), (5.0, 5.0, 5.0), (100.0, 0.0, 0.0))


def stage_message(
    lesson: Activations, token: str | None
) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Return the stage as JSON and numbers; the header names the pieces of the numbers.

    Args:
        lesson: The lesson.
        token: Name of the gestures that this answers.
    """
    chosen = lesson.curves
    data: dict[str, Floats] = {}
    for one in chosen:
        data[f"f_{one.name}"], data[f"d_{one.name}"] = one.sampled
    extra, pieces = VIEWS[lesson.settings.view](lesson)
    data |= pieces
    settings = lesson.settings
    header = {
        "ack": token,
        "frame": lesson.frame,
        "rested": lesson.rested,
        "address": lesson.address(),
        "opening": lesson.opening,
        "notice": lesson.notice,
        "help": STAGE,
        "functions": [_reading(one, settings.cursor) for one in chosen],
        "range": RANGE,
        "yRange": y_range(chosen, settings.show),
        "cursor": settings.cursor,
        "show": settings.show,
        "view": settings.view,
        "controls": stage_controls(lesson),
        "leftReading": f"at *x* = {fixed(settings.cursor)}",
        "full": lesson.fit.shown >= MAX_STEPS,
        "diverged": lesson.fit.stuck(settings.rate),
        "shown": lesson.fit.shown,
        "total": len(lesson.fit.steps) - 1,
        "parts": [[name, len(row)] for name, row in data.items()],
        **extra,
    }
    values = np.concatenate(list(data.values()))
    return header, np.clip(values, -3e38, 3e38).astype(np.float32)


def _reading(one: Curve, x: float) -> dict[str, Any]:
    f, d = one.at(x)
    return {"name": one.name, "label": one.label, "f": f, "d": d}


def _neuron(lesson: Activations) -> View:
    w, b = lesson.settings.neuron
    w = w if abs(w) > 1e-6 else 1e-6
    first = lesson.curves[0]
    at_zero, at_one = first.values(np.array([0.0, 1.0]))
    sign = "−" if b < 0 else "+"
    extra = {
        "neuron": {"w": w, "b": b, "atZero": float(at_zero), "atOne": float(at_one)},
        "rightReading": f"*y* = *f*({fixed(w)} *x* {sign} {fixed(abs(b))})",
    }
    return extra, {"neuron": neuron(first.function, X, w, b)}


def _plane(lesson: Activations) -> View:
    w1, w2, b = lesson.settings.plane
    w1 = w1 if np.hypot(w1, w2) > 1e-6 else 1e-6  # Without weights there is no line to draw.
    side = np.linspace(-4, 4, MAP)
    values = neuron_plane(lesson.curves[0].function, side, side, (w1, w2), b)
    shown = np.nan_to_num(values, nan=0.0, posinf=1e6, neginf=-1e6)
    largest = max(float(np.abs(shown).max()), 1e-9)
    extra = {
        "plane": {"w": [w1, w2], "b": b, "size": MAP, "largest": largest},
        "rightReading": f"**w** = ({fixed(w1)}, {fixed(w2)})",
    }
    return extra, {"plane": shown.ravel()}


def _chain(lesson: Activations) -> View:
    now, f = lesson.fit.current, lesson.curves[0].function
    chain = now.chain
    x = np.linspace(-3, 3, SAMPLES)
    kinks = [-b / w if abs(w) > 1e-9 else 0.0 for w, b in zip(*_inputs(chain), strict=True)]
    units = [
        {"index": k, "kink": float(kink), "v": float(v)}
        for k, (kink, v) in enumerate(zip(kinks, chain.weights_out, strict=True))
    ]
    target, total = TARGETS[lesson.settings.target](x), chain_value(chain, f, x)
    extra = {
        "chain": {"units": units, "range": [-3, 3], "yRange": [-2.4, 2.4]},
        "rightReading": f"MSE **{significant(now.loss)}**",
    }
    data = {"target": target, "sum": total}
    for k, part in enumerate(chain_parts(chain, f, x)):
        data[f"u_{k}"] = part
    return extra, data


def _inputs(chain: Any) -> tuple[Floats, Floats]:
    return chain.weights_in, chain.biases


def _stack(lesson: Activations) -> View:
    layers, first = stack_layers(lesson), lesson.curves[0]
    w, b = collapse(layers)
    sign = "−" if b < 0 else "+"
    data = {"linear": stack_value(layers, None, X), "stack": stack_value(layers, first.function, X)}
    extra = {
        "stack": {"label": first.label, "range": RANGE, "yRange": [-4, 4]},
        "rightReading": f"without *f*: {fixed(w)} *x* {sign} {fixed(abs(b))}",
    }
    return extra, data


def _depth(lesson: Activations) -> View:
    settings = lesson.settings
    rows, data = [], {}
    for one in lesson.curves:
        found = profile(one, int(settings.depth), settings.start, settings.gain, settings.seed)
        rows.append({"name": one.name, "label": one.label, "dead": float(np.mean(found.dead))})
        data[f"n_{one.name}"] = np.array(found.gradient_norm)
    extra = {
        "depth": {"profiles": rows, "layers": int(settings.depth)},
        "rightReading": "gradient by layer",
    }
    return extra, data


def _softmax(lesson: Activations) -> View:
    now = vector(lesson.settings)
    low, high = min(now.scores), max(now.scores)
    room = max(2.0, 0.15 * (high - low))  # to drag a score further
    top = max(5.0, float(np.ceil(high + room)))
    part = {
        "scores": now.scores,
        "probabilities": now.probabilities.tolist(),
        "row": now.row.tolist(),
        "steepest": 0.25 / now.temperature,  # p (1 − p) is at most ¼
        "selected": now.selected,
        "range": (min(-2.0, float(np.floor(low - room))), top),
        "presets": [[f"({', '.join(f'{z:g}' for z in scores)})", scores] for scores in PRESETS],
        "comment": comment(now),
    }
    total = fixed(float(now.probabilities.sum()), 4)
    return {"softmax": part, "rightReading": f"sum of *p* = **{total}**"}, {}


VIEWS = {
    "neuron": _neuron,
    "plane": _plane,
    "chain": _chain,
    "stack": _stack,
    "depth": _depth,
    "softmax": _softmax,
}
