import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.augmentation.pictures import SAMPLES, open_picture, reduced, sample
from core.augmentation.presets import PRESETS
from core.augmentation.spec import DATA_KINDS
from core.errors import InputError


def saved(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


@pytest.fixture
def quarters():
    """Red, green, blue and white quarters, 20 high and 40 wide."""
    array = np.zeros((20, 40, 3), np.uint8)
    array[:10, :20], array[:10, 20:] = (255, 0, 0), (0, 255, 0)
    array[10:, :20], array[10:, 20:] = (0, 0, 255), (255, 255, 255)
    return array


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_is_a_picture_with_contrast(name):
    picture = sample(name)
    assert SAMPLES[name].data in DATA_KINDS
    assert picture.dtype == np.uint8
    assert picture.shape == (28, 28) if SAMPLES[name].data == "digits" else picture.shape[2] == 3
    assert picture.std() > 20
    assert sample(name) is picture
    with pytest.raises(ValueError, match="read-only"):
        picture[0, 0] = 1


def test_samples_of_presets_exist_and_unknown_ones_are_named():
    assert {preset.sample for preset in PRESETS.values()} <= set(SAMPLES)
    with pytest.raises(InputError, match="There are: cat"):
        sample("dog")


def test_the_letters_are_mirror_images_of_each_other():
    ink = sample("letters").astype(int).mean(2) < 128
    turns = {"b": ink, "d": ink[:, ::-1], "p": ink[20:, :], "q": ink[20:, ::-1]}
    windows = {
        name: turned[10:128, 30:120] if name in "bd" else turned[::-1][10:128, 30:120]
        for name, turned in turns.items()
    }
    for name, window in windows.items():
        shift = max(
            range(-6, 7),
            key=lambda k, window=window: (np.roll(window, k, 0) == windows["b"]).mean(),
        )
        assert (np.roll(window, shift, 0) == windows["b"]).mean() > 0.98, name
        assert 0.1 < window.mean() < 0.5


def test_photos_keep_their_proportions():
    assert sample("china").shape == (256, 384, 3)


def test_colours_of_any_kind_become_red_green_blue(quarters):
    image = Image.fromarray(quarters)
    for file in (
        saved(image),
        saved(image.convert("P", palette=Image.Palette.ADAPTIVE)),
        saved(image, "BMP"),
        saved(image, "TIFF"),
        saved(image, "GIF", save_all=True, append_images=[Image.new("RGB", (40, 20))]),
        saved(image, "WEBP", lossless=True),
    ):
        assert np.abs(open_picture(file).astype(int) - quarters).max() <= 2
    cmyk = open_picture(saved(image.convert("CMYK"), "JPEG", quality=98)).astype(int)
    assert np.abs(cmyk - quarters)[3:7, 3:17].max() < 12


def test_sixteen_bits_become_eight():
    ramp = np.linspace(0, 65535, 64).round().astype(np.uint16).reshape(8, 8)
    opened = open_picture(saved(Image.fromarray(ramp)))
    assert np.abs(opened[:, :, 1] - ramp / 257).max() <= 0.51


def test_transparent_parts_lie_on_white():
    array = np.zeros((4, 4, 4), np.uint8)
    array[:2, :, 3], array[2:, :2, 3] = 255, 128
    opened = open_picture(saved(Image.fromarray(array)))
    assert opened[0, 0].tolist() == [0, 0, 0]
    assert opened[3, 0].tolist() == [127, 127, 127]
    assert opened[3, 3].tolist() == [255, 255, 255]


def test_the_cameras_note_is_followed(quarters):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° to the right
    opened = open_picture(saved(Image.fromarray(quarters), exif=exif))
    assert np.array_equal(opened, np.rot90(quarters, -1))


def test_one_pixel_and_very_large(quarters):
    assert open_picture(saved(Image.new("RGB", (1, 1), (1, 2, 3)))).tolist() == [[[1, 2, 3]]]
    assert reduced(np.zeros((2000, 1, 3), np.uint8), 100).shape == (100, 1, 3)
    assert reduced(np.zeros((30, 60), np.uint8), 20).shape == (10, 20)


def test_twelve_thousand_by_nine_thousand():
    large = Image.new("RGB", (12_000, 9_000), (10, 200, 30))
    opened = open_picture(saved(large, "JPEG", quality=50))
    assert opened.shape == (384, 512, 3)
    assert np.abs(opened.astype(int) - [10, 200, 30]).max() < 6


def bomb():
    """A PNG of a few bytes that claims 60,000×60,000 pixels."""

    def chunk(kind, body):
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "cannot be read as a picture"),
        (b"no picture at all", "cannot be read as a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read"),
        (b"\0" * 30_000_001, "30 MB"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(data, complaint):
    with pytest.raises(InputError, match=complaint):
        open_picture(data)


def test_bombs_and_truncated_files_get_a_sentence(quarters):
    noisy = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    for kind in ("PNG", "JPEG", "GIF"):
        whole = saved(Image.fromarray(noisy), kind)
        with pytest.raises(InputError, match="cannot be read"):
            open_picture(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="pixels"):
        open_picture(bomb())
