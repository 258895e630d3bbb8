"""The part of the script of a run that changes its batches."""

from __future__ import annotations

import importlib
import textwrap
from typing import Any

from core.training.config import TrainingConfig
from core.vision.shapes import Shape


class Augmenting:
    """What the script of a run with augmentation says differently.

    Args:
        config: The run, with a pipeline.
        shape: Channels, height and width of its pictures.
        classes: How many classes there are.

    Raises:
        InputError: A step that cannot act on such pictures.
    """

    def __init__(self, config: TrainingConfig, shape: Shape, classes: int) -> None:
        # torchvision takes seconds to import, and most runs do without
        pipeline = importlib.import_module("core.augmentation.text").parse(config.augment)
        self._source = importlib.import_module("core.augmentation.batch_source")
        fitting = importlib.import_module("core.augmentation.fitting")
        self._plan: Any = importlib.import_module("core.augmentation.training").plan(
            pipeline, shape
        )
        self._mix = fitting.batch_call(self._plan.pipeline, classes)
        self._channels_last = config.channels_last

    @property
    def _moves(self) -> tuple[Any, ...]:
        return (*self._plan.before, *self._plan.after)

    def imports(self) -> tuple[str, str]:
        """Lines for the standard library, and for torch and torchvision."""
        functions = self._source.functions_for(self._moves)
        data = "from dataclasses import dataclass\n" if "@dataclass" in functions else ""
        tensor = "from torch import Tensor\n" if ": Tensor" in functions else ""
        return data, f"{tensor}from torchvision.transforms import v2\n"

    def functions(self) -> str:
        """The function ``augmented`` from the bytes of a batch to what the network sees."""
        plan, lines = self._plan, self._source.lines_of
        notes = "".join(
            textwrap.fill(note, 84, initial_indent="    # ", subsequent_indent="    # ") + "\n"
            for note in plan.notes.values()
        )
        mix = self._mixing()
        said = "The batch as the network sees it; every picture gets chances of its own."
        mixed = "    numbers, labels = mix(numbers, labels)\n" if self._mix else ""
        after = ""
        if plan.after:
            after = f"    images = numbers\n{lines(plan.after)}    numbers = images\n"
        return (
            "generator = torch.default_generator  # that torch.manual_seed has seeded\n"
            f"{mix}\n\n{self._source.functions_for(self._moves)}\n\n"
            f'def augmented(images, labels):\n    """{said}"""\n{notes}'
            f"{lines(plan.before)}    numbers = ready(images).permute(0, 3, 1, 2)\n{after}{mixed}"
            "    return numbers.contiguous(memory_format=torch.channels_last), labels\n\n"
        )

    def _mixing(self) -> str:
        if self._mix is None:
            return ""
        lines = self._mix.lines(0, self._source.WIDTH - len("mix = "))
        return "\n".join([f"mix = {lines[0]}", *lines[1:]]).removesuffix(",") + "\n"

    def batch(self) -> str:
        """The lines of the loop that make ``x`` and ``y`` of the numbers of a batch."""
        order = "" if self._channels_last else ".contiguous()"
        return (
            "x, y = augmented(train_x[batch], train_y[batch])  # (B, C, H, W)\n"
            f"x, y = x.to(DEVICE){order}, y.to(DEVICE)\n"
        )


def augmenting(config: TrainingConfig, shape: Shape, classes: int) -> Augmenting | None:
    """What a run with augmentation says differently; None for a run without."""
    return Augmenting(config, shape, classes) if config.augment else None
