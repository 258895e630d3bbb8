"""The idx format of MNIST and its relatives: a short header, then bytes."""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from torch import Tensor

from core.errors import InputError

UNSIGNED_BYTE = 0x08
MAX_BYTES = 500_000_000


def read_idx(path: Path, dimensions: int) -> Tensor:
    """Read one idx file, packed with gzip or not.

    The file starts with 0, 0, the type of the numbers (8 for bytes), the number of dimensions
    and then each dimension as a 32-bit number, the highest byte first.

    Args:
        path: The file; the ending .gz means packed.
        dimensions: 3 for pictures, 1 for labels.

    Returns:
        uint8 of as many dimensions: (N, H, W) for pictures, (N,) for labels.

    Raises:
        InputError: Missing, damaged, cut off, or another format.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return _read(file, path, dimensions)
    except FileNotFoundError:
        raise InputError(f"{path.name} is missing. Download the data set again.") from None
    except (EOFError, zlib.error, OSError) as error:
        raise _damaged(path, "cannot be read to its end") from error


def _read(file: BinaryIO | gzip.GzipFile, path: Path, dimensions: int) -> Tensor:
    header = file.read(4 + 4 * dimensions)
    if len(header) < 4 + 4 * dimensions:
        raise _damaged(path, "ends within its header")
    if tuple(header[:4]) != (0, 0, UNSIGNED_BYTE, dimensions):
        raise _damaged(path, f"is not an idx file of bytes with {dimensions} dimensions")
    shape = np.frombuffer(header, ">u4", offset=4).tolist()
    size = math.prod(shape)
    if size > MAX_BYTES:
        raise _damaged(path, f"announces {size / 1e6:,.0f} MB, far more than such a set has")
    values = file.read(size + 1)
    if len(values) < size:
        raise _damaged(path, f"holds {len(values):,} of the {size:,} values that it announces")
    if len(values) > size:
        raise _damaged(path, f"holds more than the {size:,} values that it announces")
    return torch.frombuffer(bytearray(values), dtype=torch.uint8).reshape(shape)


def _damaged(path: Path, what: str) -> InputError:
    return InputError(
        f"{path.name} {what}. Delete it from {path.parent.name} and download the data set again."
    )
