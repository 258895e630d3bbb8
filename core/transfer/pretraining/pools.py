"""Everything that the built-in backbone learns from, as tensors of bytes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_sample_images
from torch import Tensor

from core.errors import InputError
from core.images.finding import SMALL_CIFAR, data_roots, load
from core.images.image_set import ImageSet
from core.images.sign_csv import read_sign_csv
from core.transfer.pretraining.glyphs import Glyph
from core.transfer.pretraining.palette import Field
from core.transfer.pretraining.scenes import Scene
from core.transfer.pretraining.textures import Texture
from core.transfer.pretraining.things import Thing

HELD_OUT = 1000  # photos of CIFAR-10 that are kept for judging: the last ones of the file
WINDOWS = ((1, 128, 32), (2, 128, 24), (1, 96, 32))  # how far shrunk, side, step in pixels
SIGNS = Path("sign_mnist") / "sign_mnist_test_minmax_stretched.csv.gz"


@dataclass(frozen=True, eq=False)
class Pool:
    """Pictures of one origin, with the classes that its head learns.

    Attributes:
        name: What it is called.
        kind: How it may be changed, a key of `core.transfer.pretraining.views.FREEDOMS`.
        images: uint8 of shape (N, C, H, W); one channel is ink or light on black.
        labels: int64 of shape (N,).
        classes: How many classes.
    """

    name: str
    kind: str
    images: Tensor
    labels: Tensor
    classes: int

    def to(self, device: str) -> Pool:
        """The same pool with its pictures on a device."""
        return replace(self, images=self.images.to(device), labels=self.labels.to(device))


@dataclass(frozen=True)
class Made:
    """How many pictures are generated.

    Attributes:
        recipes: Classes of each of the four kinds.
        pictures: Of each class.
    """

    recipes: int = 1500
    pictures: int = 16


def photos() -> tuple[ImageSet, ImageSet]:
    """CIFAR-10 as far as it is here, for judging: what a head learns from, and what judges it.

    The backbone has learnt from none of them.

    Raises:
        InputError: It is not on this machine.
    """
    try:
        whole = load(SMALL_CIFAR)[0]
    except InputError:
        whole = load("cifar10")[0].take(range(4000))  # the same photos
    last = len(whole) - HELD_OUT
    return whole.take(range(last)), whole.take(range(last, len(whole)))


def generated(made: Made, seed: int, processes: int = 1) -> list[Pool]:
    """Signs, surfaces, bodies and places by chance, each class a recipe of its own.

    Args:
        made: How many.
        seed: Where the chance comes from; the pictures do not depend on the processes.
        processes: How many draw at the same time.
    """
    jobs = [
        (name, (seed, at, one), made)
        for at, name in enumerate(KINDS)
        for one in range(made.recipes)
    ]
    if processes == 1:
        drawn = [_drawn(job) for job in jobs]
    else:
        start = get_context("spawn")  # a process that has threads already must not be split
        with ProcessPoolExecutor(processes, start) as pool:
            drawn = list(pool.map(_drawn, jobs, chunksize=10))
    labels = torch.arange(made.recipes).repeat_interleave(made.pictures)
    return [
        Pool(
            name,
            kind,
            torch.from_numpy(np.concatenate(drawn[at * made.recipes :][: made.recipes])),
            labels,
            made.recipes,
        )
        for at, (name, (kind, _)) in enumerate(KINDS.items())
    ]


def real() -> list[Pool]:
    """The public sets that are on this machine, and windows of two photos that are always there.

    Raises:
        InputError: MNIST or Fashion-MNIST is missing.
    """
    digits, clothes = load("mnist")[0], load("fashion_mnist")[0]
    pools = [_of(digits, "digits", "ink"), _of(clothes, "clothes", "clothes")]
    return [*pools, *(_of(signs, "signs", "grey") for signs in _signs()), windows()]


def windows() -> Pool:
    """Windows of scikit-learn's two sample photos (CC BY 2.0), each a class of its own.

    A network that tells many views of a few photos apart learns from them what photos have in
    common (Asano et al. 2020).
    """
    images = []
    for photo in load_sample_images().images:
        for shrink, side, step in WINDOWS:
            small = Image.fromarray(photo)
            size = (small.width // shrink, small.height // shrink)
            pixels = np.asarray(small.resize(size, Image.Resampling.BOX))
            for top in range(0, size[1] - side + 1, step):
                for left in range(0, size[0] - side + 1, step):
                    window = Image.fromarray(pixels[top : top + side, left : left + side])
                    images.append(np.asarray(window.resize((96, 96), Image.Resampling.BOX)))
    stacked = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous()
    return Pool("windows", "photo", stacked, torch.arange(len(stacked)), len(stacked))


def _signs() -> list[ImageSet]:
    """Hands that show letters, where they are here."""
    found = [root / SIGNS for root in data_roots() if (root / SIGNS).is_file()]
    return [read_sign_csv(path.read_bytes(), path.name) for path in found[:1]]


def _of(data: ImageSet, name: str, kind: str) -> Pool:
    return Pool(name, kind, data.images, data.labels, len(data.classes))


def _drawn(job: tuple[str, tuple[int, ...], Made]) -> NDArray[np.uint8]:
    """All pictures of one recipe: shape (pictures, C, SIDE, SIDE)."""
    name, seeds, made = job
    chance = np.random.default_rng(seeds)
    recipe = KINDS[name][1](chance)
    return np.stack([_bytes(recipe.picture(chance)) for _ in range(made.pictures)])


def _bytes(picture: Field) -> NDArray[np.uint8]:
    values = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return values[None] if values.ndim == 2 else values.transpose(2, 0, 1)


class _Recipe(Protocol):
    def picture(self, chance: Generator) -> Field: ...


# Name of a pool to how its pictures may be changed, and to what draws a recipe.
KINDS: dict[str, tuple[str, Callable[[Generator], _Recipe]]] = {
    "glyphs": ("ink", Glyph.drawn),
    "textures": ("surface", Texture.drawn),
    "things": ("thing", Thing.drawn),
    "scenes": ("scene", Scene.drawn),
}
