"""Collections on the disk: they outlive a page switch, a reload and a restart of the server."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.images.finding import own_root
from core.runs.sealed import read_bytes, read_sealed, sealed, write_whole
from core.transfer.collection import Collection
from core.transfer.listing import digests, from_listing, listing
from core.transfer.listings_aside import listings_aside
from core.transfer.old_collections import PICTURES, clean_up, delete_folder, files_in
from core.transfer.picture_files import from_png, to_png
from core.transfer.sample import Picture

INDEX, EARLIER = "collection.json", "earlier.json"
FORMAT = 1
LOCKS: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, eq=False)
class Stored:
    """What was found on the disk.

    Attributes:
        collection: The classes and samples; empty if nothing was kept.
        notice: A sentence on what was damaged or lost; empty if nothing was.
        mark: Tells this state of what is kept from every other.
    """

    collection: Collection = field(default_factory=Collection)
    notice: str = ""
    mark: str = ""


def collections_root() -> Path:
    """The folder of all collections; it may not exist yet.

    It lies beside that of the runs, or hidden within EXPLORER_RUNS_DIR where that is set.
    """
    given = os.environ.get("EXPLORER_RUNS_DIR")
    return Path(given).expanduser() / ".collections" if given else own_root().parent / "collections"


class ElsewhereError(InputError):
    """The kept collection is not the one that was expected: another tab has changed it."""


def save_collection(
    root: Path, owner: str, collection: Collection, known: str | None = None
) -> str:
    """Keep a collection in place of the owner's earlier one.

    Only pictures that are not there yet are written; a kill at any moment leaves the earlier
    collection or this one. Collections that nobody used for 30 days are deleted on the way.

    Args:
        root: The folder of all collections; it is made if necessary.
        owner: Whose it is: any text.
        collection: What to keep.
        known: The mark of the earlier one, if only that may be replaced.

    Returns:
        The mark of what is kept now.

    Raises:
        ElsewhereError: The earlier one has another mark; it stays.
        InputError: The disk is full or cannot be written to; the earlier one stays.
    """
    folder = folder_of(root, owner)
    try:
        with LOCKS[folder]:
            if known is not None and _mark(folder) != known:
                raise ElsewhereError("Another tab has changed these pictures meanwhile.")
            if not folder.is_dir():
                clean_up(root, keep=folder)
            (folder / PICTURES).mkdir(parents=True, exist_ok=True)
            _write(folder, collection)
            return _mark(folder)
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
    with LOCKS[folder]:
        if not folder.is_dir():
            return Stored()
        with contextlib.suppress(OSError):
            os.utime(folder)
        for name in (INDEX, EARLIER):
            with contextlib.suppress(InputError):
                collection, lost = from_listing(values_in(folder, name), reader_of(folder))
                return Stored(collection, _notice(name != INDEX, len(lost)), _mark(folder))
        nothing = not (folder / INDEX).exists() and not (folder / EARLIER).exists()
        damaged = "" if nothing else "The kept samples are damaged and could not be read."
        return Stored(notice=damaged, mark=_mark(folder))


def delete_collection(root: Path, owner: str) -> None:
    """Delete what is kept of an owner, if there is anything."""
    folder = folder_of(root, owner)
    with LOCKS[folder]:
        delete_folder(folder)


def folder_of(root: Path, owner: str) -> Path:
    """Where the collection of an owner lies, whatever characters the owner's name has."""
    return root / hashlib.blake2b(owner.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _write(folder: Path, collection: Collection) -> None:
    there = {path.name for path in files_in(folder / PICTURES)}
    for sample in collection.everything():
        if (name := f"{sample.digest}.png") not in there:
            write_whole(folder / PICTURES / name, to_png(sample.picture))
            there.add(name)
    earlier: Any = None
    with contextlib.suppress(InputError):
        earlier = values_in(folder, INDEX)
        write_whole(folder / EARLIER, read_bytes(folder / INDEX))
    labels = listing(collection)
    write_whole(folder / INDEX, sealed({"format": FORMAT, "labels": labels}), durable=True)
    os.utime(folder)
    needed = digests(labels) | digests(earlier)
    needed = needed.union(*map(digests, listings_aside(folder)))
    for path in files_in(folder / PICTURES):
        if path.stem not in needed:
            path.unlink(missing_ok=True)


def _mark(folder: Path) -> str:
    try:
        return hashlib.blake2b((folder / INDEX).read_bytes(), digest_size=12).hexdigest()
    except OSError:
        return ""


def values_in(folder: Path, name: str) -> Any:
    """The listing in a file of a collection.

    Raises:
        InputError: It is missing, damaged, or of another version.
    """
    values = read_sealed(folder / name)
    if values.get("format") != FORMAT:
        raise InputError("These samples were kept by another version of the explorer.")
    return values.get("labels")


def reader_of(folder: Path) -> Callable[[str], Picture]:
    """What reads the pictures of a collection by their digests, each once."""
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
