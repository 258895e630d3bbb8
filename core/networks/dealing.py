"""Which points are held back for validation, decided by each point itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.networks.plane import PlaneData

_MULTIPLIERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))


def deal(data: PlaneData, share: float, seed: int) -> tuple[PlaneData, PlaneData]:
    """Deal points out for training and validation so that points keep their side.

    Every point draws a lot from its own place and the seed, and within each class the
    smallest lots go to validation. So the parts are stratified, and when a point is added or
    taken away, at most one other point of its class changes sides: a learner who paints sees
    the others stay as they are. (`PlaneData.split` draws anew for all of them.)

    Args:
        data: The points.
        share: The share for validation, 0 to 0.9; at least one point of a class is kept for
            training.
        seed: Another seed deals differently.

    Returns:
        Training points and validation points, each in their old order.

    Raises:
        InputError: A share out of its range.
    """
    if not 0 <= share <= 0.9:
        raise InputError("The share for validation goes from 0 to 0.9.")
    lots = _lots(data.x, seed)
    held_back = np.zeros(len(data), dtype=bool)
    groups = data.y if data.classes else np.zeros(len(data), dtype=np.int64)
    for group in np.unique(groups):
        members = np.flatnonzero(groups == group)
        count = min(round(share * len(members)), len(members) - 1)
        held_back[members[np.argsort(lots[members], kind="stable")[:count]]] = True
    return data.take(np.flatnonzero(~held_back)), data.take(np.flatnonzero(held_back))


def _lots(x: NDArray[np.float32], seed: int) -> NDArray[np.uint64]:
    """One number per point, by the mixing of SplitMix64 (Steele, Lea & Flood, 2014)."""
    places = np.round(x.astype(np.float64) * 100).astype(np.int64).astype(np.uint64)
    start = np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
    with np.errstate(over="ignore"):
        mixed = _mixed(places[:, 0] + start)
    return _mixed(mixed ^ places[:, 1])


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        values = (values ^ (values >> _SHIFTS[0])) * _MULTIPLIERS[0]
        values = (values ^ (values >> _SHIFTS[1])) * _MULTIPLIERS[1]
        return np.asarray(values ^ (values >> _SHIFTS[2]))
