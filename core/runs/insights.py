"""Small pictures of every epoch for looking back: filters, predictions, confusion."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from core.errors import InputError
from core.runs.sealed import read_bytes, write_whole
from core.training.events import Insight

FOLDER = "insights"
MOST = 200
# The name carries the checksum of the file.
_NAME = re.compile(r"epoch_([0-9]{5,9})\.([0-9a-f]{8})\.safetensors")


def save_insight(run: Path, insight: Insight) -> None:
    """Write what can be looked at after an epoch, and thin out if there is too much of it.

    Raises:
        OSError: The disk is full, for instance.
    """
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {
        "predicted": insight.predicted,
        "losses": insight.losses.astype(np.float16),
        "confusion": insight.confusion.astype(np.int32),
    }
    if insight.filters is not None:
        arrays["filters"] = insight.filters.astype(np.float16)
    data = save(arrays)
    for path in folder.glob(f"epoch_{insight.epoch:05d}.*"):
        path.unlink(missing_ok=True)
    write_whole(folder / f"epoch_{insight.epoch:05d}.{zlib.crc32(data):08x}.safetensors", data)
    _thin(run)


def load_insight(run: Path, epoch: int) -> Insight:
    """What can be looked at after an epoch; losses and filters with 11 bits.

    Raises:
        InputError: The epoch is not kept, or its file is damaged.
    """
    found = _files(run).get(epoch)
    if found is None:
        raise InputError(f"There are no pictures of epoch {epoch}.")
    data = read_bytes(found)
    if f".{zlib.crc32(data):08x}." not in found.name:
        raise InputError(f"The pictures of epoch {epoch} are damaged.")
    try:
        arrays = load(data)
        filters = arrays.get("filters")
        return Insight(
            epoch,
            arrays["predicted"].astype(np.int16),
            arrays["losses"].astype(np.float32),
            arrays["confusion"].astype(np.int64),
            None if filters is None else filters.astype(np.float32),
        )
    except (SafetensorError, KeyError, ValueError) as error:
        raise InputError(f"The pictures of epoch {epoch} are damaged.") from error


def insight_epochs(run: Path) -> list[int]:
    """The epochs that can be looked at, in order."""
    return sorted(_files(run))


def _files(run: Path) -> dict[int, Path]:
    try:
        paths = list((run / FOLDER).iterdir())
    except OSError:
        return {}
    return {int(found[1]): path for path in paths if (found := _NAME.fullmatch(path.name))}


def _thin(run: Path) -> None:
    """Keep every second epoch, then every fourth and so on, always the first and the last."""
    files = _files(run)
    every = 1
    while len(files) // every > MOST:
        every *= 2
    last = max(files)
    for epoch, path in files.items():
        if epoch % every and epoch not in (1, last):
            path.unlink(missing_ok=True)
