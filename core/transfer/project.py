"""A project in one file: samples, settings and the head that was learnt, to go on elsewhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.errors import InputError
from core.images.class_folder import content, opened
from core.transfer.collection import Collection
from core.transfer.listing import from_listing, listing
from core.transfer.picture_files import from_png, to_png
from core.transfer.sample import Picture

FORMAT, VERSION = "deep-learning-explorer/transfer-learning", 1
FACTS, HEAD, SAMPLES = "project.json", "head.safetensors", "samples"
MAX_FILE = 600_000_000  # bytes: 2,000 of the largest samples
MAX_FACTS, MAX_HEAD = 4_000_000, 60_000_000
MAX_DEPTH = 8  # of lists within lists in the settings
NO_PROJECT = "This is not a project file of this page, or it is damaged. Choose another file."
_PICTURE = re.compile(rf"{SAMPLES}/[^/]+/[0-9]{{4}} ([0-9a-f]{{16}})\.png")
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # so that the same project gives the same bytes


@dataclass(frozen=True, eq=False)
class Project:
    """What a project file holds.

    Attributes:
        collection: All classes in their order with all samples.
        settings: What the page was set to, as plain values of JSON; not checked any further.
        head: The tensors of what was learnt, by name; empty if nothing was.
        classes: The class of each score of the head, in order; empty without a head.
        notice: A sentence on what was damaged and left out; empty if nothing was.
    """

    collection: Collection
    settings: dict[str, Any] = field(default_factory=dict)
    head: dict[str, Tensor] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    notice: str = ""


def write_project(
    collection: Collection,
    settings: Mapping[str, Any] | None = None,
    head: Mapping[str, Tensor] | None = None,
    classes: tuple[str, ...] = (),
) -> bytes:
    """Put a project into one ZIP archive.

    The samples lie in class folders as PNG, so that other programs can use them, too. The same
    project gives the same bytes.

    Args:
        collection: The classes and samples.
        settings: Plain values of JSON.
        head: The tensors of what was learnt, by name.
        classes: The class of each score of the head.

    Raises:
        InputError: Settings that are no plain values.
    """
    facts = {
        "format": FORMAT,
        "version": VERSION,
        "labels": listing(collection),
        "settings": dict(settings or {}),
        "classes": list(classes),
    }
    try:
        text = json.dumps(facts, ensure_ascii=False, allow_nan=False, indent=1)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"These settings cannot be written into a file: {error}.") from error
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, FACTS, text.encode())
        if head:
            tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in head.items()}
            _add(archive, HEAD, save(tensors))
        for label, folder in zip(collection.labels, sample_folders(collection), strict=True):
            for number, sample in enumerate(label.samples, 1):
                name = f"{SAMPLES}/{folder}/{number:04d} {sample.digest}.png"
                _add(archive, name, to_png(sample.picture))
    return buffer.getvalue()


def is_project(data: bytes) -> bool:
    """Whether a file looks like a project and not like an archive of pictures."""
    return data[30 : 30 + len(FACTS)] == FACTS.encode() and data.startswith(b"PK\x03\x04")


def read_project(data: bytes) -> Project:
    """Read a project file that anybody may have written or changed.

    Nothing is unpacked to the disk, no code in it can run, and every picture has to be the one
    that the list names.

    Args:
        data: The file.

    Raises:
        InputError: No project, one of a newer version, or one that is damaged or too large.
    """
    if len(data) > MAX_FILE:
        raise InputError(f"A project has {MAX_FILE / 1e6:.0f} MB at most. Choose another file.")
    if not data.startswith(b"PK\x03\x04"):
        raise InputError(NO_PROJECT)
    with opened(data) as archive:
        facts = _facts(_content(archive, FACTS, MAX_FACTS))
        collection, lost = from_listing(facts.get("labels"), _reader(archive))
        head = _head(archive)
    classes = facts.get("classes", [])
    settings = facts.get("settings", {})
    plain = isinstance(classes, list) and all(isinstance(one, str) for one in classes)
    if not plain or not isinstance(settings, dict) or not _shallow(settings, MAX_DEPTH):
        raise InputError(NO_PROJECT)
    missing = "1 picture" if len(lost) == 1 else f"{len(lost):,} pictures"
    notice = f"{missing} of the project could not be read and had to be left out." if lost else ""
    return Project(collection, settings, head, tuple(classes) if head else (), notice)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def sample_folders(collection: Collection) -> list[str]:
    """The folder of each class in a project: a name that every system can take, all different."""
    names: list[str] = []
    for number, label in enumerate(collection.labels, 1):
        name = _UNSAFE.sub("_", label.name).strip(". ") or "class"
        taken = {one.casefold() for one in names}
        names.append(f"{name} {number}" if name.casefold() in taken else name)
    return names


def _content(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    try:
        member = archive.getinfo(name)
        if member.file_size > most:
            raise InputError(NO_PROJECT)
        return content(archive, member)
    except (KeyError, InputError):
        raise InputError(NO_PROJECT) from None


def _facts(data: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InputError(NO_PROJECT) from None
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise InputError(NO_PROJECT)
    if facts.get("version") != VERSION:
        raise InputError(
            "Another version of the explorer wrote this project, and this one cannot read it."
        )
    return facts


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is not JSON.")


def _reader(archive: zipfile.ZipFile) -> Callable[[str], Picture]:
    members = {
        found[1]: member
        for member in archive.infolist()
        if (found := _PICTURE.fullmatch(member.filename))
    }

    def read(digest: str) -> Picture:
        if digest not in members:
            raise InputError("This picture is missing.")
        return from_png(content(archive, members[digest]), digest)

    return read


def _head(archive: zipfile.ZipFile) -> dict[str, Tensor]:
    """The tensors of the head; none if the project has no head."""
    if HEAD not in archive.namelist():
        return {}
    try:
        tensors = load(_content(archive, HEAD, MAX_HEAD))
    except (SafetensorError, KeyError, ValueError):
        raise InputError(NO_PROJECT) from None
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise InputError(f"The numbers of “{name[:40]}” in this project are not finite.")
    return tensors


def _shallow(value: Any, depth: int) -> bool:
    """Whether lists lie in lists not too deep."""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_shallow(one, depth - 1) for one in inner)
