"""Files as people and attackers give them, made by code."""

import io
import struct
import warnings
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(colour, size=(40, 30), kind="PNG"):
    return encoded(Image.new("RGB", size, colour), kind)


def packed(files, method=zipfile.ZIP_DEFLATED):
    """A ZIP archive of pairs of a name (or a ZipInfo) and a content, in that order."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def link(name, target):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    return info, target


def locked(data):
    """The archive with the mark that its files need a password."""
    marked = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(signature, at + 4)
    return bytes(marked)


def huge_png(width, height):
    """A PNG that announces a size without having its pixels."""

    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


def photo(seed, size=(64, 48)):
    """Soft random colours: no two seeds look alike."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


class Files:
    """All of the makers above, for tests."""

    encoded = staticmethod(encoded)
    plain = staticmethod(plain)
    packed = staticmethod(packed)
    link = staticmethod(link)
    locked = staticmethod(locked)
    huge_png = staticmethod(huge_png)
    photo = staticmethod(photo)


@pytest.fixture(scope="session")
def files():
    return Files
