"""The settings row and the head of the lesson."""

from typing import Any

from core.runs.devices import devices
from explorer.lessons import BY_SLUG
from explorer.numbers import significant
from explorer.settings import Choice, Number, rules
from explorer.training_dashboard.augmenting import augment_field
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.recipes import recipe_field
from explorer.transfer_learning.settings import HEAD, OWN, Settings

SLUG = "transfer_learning"
ROW = ("samples", "classes", "per_class", "backbone", "method", "seed")
MORE = ("epochs", "rate", "layer_decay", "batch", "schedule", "patience", "share")
LISTS: dict[str, tuple[float | int | None, ...]] = {
    "rate": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
    "layer_decay": (0.1, 0.2, 0.3, 0.5, 0.7, 1.0),
    "batch": (4, 8, 16, 32, 64),
    "patience": (None, 2, 3, 5, 10),
}
NOTHING = {"patience": "off"}


def head_message(lesson: TransferLearning) -> dict[str, Any]:
    """Return title, aim, the true address, and what was wrong with the one that was opened."""
    about = BY_SLUG[SLUG]
    return {
        "ack": None,
        "title": about.title,
        "aim": about.aim,
        "query": lesson.address(),
        "settled": lesson.rested,
        "problems": lesson.problems,
        "actions": True,
    }


def row_message(lesson: TransferLearning, token: str | None) -> dict[str, Any]:
    """Return the settings row: pictures first, what learns them last."""
    hidden = {"classes", "per_class"} if lesson.settings.samples == OWN else set()
    fields = [_field(lesson, name) for name in ROW if name not in hidden]
    if lesson.settings.method != HEAD:
        fields.append(recipe_field(lesson.settings))
        if lesson.settings.augment:
            fields.append(augment_field(lesson.settings.augment))
        fields.append(_device(lesson))
        fields += [_field(lesson, name) | {"more": True} for name in MORE]
    return {"ack": token, "fields": fields}


def _field(lesson: TransferLearning, name: str) -> dict[str, Any]:
    rule = rules(Settings)[name]
    value = getattr(lesson.settings, name)
    common = {"name": name, "label": rule.label, "enabled": True}
    if isinstance(rule, Choice):
        options = [[key, label] for key, label in rule.options.items()]
        if name == "backbone":
            options = lesson.backbones.options()
        return {**common, "kind": "select", "options": options, "value": value, "help": rule.help}
    assert isinstance(rule, Number)
    if name in LISTS:
        listed: list[Any] = [one for one in LISTS[name] if one is not None]
        listed = sorted({*listed, *([] if value is None else [value])})
        options = [["", NOTHING[name]]] if name in NOTHING else []
        options += [[repr(one), significant(one, 6)] for one in listed]
        shown = "" if value is None else repr(value)
        return {**common, "kind": "select", "options": options, "value": shown, "help": rule.help}
    return {
        **common,
        "kind": "stepper",
        "value": value,
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "step": rule.step,
        "digits": rule.digits,
        "help": rule.help,
    }


def _device(lesson: TransferLearning) -> dict[str, Any]:
    """Return the choice of the device, with what is there and why the rest is not."""
    found = devices()
    there = [one for one in found if one.available]
    missing = " ".join(one.why_not for one in found if one.why_not)
    names = "; ".join(one.label for one in there)
    return {
        "name": "device",
        "kind": "choice",
        "label": "Device",
        "options": [[one.name, one.name.upper()] for one in there],
        "value": lesson.settings.device,
        "enabled": True,
        "help": f"{names}. {missing}".strip(),
        "end": True,
    }
