"""Many features of a picture as one point in the plane: PCA and t-SNE."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from core.errors import InputError

PERPLEXITY = 30.0
FEWEST = 5  # pictures for t-SNE


@dataclass(frozen=True, eq=False)
class FlatMap:
    """Pictures as points.

    Attributes:
        points: float32 of shape (N, 2).
        shares: The share of all spread that each direction explains, 0 to 1; empty for t-SNE,
            whose directions mean nothing.
        sentence: How to read it.
    """

    points: NDArray[np.float32]
    shares: tuple[float, ...]
    sentence: str


def pca_map(features: Tensor) -> FlatMap:
    """The two directions in which the features differ most (Pearson 1901).

    The sign of a direction is chosen so that its largest weight is positive: the same pictures
    give the same map.

    Args:
        features: Shape (N, D).
    """
    count = len(features)
    centred = (features - features.mean(0)).double() if count else features.double()
    points = np.zeros((count, 2), np.float32)
    shares = [0.0, 0.0]
    if count > 1:
        _, spread, directions = torch.linalg.svd(centred, full_matrices=False)
        top = directions[:2]
        signs = top.gather(1, top.abs().argmax(1, keepdim=True)).sign()
        found = centred @ (top * signs).T
        points[:, : found.shape[1]] = found.numpy()
        total = float(spread.square().sum())
        if total > 0:
            explained = (spread.square() / total)[:2].tolist()
            shares[: len(explained)] = explained
    sentence = (
        f"The two directions in which your pictures differ most; they hold {sum(shares):.0%} of "
        "all differences that the backbone sees."
    )
    return FlatMap(points, (shares[0], shares[1]), sentence)


def perplexity_for(count: int) -> float:
    """How many neighbours each of so many pictures is placed by: a third of them, at most 30."""
    return min(PERPLEXITY, max(1.0, (count - 1) / 3))


def tsne_map(features: Tensor, generator: Generator) -> FlatMap:
    """Neighbours beside neighbours (van der Maaten and Hinton 2008), begun with PCA.

    Args:
        features: Shape (N, D), of 5 pictures or more.
        generator: Where the seed comes from; the same state gives the same map.

    Raises:
        InputError: Fewer than 5 pictures.
    """
    count = len(features)
    if count < FEWEST:
        raise InputError(f"This map needs {FEWEST} pictures or more. PCA works with two.")
    # It takes a second to import, and few look at this map.
    manifold = importlib.import_module("sklearn.manifold")
    seed = int(torch.randint(2**31 - 1, (), generator=generator))
    perplexity = perplexity_for(count)
    spread = features.std()
    if not spread > 0:
        return FlatMap(np.zeros((count, 2), np.float32), (), "All pictures look the same.")
    model = manifold.TSNE(perplexity=perplexity, init="pca", random_state=seed)
    points = model.fit_transform((features / spread).double().numpy()).astype(np.float32)
    sentence = (
        f"Pictures that the backbone finds similar lie together, each placed by about "
        f"{perplexity:.0f} neighbours. Distances between groups mean nothing here."
    )
    return FlatMap(points, (), sentence)
