"""A pipeline brought to the size of the pictures that a network learns from."""

from __future__ import annotations

import math
from dataclasses import replace

from core.augmentation.pipeline import Pipeline, Step
from core.augmentation.spec import Parameter, Value

_SCALES = ("resize", "resized_crop")  # from here on a pipeline decides itself what a pixel is
# The settings that count pixels.
_PIXELS = {
    "resize": ("size",),
    "resized_crop": ("size",),
    "crop": ("size", "padding"),
    "blur": ("kernel_size", "sigma_min", "sigma_max"),
    "elastic": ("alpha", "sigma"),
}


def for_side(pipeline: Pipeline, side: int) -> Pipeline:
    """The same pipeline for pictures that end with another side.

    A pipeline that scales to 224 pixels is meant for a network that takes 224. For one that takes
    28, enlarging first and reducing again would cost sixty times the work and show the network
    nothing more. So from the first step that scales on, all that is counted in pixels (sizes,
    padding, blur, elastic) is made smaller or larger in proportion. A pipeline that does not
    scale stays as it is, and so do steps before.

    Args:
        pipeline: In its usual sizes.
        side: The side of the pictures that the network takes, in pixels.
    """
    first = next((at for at, step in pipeline.active if step.name in _SCALES), None)
    sizes = [side_after(step) for _, step in pipeline.active]
    last = next((size for size in reversed(sizes) if size is not None), side)
    if first is None or last == side:
        return pipeline
    factor = side / last
    steps = enumerate(pipeline.steps)
    return Pipeline(tuple(_scaled(step, factor) if at >= first else step for at, step in steps))


def side_after(step: Step) -> int | None:
    """The side that all pictures have after a step; None if it leaves that open."""
    return int(step.values[step.transform.fixes]) if step.transform.fixes else None


def _scaled(step: Step, factor: float) -> Step:
    names = _PIXELS.get(step.name, ())
    about = [one for one in step.transform.parameters if one.name in names]
    values = {one.name: _within(one, step.values[one.name] * factor) for one in about}
    return replace(step, values={**step.values, **values})


def _within(about: Parameter, value: float) -> Value:
    """The nearest value that the setting can have."""
    inside = min(max(value, about.minimum), about.maximum)
    if about.kind == "number":
        return inside
    return int(about.minimum + about.step * math.floor((inside - about.minimum) / about.step + 0.5))
