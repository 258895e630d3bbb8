"""Digits to prepare and to read: MNIST where it is, scikit-learn's always."""

import os
from pathlib import Path

import numpy as np
import pytest

from core.images.digits import read_digits
from core.images.finding import load

GIVEN = Path(os.environ.get("EXPLORER_DATA_DIR", "/nowhere"))


@pytest.fixture(scope="session")
def mnist():
    """Pictures (N, 28, 28) and labels of MNIST's test set, as arrays."""
    if not (GIVEN / "MNIST").is_dir():
        pytest.skip("needs EXPLORER_DATA_DIR with MNIST")
    test = load("mnist", [GIVEN])[1]
    return test.images[:, 0].numpy(), test.labels.numpy()


@pytest.fixture(scope="session")
def small_digits():
    """The 1,797 digits of scikit-learn in MNIST's form, and their labels."""
    digits = read_digits()
    return digits.images[:, 0].numpy(), digits.labels.numpy()


@pytest.fixture(scope="session")
def drawings():
    """The files of the digits drawn by hand, each with its label."""
    files = sorted((GIVEN / "handwritten_digits").glob("*/*.png"))
    if not files:
        pytest.skip("needs EXPLORER_DATA_DIR with handwritten_digits")
    return [(path.read_bytes(), int(path.stem)) for path in files]


@pytest.fixture(scope="session")
def on_page():
    """Lays an enlarged digit on a larger page: dark ink on white paper."""

    def laid(digit, times=7, top=40, left=90, shape=(420, 500)):
        page = np.zeros(shape, dtype=np.uint8)
        large = np.kron(digit, np.ones((times, times), dtype=np.uint8))
        page[top : top + len(large), left : left + len(large)] = large
        return 255 - page

    return laid
