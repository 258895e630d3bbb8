"""A collection makes room for another one of the same person, and comes back when it is wanted."""

from __future__ import annotations

from pathlib import Path

from core.errors import InputError, of_the_disk
from core.transfer.collection import Collection
from core.transfer.listing import digests, from_listing
from core.transfer.listings_aside import listings_aside, put_listing_aside, take_listing_back
from core.transfer.store import INDEX, LOCKS, folder_of, reader_of, values_in


def put_aside(root: Path, owner: str) -> int:
    """Keep what is kept of an owner aside, so that another collection may take its place.

    Returns:
        How many pictures that are; 0 if there is nothing.

    Raises:
        InputError: The disk is full.
    """
    folder = folder_of(root, owner)
    with LOCKS[folder]:
        try:
            labels = values_in(folder, INDEX)
        except InputError:
            return 0
        if count := len(digests(labels)):
            try:
                put_listing_aside(folder, labels)
            except OSError as error:
                raise InputError(of_the_disk(error)) from error
        return count


def take_back(root: Path, owner: str) -> Collection:
    """The newest collection that was put aside; what is kept now takes its place there.

    Raises:
        InputError: There is none, its pictures are damaged, or the disk is full.
    """
    folder = folder_of(root, owner)
    with LOCKS[folder]:
        kept = listings_aside(folder)
        if not kept:
            raise InputError("Nothing was put aside.")
        collection, _ = from_listing(kept[-1], reader_of(folder))
    put_aside(root, owner)
    with LOCKS[folder]:
        try:
            take_listing_back(folder, kept[-1])
        except OSError as error:
            raise InputError(of_the_disk(error)) from error
    return collection


def counts_aside(root: Path, owner: str) -> tuple[int, int]:
    """Pictures and classes of the newest collection that was put aside; zeros without one."""
    kept = listings_aside(folder_of(root, owner))
    return (len(digests(kept[-1])), len(kept[-1])) if kept else (0, 0)
