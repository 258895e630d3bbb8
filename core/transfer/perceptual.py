"""How alike two pictures look, whatever their size, file format and small crops."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn

from core.transfer.sample import Picture

_SIDE, _LOW = 32, 8  # the picture is reduced to 32×32, and the lowest 8×8 waves are kept
_REDUCED = 128  # pixels of the longer side from which windows are cut
_WINDOWS = (0.95, 0.9, 0.85)  # of each side, for pictures that were cropped
_PLACES = (0.0, 0.5, 1.0)


def hashes(pictures: Sequence[Picture]) -> NDArray[np.bool_]:
    """The perceptual hash of each picture: 63 bits that small changes leave as they are.

    The picture is reduced to 32×32 grey pixels; of its discrete cosine transform the lowest 8×8
    terms are kept without the mean, and each is compared with their median (Zauner 2010,
    "Implementation and benchmarking of perceptual image hash functions", section 3.2.1).

    Args:
        pictures: N of them, uint8 of shape (H, W, 3) each.

    Returns:
        Shape (N, 63).
    """
    codes = np.empty((len(pictures), _LOW * _LOW - 1), dtype=bool)
    for code, picture in zip(codes, pictures, strict=True):
        grey = Image.fromarray(picture).convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX)
        low = dctn(np.asarray(grey, dtype=np.float64), norm="ortho")[:_LOW, :_LOW].ravel()[1:]
        code[:] = low > np.median(low)
    return codes


def mirrored(codes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The hashes of the same pictures seen in a mirror, nearly: odd waves change their sign.

    Args:
        codes: As `hashes` gives them, shape (N, 63).
    """
    odd = (np.arange(_LOW * _LOW) % _LOW % 2 == 1)[1:]
    turned: NDArray[np.bool_] = codes ^ odd
    return turned


def distances(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> NDArray[np.float32]:
    """In how many bits each hash differs from each other one, shape (N, M)."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    result: NDArray[np.float32] = a @ (1 - b).T + (1 - a) @ b.T
    return result


def correlations(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike each two pictures are as they are, or one of them seen in a mirror.

    Args:
        rows: 32×32 grey pixels of each picture without their mean, of length 1: shape (N, 1024).

    Returns:
        The correlations, shape (N, N), at most 1.
    """
    turned = rows.reshape(-1, _SIDE, _SIDE)[:, :, ::-1].reshape(rows.shape)
    result: NDArray[np.float32] = np.maximum(rows @ rows.T, rows @ turned.T)
    return result


class Impression:
    """What a picture looks like, whatever its size and file format.

    Args:
        picture: uint8 of shape (H, W, 3).

    Attributes:
        code: Its perceptual hash, shape (63,).
        row: Its 32×32 grey pixels without their mean, of length 1: shape (1024,).
    """

    def __init__(self, picture: Picture) -> None:
        self._grey = _grey(picture)
        self.code: NDArray[np.bool_] = hashes([picture])[0]
        small = np.asarray(_small(self._grey, None), dtype=np.float32)
        self.row: NDArray[np.float32] = _unit(small[None])[0]

    @cached_property
    def views(self) -> Views:
        """The picture as a whole and through windows."""
        return Views(self._grey)


class Impressions:
    """The newest impressions: every visitor of a server may have the same pictures.

    Args:
        most: How many are kept, of some tens of kilobytes each.
    """

    def __init__(self, most: int = 300) -> None:
        self._most = most
        self._kept: dict[str, Impression] = {}
        self._lock = threading.Lock()

    def of(self, digest: str, picture: Picture) -> Impression:
        """Return the impression of a picture, which is made only once.

        Args:
            digest: `core.transfer.sample.digest_of` it.
            picture: uint8 of shape (H, W, 3).
        """
        with self._lock:
            known = self._kept.pop(digest, None)
        made = known or Impression(picture)
        with self._lock:
            self._kept[digest] = made
            while len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)))
        return made


class Views:
    """A picture as a whole and through 27 windows, ready to be compared with another.

    Args:
        grey: The picture in grey, reduced.
    """

    def __init__(self, grey: Image.Image) -> None:
        wide, high = grey.size
        boxes = [(0.0, 0.0, float(wide), float(high))]
        for share in _WINDOWS:
            for down in _PLACES:
                for right in _PLACES:
                    x, y = right * wide * (1 - share), down * high * (1 - share)
                    boxes.append((x, y, x + share * wide, y + share * high))
        self._views = np.stack([np.asarray(_small(grey, box)).ravel() for box in boxes])
        self._spread = np.maximum(self._views.std(1) * np.float32(_SIDE), 1e-3)
        whole = self._views[:1].astype(np.float32).reshape(1, _SIDE, _SIDE)
        self._wholes = np.concatenate([_unit(whole), _unit(whole[:, :, ::-1])])

    def likeness(self, other: Views) -> float:
        """The highest correlation of one as a whole with a window of the other, at most 1."""
        return max(self._through(other), other._through(self))

    def _through(self, other: Views) -> float:
        # The other one has no mean, so that the mean of the views plays no part.
        products = self._views.astype(np.float32) @ other._wholes.T  # (28, 2)
        return float((products / self._spread[:, None]).max())


def _grey(picture: Picture) -> Image.Image:
    grey = Image.fromarray(picture).convert("L")
    grey.thumbnail((_REDUCED, _REDUCED), Image.Resampling.BOX)
    return grey


def _small(grey: Image.Image, box: tuple[float, float, float, float] | None) -> Image.Image:
    return grey.resize((_SIDE, _SIDE), Image.Resampling.BILINEAR, box)


def _unit(views: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each view without its mean, as a row of length 1; 0 for one without any contrast."""
    rows = views.reshape(len(views), -1)
    rows = rows - rows.mean(1, keepdims=True)
    result: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-3)[:, None]
    return result
