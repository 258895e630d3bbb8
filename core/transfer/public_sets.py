"""A part of a public set of photos as a collection: found on this machine, or downloaded."""

from __future__ import annotations

import hashlib
import tarfile
import zipfile
import zlib
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from core.augmentation.pictures import open_picture
from core.errors import InputError
from core.images.download import Progress, StoppedError, download_files, report
from core.images.finding import data_roots, own_root
from core.images.registry import Resource
from core.transfer.collection import Collection
from core.transfer.public_registry import PublicSet, public_set_named
from core.transfer.sample import LONGER, Sample, sample_of
from core.transfer.sets import check_amounts

_INSTEAD = "go on with drawn symbols or generated fruit, which are always there."
_PHOTOS = (".jpg", ".jpeg", ".png")
_SPARE = 3  # more photos of a class are kept at hand, for those that are damaged
_LARGEST = 20_000_000  # bytes of one photo
_ENOUGH = 512  # pixels of both sides to which a large photo is reduced at once
_File = tuple[PurePosixPath, Callable[[], bytes]]
_BROKEN = (OSError, EOFError, ValueError, KeyError, zlib.error, RuntimeError)


def public_place(name: str, roots: Sequence[Path] | None = None) -> Path | None:
    """Where a public set lies on this machine: a folder or an archive; None if nowhere.

    Args:
        name: A key of `PUBLIC_SETS`.
        roots: The folders to look in; None takes EXPLORER_DATA_DIR and the explorer's own one.

    Raises:
        InputError: A name that is not known.
    """
    known = public_set_named(name)
    roots = data_roots() if roots is None else roots
    return next(
        (root / place for root in roots for place in known.places if _whole(known, root / place)),
        None,
    )


def download_public(
    name: str,
    progress: Progress,
    root: Path | None = None,
    resources: Sequence[Resource] | None = None,
) -> None:
    """Download a public set; files that are there and whole are not fetched again.

    Args:
        name: A key of `PUBLIC_SETS`.
        progress: Called after every piece with the bytes so far and the bytes in all. What it
            raises ends the download; an `InputError` is passed on as it is.
        root: The data folder; None takes the explorer's own one.
        resources: What to fetch instead of the set's own files.

    Raises:
        InputError: No network, no room, a wrong file or a stop; nothing half is left behind.
    """
    known = public_set_named(name)
    wanted = known.resources if resources is None else resources
    download_files(known.label, wanted, root or own_root(), progress, _INSTEAD)


def public_set(
    name: str,
    per_class: int,
    seed: int,
    classes: Sequence[str] | None = None,
    *,
    roots: Sequence[Path] | None = None,
    progress: Progress | None = None,
) -> Collection:
    """Take so many photos of each class out of a public set that is on this machine.

    The same arguments give the same photos, whether the set lies unpacked or in its archive, and
    more of a class begins with fewer of it.

    Args:
        name: A key of `PUBLIC_SETS`.
        per_class: Photos of each class, 1 to 100; fewer where the set has fewer.
        seed: Which ones chance gives.
        classes: Which classes, in that order; None takes the usual ones.
        roots: The folders to look in; None takes the usual ones.
        progress: Called with how many files were looked at, and 0; what it raises ends the
            search.

    Raises:
        InputError: No such set or class, a set that is not here, or one that is damaged.
    """
    known = public_set_named(name)
    chosen = tuple(dict.fromkeys(known.usual if classes is None else classes))
    for one in chosen:
        if one not in known.classes:
            raise InputError(f"{known.label} has no class “{one[:20]}”. Choose another one.")
    check_amounts(per_class, len(chosen))
    place = public_place(name, roots)
    if place is None:
        raise InputError(
            f"{known.label} is not on this machine. Download it ({known.megabytes:,.0f} MB), or "
            "choose another set."
        )
    try:
        best = _drawn(known, place, chosen, (per_class + _SPARE, seed), progress)
    except StoppedError as error:
        raise InputError(f"Looking through {known.label} was stopped.") from error
    except (*_BROKEN, tarfile.TarError, zipfile.BadZipFile) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{place.name} is damaged. Delete it and download {known.label} again."
        ) from error
    return _collected(known, {one: best[one] for one in chosen}, per_class)


class _Best:
    """The photos of a class with the smallest lots so far, and their bytes."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._kept: list[tuple[bytes, str, bytes]] = []

    def offer(self, lot: bytes, name: str, read: Callable[[], bytes]) -> None:
        """Keep a photo if its lot is small enough; only then it is read."""
        if len(self._kept) < self._count or lot < self._kept[-1][0]:
            insort(self._kept, (lot, name, read()))
            del self._kept[self._count :]

    def photos(self) -> list[tuple[str, bytes]]:
        """Name and content of each, in the order of their lots."""
        return [(name, data) for _, name, data in self._kept]


def _drawn(
    known: PublicSet,
    place: Path,
    chosen: tuple[str, ...],
    amount: tuple[int, int],
    progress: Progress | None,
) -> dict[str, list[tuple[str, bytes]]]:
    """Draw lots among the photos of the classes in one pass over all files."""
    count, seed = amount
    best = {name: _Best(count) for name in chosen}
    label_of = known.finder(place)
    for number, (path, read) in enumerate(_files(place), 1):
        if progress:
            report(progress, number, 0)
        photo = path.suffix.lower() in _PHOTOS and not path.name.startswith(".")
        label = label_of(path) if photo else None
        if label in best:
            text = f"{seed}/{label}/{path.name}".encode("utf-8", "replace")
            lot = hashlib.blake2b(text, digest_size=16).digest()
            best[label].offer(lot, path.name, read)
    return {name: one.photos() for name, one in best.items()}


def _collected(
    known: PublicSet, photos: dict[str, list[tuple[str, bytes]]], per_class: int
) -> Collection:
    collection = Collection()
    for label, files in photos.items():
        samples: list[Sample] = []
        for name, data in files:
            if len(samples) < per_class and (sample := _opened(name, data)):
                samples.append(sample)
        if not samples:
            raise InputError(
                f"No photo of “{label}” was found. Delete {known.label} and download it again."
            )
        collection = collection.add_label(label)
        collection = collection.add(collection.labels[-1].id, samples)
    return collection


def _opened(name: str, data: bytes) -> Sample | None:
    try:
        return sample_of(open_picture(data, LONGER, _ENOUGH), "set", name)
    except InputError:
        return None


def _whole(known: PublicSet, place: Path) -> bool:
    """Whether a set lies there with all that belongs to it."""
    beside = [one.path.rsplit("/", 1)[-1] for one in known.resources if one.path.endswith(".mat")]
    there = place.is_dir() or place.is_file()
    return there and all((place.parent / name).is_file() for name in beside)


def _files(place: Path) -> Iterator[_File]:
    """Every file of a folder or an archive, with a function that reads it."""
    if place.is_dir():
        for path in sorted(place.rglob("*")):
            if path.is_file():
                yield PurePosixPath(path.relative_to(place).as_posix()), path.read_bytes
    elif place.suffix == ".zip":
        with zipfile.ZipFile(place) as archive:
            for member in archive.infolist():
                if member.file_size <= _LARGEST:
                    yield PurePosixPath(member.filename), _reader(archive, member)
    else:
        yield from _of_tar(place)


def _reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    return lambda: archive.read(member)


def _of_tar(place: Path) -> Iterator[_File]:
    """The files of a packed tape, from its beginning to its end, without unpacking it."""
    with tarfile.open(place, "r|gz") as tape:
        for member in tape:
            if not member.isfile() or member.size > _LARGEST:
                continue
            file = tape.extractfile(member)
            if file is not None:
                yield PurePosixPath(member.name), file.read
