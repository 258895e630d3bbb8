"""A pipeline in front of a network that learns: on bytes, around normalising, and on labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Generator, Tensor

from core.augmentation.batch_moves import Move, moves
from core.augmentation.batchwise import Passage, mix
from core.augmentation.fitting import fit
from core.augmentation.pipeline import NORMALISE, Pipeline
from core.augmentation.scaling import for_side

Shape = tuple[int, int, int]


@dataclass(frozen=True)
class Plan:
    """What a run does to its batches.

    The network normalises its pictures with the mean and the spread of its own training set,
    training and validation alike. So a step Normalise only marks the place where that happens.

    Attributes:
        pipeline: In the sizes of the run's pictures.
        before: What is done to bytes, before normalising.
        after: What is done to normalised numbers.
        notes: The steps that are left out, by place, each with a sentence why.
    """

    pipeline: Pipeline
    before: tuple[Move, ...]
    after: tuple[Move, ...]
    notes: dict[int, str]


def plan(pipeline: Pipeline, shape: Shape) -> Plan:
    """Fit a pipeline to the pictures of a run.

    Args:
        pipeline: As it stands in the previewer.
        shape: Channels, height and width of the pictures that the network takes.

    Raises:
        InputError: A step that cannot act where it is.
    """
    channels, *sides = shape
    size = (sides[0], sides[1])
    fitted = for_side(pipeline, max(size))
    fit(fitted, size, channels)  # raises where a step cannot act
    steps = fitted.steps
    at = next((at for at, step in fitted.active if step.name == NORMALISE), len(steps))
    first, second = (
        moves(Pipeline(part), size, channels, size) for part in (steps[:at], steps[at + 1 :])
    )
    marked = fitted.switch(at, False) if at < len(steps) else fitted
    return Plan(fitted, first, second, dict(fit(marked, size, channels).notes))


class Augmenter:
    """Changes every batch of a run anew.

    Args:
        pipeline: As it stands in the previewer.
        shape: Channels, height and width of the pictures that the network takes.
        classes: How many classes there are, for MixUp and CutMix.

    Raises:
        InputError: A step that cannot act where it is.
    """

    def __init__(self, pipeline: Pipeline, shape: Shape, classes: int) -> None:
        self.plan = plan(pipeline, shape)
        self.classes = classes
        self._before, self._after = Passage(self.plan.before), Passage(self.plan.after)

    def batch(
        self,
        images: Tensor,
        labels: Tensor,
        normalised: Callable[[Tensor], Tensor],
        generator: Generator,
    ) -> tuple[Tensor, Tensor]:
        """A batch as the network is to see it.

        Args:
            images: uint8 of shape (B, C, H, W) on the CPU; stays as it is.
            labels: int64 of shape (B,) on the CPU.
            normalised: Makes numbers of bytes, float32 of the same shape.
            generator: Where the chance comes from; it moves on.

        Returns:
            float32 of shape (B, C, H, W), and the labels: int64 of shape (B,), or shares of
            shape (B, classes) after MixUp and CutMix.
        """
        numbers = normalised(self._before.through(images, generator))
        numbers = self._after.through(numbers, generator)
        return mix(numbers, labels, self.plan.pipeline, self.classes, generator)
