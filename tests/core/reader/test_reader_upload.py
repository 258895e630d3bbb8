"""Files that people send: every kind that Pillow can write, and some that nobody should."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError
from core.reader.prepare import as_mnist
from core.reader.upload import MAX_BYTES, read_picture


def corner(height=60, width=90):
    """White, with a dark block that touches neither border, nearer to the upper left."""
    picture = np.full((height, width, 3), 255, dtype=np.uint8)
    picture[5:25, 10:20] = 20
    return picture


def written(image, form="PNG", **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def grey(array):
    return array if array.ndim == 2 else array[..., :3].mean(2)


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "L"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "1"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("BMP", "RGB"),
        ("TIFF", "RGB"),
    ],
)
def test_every_kind_shows_the_same(form, mode):
    data = written(Image.fromarray(corner()).convert(mode), form)
    read = read_picture(data)
    assert read.dtype == np.uint8
    assert np.abs(grey(read).astype(float) - grey(corner())).mean() < 4
    assert as_mnist(read).turned


def test_sixteen_bits_become_eight():
    sixteen = corner()[..., 0].astype(np.uint16) * 257
    assert np.array_equal(read_picture(written(Image.fromarray(sixteen))), corner()[..., 0])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_the_camera_noted(orientation):
    # Each orientation undone: what the camera stored so that the upright picture comes out.
    upright = corner()
    back = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    image = Image.fromarray(np.ascontiguousarray(back(upright)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(read_picture(written(image, exif=exif)), upright)


def test_of_an_animation_the_first_picture_counts():
    frames = [Image.fromarray(corner()), Image.new("RGB", (90, 60), "black")]
    data = written(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert grey(read_picture(data)).max() > 250


def test_a_large_picture_is_reduced():
    data = written(Image.new("L", (12_000, 9_000), 255))
    assert max(read_picture(data).shape) <= 3200


def bomb(width, height):
    """A PNG of a few bytes that announces any size."""

    def chunk(name, content):
        check = zlib.crc32(name + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + name + content + check

    sizes = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header = chunk(b"IHDR", sizes + bytes([8, 2, 0, 0, 0]))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "cannot be read"),
        (b"no picture at all", "cannot be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "cannot be read"),
        (written(Image.fromarray(corner()))[:90], "cannot be read"),
        (written(Image.fromarray(corner()), "JPEG")[:200], "cannot be read"),
        (bomb(11_000, 11_000), "limit"),
        (bomb(60_000, 60_000), "limit"),
        (bytes(MAX_BYTES + 1), "limit"),
    ],
    ids=["empty", "text", "svg", "eps", "cut png", "cut jpeg", "large", "bomb", "heavy"],
)
def test_what_is_no_usable_picture_is_refused_in_a_sentence(data, word):
    with pytest.raises(InputError, match=word):
        read_picture(data)
