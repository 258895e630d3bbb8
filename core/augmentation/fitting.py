"""From a pipeline to torchvision's `Compose`, for pictures of a certain size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import torch
from torchvision.transforms import v2  # type: ignore[import-untyped]

from core.augmentation.automatic import channels_of
from core.augmentation.call import Call, call
from core.augmentation.pipeline import NORMALISE, Pipeline, Step
from core.errors import InputError

MAX_SIDE = 2048  # of a picture on its way through a pipeline
USUAL_SIZE = (512, 512)  # what pictures of unknown size are taken for
TO_FLOAT = call("ToDtype", torch.float32, scale=True)


@dataclass(frozen=True)
class Fitted:
    """A pipeline as it acts on pictures of one size.

    Attributes:
        calls: torchvision's constructors in order, each with the place of its step in the
            pipeline. Where numbers from 0 to 1 are needed, a conversion comes first, with the
            same place.
        notes: The steps that are left out, by place, each with a sentence why.
    """

    calls: tuple[tuple[int, Call], ...]
    notes: Mapping[int, str]

    def make(self) -> list[tuple[int, v2.Transform]]:
        """The transforms in order, each with the place of its step."""
        return [(at, one.make()) for at, one in self.calls]


def fit(pipeline: Pipeline, size: tuple[int, int] = USUAL_SIZE, channels: int = 3) -> Fitted:
    """Choose the steps that can act on pictures of a size, and say why others cannot.

    A blur, for example, needs a picture that is larger than half of its kernel.

    Args:
        pipeline: Steps in a possible order. Steps on batches are passed over.
        size: Height and width of the pictures; without it, 512×512.
        channels: 1 for grey, 3 for colour.

    Raises:
        InputError: A step that cannot act where it is.
    """
    for at, sentence in pipeline.problems.items():
        raise InputError(f"Step {at + 1}: {sentence}")
    calls: list[tuple[int, Call]] = []
    notes: dict[int, str] = {}
    least, most = min(size), max(size)
    for at, step in pipeline.active:
        reason = _reason(step, (least, most), channels)
        if reason:
            notes[at] = reason
            continue
        if step.name == NORMALISE:
            calls.append((at, TO_FLOAT))
        calls.append((at, step.transform.called(step.values, step.probability)))
        least, most = _grown(step, least, most)
    return Fitted(tuple(calls), notes)


def compose(
    pipeline: Pipeline, size: tuple[int, int] = USUAL_SIZE, channels: int = 3
) -> v2.Compose:
    """The pipeline as torchvision's `Compose`, for byte tensors of shape (C, H, W).

    MixUp and CutMix are not in it, because they act on batches: `batch_transform`.

    Raises:
        InputError: A step that cannot act where it is.
    """
    made = [transform for _, transform in fit(pipeline, size, channels).make()]
    return v2.Compose(made or [v2.Identity()])


def batch_call(pipeline: Pipeline, classes: int) -> Call | None:
    """MixUp or CutMix as a constructor call; with both, one is chosen for each batch.

    Args:
        pipeline: Its steps on batches that are on count.
        classes: How many classes the labels tell apart.
    """
    calls = [
        Call(one.name, one.positional, (*one.named, ("num_classes", classes)))
        for one in (step.transform.called(step.values) for step in pipeline.batch_steps)
    ]
    if len(calls) < 2:
        return calls[0] if calls else None
    return call("RandomChoice", calls)


def batch_transform(pipeline: Pipeline, classes: int) -> v2.Transform | None:
    """MixUp or CutMix for pictures (B, C, H, W) and labels (B,); None if there is neither."""
    made = batch_call(pipeline, classes)
    return made.make() if made else None


def _reason(step: Step, size: tuple[int, int], channels: int) -> str:
    """Why a step has to be left out; an empty text if it can act."""
    label, (least, most) = step.transform.label, size
    needs = step.transform.smallest(step.values)
    if least < needs:
        return (
            f"{label} is left out: with these settings it needs pictures of at least "
            f"{needs}×{needs} pixels."
        )
    growth = step.transform.grows(step.values)
    if growth > 1 and most * growth > MAX_SIDE:
        return f"{label} is left out: the picture could grow beyond {MAX_SIDE:,} pixels."
    if step.name == NORMALISE and channels not in channels_of(step.values):
        return (
            f"{label} is left out: its numbers are for three colours, and this picture is grey. "
            "Choose MNIST's or 0.5."
        )
    return ""


def _grown(step: Step, least: int, most: int) -> tuple[int, int]:
    """The least and the greatest side after a step."""
    if step.transform.fixes:
        side = cast(int, step.values[step.transform.fixes])
        return side, side
    return least, int(most * step.transform.grows(step.values))
