"""Where the weights of a backbone lie on this machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import InputError
from core.images.finding import data_roots, own_root
from core.transfer.backbone_info import BUILT_IN, BackboneInfo, backbone_named

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "backbone" / "built_in.safetensors"


@dataclass(frozen=True)
class Availability:
    """Whether a backbone can be used at once.

    Attributes:
        here: True if its weights are on this machine.
        path: Where; None if they are not.
        why: A sentence about it.
    """

    here: bool
    path: Path | None
    why: str


def available(name: str) -> Availability:
    """Whether the weights of a backbone are on this machine, and where.

    Looked for in `EXPLORER_DATA_DIR`, the explorer's own folder and PyTorch's (`TORCH_HOME`).
    The checksum is compared when the weights are read.

    Args:
        name: A key of `BACKBONES`.

    Raises:
        InputError: An unknown name.
    """
    info = backbone_named(name)
    if name == BUILT_IN:
        if SHIPPED.is_file():
            return Availability(True, SHIPPED, "It comes with the explorer.")
        return Availability(False, None, "Its file is missing. Install the explorer again.")
    for folder, whose in _folders():
        path = folder / info.file_name
        if path.is_file():
            return Availability(True, path, f"{info.label} lies in {whose}.")
    return Availability(
        False,
        None,
        f"{info.label} is not on this machine: download {info.megabytes:g} MB, or give its file.",
    )


def own_folder() -> Path:
    """Where downloaded weights go; it may not exist yet."""
    return own_root().parent / "backbones"


def verified(path: Path, info: BackboneInfo) -> Path:
    """The same path, once its content is what its name promises.

    Raises:
        InputError: Another content.
    """
    stat = path.stat()
    digest = _sha256(path, stat.st_size, stat.st_mtime_ns)
    if not digest.startswith(info.sha256_prefix):
        raise InputError(
            f"{path.name} is damaged: its checksum is not that of {info.label}. Delete it and "
            "download it again."
        )
    return path


@lru_cache(maxsize=32)
def _sha256(path: Path, size: int, changed: int) -> str:
    """Reads the whole file, once for each state of it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folders() -> Iterator[tuple[Path, str]]:
    for root in data_roots():
        whose = "the explorer's data" if root == own_root() else "EXPLORER_DATA_DIR"
        for folder in (root, root / "backbones", root / "checkpoints", root / "hub/checkpoints"):
            yield folder, whose
    yield own_folder(), "the explorer's folder"
    yield _torch_home() / "hub" / "checkpoints", "PyTorch's folder"


def _torch_home() -> Path:
    """As `torch.hub` finds it."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", os.path.join(cache, "torch"))).expanduser()
