"""CIFAR-10 in its binary version: records of one label and 3,072 bytes of picture."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from core.errors import InputError
from core.images.image_set import ImageSet

ARCHIVE = "cifar-10-binary.tar.gz"
FOLDER = "cifar-10-batches-bin"
SMALL_FILE = Path("cifar10") / "cifar10_train_first4000.npz"
TRAINING_FILES = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST_FILE = "test_batch.bin"
SIDE = 32
RECORD = 1 + 3 * SIDE * SIDE
CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


def read_cifar(place: Path) -> tuple[ImageSet, ImageSet]:
    """The training and the test set.

    Python's version of the files is not read: it is a pickle, and opening one may run
    whatever is written in it.

    Args:
        place: The archive cifar-10-binary.tar.gz, or the folder that it unpacks to.

    Raises:
        InputError: A file that is missing, damaged or cut off.
    """
    if place.is_dir():
        return _sets(lambda name: (place / name).read_bytes(), place.name)
    try:
        with tarfile.open(place) as archive:
            return _sets(lambda name: _member(archive, name), place.name)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise InputError(
            f"{place.name} is damaged. Delete it and download the data set again."
        ) from error


def read_small(path: Path) -> ImageSet:
    """A part of the training set in one .npz file with the arrays x (N, 32, 32, 3) and y.

    Raises:
        InputError: A file that is no such archive.
    """
    try:
        with np.load(path) as archive:  # refuses pickled objects by itself
            x, y = archive["x"], archive["y"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            f"{path.name} does not hold pictures x and labels y. Put the original file back."
        ) from error
    images = torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))
    labels = torch.from_numpy(y.astype(np.int64))
    return ImageSet(images, labels, CLASSES, "CIFAR-10, a part")


def _sets(read: Callable[[str], bytes], place: str) -> tuple[ImageSet, ImageSet]:
    def checked(name: str) -> bytes:
        try:
            data = read(name)
        except (FileNotFoundError, KeyError):
            raise _incomplete(name, place) from None
        if not data or len(data) % RECORD:
            raise _incomplete(name, place)
        return data

    return _parsed(b"".join(map(checked, TRAINING_FILES))), _parsed(checked(TEST_FILE))


def _incomplete(name: str, place: str) -> InputError:
    return InputError(
        f"{name} is missing from {place} or cut off. Delete {place} and download the data set "
        "again."
    )


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"{FOLDER}/{name}")
    return file.read() if file else b""


def _parsed(data: bytes) -> ImageSet:
    records = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(-1, RECORD)
    images = records[:, 1:].reshape(-1, 3, SIDE, SIDE).contiguous()
    return ImageSet(images, records[:, 0].long(), CLASSES, "CIFAR-10")
