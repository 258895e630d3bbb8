"""The settings row and the head of the lesson."""

from typing import Any

from explorer.fields import Field, chosen, stepper
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


def _field(lesson: LinearRegression, name: str) -> Field:
    rule, value = rules(Settings)[name], getattr(lesson.settings, name)
    if isinstance(rule, Choice):
        extra = {"end": name == "loss", "narrowOnly": name == "batch"}
        return chosen(name, rule, value, "choice") | extra
    assert isinstance(rule, Number)
    free = name not in ("points", "noise", "seed") or not fixed_data(lesson.settings)
    if name == "seed" and lesson.settings.batch != "full":
        free = True
    return stepper(name, rule, value, free)
