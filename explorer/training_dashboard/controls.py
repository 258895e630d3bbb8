"""The settings row and the head of the lesson."""

from typing import Any

from core.images.finding import available
from explorer.fields import Field, device_field, field
from explorer.settings import Choice, rules
from explorer.training_dashboard.about_data import about
from explorer.training_dashboard.augmenting import augment_field, no_augment_field
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.settings import Settings

SLUG = "training_dashboard"
ROW = ("data", "model", "optimizer", "batch", "epochs", "seed")
MORE = (
    *("rate", "schedule", "pictures", "share"),
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


def row_message(lesson: TrainingDashboard, token: str | None) -> dict[str, Any]:
    """Return the settings row: what the next run will do."""
    fields = [_field(lesson, name) for name in ROW]
    if lesson.settings.augment:
        fields.append(augment_field(lesson.settings.augment))
    fields.append(device_field(lesson.settings.device))
    fields += [_field(lesson, name) | {"more": True} for name in MORE]
    if not lesson.settings.augment:
        fields.append(no_augment_field())
    return {"ack": token, "fields": fields}


def _field(lesson: TrainingDashboard, name: str) -> Field:
    options = None
    if name == "data":
        rule = rules(Settings)[name]
        assert isinstance(rule, Choice)
        options = [[key, _there(key, label)] for key, label in rule.options.items()]
        options += [[one.dataset, f"{one.label}, {one.pictures:,}"] for one in lesson.data.own()]
    return field(lesson.settings, name, lists=LISTS, nothing=NOTHING, options=options)


def _there(key: str, label: str) -> str:
    there = f"{about(key).training:,}" if available(key) else "to download"
    return f"{label}, {there}"
