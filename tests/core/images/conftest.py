"""A small data set in the layout of MNIST, for several tests."""

import gzip

import numpy as np
import pytest

from core.images.registry import MNIST_FILES


def idx(array, kind=8):
    """The idx format, written by its definition."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, kind, array.ndim]) + sizes + array.tobytes()


def made_up(n, seed):
    chance = np.random.default_rng(seed)
    return chance.integers(0, 256, (n, 28, 28), dtype=np.uint8), (np.arange(n) % 10).astype(
        np.uint8
    )


def _mnist_folder(root, folder="MNIST", packed=True):
    """A small set in MNIST's layout; gives its arrays."""
    raw = root / folder / "raw"
    raw.mkdir(parents=True)
    arrays = [*made_up(30, 0), *made_up(20, 1)]
    for name, array in zip(MNIST_FILES, arrays, strict=True):
        if packed:
            (raw / name).write_bytes(gzip.compress(idx(array)))
        else:
            (raw / name.removesuffix(".gz")).write_bytes(idx(array))
    return arrays


@pytest.fixture
def mnist_folder():
    """Writes such a set under a root and gives its four arrays."""
    return _mnist_folder
