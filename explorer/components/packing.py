"""Messages for the browser: JSON, then numbers that need no parsing."""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed(header: Mapping[str, Any], values: NDArray[np.float32] | None = None) -> bytes:
    """Return a message for the browser: JSON, then numbers that need no parsing.

    Args:
        header: Whatever JSON can hold; NaN and infinities are sent as null.
        values: Any number of float32 values, or None.

    Returns:
        ``[uint32 header length][JSON, padded to 4][float32 …]``, little endian.
    """
    told = json.dumps(finite(header), ensure_ascii=False, allow_nan=False)
    text = told.encode("utf-8", "replace")  # Half a letter, which no browser can be sent, is a ?.
    text += b" " * (-len(text) % 4)
    tail = b"" if values is None else np.ascontiguousarray(values, dtype="<f4").tobytes()
    return struct.pack("<I", len(text)) + text + tail


def finite(value: Any) -> Any:
    """Return the same value with every number that JSON cannot hold replaced by None."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return value
