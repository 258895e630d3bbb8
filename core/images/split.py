"""Training, validation and test: three sets that share no picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.images.image_set import ImageSet

_Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    """What is learnt from, what is watched meanwhile, and what is looked at once at the end.

    Attributes:
        train: The pictures to learn from, at least one.
        validation: Never learnt from; settings are chosen by them. May be empty.
        test: Touched only to judge a finished model. May be empty.

    Raises:
        InputError: Parts with different classes or sizes, or nothing to learn from.
    """

    train: ImageSet
    validation: ImageSet
    test: ImageSet

    def __post_init__(self) -> None:
        for part in (self.validation, self.test):
            if part.classes != self.train.classes or part.shape != self.train.shape:
                raise InputError(
                    "Training, validation and test need the same classes and the same size of "
                    f"picture; {part.name} does not fit {self.train.name}."
                )
        if not len(self.train):
            raise InputError("No picture is left to learn from. Choose smaller shares.")


def split(
    data: ImageSet, validation_share: float, test_share: float, generator: np.random.Generator
) -> Split:
    """Deal the pictures out to three sets, every class in the same proportions.

    Every picture lands in exactly one set. The sizes are the shares of the whole, rounded;
    a class with few pictures keeps at least one to learn from and, as far as it goes, has
    one in each other set.

    Args:
        data: All pictures.
        validation_share: Share of all pictures for validation, 0 to below 1.
        test_share: Share for the test, 0 to below 1; both together stay below 1.
        generator: Where the chance comes from; the same state gives the same split.

    Raises:
        InputError: Shares out of range, or no picture left to learn from.
    """
    _check(validation_share, test_share)
    counts = np.array(data.counts())
    test = _dealt(counts, test_share, counts - 1)
    validation = _dealt(counts, validation_share, counts - 1 - test)
    parts: tuple[list[_Numbers], ...] = ([], [], [])
    for mixed, first, second in zip(_by_class(data, generator), validation, test, strict=True):
        for part, numbers in zip(
            parts, np.split(mixed, [len(mixed) - first - second, len(mixed) - second]), strict=True
        ):
            part.append(numbers)
    train, held, last = (data.take(np.sort(np.concatenate(part))) for part in parts)
    return Split(train, held, last)


def split_official(
    train: ImageSet, test: ImageSet, validation_share: float, generator: np.random.Generator
) -> Split:
    """Keep the test set that the data came with; validation is taken from the rest.

    Args:
        train: The part to learn from.
        test: The official test part.
        validation_share: Share of `train` for validation, 0 to below 1.
        generator: Where the chance comes from.

    Raises:
        InputError: A share out of range, or parts that do not fit each other.
    """
    inner = split(train, validation_share, 0.0, generator)
    return Split(inner.train, inner.validation, test)


def subset(data: ImageSet, n: int, generator: np.random.Generator) -> ImageSet:
    """About n pictures at random, every class in the same proportions, in their old order.

    Args:
        data: All pictures.
        n: How many to keep, 1 or more; with `len(data)` or more all are kept.
        generator: Where the chance comes from.

    Raises:
        InputError: Fewer than one picture asked for.
    """
    if n < 1:
        raise InputError("Keep at least one picture.")
    if n >= len(data):
        return data
    counts = np.array(data.counts())
    kept = _apportioned(counts * (n / len(data)))
    chosen = [mixed[:count] for mixed, count in zip(_by_class(data, generator), kept, strict=True)]
    return data.take(np.sort(np.concatenate(chosen)))


def _check(*shares: float) -> None:
    if not (all(0 <= share < 1 for share in shares) and sum(shares) < 1):
        raise InputError("Shares go from 0 to below 1, and something has to be left to learn from.")


def _by_class(data: ImageSet, generator: np.random.Generator) -> list[_Numbers]:
    """The numbers of the pictures of each class, in random order."""
    labels = data.labels.numpy()
    return [
        generator.permutation(np.flatnonzero(labels == label)) for label in range(len(data.classes))
    ]


def _dealt(counts: _Numbers, share: float, most: _Numbers) -> _Numbers:
    """How many pictures of each class go into a set, at least one where there are enough."""
    if share == 0:
        return np.zeros_like(counts)
    wanted = np.maximum(_apportioned(counts * share), 1)
    return np.clip(wanted, 0, np.maximum(most, 0))


def _apportioned(exact: NDArray[np.floating[Any]]) -> _Numbers:
    """Whole numbers near the exact ones, with the same rounded sum (largest remainders)."""
    whole: _Numbers = np.floor(exact).astype(np.int64)
    missing = round(float(exact.sum())) - int(whole.sum())
    most = np.argsort(whole - exact, kind="stable")[: max(missing, 0)]
    whole[most] += 1
    return whole
