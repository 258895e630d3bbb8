"""What the network gets to see of a point: its inputs, made from x₁ and x₂."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import InputError

# name -> (label, function from x of shape (N, 2) to shape (N,)). The names are the keys in
# the address of the page, and each function is also one line of the script.
FEATURES: dict[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "x1": ("x₁", lambda x: x[:, 0]),
    "x2": ("x₂", lambda x: x[:, 1]),
    "x1_squared": ("x₁²", lambda x: x[:, 0] ** 2),
    "x2_squared": ("x₂²", lambda x: x[:, 1] ** 2),
    "product": ("x₁x₂", lambda x: x[:, 0] * x[:, 1]),
    "sin_x1": ("sin x₁", lambda x: torch.sin(x[:, 0])),
    "sin_x2": ("sin x₂", lambda x: torch.sin(x[:, 1])),
}
FEATURE_CODE: dict[str, str] = {
    "x1": "x[:, 0]",
    "x2": "x[:, 1]",
    "x1_squared": "x[:, 0] ** 2",
    "x2_squared": "x[:, 1] ** 2",
    "product": "x[:, 0] * x[:, 1]",
    "sin_x1": "torch.sin(x[:, 0])",
    "sin_x2": "torch.sin(x[:, 1])",
}


def check_features(names: Sequence[str]) -> None:
    """Refuse a list of features that is empty, unknown or says one twice.

    Raises:
        InputError: With a sentence that names the feature.
    """
    if not names:
        raise InputError("Choose at least one input, x₁ for example.")
    for name in names:
        if name not in FEATURES:
            raise InputError(f"There is no input {name!r:.40}. There are: {', '.join(FEATURES)}.")
    if len(set(names)) < len(names):
        raise InputError("Every input can be chosen once only.")


def matrix(names: Sequence[str], x: NDArray[np.float32] | Tensor) -> Tensor:
    """The inputs of the network for many points, one column per feature.

    Args:
        names: Keys of `FEATURES`, in the order of the columns.
        x: The points, shape (N, 2).

    Returns:
        Shape (N, F), in the precision of x, float32 at least.

    Raises:
        InputError: A list of features that cannot be used.
    """
    check_features(names)
    points = torch.as_tensor(x)
    return torch.stack([FEATURES[name][1](points) for name in names], dim=1)
