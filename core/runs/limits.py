"""How much of the machine a run may use."""

from __future__ import annotations

import sys

import torch

if sys.platform != "win32":
    import resource

GIGABYTE = 1_000_000_000


def cap_memory(limit: int | None) -> bool:
    """Let allocations fail once this process holds so many bytes of data; None takes it back.

    It counts what is set aside by the process, PyTorch's own 0.8 GB included. CUDA sets aside
    far more than it uses, so that a run on a graphics card gets no cap.

    Returns:
        Whether this machine can do that; Windows cannot.
    """
    if sys.platform != "linux":
        return False
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = hard if limit is None else limit
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    return True


def cap_threads(threads: int) -> None:
    """Let PyTorch use so many threads from now on."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
