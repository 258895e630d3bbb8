"""What lies in a ZIP archive that a stranger sends: its pictures, and why others are no use."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import InputError
from core.images.class_folder import Entry, content, is_link, listed, opened, parts_of
from core.transfer.sample import cleaned

MAX_ARCHIVE = 200_000_000  # bytes
MAX_PICTURES = 2000
MAX_UNPACKED = 1_000_000_000  # bytes of all pictures of an archive together
_QUIET = {"thumbs.db", "desktop.ini", "icon\r"}  # what systems leave in every folder
_OTHER = "It is no picture. JPEG, PNG, WebP, GIF, BMP and TIFF can be read."


@dataclass(frozen=True)
class Packed:
    """One file of an archive.

    Attributes:
        name: Its path in the archive.
        label: The name of its class folder; None if it lies in none.
        data: Its bytes; None if they are of no use.
        why: A sentence on what is wrong with it; empty if nothing is.
    """

    name: str
    label: str | None
    data: bytes | None
    why: str = ""


class Archive:
    """A ZIP archive whose pictures are unpacked one after the other, never to the disk.

    Args:
        data: The file.

    Attributes:
        labels: The names of its class folders, in the order of the alphabet.
        count: How many files of it there are to speak of.

    Raises:
        InputError: It is no archive, damaged, too large, or has too many files or pictures.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_ARCHIVE:
            raise InputError(
                f"The archive has {len(data) / 1e6:,.0f} MB; {MAX_ARCHIVE / 1e6:.0f} MB are the "
                "most. Pack fewer or smaller pictures."
            )
        self._zip = opened(data)
        self._entries = listed(self._zip)
        if len(self._entries) > MAX_PICTURES:
            raise InputError(
                f"The archive has {len(self._entries):,} pictures; {MAX_PICTURES:,} are the most. "
                "Take out some of each class."
            )
        known = {id(entry.member) for entry in self._entries}
        self._others = [
            (member.filename, why)
            for member in self._zip.infolist()
            if id(member) not in known and (why := _objection(member))
        ]
        if not self._entries:
            raise InputError(_none_in(self._others))
        names = {entry.label for entry in self._entries if entry.label is not None}
        self.labels = tuple(sorted(names, key=lambda name: (name.casefold(), name)))
        self.count = len(self._entries) + len(self._others)

    def files(self) -> Iterator[Packed]:
        """Every picture in turn, then every other file with the reason why it is none."""
        unpacked = 0
        for entry in self._entries:
            unpacked += entry.member.file_size
            yield self._read(entry, unpacked)
        for name, why in self._others:
            yield Packed(name, None, None, why)

    def _read(self, entry: Entry, unpacked: int) -> Packed:
        name = entry.member.filename
        if unpacked > MAX_UNPACKED:
            why = f"The archive unpacks to more than {MAX_UNPACKED / 1e6:,.0f} MB; pack less."
            return Packed(name, entry.label, None, why)
        try:
            return Packed(name, entry.label, content(self._zip, entry.member))
        except InputError as error:
            return Packed(name, entry.label, None, f"It {error}.")


def is_archive(data: bytes) -> bool:
    """Whether a file begins as ZIP archives do."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _none_in(others: list[tuple[str, str]]) -> str:
    """What is said about an archive without pictures, with its first file as an example."""
    if any(name.endswith(".pkl") for name, _ in others):
        return "It is a file of PyTorch and no archive of pictures. Load it as a backbone."
    said = "There is no picture in this archive."
    return f"{said} {cleaned(others[0][0], 60)}: {others[0][1]}" if others else said


def _objection(member: zipfile.ZipInfo) -> str:
    """Why a file is not taken; nothing for folders and for what systems hide in archives."""
    parts = parts_of(member)
    if member.is_dir() or not parts or parts[0] == "__MACOSX" or parts[-1].lower() in _QUIET:
        return ""
    if ".." in parts or parts[0].startswith("/"):
        return "Its path leads out of the archive."
    if is_link(member):
        return "It is a link to another file, and links are not followed."
    if any(part.startswith(".") for part in parts):
        return ""
    if parts[-1].lower().endswith(".zip"):
        return "It is an archive in an archive. Give it by itself."
    return _OTHER
