"""Files to take away, each checked against the live network when it is made."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.networks.export import Export, to_onnx, to_safetensors
from explorer.network_builder.rules import Values
from explorer.numbers import significant

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder

KINDS = {
    "safetensors": ("Weights", "network.safetensors", "all parameters by name, as a state_dict"),
    "onnx": ("Network", "network.onnx", "runs without PyTorch; a first export takes seconds"),
}


class Exports:
    """The files that were made on this page."""

    def __init__(self) -> None:
        self.made: dict[str, tuple[Export, int, int, Values]] = {}
        self.version = 0

    def make(self, name: str, lesson: NetworkBuilder) -> None:
        """Make one file of the network that is active, and check it.

        Raises:
            InputError: There is no such kind of file, or the network cannot be written as one.
        """
        training = lesson.side.training
        if name not in KINDS:
            raise InputError(f"There is no kind of file called {name[:20]}.")
        try:
            if name == "onnx":
                made = to_onnx(training.model)
            else:
                made = to_safetensors(training.model, training.config)
        except Exception as error:
            raise InputError(
                f"This network could not be written as {name}. Choose other activations."
            ) from error
        self.version += 1
        self.made[name] = (made, self.version, training.step_count, lesson.side.weights())

    def card(self, lesson: NetworkBuilder) -> dict[str, Any]:
        """Return the card with all files."""
        items = [self._item(name, lesson) for name in KINDS]
        return {"kind": "take", "span": 5, "title": "Take it with you", "items": items}

    def _item(self, name: str, lesson: NetworkBuilder) -> dict[str, Any]:
        label, filename, detail = KINDS[name]
        item: dict[str, Any] = {"name": name, "label": label, "detail": detail}
        if name not in self.made:
            return {**item, "state": "idle", "note": "", "file": None}
        export, version, step, weights = self.made[name]
        size = significant(len(export.data) / 1000, 2)
        far = significant(export.largest_difference, 2)
        note = f"{size} kB; largest difference from the live network over 576 places: {far}"
        if step != lesson.side.training.step_count:
            note += f" (made at step {step})"
        elif weights != lesson.side.weights():
            note += " (made before the last edit)"
        file = {
            "filename": filename,
            "base64": b64encode(export.data).decode(),
            "mime": "application/octet-stream",
            "version": version,
        }
        return {**item, "state": "ready", "note": note, "file": file}
