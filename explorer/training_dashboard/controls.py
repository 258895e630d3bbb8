"""The settings row and the head of the lesson."""

from typing import Any

from core.images.finding import available
from core.runs.devices import devices
from explorer.lessons import BY_SLUG
from explorer.numbers import significant
from explorer.settings import Choice, Number, rules
from explorer.training_dashboard.about_data import about
from explorer.training_dashboard.augmenting import augment_field
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.settings import Settings

SLUG = "training_dashboard"
ROW = ("data", "model", "optimizer", "batch", "epochs", "seed")
MORE = (
    *("reader", "rate", "schedule", "pictures", "share"),
    *("weight_decay", "smoothing", "patience"),
)
BATCHES = (8, 16, 32, 64, 128, 256, 512)
LISTS: dict[str, tuple[float | int | None, ...]] = {
    "batch": BATCHES,
    "rate": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3),
    "weight_decay": (0.0, 0.0001, 0.001, 0.01, 0.1),
    "smoothing": (0.0, 0.05, 0.1, 0.2),
    "pictures": (None, 100, 300, 1000, 3000, 10_000, 30_000),
    "patience": (None, 2, 3, 5, 10),
}
NOTHING = {"pictures": "all", "patience": "off"}


def head_message(lesson: TrainingDashboard) -> dict[str, Any]:
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


def row_message(lesson: TrainingDashboard, token: str | None) -> dict[str, Any]:
    """Return the settings row: what the next run will do."""
    fields = [_field(lesson, name) for name in ROW]
    if lesson.settings.augment:
        fields.append(augment_field(lesson.settings.augment))
    fields.append(_device(lesson))
    fields += [_field(lesson, name) | {"more": True} for name in MORE]
    return {"ack": token, "fields": fields}


def _field(lesson: TrainingDashboard, name: str) -> dict[str, Any]:
    rule = rules(Settings)[name]
    value = getattr(lesson.settings, name)
    common = {"name": name, "label": rule.label, "enabled": True}
    if isinstance(rule, Choice):
        options = [[key, _named(name, key, label)] for key, label in rule.options.items()]
        if name == "data":
            options += [
                [one.dataset, f"{one.label}, {one.pictures:,}"] for one in lesson.data.own()
            ]
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


def _named(name: str, key: str, label: str) -> str:
    if name != "data":
        return label
    there = f"{about(key).training:,}" if available(key) else "to download"
    return f"{label}, {there}"


def _device(lesson: TrainingDashboard) -> dict[str, Any]:
    """Return the choice of the device, with what is there and why the rest is not."""
    found = devices()
    shown = [one for one in found if one.available or one.name == "cuda"]
    names = "; ".join(one.label for one in found if one.available)
    missing = " ".join(one.why_not for one in found if one.why_not and one in shown)
    words = {"cpu": "CPU", "cuda": "GPU"}
    return {
        "name": "device",
        "kind": "choice",
        "label": "Device",
        "options": [[one.name, words.get(one.name, one.name.upper())] for one in shown],
        "missing": {one.name: one.why_not for one in shown if not one.available},
        "value": lesson.settings.device,
        "enabled": True,
        "help": f"{names}. {missing}".strip(),
        "end": True,
    }
