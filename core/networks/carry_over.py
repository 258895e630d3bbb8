"""What a changed network keeps of the one before: weights that still mean the same."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from core.networks.model import Layer, Network


@dataclass(frozen=True)
class _Match:
    """Which layer of the old network a new one continues, and which of its inputs."""

    old: int
    columns: list[tuple[int, int]]  # (new, old) for each input that is still there


@torch.no_grad()
def carry_over(old: Network, new: Network) -> list[str]:
    """Copy into `new` every weight of `old` that still fits, and say what is new.

    A weight fits if both its ends are still there: the unit that it leads to, and the unit or
    the input feature that it comes from. Units are added and taken away at the end of a layer.
    With as many layers as before, each continues the one in its place; a layer put in or
    taken out leaves those before and behind it as they are, except that the weights out of
    a layer that is gone, or into one that is new, start afresh.

    Args:
        old: The network to copy from; it is not changed.
        new: A freshly initialised network; it is changed.

    Returns:
        One sentence for each layer, that of the outputs last.
    """
    aligned = _aligned(old, new)
    sentences = []
    for index in range(len(new.hidden) + 1):
        output = index == len(new.hidden)
        match = _match(old, new, aligned, index)
        name = "The output layer" if output else f"Hidden layer {index + 1}"
        sentences.append(_copy(old, new, index, match, name))
    return sentences


def _aligned(old: Network, new: Network) -> list[int | None]:
    """For each hidden layer of `new` the layer of `old` that it continues, or None."""
    before, after = _looks(old), _looks(new)
    if len(before) == len(after):
        return list(range(len(after)))
    most = min(len(before), len(after))
    front = next((i for i in range(most) if before[i] != after[i]), most)
    rest = most - front
    back = next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)
    shift = len(before) - len(after)
    return [
        i if i < front else i + shift if i >= len(after) - back else None for i in range(len(after))
    ]


def _looks(network: Network) -> list[tuple[int, str]]:
    return [
        (layer.linear.out_features, repr(layer.activation))
        for layer in network.hidden
        if isinstance(layer, Layer)
    ]


def _match(old: Network, new: Network, aligned: list[int | None], index: int) -> _Match | None:
    """What layer `index` of `new` continues; None if it is new or all its inputs are."""
    output = index == len(new.hidden)
    if output and (old.ending, old.output.out_features > 1) != (
        new.ending,
        new.output.out_features > 1,
    ):
        return None
    source = len(old.hidden) if output else aligned[index]
    if source is None:
        return None
    if index == 0 or source == 0:
        if index != source:
            return None
        columns = [
            (new.features.index(name), old.features.index(name))
            for name in new.features
            if name in old.features
        ]
    else:
        if aligned[index - 1] != source - 1:
            return None
        kept = min(new.linears()[index].in_features, old.linears()[source].in_features)
        columns = [(unit, unit) for unit in range(kept)]
    return _Match(source, columns) if columns else None


def _copy(old: Network, new: Network, index: int, match: _Match | None, name: str) -> str:
    """Copy one layer and say in a sentence what became of it."""
    if match is None:
        return f"{name} is newly initialised."
    target, source = new.linears()[index], old.linears()[match.old]
    units = min(target.out_features, source.out_features)
    to, of = (list(side) for side in zip(*match.columns, strict=True))
    target.weight[:units, to] = source.weight[:units, of]
    target.bias[:units] = source.bias[:units]
    if index < len(new.hidden):
        _copy_extras(old.hidden[match.old], new.hidden[index], units)
    parts = []
    if target.out_features > units:
        parts.append(_many(target.out_features - units, "new unit"))
    if target.in_features > len(to):
        parts.append("weights from " + _many(target.in_features - len(to), "new input"))
    if not parts:
        return f"{name} keeps its weights."
    return f"{name} keeps its weights; {' and '.join(parts)} freshly initialised."


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" + ("s" if count > 1 else "")


def _copy_extras(old: torch.nn.Module, new: torch.nn.Module, units: int) -> None:
    """What normalisation and activation have learnt, where both layers have it."""
    for part in ("norm", "activation"):
        source, target = getattr(old, part), getattr(new, part)
        if source is None or type(source) is not type(target):
            continue
        saved: dict[str, Tensor] = dict(source.state_dict())
        for name, value in target.state_dict().items():
            if part == "norm" and value.ndim:  # one number per unit
                value[:units] = saved[name][:units]
            else:
                value.copy_(saved[name])
