"""What went wrong in a run, in a sentence for the person at the screen."""

from __future__ import annotations

import signal
import sys

import torch

from core.errors import NO_ROOM, InputError
from core.runs.split import UNBORN

_CARD = "CUDA"  # in every message of PyTorch about a graphics card by NVIDIA
_NO_MEMORY = ("can't allocate memory", "not enough memory", "bad_alloc", "alloc_cpu")


def kept(epoch: int) -> str:
    """What is left of a run after so many finished epochs."""
    if not epoch:
        return "No epoch was finished."
    return "The first epoch is kept." if epoch == 1 else f"The first {epoch} epochs are kept."


def sentence(error: BaseException, cap: int | None = None) -> str:
    """What an exception means and what to do about it.

    Args:
        error: What was raised while the run went on.
        cap: The bytes that the process might use, or None.
    """
    text = str(error)
    if isinstance(error, InputError):
        return text
    if isinstance(error, torch.OutOfMemoryError) or (_CARD in text and "out of memory" in text):
        return (
            "The graphics card has too little memory left for this run. Take a smaller batch or a "
            "smaller network, or wait until others no longer use the card."
        )
    if isinstance(error, MemoryError) or any(word in text for word in _NO_MEMORY):
        limit = f"the {cap / 1e9:g} GB that it may use" if cap else "there is"
        return (
            f"The run needed more memory than {limit}. Take a smaller batch, a smaller network "
            "or fewer pictures."
        )
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "The disk is full. Delete some runs or other files, then resume."
    if _CARD in text or "cuDNN" in text:
        return f"The graphics card reported an error: {text.splitlines()[0][:200].rstrip('.')}."
    return f"The training ended with an error: {type(error).__name__}: {text[:300]}"


def ending(code: int) -> str:
    """Why a process is gone, from its exit code as `subprocess` gives it."""
    if code == UNBORN:
        return "The machine has no room for another process just now. Try again in a moment."
    if code < 0 and sys.platform != "win32":
        name = signal.Signals(-code).name if -code in set(signal.Signals) else ""
        more = " Often that means that the machine ran out of memory." if name == "SIGKILL" else ""
        return f"The training process ended unexpectedly (killed by signal {-code}).{more}"
    return f"The training process ended unexpectedly (exit code {code})."
