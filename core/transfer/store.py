"""Collections on the disk: they outlive a page switch, a reload and a restart of the server."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.images.finding import own_root
from core.runs.sealed import read_bytes, read_sealed, sealed, write_whole
from core.transfer.collection import Collection
from core.transfer.listing import digests, from_listing, listing
from core.transfer.picture_files import from_png, to_png
from core.transfer.sample import Picture

INDEX, EARLIER, PICTURES = "collection.json", "earlier.json", "pictures"
FORMAT = 1
KEPT_DAYS = 30.0
SECOND_LOOK_S = 3600.0
MAX_ROOT = 4_000_000_000  # bytes of all collections together
_RUBBISH = ".deleted-"
_DAY = 86_400.0
_FOUND_OLD: dict[Path, float] = {}  # when a collection was first found too old, monotonic
_LOCKS: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, eq=False)
class Stored:
    """What was found on the disk.

    Attributes:
        collection: The classes and samples; empty if nothing was kept.
        notice: A sentence on what was damaged or lost; empty if nothing was.
    """

    collection: Collection = field(default_factory=Collection)
    notice: str = ""


def collections_root() -> Path:
    """The folder of all collections; it may not exist yet.

    It lies beside that of the runs, or hidden within EXPLORER_RUNS_DIR where that is set.
    """
    given = os.environ.get("EXPLORER_RUNS_DIR")
    return Path(given).expanduser() / ".collections" if given else own_root().parent / "collections"


def save_collection(root: Path, owner: str, collection: Collection) -> None:
    """Keep a collection in place of the owner's earlier one.

    Only pictures that are not there yet are written; a kill at any moment leaves the earlier
    collection or this one. Collections that nobody used for 30 days are deleted on the way.

    Args:
        root: The folder of all collections; it is made if necessary.
        owner: Whose it is: any text.
        collection: What to keep.

    Raises:
        InputError: The disk is full or cannot be written to; the earlier one stays.
    """
    folder = folder_of(root, owner)
    try:
        with _LOCKS[folder]:
            if not folder.is_dir():
                clean_up(root, keep=folder)
            (folder / PICTURES).mkdir(parents=True, exist_ok=True)
            _write(folder, collection)
    except OSError as error:
        raise InputError(
            f"The samples could not be kept on the disk ({error.strerror or error}). They stay "
            "here as long as this page is open; save a project file to be sure."
        ) from error


def load_collection(root: Path, owner: str) -> Stored:
    """Read the collection of an owner back, as far as it is whole.

    Nothing raises: a damaged list gives the one before it, a damaged picture is left out.

    Args:
        root: The folder of all collections.
        owner: Whose it is.
    """
    folder = folder_of(root, owner)
    with _LOCKS[folder]:
        if not folder.is_dir():
            return Stored()
        with contextlib.suppress(OSError):
            os.utime(folder)
        for name in (INDEX, EARLIER):
            with contextlib.suppress(InputError):
                collection, lost = from_listing(_values(folder, name), _reader(folder))
                return Stored(collection, _notice(name != INDEX, len(lost)))
    nothing = not (folder / INDEX).exists() and not (folder / EARLIER).exists()
    return Stored(notice="" if nothing else "The kept samples are damaged and could not be read.")


def delete_collection(root: Path, owner: str) -> None:
    """Delete what is kept of an owner, if there is anything."""
    folder = folder_of(root, owner)
    with _LOCKS[folder]:
        _delete(folder)


def clean_up(root: Path, keep: Path | None = None, now: float | None = None) -> None:
    """Delete collections that nobody used for 30 days, and the oldest ones beyond 4 GB.

    What is found too old is deleted by a later call, an hour on at least.

    Args:
        root: The folder of all collections.
        keep: One that stays in any case.
        now: Seconds since 1970; None asks the clock.
    """
    aged = sorted(_folders(root), reverse=True)  # the newest first
    total, today = 0, time.time() if now is None else now
    for used, folder in aged:
        total += _size(folder / PICTURES)
        old = _long_old(folder, today - used > KEPT_DAYS * _DAY)
        if folder != keep and (old or total > MAX_ROOT):
            _delete(folder)
    for left in root.glob(f"{_RUBBISH}*"):
        shutil.rmtree(left, ignore_errors=True)


def _long_old(folder: Path, old: bool) -> bool:
    """Whether a collection was found too old before and is so still.

    A clock that runs wrong for some minutes, as after a start without network, must not cost
    anybody their pictures.
    """
    if not old:
        _FOUND_OLD.pop(folder, None)
        return False
    first = _FOUND_OLD.setdefault(folder, time.monotonic())
    return time.monotonic() - first >= SECOND_LOOK_S


def folder_of(root: Path, owner: str) -> Path:
    """Where the collection of an owner lies, whatever characters the owner's name has."""
    return root / hashlib.blake2b(owner.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _write(folder: Path, collection: Collection) -> None:
    there = {path.name for path in _files(folder / PICTURES)}
    for sample in collection.everything():
        if (name := f"{sample.digest}.png") not in there:
            write_whole(folder / PICTURES / name, to_png(sample.picture))
            there.add(name)
    earlier: Any = None
    with contextlib.suppress(InputError):
        earlier = _values(folder, INDEX)
        write_whole(folder / EARLIER, read_bytes(folder / INDEX))
    labels = listing(collection)
    write_whole(folder / INDEX, sealed({"format": FORMAT, "labels": labels}), durable=True)
    os.utime(folder)
    needed = digests(labels) | digests(earlier)
    for path in _files(folder / PICTURES):
        if path.stem not in needed:
            path.unlink(missing_ok=True)


def _values(folder: Path, name: str) -> Any:
    values = read_sealed(folder / name)
    if values.get("format") != FORMAT:
        raise InputError("These samples were kept by another version of the explorer.")
    return values.get("labels")


def _reader(folder: Path) -> Any:
    known: dict[str, Picture] = {}

    def read(digest: str) -> Picture:
        if digest not in known:
            known[digest] = from_png(read_bytes(folder / PICTURES / f"{digest}.png"), digest)
        return known[digest]

    return read


def _notice(earlier: bool, lost: int) -> str:
    said = []
    if earlier:
        said.append("The newest list of samples is damaged; the one before it is shown.")
    if lost:
        was = "1 picture was" if lost == 1 else f"{lost:,} pictures were"
        said.append(f"{was} damaged on the disk and had to be left out.")
    return " ".join(said)


def _folders(root: Path) -> Iterator[tuple[float, Path]]:
    """When each collection was used last, and where it is."""
    for path in _files(root):
        if path.is_dir() and not path.name.startswith("."):
            with contextlib.suppress(OSError):
                yield path.stat().st_mtime, path


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _size(folder: Path) -> int:
    total = 0
    for path in _files(folder):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def _delete(folder: Path) -> None:
    """Delete a folder so that a kill leaves nothing that looks like a collection."""
    aside = folder.with_name(f"{_RUBBISH}{folder.name}")
    with contextlib.suppress(OSError):
        shutil.rmtree(aside, ignore_errors=True)
        folder.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)
