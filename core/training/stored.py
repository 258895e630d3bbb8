"""The data sets of users' own that are kept on this machine: listed, described, deleted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from core.errors import InputError
from core.images.finding import own_root
from core.training.config import STORED
from core.training.data import stored_path


@dataclass(frozen=True)
class StoredSet:
    """What is known about a kept set without reading its pictures.

    Attributes:
        dataset: What goes into `TrainingConfig.dataset`.
        label: What a person calls it.
        classes: The names of its classes.
        channels: 1 for grey, 3 for colour.
        side: Height and width of a picture in pixels.
        pictures: How many there are.
        size: Bytes on the disk.
    """

    dataset: str
    label: str
    classes: tuple[str, ...]
    channels: int
    side: int
    pictures: int
    size: int


def about_stored(dataset: str, root: Path | None = None) -> StoredSet:
    """Describe a kept set from the head of its file.

    Args:
        dataset: "stored:" and its name.
        root: The data folder; None takes the explorer's own.

    Raises:
        InputError: It is not on this machine any more, or damaged.
    """
    path = stored_path(root or own_root(), dataset)
    if not path.is_file():
        raise InputError("This data set of your own is no longer on this machine. Upload it again.")
    try:
        with safe_open(path, "pt") as file:
            facts = file.metadata() or {}
            pictures, channels, side, _ = file.get_slice("images").get_shape()
            names = tuple(facts["classes"].split("\n"))
            size = path.stat().st_size
            return StoredSet(dataset, facts["name"], names, channels, side, pictures, size)
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise InputError("This data set of your own is damaged. Upload it again.") from error


def stored_sets(prefix: str, root: Path | None = None) -> list[StoredSet]:
    """The kept sets whose name begins with `prefix`, in the order of their names.

    A damaged one is left out.
    """
    folder = (root or own_root()) / "stored"
    try:
        names = sorted(path.stem for path in folder.glob("*.safetensors"))
    except OSError:
        return []
    found = []
    for name in names:
        if name.startswith(prefix):
            with suppress(InputError):
                found.append(about_stored(STORED + name, root))
    return found


def delete_stored(dataset: str, root: Path | None = None) -> None:
    """Delete a kept set; one that is gone already is fine."""
    with suppress(OSError):
        stored_path(root or own_root(), dataset).unlink(missing_ok=True)
