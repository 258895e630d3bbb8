"""Pieces of the scripts: imports, numbers, and functions as PyTorch writes them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from core.activations.expression import Expression
from core.activations.registry import activation_named
from core.errors import InputError

WIDTH = 88
MAX_PLACES = 1000
Drawn = tuple[str, Mapping[str, float]] | Expression


def head(*sources: str) -> str:
    """Imports, and numbers with all digits: float64 as in the explorer."""
    whole = "".join(sources)
    lines = ["import torch"]
    if "F." in whole:
        lines.append("import torch.nn.functional as F")
    if "nn." in whole.replace("torch.nn.", ""):
        lines.append("from torch import nn")
    return "\n".join(lines) + "\n\ntorch.set_default_dtype(torch.float64)\n"


def label(drawn: Drawn) -> str:
    """What a person reads; f(x) for a typed function."""
    return "f(x)" if isinstance(drawn, Expression) else activation_named(drawn[0]).label


def source_of(drawn: Drawn) -> str:
    """The function as PyTorch writes it, ready to be called."""
    if isinstance(drawn, Expression):
        return f"lambda x: {drawn.torch_source}"
    name, parameters = drawn
    return activation_named(name).source_code(parameters)


def tensor(name: str, values: ArrayLike, more: str = "") -> str:
    """One line where it fits, else the numbers wrapped and indented."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not 1 <= array.size <= MAX_PLACES or not np.isfinite(array).all():
        raise InputError(f"A script takes 1 to {MAX_PLACES} finite numbers.")
    numbers = ", ".join(map(repr, array.tolist()))
    line = f"{name} = torch.tensor([{numbers}]{more})"
    if len(line) <= WIDTH:
        return line + "\n"
    rows = textwrap.fill(
        numbers,
        WIDTH,
        initial_indent=" " * 4,
        subsequent_indent=" " * 4,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{name} = torch.tensor([\n{rows},\n]{more})\n"
