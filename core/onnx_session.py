"""ONNX Runtime, which checks what was exported, and reports to nobody."""

from __future__ import annotations

import os
from typing import Any

# ONNX Runtime 1.31 tells its makers about every session, with a number for this machine that it
# writes into the home folder, unless it is forbidden before it is imported.
# https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md
SILENT = "ORT_DISABLE_TELEMETRY"


def onnx_session(data: bytes) -> Any:
    """A network that runs without PyTorch, on one thread.

    Args:
        data: A graph in the ONNX format.

    Returns:
        An `onnxruntime.InferenceSession`; ``run([output], {input: array})`` has its outputs.
    """
    os.environ.setdefault(SILENT, "1")
    # It takes a moment to import, and only who exports needs it.
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
