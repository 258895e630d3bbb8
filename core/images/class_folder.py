"""Own pictures: a ZIP archive with one folder for each class."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import torch

from core.errors import InputError
from core.images.image_set import ImageSet
from core.images.picture import LARGEST, read_picture

MAX_ZIP = 200_000_000
MAX_PICTURES = 5000
MAX_FILE = 60_000_000  # bytes of one picture, unpacked
MAX_RATIO = 200  # bytes unpacked for each packed one: beyond it is no picture
MAX_MEMBERS = 15_000
MIN_SIDE, MAX_SIDE = 8, 224
ENDINGS = (".jpg", ".jpeg", ".jfif", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff")
NO_ZIP = (
    "This is not a ZIP archive, or it is damaged. Pack a folder that holds one folder of "
    "pictures for each class."
)
ENTRY = b"PK\x01\x02"  # stands before each name in the list of an archive
PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}


@dataclass(frozen=True)
class Entry:
    """A picture in an archive.

    Attributes:
        member: Where it lies there.
        label: The name of its class folder; None if it lies in none.
    """

    member: zipfile.ZipInfo
    label: str | None


def read_class_folder(
    data: bytes,
    side: int = 32,
    *,
    grey: bool = False,
    name: str = "Own pictures",
    progress: Callable[[int, int], None] | None = None,
) -> tuple[ImageSet, str | None]:
    """Read a ZIP archive such as ``cats/1.jpg, cats/2.png, dogs/1.jpg``.

    Folders around the class folders are ignored; ``train`` and ``val`` inside are put together.
    Nothing is unpacked to the disk. Every picture is turned as its camera noted, cut to the
    largest square in its middle and brought to side × side pixels.

    Args:
        data: The archive, at most 200 MB with 5,000 pictures of up to 40 megapixels.
        side: Height and width of the result, 8 to 224.
        grey: True for one channel instead of three.
        name: What the set is called.
        progress: Called after every picture with how many are read and how many there are.

    Returns:
        The pictures, and a sentence on what had to be left out, else None.

    Raises:
        InputError: Nothing else, apart from what `progress` raises.
    """
    if not MIN_SIDE <= side <= MAX_SIDE:
        raise InputError(f"Pictures are brought to {MIN_SIDE} to {MAX_SIDE} pixels a side.")
    if len(data) > MAX_ZIP:
        raise InputError(f"The archive has more than {MAX_ZIP / 1e6:.0f} MB. Put in fewer photos.")
    try:
        with opened(data) as archive:
            every = listed(archive)
            pictures = [entry for entry in every if entry.label is not None]
            _check(pictures)
            loose = len(every) - len(pictures)
            return _read_all(archive, pictures, loose, (side, grey, name), progress)
    except zipfile.BadZipFile:
        raise InputError(NO_ZIP) from None


def opened(data: bytes) -> zipfile.ZipFile:
    """An archive with its list of contents read, if that list is not too long.

    Raises:
        InputError: No archive, a damaged one, or more than 15,000 files.
    """
    # Each entry of the list has this mark: counted first, a long list takes no memory.
    if (count := data.count(ENTRY)) > MAX_MEMBERS:
        raise InputError(
            f"The archive has about {count:,} files; {MAX_MEMBERS:,} is the limit. Pack fewer."
        )
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        raise InputError(NO_ZIP) from None


def _check(pictures: list[Entry]) -> None:
    if not pictures:
        raise InputError(
            "No picture lies in a class folder of the archive. Make one folder for each class, "
            "put JPEG or PNG files into it and pack the folders."
        )
    if len(pictures) > MAX_PICTURES:
        raise InputError(
            f"The archive has {len(pictures):,} pictures; {MAX_PICTURES:,} is the limit. Take out "
            "some of each class."
        )


def listed(archive: zipfile.ZipFile) -> list[Entry]:
    """The pictures of an archive by their names, each with its class folder.

    Hidden files, links, and paths that lead out of the archive are left out.
    """
    paths = []
    for member in archive.infolist():
        parts = parts_of(member)
        hidden = any(part.startswith((".", "__MACOSX", "/")) for part in parts)
        if parts and not hidden and not member.is_dir() and not is_link(member):
            paths.append((member, parts[:-1]))
    paths = [(one, folders) for one, folders in paths if one.filename.lower().endswith(ENDINGS)]
    depth = _depth([folders for _, folders in paths if folders])
    return [
        Entry(member, folders[depth] if len(folders) > depth else None) for member, folders in paths
    ]


def parts_of(member: zipfile.ZipInfo) -> tuple[str, ...]:
    """The folders of a file in an archive, and its name, whatever system packed it."""
    return PurePosixPath(member.filename.replace("\\", "/")).parts


def is_link(member: zipfile.ZipInfo) -> bool:
    """Whether a file in an archive only names another one."""
    return stat.S_ISLNK(member.external_attr >> 16)


def _depth(folders: list[tuple[str, ...]]) -> int:
    """How many folders lie around the class folders."""
    depth = 0
    while True:
        names = {path[depth] for path in folders if len(path) > depth}
        deeper = any(len(path) > depth + 1 for path in folders)
        around = len(names) == 1 or all(name.lower() in PARTS for name in names)
        if not (names and deeper and around):
            return depth
        depth += 1


def _read_all(
    archive: zipfile.ZipFile,
    pictures: list[Entry],
    loose: int,
    form: tuple[int, bool, str],
    progress: Callable[[int, int], None] | None,
) -> tuple[ImageSet, str | None]:
    side, grey, name = form
    images = torch.empty(len(pictures), 1 if grey else 3, side, side, dtype=torch.uint8)
    labels: list[str] = []
    left_out = Counter({"lies in no class folder": loose})
    for at, picture in enumerate(pictures):
        try:
            images[len(labels)] = read_picture(content(archive, picture.member), side, grey=grey)
            labels.append(str(picture.label))
        except InputError as error:
            left_out[str(error)] += 1
        if progress:
            progress(at + 1, len(pictures))
    classes = tuple(sorted(set(labels), key=str.casefold))
    if len(classes) < 2:
        raise InputError(
            f"Two classes are the least, and readable pictures of {len(classes)} were found. Make "
            "one folder for each class." + (f" {_notice(left_out)}" if +left_out else "")
        )
    numbers = torch.tensor([classes.index(label) for label in labels])
    # A copy, so that the rows of what was left out are let go.
    return ImageSet(images[: len(labels)].clone(), numbers, classes, name), _notice(left_out)


def content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one file, never more than a picture may have.

    Raises:
        InputError: What is wrong with it, to follow the word "picture": "is damaged", ….
    """
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("is packed in an unusual way")
    if member.file_size > MAX_FILE or member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise InputError(LARGEST)
    try:
        with archive.open(member) as file:
            return file.read(MAX_FILE)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error):
        raise InputError("is damaged") from None
    except NotImplementedError:
        raise InputError("is packed in an unusual way") from None
    except RuntimeError:  # zipfile's word for a password
        raise InputError("is locked with a password") from None


def _notice(left_out: Counter[str]) -> str | None:
    reasons = [f"{count:,} that {_plural(why, count)}" for why, count in left_out.items() if count]
    return f"Pictures left out: {', '.join(reasons)}." if reasons else None


def _plural(why: str, count: int) -> str:
    if count == 1:
        return why
    return why.replace("is ", "are ", 1) if why.startswith("is ") else why.replace("lies", "lie", 1)
