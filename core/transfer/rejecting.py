"""None of these: pictures that are unlike everything the head has learnt from.

Confidence alone does not notice them: a picture of something else often gets a class with
certainty. What works is how far its features lie from those of the nearest learnt pictures, all
brought to length 1 (Sun et al. 2022, "Out-of-distribution detection with deep nearest
neighbors"). Measured with an ImageNet backbone and two classes of insects, 95 % of one's own
pictures kept: confidence rejects 0 to 11 % of digits, clothes, CIFAR photos and noise, a
Mahalanobis distance 0 to 99 %, the nearest neighbours 100 %. Confidence is asked as well, for
pictures that lie between two classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.errors import InputError

NEIGHBOURS = 3
FAR, UNSURE = 0.05, 0.01  # shares of one's own pictures that may be refused for either reason


@dataclass(frozen=True, eq=False)
class Threshold:
    """When the answer is "none of these".

    Attributes:
        known: The features learnt from, each of length 1, float32 of shape (N, D).
        distance: A picture whose mean distance to its nearest three is larger is refused, on a
            scale from 0 (the same) to 2 (the opposite).
        confidence: One whose calibrated confidence is smaller is refused, 0 to 1.
        kept: The share of the pictures learnt from that would be kept, each measured against
            the others, 0 to 1.
    """

    known: Tensor
    distance: float
    confidence: float
    kept: float

    def distances(self, features: Tensor) -> Tensor:
        """The mean distance (n,) of features (n, D) to the nearest pictures learnt from."""
        return _nearest(F.normalize(features), self.known)

    def neighbours(self, features: Tensor) -> Tensor:
        """The numbers (n, 3 or fewer) of the nearest pictures learnt from, the nearest first."""
        count = min(NEIGHBOURS, len(self.known))
        found = torch.cdist(F.normalize(features), self.known)
        return found.topk(count, largest=False).indices


def reject_threshold(
    features: Tensor,
    judged: Tensor | None = None,
    *,
    groups: Tensor | None = None,
    far: float = FAR,
    unsure: float = UNSURE,
) -> Threshold:
    """Set the threshold so that all but a few of one's own pictures are kept.

    Every picture is measured against the others, as if it were new.

    Args:
        features: Of the pictures learnt from, float32 of shape (N, D).
        judged: Calibrated probabilities of pictures that a head had not seen, shape (n, K);
            None or no picture leaves confidence out of it.
        groups: Numbers of shape (N,); pictures with the same one are not measured against each
            other, such as frames of one recording.
        far: The share of one's own pictures that may be refused for their distance.
        unsure: The share that may be refused for their confidence.

    Raises:
        InputError: No picture at all, or shares out of range.
    """
    if not len(features):
        raise InputError("A threshold needs pictures of your own. Add some first.")
    if not (0 < far < 1 and 0 <= unsure < 1):
        raise InputError("The share of one's own pictures that may be refused is from 0 to 1.")
    known = F.normalize(features.float())
    names = torch.arange(len(known)) if groups is None else groups
    apart = names[:, None] != names[None]
    own = _nearest(known, known, apart)
    own = own[own.isfinite()]
    distance = _bound(own, far) if len(own) else 2.0
    sure = torch.ones(0) if judged is None or not len(judged) else judged.max(1).values
    confidence = -_bound(-sure, unsure) if len(sure) and unsure else 0.0
    kept = float((own <= distance).double().mean()) if len(own) else 1.0
    return Threshold(known, distance, max(confidence, 0.0), kept)


def _nearest(rows: Tensor, known: Tensor, apart: Tensor | None = None) -> Tensor:
    """The mean distance (n,) of rows of length 1 to the nearest three of `known`."""
    distances = torch.cdist(rows, known, compute_mode="donot_use_mm_for_euclid_dist")
    if apart is not None:
        distances = distances.masked_fill(~apart, math.inf)
    nearest = distances.topk(min(NEIGHBOURS, len(known)), largest=False).values
    counted = nearest.isfinite()
    total = nearest.masked_fill(~counted, 0.0).sum(1)
    return torch.where(counted.any(1), total / counted.sum(1).clamp(min=1), math.inf)


def _bound(values: Tensor, share: float) -> float:
    """The number that all but a share of new values are expected to stay below.

    It is the ⌈(n + 1)(1 − share)⌉-th smallest (Vovk et al. 2005). Where there are too few values
    for that, the largest, and a little more the fewer there are.
    """
    ordered = values.sort().values
    place = math.ceil((len(ordered) + 1) * (1 - share))
    if place <= len(ordered):
        return float(ordered[place - 1])
    spread = float(ordered[-1] - ordered[0])
    return float(ordered[-1]) + spread / len(ordered)
