"""Where a new picture stands on a map that was made of others, and maps that do not jump."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

NEIGHBOURS = 3
Points = NDArray[np.float32]


def place_on_pca(features: Tensor, points: Points, new: Tensor) -> Points:
    """Where new pictures stand on a PCA map: PCA is linear, so this is exact.

    A direction of the map follows from the points themselves: with centred features X and
    coordinates p = X v along a unit vector v of PCA, Xᵀp = s² v and p·p = s².

    Args:
        features: Of the pictures on the map, shape (N, D).
        points: Their places, shape (N, 2).
        new: Features of the new pictures, shape (M, D).

    Returns:
        float32 of shape (M, 2); an axis without any spread gives 0.
    """
    if not len(features):
        return np.zeros((len(new), 2), np.float32)
    middle = features.mean(0)
    centred = (features - middle).double()
    places = torch.from_numpy(points.astype(np.float64))  # (N, 2)
    spread = places.square().sum(0)  # (2,)
    directions = centred.T @ places / torch.where(spread > 0, spread, 1.0)  # (D, 2)
    return ((new - middle).double() @ directions).float().numpy()


def place_by_neighbours(
    features: Tensor, points: Points, new: Tensor, count: int = NEIGHBOURS
) -> Points:
    """Where new pictures stand on a map that is not linear, such as t-SNE: among their neighbours.

    Args:
        features: Of the pictures on the map, shape (N, D).
        points: Their places, shape (N, 2).
        new: Features of the new pictures, shape (M, D).
        count: How many of the nearest are asked, each weighted by one over its distance.

    Returns:
        float32 of shape (M, 2).
    """
    if not len(features):
        return np.zeros((len(new), 2), np.float32)
    distances = torch.cdist(new.double(), features.double())
    near = distances.topk(min(count, len(features)), largest=False)
    weights = 1 / near.values.clamp(min=1e-9)
    weights = weights / weights.sum(1, keepdim=True)
    places = torch.from_numpy(points.astype(np.float64))[near.indices]  # (M, count, 2)
    return (weights[:, :, None] * places).sum(1).float().numpy()


def turned_alike(
    points: Points, names: Sequence[str], before: Mapping[str, tuple[float, float]]
) -> Points:
    """The same map, mirrored so that it looks most like the one before.

    PCA knows its directions up to their signs, so that one more picture may flip the whole map.

    Args:
        points: Shape (N, 2).
        names: The names of the pictures, N of them.
        before: Where pictures stood before, by name.
    """
    common = [(at, before[name]) for at, name in enumerate(names) if name in before]
    if len(common) < 2:
        return points
    rows = points[[at for at, _ in common]].astype(np.float64)
    wanted = np.array([place for _, place in common], dtype=np.float64)
    rows, wanted = rows - rows.mean(0), wanted - wanted.mean(0)
    signs = max(
        itertools.product((1.0, -1.0), repeat=2),
        key=lambda pair: float((rows * np.array(pair) * wanted).sum()),
    )
    return (points * np.array(signs, dtype=np.float32)).astype(np.float32)
