"""The weights of many epochs in half precision, for looking back into the layers."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.errors import InputError
from core.runs.sealed import read_bytes, write_whole

FOLDER = "weights"
MOST_BYTES = 16_000_000  # of a run
FEWEST, MOST = 4, 40  # epochs
# The name carries the checksum of the file.
_NAME = re.compile(r"epoch_([0-9]{5,9})\.([0-9a-f]{8})\.safetensors")


def halved(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The numbers of a `state_dict` with 11 bits each; counters are left out."""
    return {
        name: one.half().contiguous() for name, one in weights.items() if one.is_floating_point()
    }


def save_weights(run: Path, epoch: int, weights: dict[str, Tensor]) -> None:
    """Write the weights of an epoch, and thin out if they take too much room.

    Args:
        run: The run directory.
        epoch: How many epochs are complete.
        weights: What `halved` gave.

    Raises:
        OSError: The disk is full, for instance.
    """
    data = save(weights)
    if FEWEST * len(data) > MOST_BYTES:
        return  # a large network: its newest and its best epoch are kept as checkpoints
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    for path in folder.glob(f"epoch_{epoch:05d}.*"):
        path.unlink(missing_ok=True)
    write_whole(folder / f"epoch_{epoch:05d}.{zlib.crc32(data):08x}.safetensors", data)
    _thin(run, min(MOST, MOST_BYTES // len(data)))


def load_weights(run: Path, epoch: int) -> dict[str, Tensor]:
    """The weights of an epoch as float32.

    Raises:
        InputError: The epoch is not kept, or its file is damaged.
    """
    found = _files(run).get(epoch)
    if found is None:
        raise InputError(f"The weights of epoch {epoch} are not kept.")
    data = read_bytes(found)
    try:
        if f".{zlib.crc32(data):08x}." in found.name:
            return {name: one.to(torch.float32) for name, one in load(data).items()}
    except (SafetensorError, KeyError, ValueError):
        pass
    raise InputError(f"The weights of epoch {epoch} are damaged.")


def weight_epochs(run: Path) -> list[int]:
    """The epochs whose weights can be looked at, in order."""
    return sorted(_files(run))


def _files(run: Path) -> dict[int, Path]:
    try:
        paths = list((run / FOLDER).iterdir())
    except OSError:
        return {}
    return {int(found[1]): path for path in paths if (found := _NAME.fullmatch(path.name))}


def _thin(run: Path, most: int) -> None:
    """Keep every second epoch, then every fourth and so on, always the first and the last."""
    files = _files(run)
    last = max(files)
    every = 1
    while last // every + 2 > most:
        every *= 2
    for epoch, path in files.items():
        if epoch % every and epoch not in (1, last):
            path.unlink(missing_ok=True)
