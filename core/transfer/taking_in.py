"""Files that a person gives, many at once and of any kind, become samples."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.augmentation.pictures import open_picture
from core.errors import InputError
from core.transfer.archive import Archive, Packed, is_archive
from core.transfer.collection import MAX_BYTES, MAX_LABELS, MAX_SAMPLES, Collection
from core.transfer.label import LONGEST_LABEL
from core.transfer.sample import LONGER, Origin, Picture, Sample, cleaned, sample_of

MAX_TOTAL = 400_000_000  # bytes of all files together
MAX_SECONDS = 120.0
MAX_SENTENCES = 40  # refused files that are named one by one
_ENOUGH = 512  # pixels of both sides to which a large photo is reduced at once
_KINDS = (
    (b"%PDF", "It is a PDF. Save its pictures as JPEG or PNG."),
    (b"Rar!", "It is a RAR archive. Pack the pictures as ZIP."),
    (b"7z\xbc\xaf", "It is a 7-Zip archive. Pack the pictures as ZIP."),
    (b"\x1f\x8b", "It is a gzip archive. Pack the pictures as ZIP."),
    *(
        (
            bytes([0x80, version]),
            "It is a Python pickle, which could run any code; it is not opened.",
        )
        for version in range(2, 6)
    ),
    (b"<svg", "It is a drawing made of lines (SVG). Save it as PNG."),
    (b"<?xml", "It is an XML file. If it is a drawing, save it as PNG."),
)
_PHONES = (b"heic", b"heix", b"mif1", b"avif")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Taken:
    """What became of the files that were given.

    Attributes:
        samples: The pictures that belong to no class folder, for the class at which they were
            given.
        labels: The pictures of class folders, by the name of the class.
        refused: Every file that was no use, with a sentence; at most 40 of them.
        more: How many other files were refused.
    """

    samples: tuple[Sample, ...] = ()
    labels: dict[str, tuple[Sample, ...]] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()
    more: int = 0

    def __len__(self) -> int:
        return len(self.samples) + sum(map(len, self.labels.values()))

    @property
    def notice(self) -> str:
        """How much was taken and how much was not, in one sentence."""
        count, refused = len(self), len(self.refused) + self.more
        taken = f"{count:,} picture{'' if count == 1 else 's'} taken"
        return (
            f"{taken}, {refused:,} file{'' if refused == 1 else 's'} not."
            if refused
            else f"{taken}."
        )

    def into(self, collection: Collection, label_id: str | None = None) -> Collection:
        """The collection with what was taken; class folders make classes where there are none.

        Args:
            collection: What was there, which stays as it is.
            label_id: The class for what lies in no class folder.

        Raises:
            InputError: There are such pictures and no class for them, or there is no room.
        """
        for name, samples in self.labels.items():
            there = collection.label_named(name)
            if there is None:
                collection = collection.add_label(name)
                there = collection.labels[-1]
            collection = collection.add(there.id, samples)
        if not self.samples:
            return collection
        if label_id is None:
            raise InputError("Choose the class that these pictures show, and add them there.")
        return collection.add(label_id, self.samples)


def take_in(
    files: Sequence[tuple[str, bytes]],
    collection: Collection | None = None,
    *,
    to_label: bool = True,
    origin: Origin = "upload",
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Taken:
    """Read pictures, ZIP archives of class folders, and plain ZIP archives.

    Nothing of it raises for a single file: what cannot be used is refused with a sentence of its
    own, and the rest is taken. One picture is open at a time.

    Args:
        files: The name and the content of each.
        collection: What is there already, so that no more is taken than has room beside it.
        to_label: True if the files were given at a class: then an archive with one folder only,
            or with none, belongs to that class. False makes the folder, or the archive, a class.
        origin: How the pictures came.
        progress: Called after every file with how many are read and how many are known of.
        clock: Tells the seconds; after two minutes the rest is refused.

    Raises:
        InputError: More than 400 MB at once; and whatever `progress` raises.
    """
    total = sum(len(data) for _, data in files)
    if total > MAX_TOTAL:
        raise InputError(
            f"These files have {total / 1e6:,.0f} MB together; {MAX_TOTAL / 1e6:.0f} MB can be "
            "added at once. Add them in several goes."
        )
    taking = _Taking(Collection() if collection is None else collection, origin, clock)
    done, known = 0, len(files)
    for name, data in files:
        archive = taking.archive(name, data) if is_archive(data) else None
        if archive is not None:
            known += archive.count
            for packed in archive.files():
                taking.packed(name, archive, packed, to_label)
                done += 1
                _tell(progress, done, known)
        elif not is_archive(data):
            taking.picture(name, data, None)
        done += 1
        _tell(progress, done, known)
    return taking.result()


class _Taking:
    """The state of one `take_in`: what is taken, what is refused, and what still has room."""

    def __init__(self, collection: Collection, origin: Origin, clock: Callable[[], float]) -> None:
        self._collection, self._origin, self._clock = collection, origin, clock
        self._until = clock() + MAX_SECONDS
        self._room = MAX_SAMPLES - len(collection)
        self._bytes = MAX_BYTES - collection.nbytes
        self._loose: list[Sample] = []
        self._labels: dict[str, list[Sample]] = {}
        self._refused: list[tuple[str, str]] = []
        self._more = 0

    def archive(self, name: str, data: bytes) -> Archive | None:
        try:
            return Archive(data)
        except InputError as error:
            self.refuse(name, str(error))
            return None

    def packed(self, outer: str, archive: Archive, packed: Packed, to_label: bool) -> None:
        """Take a file of an archive into its class."""
        name = f"{outer}/{packed.name}"
        if packed.data is None:
            return self.refuse(name, packed.why)
        if len(archive.labels) <= 1 and to_label:
            return self.picture(name, packed.data, None)
        if archive.labels and packed.label is None:
            return self.refuse(name, "It lies beside the class folders and not in one of them.")
        stem = outer.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return self.picture(name, packed.data, packed.label or stem or "archive")

    def picture(self, name: str, data: bytes, folder: str | None) -> None:
        """Take a picture into the class of a folder, or into the one that was pointed at."""
        if self._clock() > self._until:
            return self.refuse(name, "Time was up before it was read. Add it again by itself.")
        if self._room <= 0:
            return self.refuse(name, f"There are {MAX_SAMPLES:,} pictures already; remove some.")
        try:
            sample = sample_of(_opened(data), self._origin, name.replace("\\", "/").split("/")[-1])
            group = self._group(folder)
        except InputError as error:
            return self.refuse(name, str(error))
        if self._bytes < sample.picture.nbytes:
            return self.refuse(name, "The memory for pictures is full; remove some of them.")
        self._room -= 1
        self._bytes -= sample.picture.nbytes
        group.append(sample)
        return None

    def refuse(self, name: str, why: str) -> None:
        if len(self._refused) < MAX_SENTENCES:
            self._refused.append((cleaned(name, 120) or "A file without a name", why))
        else:
            self._more += 1

    def result(self) -> Taken:
        labels = {name: tuple(samples) for name, samples in self._labels.items() if samples}
        return Taken(tuple(self._loose), labels, tuple(self._refused), self._more)

    def _group(self, folder: str | None) -> list[Sample]:
        if folder is None:
            return self._loose
        name = cleaned(folder, LONGEST_LABEL)
        if not name:
            raise InputError("The name of its folder has no letter that can be shown. Rename it.")
        there = self._collection.label_named(name)
        key = there.name if there else _same(name, self._labels)
        new = sum(self._collection.label_named(one) is None for one in self._labels)
        full = len(self._collection.labels) + new >= MAX_LABELS
        if there is None and key not in self._labels and full:
            raise InputError(f"Its folder would be one class more than {MAX_LABELS}.")
        return self._labels.setdefault(key, [])


def _same(name: str, known: dict[str, list[Sample]]) -> str:
    """The name under which a class is known, whatever its capital letters."""
    return next((one for one in known if one.casefold() == name.casefold()), name)


def _opened(data: bytes) -> Picture:
    """The picture in a file.

    Raises:
        InputError: It is none; what it is instead, where that can be told.
    """
    if not data:
        raise InputError("It is empty.")
    for mark, sentence in _KINDS:
        if data[:64].lstrip().startswith(mark):
            raise InputError(sentence)
    if data[4:8] == b"ftyp":
        if data[8:12] in _PHONES:
            raise InputError("It is a HEIC or AVIF photo. Save or export it as JPEG.")
        raise InputError("It is a video. Take a picture out of it and add that.")
    return open_picture(data, LONGER, _ENOUGH)


def _tell(progress: Progress | None, done: int, known: int) -> None:
    if progress:
        progress(done, known)
