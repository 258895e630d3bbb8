"""Where a network can be trained on this machine, and why not elsewhere."""

from __future__ import annotations

import ctypes.util
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch

from core.cores import cores
from core.errors import InputError

_ASK = """
import json, torch
found = [torch.cuda.get_device_properties(i) for i in range(torch.cuda.device_count())]
print(json.dumps([[one.name, one.total_memory] for one in found]))
"""
_PATIENCE_S = 60


@dataclass(frozen=True)
class Device:
    """One place to train, there or not.

    Attributes:
        name: As in `TrainingConfig.device`: "cpu", "cuda", "cuda:1", "mps".
        label: What a person reads, such as "NVIDIA H200, 139 GB".
        available: Whether it can be used.
        why_not: A sentence if it cannot, else empty.
        memory: Its bytes of memory; 0 if unknown.
        cores: Processor cores that may be used; 0 for a graphics card.
    """

    name: str
    label: str
    available: bool
    why_not: str = ""
    memory: int = 0
    cores: int = 0


@lru_cache(maxsize=1)
def devices() -> tuple[Device, ...]:
    """The processor, every graphics card, and Apple's; what is missing says why.

    A graphics card is asked in a process of its own, because asking takes memory on it that
    is freed only when the process ends. That takes seconds where there is one, once.
    """
    return _processor(), *_cuda(), _mps()


def check_device(name: str) -> None:
    """Make sure, in the process that will train, that a device is there.

    Raises:
        InputError: It is not, with the reason.
    """
    if name.startswith("cuda"):
        count = torch.cuda.device_count() if torch.version.cuda else 0
        if int(name.removeprefix("cuda").removeprefix(":") or 0) >= count:
            raise InputError(f"There is no {name} here. {_fewer(count)} Train on the CPU instead.")
    elif name == "mps" and not torch.backends.mps.is_available():
        raise InputError(f"{_mps().why_not} Train on the CPU instead.")


def _fewer(count: int) -> str:
    """Why there is no such card, in a sentence; where there are others, the number of them."""
    if not count:
        return why_no_cuda()
    return f"This machine has {count} graphics card{'s' if count > 1 else ''}: cuda comes first."


def why_no_cuda() -> str:
    """A sentence on why there is no graphics card with CUDA."""
    if not torch.version.cuda:
        return "This PyTorch was built without CUDA."
    if not _driver():
        return "There is no NVIDIA driver on this machine."
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0") in ("", "-1"):
        return "The graphics cards are hidden by CUDA_VISIBLE_DEVICES."
    return "PyTorch finds no graphics card that it can use."


def _processor() -> Device:
    count = cores()
    label = f"{_processor_name()}, {count} core{'s' if count > 1 else ''}"
    return Device("cpu", label, True, memory=_memory(), cores=count)


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return " ".join(line.split(":", 1)[1].split())
    except OSError:
        pass
    return platform.processor() or "CPU"


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def _cuda() -> list[Device]:
    found = _ask() if torch.version.cuda and _driver() else []
    if not found:
        return [Device("cuda", "NVIDIA graphics card", False, why_no_cuda())]
    return [
        Device(
            f"cuda:{index}" if index else "cuda",
            f"{name}, {memory / 2**30:.0f} GB",
            True,
            memory=memory,
        )
        for index, (name, memory) in enumerate(found)
    ]


def _driver() -> bool:
    return bool(ctypes.util.find_library("cuda")) or Path("/proc/driver/nvidia").exists()


def _ask() -> list[tuple[str, int]]:
    try:
        done = subprocess.run(
            [sys.executable, "-c", _ASK],
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
            text=True,
        )
        return [(str(name), int(memory)) for name, memory in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError):
        return []


def _mps() -> Device:
    if torch.backends.mps.is_available():
        return Device("mps", "Apple graphics", True)
    why = "This machine has no graphics by Apple."
    if sys.platform == "darwin":
        why = "This version of macOS or of PyTorch cannot use Apple's graphics."
    return Device("mps", "Apple graphics", False, why)
