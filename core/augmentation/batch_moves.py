"""How each step of a pipeline is done on a batch: as a whole, by functions of ours, or singly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from torch import Generator, Tensor

from core.augmentation.batch_colour import jittered
from core.augmentation.batch_framing import framed
from core.augmentation.batch_geometry import cropped, moved, rotated, stretched
from core.augmentation.call import Call, call
from core.augmentation.fitting import fit
from core.augmentation.pipeline import Pipeline, Step
from core.augmentation.scaling import side_after
from core.augmentation.spec import Values

Way = Literal["whole", "own", "single"]
Size = tuple[int, int]
# What acts or not, without further chance: the same function for all pictures that are chosen.
_WHOLE = {
    *("hflip", "vflip", "grey", "invert", "posterize", "solarize", "sharpness"),
    *("autocontrast", "equalize", "noise", "resize", "normalise"),
}
OWN: dict[str, Callable[[Tensor, Values, Generator], Tensor]] = {
    "rotation": rotated,
    "affine": moved,
    "crop": cropped,
    "elastic": stretched,
    "jitter": jittered,
    "resized_crop": framed,
}


@dataclass(frozen=True)
class Move:
    """One step on a batch.

    Attributes:
        name: The transform's key in the table.
        way: "whole" for a transform of torchvision on all pictures that are chosen, "own" for a
            function of `OWN`, "single" for a transform of torchvision on one after the other.
        call: The transform of torchvision; chance is in it only where pictures go singly.
        values: The settings.
        probability: How often a picture is chosen; 1 where pictures go singly.
        ragged: True if the pictures can have different sizes afterwards.
    """

    name: str
    way: Way
    call: Call
    values: Values
    probability: float = 1.0
    ragged: bool = False


def moves(
    pipeline: Pipeline, size: Size, channels: int, last: Size | None = None
) -> tuple[Move, ...]:
    """What is done to a batch of pictures of one size, step after step.

    Args:
        pipeline: Steps on batches are passed over.
        size: Height and width of the pictures.
        channels: 1 for grey, 3 for colour.
        last: Height and width that the pictures are brought to in the end, if they have others.

    Raises:
        InputError: A step that cannot act where it is.
    """
    found: list[Move] = []
    now, ragged = size, False
    for at, one in fit(pipeline, size, channels).calls:
        step = pipeline.steps[at]
        side = side_after(step)
        way = _way(step, now, ragged)
        if side is not None:
            now, ragged = (side, side), False
        ragged |= step.transform.grows(step.values) > 1
        found.append(_move(step, way, one, ragged))
    if last is not None and (ragged or now != last):
        way = "single" if ragged else "whole"
        found.append(Move("resize", way, call("Resize", last), {}))
    return tuple(found)


def _way(step: Step, size: Size, ragged: bool) -> Way:
    if ragged:
        return "single"
    if step.name in _WHOLE:
        return "whole"
    shrinks = step.name == "resized_crop" and max(size) > step.values["size"]
    return "own" if step.name in OWN and not (step.values.get("hue") or shrinks) else "single"


def _move(step: Step, way: Way, one: Call, ragged: bool) -> Move:
    if way == "single":
        return Move(step.name, way, one, step.values, ragged=ragged)
    conversion = step.transform.probability is None
    plain = one if conversion else step.transform.called(step.values, 1.0)
    return Move(step.name, way, plain, step.values, step.probability, ragged)
