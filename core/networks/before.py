"""A run as it was before an edit: what an undo brings back."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from core.networks.config import NetworkConfig
from core.networks.history import History, Snapshot
from core.networks.losses import Objective
from core.networks.model import Network
from core.networks.plane import PlaneData


@dataclass(frozen=True)
class Before:
    """A run as it was before an edit.

    Attributes:
        config: Network and settings of the training.
        objective: The loss together with the number of classes.
        data: Training and validation points.
        model: The network.
        optimizer: What makes updates of gradients.
        snapshot: Weights, memory of the optimizer, place and chance.
        history: Rows and snapshots of all epochs.
        what: What was edited; edits of one drag are one undo.
        tag: What the owner of the run wants back with an undo.
    """

    config: NetworkConfig
    objective: Objective
    data: tuple[PlaneData, PlaneData]
    model: Network
    optimizer: torch.optim.Optimizer
    snapshot: Snapshot
    history: History
    what: object
    tag: object
