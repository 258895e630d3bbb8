"""Sets of samples with which the page works in ten seconds, without a picture at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator
from PIL import Image

from core.errors import InputError
from core.images.digits import read_digits
from core.images.image_set import ImageSet
from core.transfer.collection import MAX_LABELS, MAX_SAMPLES, Collection
from core.transfer.fruit import FRUIT, paint_fruit
from core.transfer.sample import Picture, sample_of
from core.transfer.symbols import SYMBOLS, draw_symbol

Pictures = Callable[[str, int, Generator], Sequence[Picture]]
_LARGE = 112  # pixels a side of a digit
_WHITE = 255


@dataclass(frozen=True)
class SampleSet:
    """A set that is always there.

    Attributes:
        name: Its key in `SAMPLE_SETS` and in the address.
        label: What a person reads in the list of choices.
        classes: The names of all its classes.
        usual: The classes that are taken when nobody chooses.
        licence: Where it is from and what may be done with it.
        sentence: What to expect of it.
        pictures: Gives so many pictures of a class, by chance.
        most: How many different pictures of a class there are; 0 where there is no end to them.
    """

    name: str
    label: str
    classes: tuple[str, ...]
    usual: tuple[str, ...]
    licence: str
    sentence: str
    pictures: Pictures
    most: int = 0


def sample_set_named(name: str) -> SampleSet:
    """What is known about a sample set that is always there.

    Raises:
        InputError: There is none of that name.
    """
    if name not in SAMPLE_SETS:
        known = ", ".join(SAMPLE_SETS)
        raise InputError(f"There is no sample set “{str(name)[:20]}”. There are: {known}.")
    return SAMPLE_SETS[name]


def sample_set(
    name: str, per_class: int, seed: int, classes: Sequence[str] | None = None
) -> Collection:
    """Make a collection of samples out of a set that is always there.

    The same arguments give the same pictures, and more of a class begins with fewer of it.

    Args:
        name: A key of `SAMPLE_SETS`.
        per_class: Pictures of each class, 1 to 100.
        seed: Which ones chance gives, 0 or more.
        classes: Which classes, in that order; None takes the usual ones.

    Raises:
        InputError: No such set or class, or a number out of its limits.
    """
    known = sample_set_named(name)
    chosen = tuple(dict.fromkeys(known.usual if classes is None else classes))
    for one in chosen:
        if one not in known.classes:
            raise InputError(f"{known.label} has no class “{one[:20]}”. Choose another one.")
    check_amounts(per_class, len(chosen))
    if known.most and per_class > known.most:
        raise InputError(f"{known.label} has {known.most} pictures of a class at the most.")
    collection = Collection()
    for one in chosen:
        pictures = known.pictures(one, per_class, chance_for(seed, name, one))
        samples = [
            sample_of(picture, "set", f"{one} {number}")
            for number, picture in enumerate(pictures, 1)
        ]
        collection = collection.add_label(one)
        collection = collection.add(collection.labels[-1].id, samples)
    return collection


def check_amounts(per_class: int, classes: int) -> None:
    """See that a part of a set is not too large for a collection.

    Raises:
        InputError: Too few or too many pictures or classes.
    """
    if not 1 <= classes <= MAX_LABELS:
        raise InputError(f"1 to {MAX_LABELS} classes can be taken at once; got {classes}.")
    most = MAX_SAMPLES // MAX_LABELS
    if not 1 <= per_class <= most:
        raise InputError(f"1 to {most} pictures of a class can be taken; got {per_class}.")


def chance_for(seed: int, *words: str) -> Generator:
    """A source of chance of its own for a seed and some words, the same on every machine."""
    digest = hashlib.blake2b("/".join(words).encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest, "big")])


def _symbols(name: str, count: int, chance: Generator) -> list[Picture]:
    return [draw_symbol(name, chance) for _ in range(count)]


def _fruit(name: str, count: int, chance: Generator) -> list[Picture]:
    return [paint_fruit(name, chance) for _ in range(count)]


@cache
def _all_digits() -> ImageSet:
    return read_digits()


def _digits(name: str, count: int, chance: Generator) -> list[Picture]:
    """Real digits, dark on white as a pen writes them, 112 pixels a side."""
    digits = _all_digits()
    places = (digits.labels == int(name)).nonzero()[:, 0].numpy()
    inks = digits.images[chance.permutation(places)[:count], 0].numpy()
    papers = (Image.fromarray(_WHITE - ink).convert("RGB") for ink in inks)
    return [np.array(one.resize((_LARGE, _LARGE), Image.Resampling.BICUBIC)) for one in papers]


SAMPLE_SETS: dict[str, SampleSet] = {
    one.name: one
    for one in (
        SampleSet(
            "symbols",
            "Drawn symbols",
            tuple(SYMBOLS),
            tuple(SYMBOLS)[:12],
            "drawn by this project",
            "Hearts, stars, houses and more, drawn by an unsteady pen: no two are the same.",
            _symbols,
        ),
        SampleSet(
            "fruit",
            "Fruit, fresh and rotten",
            tuple(FRUIT),
            tuple(FRUIT),
            "made by this project",
            "Generated apples, bananas and oranges: is this one still good to eat?",
            _fruit,
        ),
        SampleSet(
            "digits",
            "Handwritten digits",
            tuple("0123456789"),
            tuple("0123456789"),
            "from scikit-learn, CC BY 4.0",
            "Real digits written by hand, made larger from 8×8 pixels.",
            _digits,
            most=100,
        ),
    )
}
