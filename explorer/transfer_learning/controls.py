"""The settings row and the head of the lesson."""

from typing import Any

from explorer.fields import Field, device_field, field
from explorer.training_dashboard.augmenting import augment_field, no_augment_field
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.recipes import recipe_field
from explorer.transfer_learning.settings import HEAD, OWN

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


def row_message(lesson: TransferLearning, token: str | None) -> dict[str, Any]:
    """Return the settings row: pictures first, what learns them last."""
    hidden = {"classes", "per_class"} if lesson.settings.samples == OWN else set()
    fields = [_field(lesson, name) for name in ROW if name not in hidden]
    if lesson.settings.method != HEAD:
        fields.append(recipe_field(lesson.settings))
        if lesson.settings.augment:
            fields.append(augment_field(lesson.settings.augment))
        fields.append(device_field(lesson.settings.device))
        fields += [_field(lesson, name) | {"more": True} for name in MORE]
        if not lesson.settings.augment:
            fields.append(no_augment_field())
    return {"ack": token, "fields": fields}


def _field(lesson: TransferLearning, name: str) -> Field:
    options = lesson.backbones.options() if name == "backbone" else None
    return field(lesson.settings, name, lists=LISTS, nothing=NOTHING, options=options)
