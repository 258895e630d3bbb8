"""What a run gives away: its script, and files that are checked against it when they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.runs.directory import RunDirectory
from core.training.card import model_card
from core.training.config import TrainingConfig
from core.training.events import RateChanged
from core.training.export import Export, to_onnx, to_safetensors, to_state_dict
from core.training.finished import Finished, finished
from core.training.script import script
from core.training.tensorboard import file_name, to_tensorboard
from explorer.boards import script_card
from explorer.numbers import significant
from explorer.served import Offer, ServedFiles
from explorer.training_dashboard.runner import threads
from explorer.training_dashboard.settings import training_config

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

NETWORKS: dict[str, Callable[[Finished], Export]] = {
    "safetensors": to_safetensors,
    "state_dict": to_state_dict,
    "onnx": to_onnx,
}
KINDS = {
    "safetensors": ("Weights", "network.safetensors", "by name, with what is needed to use them"),
    "state_dict": ("State dict", "network.pt", "the same for torch.load"),
    "onnx": ("Network", "network.onnx", "takes bytes, runs without PyTorch; takes some seconds"),
    "card": ("Model card", "model_card.md", "data, settings, accuracy and limits in words"),
    "tensorboard": ("TensorBoard", "", "all curves as an event file"),
}
LARGEST = 64_000_000  # bytes


@dataclass(frozen=True)
class Made:
    """A file that was made here.

    Attributes:
        offer: The file, as it goes to the browser.
        epoch: After which epoch of the run.
        note: Its size, and how it was checked.
    """

    offer: Offer
    epoch: int
    note: str


class Exports:
    """The files of the run that is shown, as far as they were made on this page."""

    def __init__(self) -> None:
        self.made: dict[str, Made] = {}
        self._files = ServedFiles()
        self._run: str | None = None

    def make(self, name: str, lesson: TrainingDashboard) -> None:
        """Make one file of the run that is shown, and check it.

        Raises:
            InputError: There is no such kind of file, no finished epoch, or it is too large.
        """
        if name not in KINDS:
            raise InputError(f"There is no kind of file called {name[:20]}.")
        run = lesson.directory
        if run is None:
            raise InputError("There is no run to give away yet.")
        self._turn_to(run)
        data, filename, epoch, note = _file(name, run)
        if (before := self.made.pop(name, None)) is not None:
            self._files.withdraw(before.offer)
        mime = "text/markdown" if name == "card" else "application/octet-stream"
        self.made[name] = Made(self._files.offer(data, filename, mime), epoch, note)

    def card(self, lesson: TrainingDashboard) -> dict[str, Any]:
        """Return the card with all files."""
        run = lesson.directory
        self._turn_to(run)
        items = [self._item(name, run) for name in KINDS]
        return {"kind": "take", "span": 5, "title": "Take it with you", "items": items}

    def _turn_to(self, run: RunDirectory | None) -> None:
        """Let the files of another run go."""
        name = None if run is None else run.id
        if name != self._run:
            for made in self.made.values():
                self._files.withdraw(made.offer)
            self._run, self.made = name, {}

    def _item(self, name: str, run: RunDirectory | None) -> dict[str, Any]:
        label, _, detail = KINDS[name]
        item: dict[str, Any] = {"name": name, "label": label, "detail": detail}
        made = self.made.get(name)
        file = None if made is None else self._files.message(made.offer)
        if made is None or run is None or file is None:
            return {**item, "state": "idle", "note": "", "file": None}
        note = made.note if made.epoch == _newest(run) else f"{made.note} (epoch {made.epoch})"
        return {**item, "state": "ready", "note": note, "file": file}


def code(lesson: TrainingDashboard) -> dict[str, Any] | None:
    """Return the card with the script of the run that is shown, or of the next one.

    None where it cannot be told, because pictures of one's own are gone or layers do not fit.
    """
    run = lesson.directory
    try:
        if run is None:
            config = training_config(lesson.settings, threads())
            source = _source(config, config.epochs, ())
        else:
            config = run.spec().config
            source = _source(config, len(run.rows()) or config.epochs, tuple(run.changes()))
    except InputError:
        return None
    return script_card(source, "train.py", 7)


@lru_cache(maxsize=16)
def _source(config: TrainingConfig, epochs: int, changes: tuple[RateChanged, ...]) -> str:
    return script(config, epochs, changes)


def _newest(run: RunDirectory) -> int:
    return max(run.epochs(), default=0)


def _file(name: str, run: RunDirectory) -> tuple[bytes, str, int, str]:
    """The bytes, the name of the file, the epoch, and a note on size and checks."""
    try:
        made = _curves(run) if name == "tensorboard" else _of_network(name, run)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"This run could not be written as {name}. Choose another kind of file."
        ) from error
    data, filename, epoch, note = made
    if len(data) > LARGEST:
        raise InputError(
            f"The file has {len(data) / 1e6:.0f} MB, and {LARGEST / 1e6:.0f} MB is the most "
            "that goes through the browser. Train a smaller network to take it away."
        )
    return data, filename, epoch, f"{_size(len(data))}; {note}"


def _of_network(name: str, run: RunDirectory) -> tuple[bytes, str, int, str]:
    one = finished(run)
    filename = KINDS[name][1]
    if name == "card":
        return model_card(run, one).encode(), filename, one.epoch, "Markdown"
    export = NETWORKS[name](one)
    which = "validation" if len(one.prepared.validation) else "training"
    far = significant(export.largest_difference, 2)
    note = f"largest difference from the run over {export.pictures:,} {which} pictures: {far}"
    return export.data, filename, one.epoch, note


def _curves(run: RunDirectory) -> tuple[bytes, str, int, str]:
    if not run.rows():
        raise InputError("This run has no finished epoch yet.")
    note = "open its folder with tensorboard --logdir"
    return to_tensorboard(run), file_name(run), _newest(run), note


def _size(count: int) -> str:
    if count >= 1_000_000:
        return f"{significant(count / 1e6, 2)} MB"
    return f"{significant(count / 1000, 2)} kB"
