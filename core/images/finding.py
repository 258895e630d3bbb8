"""Where data sets lie on this machine, and how the files there become tensors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from core.errors import InputError
from core.images import cifar
from core.images.digits import read_digits
from core.images.idx import read_idx
from core.images.image_set import ImageSet
from core.images.registry import IMAGE_SETS, MNIST_FILES, image_set_named

VARIABLE = "EXPLORER_DATA_DIR"
SMALL_CIFAR = "cifar10_small"  # not offered: the stand-in where only a part of CIFAR-10 lies
FOLDERS = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST", "kmnist": "KMNIST"}
CLASSES = {
    "mnist": tuple("0123456789"),
    "fashion_mnist": (
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
}


def own_root() -> Path:
    """The explorer's own data folder, where downloads go; it may not exist yet."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "deep-learning-explorer" / "data"


def data_roots(own: Path | None = None) -> tuple[Path, ...]:
    """The folders to look in: that of EXPLORER_DATA_DIR, if it is set, then the own one.

    Args:
        own: The explorer's own data folder; None takes the usual one.
    """
    given = os.environ.get(VARIABLE)
    return (*([Path(given).expanduser()] if given else []), own or own_root())


def found(name: str, roots: Sequence[Path] | None = None) -> Path | None:
    """Where a data set lies, or None if it has to be downloaded (or is always there).

    Args:
        name: A key of `IMAGE_SETS`, or "cifar10_small".
        roots: The folders to look in; None takes `data_roots()`.

    Returns:
        The folder with MNIST's four files, or CIFAR-10's archive or folder. The first root wins.

    Raises:
        InputError: A name that is not known.
    """
    if name != SMALL_CIFAR:
        image_set_named(name)
    for root in data_roots() if roots is None else roots:
        for place in _places(name, root):
            if _complete(name, place):
                return place
    return None


def available(name: str, roots: Sequence[Path] | None = None) -> bool:
    """Whether `load` will find the data set without a download."""
    return (name in IMAGE_SETS and IMAGE_SETS[name].offline) or found(name, roots) is not None


def load(name: str, roots: Sequence[Path] | None = None) -> tuple[ImageSet, ImageSet | None]:
    """Read a data set from this machine.

    Args:
        name: A key of `IMAGE_SETS`, or "cifar10_small".
        roots: The folders to look in; None takes `data_roots()`.

    Returns:
        What to learn from, and the official test set or None where there is none.

    Raises:
        InputError: A data set that is not there, or a file of it that is damaged.
    """
    if name == "digits":
        return read_digits(), None
    place = found(name, roots)
    if place is None:
        raise InputError(_missing(name, data_roots() if roots is None else roots))
    if name == SMALL_CIFAR:
        return cifar.read_small(place), None
    if name == "cifar10":
        return cifar.read_cifar(place)
    return _pair(name, place, *MNIST_FILES[:2]), _pair(name, place, *MNIST_FILES[2:])


def _places(name: str, root: Path) -> tuple[Path, ...]:
    if name == "cifar10":
        return root / cifar.FOLDER, root / cifar.ARCHIVE
    if name == SMALL_CIFAR:
        return (root / cifar.SMALL_FILE,)
    return (root / FOLDERS[name] / "raw",) if name in FOLDERS else ()


def _complete(name: str, place: Path) -> bool:
    if name in FOLDERS:
        return all(_file(place, packed) for packed in MNIST_FILES)
    if place.name == cifar.FOLDER:
        return all((place / file).is_file() for file in (*cifar.TRAINING_FILES, cifar.TEST_FILE))
    return place.is_file()


def _file(folder: Path, packed: str) -> Path | None:
    """The file as torchvision leaves it behind, packed or unpacked; None if there is neither."""
    both = (folder / packed, folder / packed.removesuffix(".gz"))
    return next((path for path in both if path.is_file()), None)


def _pair(name: str, folder: Path, images_file: str, labels_file: str) -> ImageSet:
    images, labels = _idx(folder, images_file, 3), _idx(folder, labels_file, 1)
    if len(images) != len(labels):
        raise InputError(
            f"{images_file} has {len(images):,} pictures and {labels_file} {len(labels):,} labels. "
            f"Delete both from {folder.name} and download the data set again."
        )
    return ImageSet(images[:, None], labels.long(), CLASSES[name], IMAGE_SETS[name].label)


def _idx(folder: Path, packed: str, dimensions: int) -> Tensor:
    return read_idx(_file(folder, packed) or folder / packed, dimensions)


def _missing(name: str, roots: Sequence[Path]) -> str:
    label = IMAGE_SETS[name].label if name in IMAGE_SETS else "That part of CIFAR-10"
    if name == "cifar10" and any((root / "cifar-10-batches-py").is_dir() for root in roots):
        return (
            "CIFAR-10 is here as Python pickles, which may run any code when opened and are not "
            "read. Download the binary version, or choose another data set."
        )
    return f"{label} is not on this machine. Download it, or choose another data set."
