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
from core.transfer.perceptual import Impressions, correlations, distances, mirrored
from core.transfer.sample import Picture, digest_of

# Measured on the 180 photos of ants and bees. Of 16,110 pairs of different photos none is more
# alike than 0.80. Saved again, halved, brightened or mirrored, every photo finds its twin (above
# 0.99), cropped by 4 % of each side 99 %, by 10 % 86 % and by 15 % 47 %, and no other one does.
# Different drawings of one symbol reach 0.86. Cosines of features do not tell photos apart: with
# the built-in backbone two different ones reach 0.998, so that pairs are only looked at for them.
ALIKE = 0.9
NEARLY_SAME = 0.992  # for pictures of which it is known that they were made one by one
FAINT = 0.3  # pictures that are less alike as they are were not cropped a little only
BITS = 22  # hashes that differ in more bits are not compared any further
COSINE = 0.99  # features that are closer are compared, whatever the hashes say
MAX_COMPARED = 20_000
_SEEN = Impressions()


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
    pictures: Sequence[Picture],
    features: Tensor | None = None,
    alike: float = ALIKE,
    digests: Sequence[str] = (),
) -> list[Twins]:
    """Find the pictures that are the same but for their size, file format, mirror or crop.

    Pairs whose perceptual hashes are close (Zauner 2010), or whose features are, are compared:
    one as a whole with windows of the other, by the correlation of 32×32 grey pixels.

    Args:
        pictures: N of them, uint8 of shape (H, W, 3) each.
        features: What a backbone makes of them, shape (N, D); None goes by the hashes alone.
        alike: From which correlation on two pictures are twins.
        digests: `digest_of` each picture, where they are known.

    Returns:
        The pairs, those that are the most alike first.

    Raises:
        InputError: Features of another number.
    """
    if features is not None and len(features) != len(pictures):
        raise InputError(f"{len(pictures)} pictures need as many features; got {len(features)}.")
    if len(pictures) < 2:
        return []
    digests = digests or [digest_of(picture) for picture in pictures]
    seen = [_SEEN.of(digest, one) for digest, one in zip(digests, pictures, strict=True)]
    whole = correlations(np.stack([one.row for one in seen]))
    found = []
    for first, second in _candidates(np.stack([one.code for one in seen]), whole, features):
        same = digests[first] == digests[second]
        likeness = 1.0 if same else float(whole[first, second])
        if likeness < alike:
            likeness = seen[first].views.likeness(seen[second].views)
        if likeness >= alike:
            found.append(Twins(first, second, min(1.0, likeness), same))
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


def _candidates(
    codes: NDArray[np.bool_], whole: NDArray[np.float32], features: Tensor | None
) -> list[tuple[int, int]]:
    """The pairs worth a closer look, at most 20,000 of them, the most alike first."""
    apart = np.minimum(distances(codes, codes), distances(codes, mirrored(codes)))
    near = (np.minimum(apart, apart.T) <= BITS) & (whole >= FAINT)
    if features is not None:
        rows = F.normalize(features.double() - features.double().mean(0), dim=1)
        near |= (rows @ rows.T).numpy() >= COSINE
    first, second = np.nonzero(np.triu(near, 1))
    order = np.argsort(-whole[first, second], kind="stable")[:MAX_COMPARED]
    return list(zip(first[order].tolist(), second[order].tolist(), strict=True))
