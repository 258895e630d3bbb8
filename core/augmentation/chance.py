"""Random numbers for torchvision's transforms, out of a generator of one's own.

The transforms of ``torchvision.transforms.v2`` take no generator: they draw from PyTorch's global
one, which all visitors of the server share. Saving, seeding and restoring it (``fork_rng``) is
not enough with threads: another thread may draw in between, and a lock would only help if all
code that draws at random took it. So the global generator is not touched here at all: within
``drawing_from(generator)`` every random function of PyTorch that is called *by this thread*
gets the generator as its argument. The numbers are the same, bit for bit, as after
``torch.manual_seed`` with the generator's seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Generator, Tensor
from torch.overrides import TorchFunctionMode

_TAKES_A_GENERATOR = frozenset(
    {
        *(torch.rand, torch.randn, torch.randint, torch.randperm),
        *(torch.multinomial, torch.bernoulli, torch.normal, torch._sample_dirichlet),
        *(Tensor.uniform_, Tensor.normal_, Tensor.random_, Tensor.bernoulli_),
        *(Tensor.exponential_, Tensor.multinomial, Tensor.bernoulli),
    }
)


class drawing_from(TorchFunctionMode):
    """Let PyTorch's random functions draw from a generator within a ``with`` block.

    Only the thread that enters the block is concerned, so that several sessions can draw at once.

    Args:
        generator: On the CPU. It moves on with every number that is drawn.
    """

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Pass a call on, with the generator where it draws at random."""
        named = dict(kwargs or {})
        if func in _TAKES_A_GENERATOR:
            named.setdefault("generator", self.generator)
        elif func is torch.randn_like:  # takes no generator; this is what it does inside
            return torch.empty_like(*args, **named).normal_(generator=self.generator)
        elif func is torch.rand_like:
            return torch.empty_like(*args, **named).uniform_(generator=self.generator)
        return func(*args, **named)
