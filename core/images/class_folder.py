"""Own pictures: a ZIP archive with one folder for each class."""

from __future__ import annotations

import io
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
MIN_SIDE, MAX_SIDE = 8, 224
ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff")
PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}


@dataclass(frozen=True)
class _Picture:
    member: zipfile.ZipInfo
    label: str


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
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            pictures, loose = _listed(archive)
            _check(pictures)
            return _read_all(archive, pictures, loose, (side, grey, name), progress)
    except zipfile.BadZipFile:
        raise InputError(
            "This is not a ZIP archive, or it is damaged. Pack a folder that holds one folder of "
            "pictures for each class."
        ) from None


def _check(pictures: list[_Picture]) -> None:
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


def _listed(archive: zipfile.ZipFile) -> tuple[list[_Picture], int]:
    """The pictures with the names of their classes, and how many lie in no class folder."""
    paths = []
    for member in archive.infolist():
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        hidden = any(part.startswith((".", "__MACOSX", "/")) for part in parts)
        if parts and not hidden and parts[-1].lower().endswith(ENDINGS) and not member.is_dir():
            paths.append((member, parts[:-1]))
    within = [(member, folders) for member, folders in paths if folders]
    depth = _depth([folders for _, folders in within])
    pictures = [
        _Picture(member, folders[depth]) for member, folders in within if len(folders) > depth
    ]
    return pictures, len(paths) - len(pictures)


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
    pictures: list[_Picture],
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
            images[len(labels)] = read_picture(_content(archive, picture.member), side, grey=grey)
            labels.append(picture.label)
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


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The bytes of one file, never more than a picture may have."""
    if member.file_size > MAX_FILE or member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise InputError(LARGEST)
    try:
        with archive.open(member) as file:
            return file.read(MAX_FILE)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise InputError("is damaged") from None
    except RuntimeError:  # zipfile's word for a password
        raise InputError("is locked with a password") from None


def _notice(left_out: Counter[str]) -> str | None:
    reasons = [f"{count:,} that {_plural(why, count)}" for why, count in left_out.items() if count]
    return f"Pictures left out: {', '.join(reasons)}." if reasons else None


def _plural(why: str, count: int) -> str:
    if count == 1:
        return why
    return why.replace("is ", "are ", 1) if why.startswith("is ") else why.replace("lies", "lie", 1)
