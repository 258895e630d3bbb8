"""Everything that the built-in backbone learns from, as tensors of bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor

from core.errors import InputError
from core.images.finding import SMALL_CIFAR, data_roots, load
from core.images.image_set import ImageSet
from core.images.sign_csv import read_sign_csv
from core.transfer.pretraining.glyphs import Glyph
from core.transfer.pretraining.palette import Field
from core.transfer.pretraining.textures import Texture
from core.transfer.pretraining.things import Thing

HELD_OUT = 1000  # photos of CIFAR-10 that are kept for judging: the last ones of the file
SIGNS = Path("sign_mnist") / "sign_mnist_test_minmax_stretched.csv.gz"


@dataclass(frozen=True, eq=False)
class Pool:
    """Pictures of one origin, with the classes that its head learns.

    Attributes:
        name: What it is called.
        kind: How it may be changed: "ink", "clothes", "grey", "photo", "surface" or "thing".
        images: uint8 of shape (N, C, H, W); one channel is ink or light on black.
        labels: int64 of shape (N,).
        classes: How many classes.
    """

    name: str
    kind: str
    images: Tensor
    labels: Tensor
    classes: int


@dataclass(frozen=True)
class Made:
    """How many pictures are generated.

    Attributes:
        recipes: Classes of each of the three kinds.
        pictures: Of each class.
    """

    recipes: int = 150
    pictures: int = 30


def photos() -> tuple[ImageSet, ImageSet]:
    """CIFAR-10 as far as it is here: what may be learnt, and the held-out photos for judging.

    Raises:
        InputError: It is not on this machine.
    """
    try:
        whole = load(SMALL_CIFAR)[0]
    except InputError:
        whole = load("cifar10")[0].take(range(4000))  # the same photos
    last = len(whole) - HELD_OUT
    return whole.take(range(last)), whole.take(range(last, len(whole)))


def generated(made: Made, chance: Generator) -> list[Pool]:
    """Signs, surfaces and bodies by chance, each class a recipe of its own."""
    return [
        _made("glyphs", "ink", [Glyph.drawn(chance) for _ in range(made.recipes)], made, chance),
        _made(
            "textures",
            "surface",
            [Texture.drawn(chance) for _ in range(made.recipes)],
            made,
            chance,
        ),
        _made("things", "thing", [Thing.drawn(chance) for _ in range(made.recipes)], made, chance),
    ]


def real() -> list[Pool]:
    """The public sets that are on this machine.

    Raises:
        InputError: MNIST, Fashion-MNIST or CIFAR-10 is missing.
    """
    digits, clothes, photo = load("mnist")[0], load("fashion_mnist")[0], photos()[0]
    pools = [
        _of(digits, "digits", "ink"),
        _of(clothes, "clothes", "clothes"),
        _of(photo, "photos", "photo"),
    ]
    return pools + [_of(signs, "signs", "grey") for signs in _signs()]


def _signs() -> list[ImageSet]:
    """Hands that show letters, where they are here."""
    found = [root / SIGNS for root in data_roots() if (root / SIGNS).is_file()]
    return [read_sign_csv(path.read_bytes(), path.name) for path in found[:1]]


def _of(data: ImageSet, name: str, kind: str) -> Pool:
    return Pool(name, kind, data.images, data.labels, len(data.classes))


def _made(
    name: str,
    kind: str,
    recipes: Sequence[Glyph] | Sequence[Texture] | Sequence[Thing],
    made: Made,
    chance: Generator,
) -> Pool:
    draws: list[Callable[[Generator], Field]] = [recipe.picture for recipe in recipes]
    images = [_bytes(draw(chance)) for draw in draws for _ in range(made.pictures)]
    labels = torch.arange(len(recipes)).repeat_interleave(made.pictures)
    return Pool(name, kind, torch.stack(images), labels, len(recipes))


def _bytes(picture: Field) -> Tensor:
    values = torch.from_numpy(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8))
    return values[None] if values.ndim == 2 else values.permute(2, 0, 1)
