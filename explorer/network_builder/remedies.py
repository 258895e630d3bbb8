"""Doing what the doctor proposes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.networks.config import LayerConfig
from core.networks.doctor import diagnose

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder


def follow_doctor(lesson: NetworkBuilder) -> None:
    """Change what the doctor's remedy names, and start anew where it says so."""
    remedy = diagnose(lesson.side.training).remedy
    if remedy is None:
        return
    changes, layers = dict(remedy.changes), lesson.side.config.layers
    if "activation" in changes:
        name = changes.pop("activation")
        changes["layers"] = tuple(replace(layer, activation=name) for layer in layers)
    if "add_layer" in changes:
        changes["layers"] = (*layers, LayerConfig(changes.pop("add_layer")))
    lesson.reconfigure(**changes)
    if remedy.rewind:
        lesson.rewind()
