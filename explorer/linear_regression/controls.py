"""The settings row and the head of the lesson."""

from typing import Any

from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.settings import Settings, fixed_data
from explorer.settings import Choice, Number, rules

SLUG = "linear_regression"
ROW = ("data", "points", "noise", "seed", "size", "batch", "loss")


def row_message(lesson: LinearRegression, token: str | None) -> dict[str, Any]:
    """Return the settings row: data first, what changes the mathematics last."""
    fields = [
        _field(lesson, name) for name in ROW if name != "size" or lesson.settings.batch == "mini"
    ]
    return {"ack": token, "fields": fields}


def _field(lesson: LinearRegression, name: str) -> dict[str, Any]:
    rule = rules(Settings)[name]
    value = getattr(lesson.settings, name)
    common = {"name": name, "label": rule.label, "value": value, "enabled": True}
    if isinstance(rule, Choice):
        options = [[key, label] for key, label in rule.options.items()]
        extra = {"kind": "choice", "options": options, "help": rule.help}
        return {**common, **extra, "end": name == "loss", "narrowOnly": name == "batch"}
    assert isinstance(rule, Number)
    free = name not in ("points", "noise", "seed") or not fixed_data(lesson.settings)
    if name == "seed" and lesson.settings.batch != "full":
        free = True
    return {
        **common,
        "kind": "stepper",
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "step": rule.step,
        "digits": rule.digits,
        "help": rule.help,
        "enabled": free,
    }
