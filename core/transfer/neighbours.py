"""Pictures of a collection that are the same, or nearly: twins that would give each other away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError
from core.transfer.perceptual import Views, distances, hashes, mirrored
from core.transfer.sample import Picture, digest_of

# Measured on the 180 photos of ants and bees. Of 16,110 pairs of different photos none is more
# alike than 0.80; saved again, halved, brightened or mirrored, all are above 0.99, cropped by 4 %
# all above 0.93 and by 10 % nine in ten. Different drawings of one symbol reach 0.86.
ALIKE = 0.9
NEARLY_SAME = 0.992  # for pictures of which it is known that they were made one by one
BITS = 22  # hashes that differ in more bits are not compared any further
COSINE = 0.99  # features that are closer are compared, whatever the hashes say
MAX_COMPARED = 20_000
_KEPT = 400  # pictures whose windows are in memory at once: 50 MB


@dataclass(frozen=True)
class Twins:
    """Two pictures that look alike.

    Attributes:
        first: The number of one picture.
        second: The number of the other, which is higher.
        likeness: 1 for the same pixels, else the correlation of what both show, 0.9 to 1.
        same: True for the same pixels.
    """

    first: int
    second: int
    likeness: float
    same: bool


def twins(
    pictures: Sequence[Picture], features: Tensor | None = None, alike: float = ALIKE
) -> list[Twins]:
    """Find the pictures that are the same but for their size, file format, mirror or crop.

    Pairs whose perceptual hashes are close (Zauner 2010), or whose features are, are compared:
    one as a whole with windows of the other, by the correlation of 32×32 grey pixels.

    Args:
        pictures: N of them, uint8 of shape (H, W, 3) each.
        features: What a backbone makes of them, shape (N, D); None goes by the hashes alone.
        alike: From which correlation on two pictures are twins.

    Returns:
        The pairs, those that are the most alike first.

    Raises:
        InputError: Features of another number.
    """
    if features is not None and len(features) != len(pictures):
        raise InputError(f"{len(pictures)} pictures need as many features; got {len(features)}.")
    digests = [digest_of(picture) for picture in pictures]
    views: dict[int, Views] = {}
    found = []
    for first, second in _candidates(hashes(pictures), features):
        if digests[first] == digests[second]:
            found.append(Twins(first, second, 1.0, True))
            continue
        if len(views) > _KEPT:
            views.clear()
        for one in (first, second):
            if one not in views:
                views[one] = Views(pictures[one])
        likeness = min(1.0, views[first].likeness(views[second]))
        if likeness >= alike:
            found.append(Twins(first, second, likeness, False))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def groups(pairs: Iterable[Twins], count: int) -> Tensor:
    """A number for each picture, the same for twins and for the twins of twins.

    With it, `folds.plan_for` holds all of a group back together.

    Args:
        pairs: As `twins` gives them.
        count: How many pictures there are.

    Returns:
        int64 of shape (count,): the lowest number of a picture in the group.
    """
    parent = list(range(count))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for pair in pairs:
        low, high = sorted((root(pair.first), root(pair.second)))
        parent[high] = low
    return torch.tensor([root(one) for one in range(count)], dtype=torch.int64)


def _candidates(codes: NDArray[np.bool_], features: Tensor | None) -> list[tuple[int, int]]:
    """The pairs worth a closer look, at most 20,000 of them, ordered to be looked at."""
    if len(codes) < 2:
        return []
    apart = np.minimum(distances(codes, codes), distances(codes, mirrored(codes)))
    apart = np.minimum(apart, apart.T)
    if features is not None:
        rows = F.normalize(features.double() - features.double().mean(0), dim=1)
        apart[(rows @ rows.T).numpy() >= COSINE] = BITS
    first, second = np.nonzero(np.triu(apart <= BITS, 1))
    nearest = np.argsort(apart[first, second], kind="stable")[:MAX_COMPARED]
    return sorted(zip(first[nearest].tolist(), second[nearest].tolist(), strict=True))
