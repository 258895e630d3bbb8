"""The settings row and the head of the lesson."""

from functools import cache
from typing import Any

import numpy as np

from core.networks.datasets import DATASETS
from core.networks.losses import fits
from explorer.fields import Field, chosen, listed, stepper
from explorer.network_builder.columns import class_colours
from explorer.network_builder.lesson import NETWORK, NetworkBuilder
from explorer.network_builder.settings import DATA, OWN, PENALTIES, RATES, Settings
from explorer.settings import Choice, Number, rules

SLUG = "network_builder"
ROW = ("noise", "seed", "optimizer", "learning_rate", "batch_size", "l2")
MORE = ("points", "share", "classes", "loss", "schedule", "l1", "initialisation")
LISTS: dict[str, tuple[float, ...]] = {
    "learning_rate": RATES,
    "l1": PENALTIES,
    "l2": PENALTIES,
    "batch_size": (1, 2, 5, 10, 20, 32, 50, 100, 250, 1000),
}
SHOWN = 90


def head_buttons(lesson: NetworkBuilder) -> list[dict[str, str]]:
    """Return the buttons that the head has besides those of every page."""
    label = "Compare A/B" if len(lesson.sides) == 1 else "End A/B"
    return [{"label": label, "glyph": "columns", "type": "compare"}]


def row_message(lesson: NetworkBuilder, token: str | None) -> dict[str, Any]:
    """Return the settings row: data first, then the training; the rest behind "More"."""
    fields = [_data_field(lesson)]
    fields += [_field(lesson, name) for name in ROW]
    fields += [_field(lesson, name) | {"more": True} for name in MORE]
    side = "AB"[lesson.active] if len(lesson.sides) == 2 else None
    return {"ack": token, "fields": fields, "side": side}


@cache
def _pictures() -> list[dict[str, Any]]:
    """Return a few points of every set, for its button."""
    made = []
    for name, recipe in DATASETS.items():
        data = recipe.make(SHOWN, 0.05, None, np.random.default_rng(1))
        colours = class_colours(data.classes)
        reach = 1.5 if recipe.fixed else 6.0
        marks = [
            [
                round(x1 / reach, 2),
                round(x2 / reach, 2),
                colours[int(y)] if data.classes else (0 if y > 0 else 1),
            ]
            for (x1, x2), y in zip(data.x.tolist(), data.y.tolist(), strict=True)
        ]
        made.append({"value": name, "label": recipe.label, "marks": marks})
    return [*made, {"value": OWN, "label": DATA[OWN], "marks": []}]


def _data_field(lesson: NetworkBuilder) -> dict[str, Any]:
    now = lesson.settings.data
    about = (
        DATASETS[now].description if now in DATASETS else "Paint them on the map, or bring a CSV."
    )
    return {
        "kind": "pictures",
        "name": "data",
        "label": f"Data: {DATA[now].lower()}",
        "help": about,
        "value": now,
        "enabled": True,
        "pictures": _pictures(),
    }


def _field(lesson: NetworkBuilder, name: str) -> Field:
    rule = rules(Settings)[name]
    source = lesson.side.config if name in NETWORK else lesson.settings
    value, end = getattr(source, name), {"end": name == "optimizer"}
    if isinstance(rule, Choice):
        classes = lesson.side.training.objective.classes
        fitting = [
            [key, label]
            for key, label in rule.options.items()
            if name != "loss" or fits(key, classes)
        ]
        return chosen(name, rule, value, options=fitting) | end
    assert isinstance(rule, Number)
    if name in LISTS:
        return listed(name, rule, value, LISTS[name]) | end
    return stepper(name, rule, value, _free(lesson, name)) | end


def _free(lesson: NetworkBuilder, name: str) -> bool:
    """Return whether a setting changes anything for the points that are chosen."""
    data = lesson.settings.data
    if name == "seed":
        return True
    if data == OWN:
        return name in ("share", "classes")
    recipe = DATASETS[data]
    if name == "classes":
        return recipe.most_classes > recipe.classes
    return not recipe.fixed
