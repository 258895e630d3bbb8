"""Files to take away: the project, the model in several forms, results; each is checked first."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InputError
from core.transfer.export_card import CardFacts, model_card
from core.transfer.export_csv import results_csv
from core.transfer.export_onnx import to_onnx
from core.transfer.export_script import ONNX_FILE, WEIGHTS_FILE, predict_script
from core.transfer.export_weights import from_safetensors, to_safetensors
from core.transfer.predictor import Predictor
from core.transfer.project import write_project
from core.transfer.sample import Picture
from core.transfer.sets import SAMPLE_SETS
from core.transfer.training_script import PROJECT_FILE
from explorer.numbers import significant
from explorer.served import Offer, ServedFiles
from explorer.transfer_learning.model import Model
from explorer.transfer_learning.settings import plain

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

KINDS = {
    "project": ("Project", "pictures, settings and head, to go on later or elsewhere"),
    "predict": ("predict.py", "a script that runs by itself on a picture, with the weights"),
    "predict_onnx": ("predict.py with ONNX", "the same without PyTorch, for ONNX Runtime"),
    "safetensors": ("Weights", "safetensors: network, head, temperature, bar"),
    "onnx": ("ONNX", "a picture of any size in, probabilities out"),
    "card": ("Model card", "data, worth and limits in words"),
    "csv": ("Results", "what is said about your photos, as a table"),
}
COMPARED = 40  # pictures on which an export is compared with the model


@dataclass(frozen=True)
class Made:
    """A file that was made here.

    Attributes:
        offer: The file, as it goes to the browser.
        note: Its size, and how it was checked.
        of: The model that it was made of, by its number.
    """

    offer: Offer
    note: str
    of: int


class Exports:
    """The files of a page, as far as they were made."""

    def __init__(self) -> None:
        self.made: dict[str, Made] = {}
        self._files = ServedFiles()

    def make(self, name: str, lesson: TransferLearning) -> None:
        """Make a file, and check it.

        Raises:
            InputError: There is no such kind of file, or nothing to put into it.
        """
        if name not in KINDS:
            raise InputError(f"There is no kind of file called {name[:20]}.")
        data, filename, note = _MAKERS[name](lesson)
        if (before := self.made.pop(name, None)) is not None:
            self._files.withdraw(before.offer)
        mime = "text/plain" if filename.endswith((".md", ".csv")) else "application/octet-stream"
        note = f"{_size(len(data))}{'; ' if note else ''}{note}"
        self.made[name] = Made(self._files.offer(data, filename, mime), note, id(lesson.model))

    def card(self, lesson: TransferLearning) -> dict[str, Any]:
        """Return the card with all files."""
        items = [self._item(name, lesson) for name in KINDS]
        return {"kind": "take", "span": 5, "title": "Take it with you", "items": items}

    def _item(self, name: str, lesson: TransferLearning) -> dict[str, Any]:
        label, detail = KINDS[name]
        item: dict[str, Any] = {"name": name, "label": label, "detail": detail}
        made = self.made.get(name)
        file = None if made is None else self._files.message(made.offer)
        if made is None or file is None:
            return {**item, "state": "idle", "note": "", "file": None}
        older = "" if made.of == id(lesson.model) else " (of an earlier model)"
        return {**item, "state": "ready", "note": made.note + older, "file": file}


def predictor_of(model: Model, strict: int) -> Predictor:
    """Return a model of the page in the form that exports take."""
    return Predictor(
        model.backbone, model.head, model.classes, model.temperature, model.threshold(strict)
    )


def _model(lesson: TransferLearning) -> tuple[Model, Predictor]:
    model = lesson.settled or lesson.model
    if model is None:
        raise InputError("There is no model yet: two classes with pictures are the least.")
    return model, predictor_of(model, lesson.settings.strict)


def _pictures(lesson: TransferLearning) -> list[Picture]:
    every = lesson.collecting.collection.pictures()
    chosen = np.unique(np.linspace(0, len(every) - 1, COMPARED).round().astype(int))
    return [every[at] for at in chosen] if every else []


def _project(lesson: TransferLearning) -> tuple[bytes, str, str]:
    model = lesson.learning.settled or lesson.learning.model
    head = {} if model is None else dict(vars(model.head))
    classes = () if model is None else model.classes
    data = write_project(lesson.collecting.collection, plain(lesson.settings), head, classes)
    return data, PROJECT_FILE, f"{len(lesson.collecting.collection):,} pictures"


def _weights(lesson: TransferLearning) -> tuple[bytes, str, str]:
    _, predictor = _model(lesson)
    data = to_safetensors(predictor)
    return data, WEIGHTS_FILE, _checked(data, predictor, _pictures(lesson))


def _checked(data: bytes, predictor: Predictor, pictures: list[Picture]) -> str:
    """Read a file with weights back and compare what it says."""
    if not pictures:
        return ""
    again = from_safetensors(data)
    ours, theirs = predictor.predict(pictures), again.predict(pictures)
    rows = zip(ours, theirs, strict=True)
    far = max(float(np.abs(a.calibrated - b.calibrated).max()) for a, b in rows)
    return f"largest difference over {len(pictures)} pictures: {significant(far, 2)}"


def _onnx(lesson: TransferLearning) -> tuple[bytes, str, str]:
    _, predictor = _model(lesson)
    made = to_onnx(predictor, _pictures(lesson))
    far = significant(made.largest_difference, 2)
    return made.data, ONNX_FILE, f"largest difference over {made.pictures} pictures: {far}"


def _predict(lesson: TransferLearning) -> tuple[bytes, str, str]:
    _, predictor = _model(lesson)
    weights, _, note = _weights(lesson)
    parts = {"predict.py": predict_script(predictor).encode(), WEIGHTS_FILE: weights}
    return _zipped(parts | {"model_card.md": _card(lesson)[0]}), "predict.zip", note


def _predict_onnx(lesson: TransferLearning) -> tuple[bytes, str, str]:
    _, predictor = _model(lesson)
    graph, _, note = _onnx(lesson)
    parts = {"predict.py": predict_script(predictor, "onnx").encode(), ONNX_FILE: graph}
    return _zipped(parts | {"model_card.md": _card(lesson)[0]}), "predict_onnx.zip", note


def _card(lesson: TransferLearning) -> tuple[bytes, str, str]:
    model, predictor = _model(lesson)
    collection = lesson.collecting.collection
    counts = {label.name: len(label) for label in collection.active}
    run = lesson.tuning.directory
    training = (
        f"The head is softmax regression on the backbone's features, seed {lesson.settings.seed}."
        if run is None
        else f"Trained as a run, “{model.name}”: {plain_config(lesson)}."
    )
    known = SAMPLE_SETS.get(lesson.settings.samples)
    data = "" if known is None else f"{known.label}: {known.licence}."
    facts = CardFacts(
        [counts.get(name, 0) for name in model.classes],
        training,
        datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        data,
    )
    return model_card(predictor, model.judged, facts).encode(), "model_card.md", "Markdown"


def plain_config(lesson: TransferLearning) -> str:
    """Return how the shown run was trained, in a few words."""
    run = lesson.tuning.directory
    assert run is not None
    config = run.spec().config
    augmented = f", augmented by {config.augment}" if config.augment else ""
    return (
        f"{config.tuning} of {config.model}, {config.optimizer}, learning rate "
        f"{significant(config.learning_rate, 3)}, {significant(config.layer_decay, 2)} of it per "
        f"block down, {config.schedule} schedule, batch {config.batch_size}, seed "
        f"{config.seed}{augmented}"
    )


def _csv(lesson: TransferLearning) -> tuple[bytes, str, str]:
    _, predictor = _model(lesson)
    photos = lesson.asking.many
    if not photos:
        raise InputError("Upload photos on the right first: their results make the table.")
    said = predictor.predict([one.picture for one in photos])
    text = results_csv([one.name for one in photos], said, predictor.classes)
    return text.encode(), "results.csv", f"{len(photos):,} photos"


def _zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def _size(count: int) -> str:
    if count >= 1_000_000:
        return f"{significant(count / 1e6, 2)} MB"
    return f"{significant(count / 1000, 2)} kB"


_MAKERS: dict[str, Callable[[TransferLearning], tuple[bytes, str, str]]] = {
    "project": _project,
    "predict": _predict,
    "predict_onnx": _predict_onnx,
    "safetensors": _weights,
    "onnx": _onnx,
    "card": _card,
    "csv": _csv,
}
