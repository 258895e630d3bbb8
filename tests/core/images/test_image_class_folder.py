import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from core.errors import InputError
from core.images.class_folder import read_class_folder
from core.images.picture import read_picture

RED, BLUE = (200, 30, 10), (10, 30, 200)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(colour, size=(40, 40), kind="PNG"):
    return encoded(Image.new("RGB", size, colour), kind)


def packed(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


FILES = {"red/1.png": plain(RED), "red/2.jpg": plain(RED, kind="JPEG"), "Blue/1.png": plain(BLUE)}


def test_folders_are_classes():
    data, notice = read_class_folder(packed(FILES), side=16)
    assert (data.classes, data.labels.tolist(), notice) == (("Blue", "red"), [1, 1, 0], None)
    assert data.shape == (3, 16, 16)
    for image, colour in zip(data.images, (RED, RED, BLUE), strict=True):
        assert (image.float().mean((1, 2)) - torch.tensor(colour)).abs().max() < 3
    grey, _ = read_class_folder(packed(FILES), grey=True)
    assert grey.shape == (1, 32, 32)
    assert int(grey.images[2, 0, 0, 0]) == round(0.299 * 10 + 0.587 * 30 + 0.114 * 200)


@pytest.mark.parametrize(
    "names",
    [
        ("top/red/1.png", "top/blue/1.png"),
        ("a/b/red/1.png", "a/b/blue/1.png"),
        ("set/train/red/1.png", "set/val/blue/1.png"),
        ("red/deeper/1.png", "blue/2.png"),
        ("red\\1.png", "blue\\2.png"),
        ("top/red/1.PNG", "top/blue/1.png"),
    ],
)
def test_folders_around_the_classes_are_ignored(names):
    files = dict(zip(names, (plain(RED), plain(BLUE)), strict=True))
    files |= {"__MACOSX/red/._1.png": b"x", ".hidden/1.png": b"x", "red/.DS_Store": b"x"}
    files |= {"../outside/1.png": b"x", "notes.txt": b"x", "top/red/readme.md": b"x"}
    data, notice = read_class_folder(packed(files))
    assert (data.classes, len(data), notice) == (("blue", "red"), 2, None)


def test_what_cannot_be_read_is_left_out_and_counted():
    whole = plain(RED, (200, 200), "JPEG")
    files = FILES | {
        "red/broken.png": b"no picture",
        "red/half.jpg": whole[: len(whole) // 2],
        "loose.png": plain(RED),
        "empty/1.png": b"",
    }
    steps = []
    data, notice = read_class_folder(packed(files), progress=lambda *at: steps.append(at))
    assert data.classes == ("Blue", "red")
    assert len(data) == 3
    assert notice == ("Pictures left out: 1 that lies in no class folder, 3 that are damaged.")
    assert steps[-1] == (6, 6)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"not a zip", "not a ZIP archive"),
        (packed(FILES)[:-40], "not a ZIP archive"),
        (packed({"red/1.png": plain(RED)}), "of 1 were found"),
        (packed({"a/1.png": b"x", "b/1.png": b"x"}), "of 0 were found.*2 that are damaged"),
        (packed({"1.png": plain(RED), "2.png": plain(RED)}), "No picture lies in a class folder"),
        (packed({}), "No picture"),
        (packed({f"a/{i}.png": b"" for i in range(5001)}), "5,001 pictures; 5,000"),
        (b"\0" * 200_000_001, "more than 200 MB"),
    ],
)
def test_archives_that_cannot_be_used(data, match):
    with pytest.raises(InputError, match=match):
        read_class_folder(data)
    with pytest.raises(InputError, match="8 to 224"):
        read_class_folder(packed(FILES), side=500)


def flat_png(width, height):
    """A PNG that announces a size without having its pixels."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(7000, 6000), (10_000, 10_000), (60_000, 60_000)])
def test_huge_pictures_are_refused_before_they_are_decoded(size):
    with pytest.raises(InputError, match="too large"):
        read_picture(flat_png(*size), 32, grey=False)


def test_an_archive_that_swells_is_refused():
    bomb = packed(FILES | {"red/bomb.png": bytes(50_000_000)})
    assert len(bomb) < 100_000
    data, notice = read_class_folder(bomb)
    assert (len(data), notice) == (3, "Pictures left out: 1 that is too large.")


def test_the_camera_may_have_been_turned():
    image = Image.new("RGB", (60, 60), RED)
    image.paste(BLUE, (0, 0, 60, 30))  # the upper half is blue
    exif = Image.Exif()
    exif[0x0112] = 6  # shown rightly, it is turned clockwise: blue on the right
    square = read_picture(encoded(image, "JPEG", exif=exif, quality=95), 8, grey=False)
    assert square[2, :, 5:].min() > 150
    assert square[2, :, :3].max() < 60


def test_the_middle_square_is_taken():
    image = Image.new("RGB", (120, 40), RED)
    image.paste(BLUE, (40, 0, 80, 40))
    square = read_picture(encoded(image), 20, grey=False)
    inner = square[:, :, 1:-1].int()  # scaling mixes a little of the neighbours into the edge
    assert (inner - torch.tensor(BLUE)[:, None, None]).abs().max() <= 1
    assert (square[2] > 150).all()


def sixteen_bit():
    return Image.fromarray(np.full((9, 9), 100 * 257, dtype=np.uint16))


@pytest.mark.parametrize(
    ("image", "kind", "expected"),
    [
        (Image.new("L", (9, 9), 100), "PNG", (100, 100, 100)),
        (Image.new("1", (9, 9), 1), "PNG", (255, 255, 255)),
        (Image.new("RGB", (9, 9), RED).quantize(4), "PNG", RED),
        (Image.new("RGBA", (9, 9), (*RED, 0)), "PNG", (255, 255, 255)),
        (Image.new("RGBA", (9, 9), (0, 0, 0, 128)), "PNG", (127, 127, 127)),
        (Image.new("LA", (9, 9), (40, 255)), "PNG", (40, 40, 40)),
        (Image.new("CMYK", (9, 9), (0, 255, 255, 0)), "TIFF", (255, 0, 0)),
        (sixteen_bit(), "PNG", (100, 100, 100)),
        (Image.new("F", (9, 9), 100.0), "TIFF", (100, 100, 100)),
        (Image.new("RGB", (9, 9), RED), "GIF", RED),
        (Image.new("RGB", (9, 9), RED), "BMP", RED),
    ],
)
def test_every_kind_of_picture(image, kind, expected):
    square = read_picture(encoded(image, kind), 4, grey=False)
    assert square.dtype == torch.uint8
    assert (square.int() - torch.tensor(expected)[:, None, None]).abs().max() <= 1
