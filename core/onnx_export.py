"""Networks as ONNX graphs, written by PyTorch without reading its operators anew each time."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.export import Dim


def onnx_program(
    model: nn.Module,
    example: Tensor,
    given: str,
    said: Sequence[str],
    sides: Mapping[int, str],
) -> torch.onnx.ONNXProgram:
    """Trace a network and write it as a graph.

    Args:
        model: As it is used; in evaluation mode.
        example: What it could be asked.
        given: The name of its input.
        said: The names of its outputs.
        sides: The axes of the input that may have any length from 1, and their names.
    """
    _operators_are_kept()
    program = torch.onnx.export(
        model,
        (example,),
        input_names=[given],
        output_names=list(said),
        dynamic_shapes=({axis: Dim(name, min=1) for axis, name in sides.items()},),
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    return program


@functools.cache
def _operators_are_kept() -> None:
    """Let PyTorch read what it writes for each of its 500 operators once.

    It would do that for every export, which is two thirds of the time of one. Nothing is added to
    the table afterwards: only a `custom_translation_table` would be. The table is PyTorch's own
    affair: where it is not found any more, an export takes its time.
    """
    with contextlib.suppress(ImportError, AttributeError):
        from torch.onnx._internal.exporter import _registration as place  # noqa: PLC0415

        table = place.ONNXRegistry
        kept = staticmethod(functools.cache(table.from_torchlib))
        table.from_torchlib = kept  # type: ignore[method-assign]
