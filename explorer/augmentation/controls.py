"""The settings row and the head of the lesson."""

from typing import Any

from core.augmentation.presets import PRESETS
from core.augmentation.spec import DATA_KINDS
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.settings import AUTO, Settings, preset_of
from explorer.fields import chosen
from explorer.settings import Choice, rules

SLUG = "augmentation"


def row_message(lesson: Augmentation, token: str | None) -> dict[str, Any]:
    """Return the settings row: what is told apart, and pipelines to start from."""
    return {"ack": token, "fields": [_data(lesson), _presets(lesson)]}


def _data(lesson: Augmentation) -> dict[str, Any]:
    rule = rules(Settings)["data"]
    assert isinstance(rule, Choice)
    by_picture = f"as the picture: {DATA_KINDS[lesson.looking.kind]}"
    options = [[AUTO, by_picture], *([key, label] for key, label in DATA_KINDS.items())]
    return chosen("data", rule, lesson.settings.data, options=options)


def _presets(lesson: Augmentation) -> dict[str, Any]:
    return {
        "kind": "choice",
        "name": "preset",
        "label": "Start from",
        "options": [[name, one.label] for name, one in PRESETS.items()],
        "value": preset_of(lesson.settings),
        "enabled": True,
        "end": True,
        "help": "Pipelines with what there is to see in them. Undo brings yours back.",
    }
