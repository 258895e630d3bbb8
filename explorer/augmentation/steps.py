"""The pipeline as rows for the stage: each step with its controls and what is wrong with it."""

from __future__ import annotations

from functools import cache
from typing import Any

from core.augmentation.pipeline import MAX_STEPS, Step
from core.augmentation.presets import PRESETS
from core.augmentation.spec import Parameter, Value
from core.augmentation.table import GROUPS, TRANSFORMS
from explorer.augmentation.help import STAGE
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.settings import preset_of

MANY = 3  # choices from here on are a list


def steps_message(lesson: Augmentation) -> dict[str, Any]:
    """Return the rows, the menu of what can be added, and the words about a preset."""
    pipeline = lesson.pipeline
    problems, notes = pipeline.problems, lesson.looking.notes()
    warned: dict[int, list[str]] = {}
    for one in lesson.looking.warned():
        warned.setdefault(one.at, []).append(one.sentence)
    rows = [
        _row(step)
        | {
            "problem": problems.get(at, ""),
            "note": notes.get(at, ""),
            "warned": " ".join(warned.get(at, [])),
        }
        for at, step in enumerate(pipeline.steps)
    ]
    preset = preset_of(lesson.settings)
    return {
        "rows": rows,
        "open": lesson.settings.open - 1,
        "menu": _menu(),
        "full": len(pipeline) >= MAX_STEPS,
        "most": MAX_STEPS,
        "undo": bool(lesson.past),
        "commentary": PRESETS[preset].commentary if preset else "",
        "preset": PRESETS[preset].label if preset else "",
    }


def _row(step: Step) -> dict[str, Any]:
    about = step.transform
    fields = [_field(one, step.values[one.name]) for one in about.parameters]
    if about.probability is not None:
        fields.append(_probability(step.probability))
    return {
        "name": step.name,
        "label": about.label,
        "sentence": about.sentence,
        "on": step.on,
        "code": step.code.removeprefix("v2."),
        "fields": fields,
    }


def _probability(now: float) -> dict[str, Any]:
    return _slider("p", "Probability", now, (0, 1, 0.05), STAGE["probability"])


def _field(one: Parameter, now: Value) -> dict[str, Any]:
    if one.kind in ("number", "integer"):
        unit = one.unit.strip()
        label = f"{one.label} ({unit})" if unit else one.label
        span = (one.minimum, one.maximum, one.step)
        return _slider(one.name, label, float(now), span, one.help)
    options = [list(pair) for pair in one.choices]
    if one.kind == "switch":
        options, now = [["on", "On"], ["off", "Off"]], "on" if now else "off"
    kind = "select" if len(options) >= MANY or one.name == "interpolation" else "choice"
    return {
        "kind": kind,
        "name": one.name,
        "label": one.label,
        "options": options,
        "value": now,
        "enabled": True,
        "help": one.help,
    }


def _slider(
    name: str, label: str, now: float, span: tuple[float, float, float], text: str
) -> dict[str, Any]:
    return {
        "kind": "slider",
        "name": name,
        "label": label,
        "value": now,
        "minimum": span[0],
        "maximum": span[1],
        "step": span[2],
        "log": False,
        "help": text,
    }


@cache
def _menu() -> list[dict[str, Any]]:
    """Return what can be added, by groups."""
    return [
        {
            "label": label,
            "items": [
                {"name": one.name, "label": one.label, "sentence": one.sentence}
                for one in TRANSFORMS.values()
                if one.group == group
            ],
        }
        for group, label in GROUPS.items()
    ]
