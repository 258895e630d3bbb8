"""Weights that a person gave as a file, kept under a name of their own."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from core.errors import InputError
from core.room import MOST_WEIGHTS, check_room
from core.transfer.architectures import Backbone
from core.transfer.availability import own_folder
from core.transfer.backbone_info import BackboneInfo, backbone_named
from core.transfer.fitting import fitted, recognised
from core.transfer.weights_file import header, read_weights

OWN = "own:"
_ID = re.compile(r"[a-z0-9_]+-[0-9a-f]{16}")


@dataclass(frozen=True)
class OwnWeights:
    """Weights of a person's own.

    Attributes:
        id: Made of what they are for and of what they are: the same file has the same id.
        info: Under the name ``own:<id>``; size, mean and spread are those of the architecture.
        path: Where they lie.
    """

    id: str
    info: BackboneInfo
    path: Path


def store_own(
    data: bytes, name: str, architecture: str | None = None, folder: Path | None = None
) -> OwnWeights:
    """Keep weights that a person gave.

    Args:
        data: The file: safetensors, or a state_dict as `torch.save` writes it; a classifier in
            it is left out.
        name: What the file is called.
        architecture: A key of `BACKBONES`; None finds out by the names and shapes.
        folder: Where they are kept; None takes the explorer's own folder.

    Raises:
        InputError: A file that is no weights, holds Python objects, or does not fit.
    """
    shown = _clean(name)
    weights = read_weights(data, shown)
    info = backbone_named(architecture) if architecture else recognised(weights)
    if info is None:
        raise InputError(
            f"{shown} fits none of the backbones here. Its first entries are "
            f"{', '.join(key[:40] for key in list(weights)[:3])}."
        )
    backbone = fitted(info, weights, shown)
    state = {k: v for k, v in backbone.state_dict().items() if not k.endswith("_tracked")}
    identity = f"{info.name}-{_fingerprint(state)}"
    path = (folder or own_folder()) / f"own-{identity}.safetensors"
    if not path.is_file():
        content = save(state, {"architecture": info.name, "name": shown})
        check_room(path.parent, "own-*.safetensors", len(content), MOST_WEIGHTS, "own weights")
        _write(path, content)
    return OwnWeights(identity, _about(info, identity, shown, path), path)


def own_weights(identity: str, folder: Path | None = None) -> OwnWeights:
    """The weights kept under an id.

    Raises:
        InputError: There are none, or their file is damaged.
    """
    path = (folder or own_folder()) / f"own-{identity}.safetensors"
    if not _ID.fullmatch(identity) or not path.is_file():
        raise InputError("These weights of your own are not here any more. Give their file again.")
    about = header(path)
    info = backbone_named(about.get("architecture", ""))
    return OwnWeights(identity, _about(info, identity, about.get("name", identity), path), path)


def load_own(identity: str, folder: Path | None = None) -> Backbone:
    """The backbone with the weights kept under an id.

    Raises:
        InputError: There are none, or their file is damaged.
    """
    own = own_weights(identity, folder)
    base = backbone_named(header(own.path)["architecture"])
    backbone = fitted(base, read_weights(own.path), own.info.label)
    backbone.info = own.info
    return backbone


def _about(info: BackboneInfo, identity: str, name: str, path: Path) -> BackboneInfo:
    return replace(
        info,
        name=OWN + identity,
        label=f"{info.label}: {name}",
        megabytes=round(path.stat().st_size / 1e6, 1),
        licence="your own file",
        source="given by you",
        url="",
        sha256_prefix="",
        pretrained_on="as whoever made the file says",
        sentence="Weights of your own.",
    )


def _clean(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.\- ()]", "", last)[:60].strip() or "The file"


def _fingerprint(state: dict[str, Tensor]) -> str:
    digest = hashlib.sha256()
    for key in sorted(state):
        digest.update(key.encode())
        digest.update(state[key].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:16]


def _write(path: Path, content: bytes) -> None:
    """Have the whole file in its place, or none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(part, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(part)
    except OSError as error:
        raise InputError(
            f"The weights could not be kept ({error.strerror or error}). Make room and try again."
        ) from error
