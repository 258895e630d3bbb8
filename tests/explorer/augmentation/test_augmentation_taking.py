"""An archive of class folders in pieces, browsed class by class; every kind of bad picture."""

import io
import struct
import zipfile
import zlib
from base64 import b64encode

import numpy as np
import pytest
from augmentation_messages import files_of
from PIL import Image

from explorer.augmentation import taking
from explorer.augmentation.lesson import Augmentation
from explorer.shelf import PictureShelf


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


def archive(**folders):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, colours in folders.items():
            for k, colour in enumerate(colours):
                packed.writestr(f"{name}/{k}.png", encoded(Image.new("RGB", (40, 30), colour)))
    return file.getvalue()


def pieces(data, size=300, upload="one"):
    for at in range(0, len(data), size):
        part = b64encode(data[at : at + size]).decode()
        last = at + size >= len(data)
        yield {
            **{"type": "piece", "upload": upload, "name": "x.zip", "size": len(data)},
            **{"at": at, "data": part, "last": last},
        }


RED, BLUE, GREEN = (200, 10, 10), (10, 10, 200), (10, 200, 10)


@pytest.fixture
def with_set():
    lesson = Augmentation({}, PictureShelf())
    for piece in pieces(archive(apples=[RED, GREEN], berries=[BLUE])):
        lesson.apply((piece,))
    return lesson


def test_an_archive_arrives_in_pieces_and_is_browsed_by_class(with_set):
    assert with_set.refused is None
    assert "3 pictures of 2 classes" in with_set.notice
    picture = files_of(with_set)[0]["picture"]
    assert picture["name"] == "set"
    assert picture["set"] == {"classes": ["apples", "berries"], "label": 0, "at": 0, "count": 2}
    with_set.apply(({"type": "item", "label": 1, "at": 0},))
    assert files_of(with_set)[0]["picture"]["set"]["label"] == 1
    assert np.array_equal(with_set.looking.picture()[5, 5], BLUE)
    with_set.apply(({"type": "item", "label": 0, "at": -1},))
    assert np.array_equal(with_set.looking.picture()[5, 5], GREEN)
    assert len(with_set.looking.draws()) == 16


def test_the_set_is_kept_for_other_pages_and_a_race_can_take_it(with_set):
    assert with_set.taking.shelf.pictures.classes == ("apples", "berries")
    again = Augmentation({}, with_set.taking.shelf)
    again.apply(({"type": "set", "name": "picture", "value": "set"},))
    assert again.settings.picture == "set"
    again.apply(({"type": "set", "name": "race", "value": "set"},))
    assert again.settings.race == "set"


def test_a_link_to_ones_own_set_is_named_and_replaced():
    lesson = Augmentation({"picture": "set", "race": "set"})
    assert (lesson.settings.picture, lesson.settings.race) == ("cat", "digits")
    assert len(lesson.problems) == 2


@pytest.mark.parametrize("change", ["lost", "other", "longer", "letters", "large"])
def test_an_archive_that_does_not_arrive_whole_is_refused(change):
    first, second, *_ = pieces(archive(a=[RED], b=[BLUE]))
    second = {
        "lost": second | {"at": 900},
        "other": second | {"upload": "two"},
        "longer": second | {"size": 310},
        "letters": second | {"data": "###"},
        "large": second | {"size": taking.MAX_ARCHIVE + 1},
    }[change]
    lesson = Augmentation()
    lesson.apply((first,))
    lesson.apply((second,))
    assert "whole" in lesson.refused or "100 MB is the most" in lesson.refused
    assert lesson.settings.picture == "cat"


def test_one_class_damaged_archives_and_slow_ones_get_a_sentence(monkeypatch):
    lesson = Augmentation()
    lesson.apply(tuple(pieces(archive(only=[RED]))))
    assert "Two classes are the least" in lesson.refused
    whole = archive(a=[RED], b=[BLUE])
    lesson.apply(tuple(pieces(whole[: len(whole) // 2])))
    assert "not a ZIP archive, or it is damaged" in lesson.refused
    monkeypatch.setattr(taking, "PATIENCE_S", -1.0)
    lesson.apply(tuple(pieces(whole)))
    assert "1 of 2 pictures" in lesson.refused
    assert lesson.taking.pictures is None


# -- one picture of every kind, through the page ---------------------------------------


def bomb():
    """A PNG of 60,000×60,000 pixels in few bytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90°
    return encoded(Image.new("RGB", (60, 30), RED), "JPEG", exif=exif)


GOOD = {
    "EXIF rotation": (turned(), (60, 30)),
    "CMYK": (encoded(Image.new("CMYK", (50, 40), (0, 200, 200, 20)), "JPEG"), (40, 50)),
    "16 bit": (encoded(Image.fromarray(np.full((20, 30), 40_000, np.uint16))), (20, 30)),
    "palette": (encoded(Image.new("RGB", (30, 20), BLUE).quantize(4)), (20, 30)),
    "alpha": (encoded(Image.new("RGBA", (30, 20), (*RED, 90))), (20, 30)),
    "animated": (
        encoded(
            Image.new("RGB", (30, 20), RED),
            "GIF",
            save_all=True,
            append_images=[Image.new("RGB", (30, 20), BLUE)],
        ),
        (20, 30),
    ),
    "1×1": (encoded(Image.new("RGB", (1, 1), RED)), (1, 1)),
    "12,000×9,000": (encoded(Image.new("L", (12_000, 9_000), 90), compress_level=1), (384, 512)),
}
BAD = {
    "no picture": b"This is a letter and no picture." * 10,
    "truncated": encoded(Image.new("RGB", (300, 200), RED), "JPEG")[:-400],
    "bomb": bomb(),
    "empty": b"",
}


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_of_picture_is_shown_and_drawn(kind):
    data, shape = GOOD[kind]
    lesson = Augmentation()
    lesson.apply(({"type": "upload", "data": b64encode(data).decode()},))
    assert lesson.refused is None
    assert lesson.own.shape == (*shape, 3)
    header, files = files_of(lesson)
    assert len(files) >= 18
    assert all(Image.open(io.BytesIO(one)).size[0] >= 1 for one in files)
    assert header["picture"]["label"] == "Your own picture"


@pytest.mark.parametrize("kind", BAD)
def test_every_bad_file_gets_a_sentence_and_what_was_there_stays(kind):
    lesson = Augmentation()
    before = lesson.settings
    lesson.apply(({"type": "upload", "data": b64encode(BAD[kind]).decode()},))
    assert lesson.refused.endswith(".")
    assert "Error" not in lesson.refused
    assert lesson.settings == before
    assert lesson.own is None
    assert len(lesson.looking.draws()) == 16
