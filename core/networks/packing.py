"""Many small tensors as one block of bytes: a run that keeps hundreds of snapshots stays small.

A tensor of four numbers takes nearly a thousand bytes in memory; packed it takes sixteen.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

Form = tuple[tuple[str, tuple[int, ...]], ...]
T = TypeVar("T", bound=Hashable)


class Packed(NamedTuple):
    """Tensors without what PyTorch needs to calculate with them.

    Attributes:
        data: Their numbers, one tensor after the other.
        form: The type and the shape of each.
    """

    data: bytes
    form: Form


def pack(tensors: Iterable[Tensor]) -> Packed:
    """Return the numbers of tensors; they may change afterwards, this copy does not.

    Args:
        tensors: Of any shape and any type that NumPy knows.
    """
    arrays = [one.detach().cpu().numpy() for one in tensors]
    form = tuple((one.dtype.str, one.shape) for one in arrays)
    return Packed(b"".join(one.tobytes() for one in arrays), shared(form))


def unpack(packed: Packed) -> list[Tensor]:
    """Return the tensors again, equal to the last bit, each with memory of its own."""
    tensors, at = [], 0
    for kind, shape in packed.form:
        count = math.prod(shape)
        numbers = np.frombuffer(packed.data, kind, count, at).reshape(shape)
        tensors.append(torch.from_numpy(numbers.copy()))
        at += numbers.nbytes
    return tensors


def shared(names: T) -> T:
    """Return what is equal to it and was asked for before: all snapshots of a run have one."""
    found: T = _first(names)
    return found


@lru_cache(maxsize=512)
def _first(names: Hashable) -> Any:
    return names
