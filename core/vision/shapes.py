"""What each layer does to the shape of a picture, and where that is impossible."""

from __future__ import annotations

from math import prod

from core.errors import InputError
from core.vision.specs import (
    AvgPool,
    BatchNorm,
    Conv,
    Flatten,
    GlobalAvgPool,
    LayerSpec,
    Linear,
    MaxPool,
    Skip,
)

Shape = tuple[int, ...]  # (C, H, W) for a picture, (D,) for numbers in a row
MAX_NUMBERS = 4_000_000  # numbers that one picture may become: 16 MB


def shown(shape: Shape) -> str:
    """A shape for reading, such as 32×14×14."""
    return "×".join(f"{size:,}" for size in shape)


def output_shape(layer: LayerSpec, shape: Shape) -> Shape:
    """The shape behind a layer that gets this shape.

    Raises:
        InputError: A layer that cannot stand there, with what to do about it.
    """
    match layer:
        case Conv():
            sides = _windows(layer.kernel, layer.stride, layer.pad, _picture(layer, shape))
            out: Shape = (layer.out, *sides)
        case MaxPool() | AvgPool():
            channels, *_ = _picture(layer, shape)
            out = (channels, *_windows(layer.kernel, layer.step, 0, shape))
        case GlobalAvgPool():
            out = _picture(layer, shape)[:1]
        case Flatten():
            out = (prod(shape),)
        case Linear():
            if len(shape) > 1:
                raise InputError(
                    "A linear layer needs numbers in a row, and here is a picture of "
                    f"{shown(shape)}: put Flatten before it."
                )
            out = (layer.out,)
        case Skip():
            out = shape
            for inner in layer.layers:
                out = output_shape(inner, out)
            projection_stride(shape, out)
        case _:
            out = shape
    if prod(out) > MAX_NUMBERS:
        raise InputError(
            f"{shown(out)} are {prod(out):,} numbers for each picture, and {MAX_NUMBERS:,} is the "
            "limit: use fewer channels, or pool before."
        )
    return out


def projection_stride(before: Shape, after: Shape) -> int:
    """The stride with which a 1×1 convolution makes `after` of `before`; 1 where none is needed.

    Raises:
        InputError: There is none.
    """
    if len(before) != len(after):
        raise InputError(
            "A skip connection adds picture to picture: take what flattens out of it, "
            "and put it behind."
        )
    sides = before[1:], after[1:]
    for stride in range(1, max((*before[1:], 1)) + 1):
        if tuple((side - 1) // stride + 1 for side in sides[0]) == sides[1]:
            return stride
    raise InputError(
        f"Inside of the skip connection {shown(before)} becomes {shown(after)}, which no stride "
        "gives: keep the size with padding."
    )


def left_out(layer: LayerSpec, shape: Shape) -> int:
    """How many rows at the lower edge no window of a pooling layer reaches."""
    if not isinstance(layer, MaxPool | AvgPool):
        return 0
    return (shape[1] - layer.kernel) % layer.step


def parameters(layer: LayerSpec, before: Shape, after: Shape) -> tuple[int, str]:
    """How many numbers a layer learns, and how they are counted; of a skip its projection."""
    match layer:
        case Conv():
            window = f"{layer.kernel}×{layer.kernel}×{before[0]:,}"
            count = (layer.kernel**2 * before[0] + 1) * layer.out
            return count, f"({window} + 1)×{layer.out:,} = {count:,}"
        case Linear():
            count = (before[0] + 1) * layer.out
            return count, f"{before[0]:,}×{layer.out:,} + {layer.out:,} = {count:,}"
        case BatchNorm():
            return 2 * before[0], f"2×{before[0]:,} = {2 * before[0]:,}"
        case Skip() if before != after:
            return _projection_parameters(before[0], after[0], len(after) == 1)
        case _:
            return 0, ""


def multiply_adds(layer: LayerSpec, before: Shape, after: Shape) -> int:
    """Multiplications, each with its addition, for one picture; of a skip its projection.

    Counted are convolutions and linear layers, as is usual; all else is small beside them.
    """
    match layer:
        case Conv():
            return prod(after) * layer.kernel**2 * before[0]
        case Linear():
            return before[0] * layer.out
        case Skip() if before != after:
            return prod(after) * before[0]
        case _:
            return 0


def _projection_parameters(inputs: int, outputs: int, flat: bool) -> tuple[int, str]:
    extra = outputs if flat else 2 * outputs  # a bias, or the γ and β of batch normalisation
    count = inputs * outputs + extra
    more = f"{outputs:,}" if flat else f"2×{outputs:,}"
    return count, f"projection {inputs:,}×{outputs:,} + {more} = {count:,}"


def _picture(layer: LayerSpec, shape: Shape) -> Shape:
    if len(shape) == 3:
        return shape
    what = "A convolution" if isinstance(layer, Conv) else "Pooling"
    raise InputError(
        f"{what} needs a picture, and here are {shape[0]:,} numbers in a row: put it before "
        "Flatten."
    )


def _windows(kernel: int, stride: int, padding: int, shape: Shape) -> Shape:
    """How many places a window has, downwards and across."""
    _, height, width = shape
    if kernel > min(height, width) + 2 * padding:
        around = f" with {padding} pixels of padding" if padding else ""
        raise InputError(
            f"A window of {kernel}×{kernel} is larger than the picture of {height}×{width}{around}:"
            " make it smaller, or pool less before."
        )
    return tuple((side + 2 * padding - kernel) // stride + 1 for side in (height, width))
