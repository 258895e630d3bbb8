"""The head, the picker of functions, and the controls under the stage."""

from functools import cache
from typing import Any

import numpy as np

from core.activations.registry import ACTIVATIONS, value
from explorer.activations.lesson import Activations
from explorer.activations.rules import FEWEST_SCORES, MOST_SCORES, OWN
from explorer.activations.settings import Settings
from explorer.fields import Field, chosen, stepper
from explorer.lessons import BY_SLUG
from explorer.settings import Choice, Number, rules

SLUG = "activations"
BUILDER = "network_builder"


@cache
def _sparks() -> list[dict[str, Any]]:
    x = np.linspace(-4, 4, 33)
    return [
        {
            "name": name,
            "label": one.label.split(" (")[0],
            "spark": value(name, x, {}).round(3).tolist(),
        }
        for name, one in ACTIVATIONS.items()
    ]


def picker_message(lesson: Activations, token: str | None) -> dict[str, Any]:
    """Return the chips, the learner's own function, and what is wrong with it."""
    own = [one for one in lesson.curves if one.name == OWN]
    chips = list(_sparks())
    if own:
        values = own[0].values(np.linspace(-4, 4, 33))
        spark = np.nan_to_num(values, nan=0.0, posinf=9.0, neginf=-9.0).round(3).tolist()
        chips.append({"name": OWN, "label": "yours", "spark": spark})
    refused = None
    if lesson.refused is not None:
        place = getattr(lesson.refused, "position", None)
        text = lesson.refused_text[:200]
        refused = {"message": str(lesson.refused), "position": place, "text": text}
    return {
        "ack": token,
        "functions": chips,
        "chosen": lesson.settings.functions,
        "expression": lesson.settings.expression,
        "refused": refused,
        "taken": lesson.taken,
        "builder": BUILDER if lesson.own_expression and BY_SLUG[BUILDER].built else None,
    }


def stage_controls(lesson: Activations) -> list[dict[str, Any]]:
    """Return the controls that belong to the view that is open, and α or β where there is one."""
    settings = lesson.settings
    by_view = {
        "neuron": [
            _slider("neuron_0", "Weight w", settings.neuron[0], -5, 5, 0.05),
            _slider("neuron_1", "Bias b", settings.neuron[1], -5, 5, 0.05),
        ],
        "plane": [
            _slider("plane_0", "Weight w₁", settings.plane[0], -4, 4, 0.05),
            _slider("plane_1", "Weight w₂", settings.plane[1], -4, 4, 0.05),
            _slider("plane_2", "Bias b", settings.plane[2], -5, 5, 0.05),
        ],
        "chain": [_declared(lesson, name) for name in ("rate", "units", "target")],
        "stack": [_declared(lesson, name) for name in ("layers", "seed")],
        "depth": [_declared(lesson, name) for name in ("depth", "gain", "start")],
        "softmax": [_declared(lesson, "temperature"), _count(lesson)],
    }
    return by_view[settings.view] + _parameters(lesson)


def _count(lesson: Activations) -> Field:
    rule = Number("Scores", FEWEST_SCORES, MOST_SCORES, help="One score (logit) for each class.")
    return stepper("count", rule, len(lesson.settings.scores))


def _parameters(lesson: Activations) -> list[dict[str, Any]]:
    made = []
    for one in lesson.curves:
        if one.name == OWN:
            continue
        given = dict(one.parameters)
        for p in ACTIVATIONS[one.name].parameters:
            label = f"{one.label} {p.symbol}"
            now = given.get(p.name, p.default)
            name = f"{one.name}.{p.name}"
            made.append(_slider(name, label, now, p.minimum, p.maximum, 0.01))
    return made[:2]


def _slider(
    name: str, label: str, now: float, minimum: float, maximum: float, step: float
) -> dict[str, Any]:
    return {
        "kind": "slider",
        "name": name,
        "label": label,
        "value": min(maximum, max(minimum, now)),
        "minimum": minimum,
        "maximum": maximum,
        "step": step,
        "log": False,
    }


def _declared(lesson: Activations, name: str) -> Field:
    rule = rules(Settings)[name]
    now = getattr(lesson.settings, name)
    if isinstance(rule, Choice):
        return chosen(name, rule, now, "select" if len(rule.options) > 3 else "choice")
    assert isinstance(rule, Number)
    if name in ("rate", "gain", "depth", "temperature"):
        log = name in ("rate", "temperature")
        return stepper(name, rule, now) | {"kind": "slider", "log": log}
    return stepper(name, rule, now)
