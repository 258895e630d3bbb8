"""Pictures that nobody should send: cut, lying, endless, absurd, or no pictures at all."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"
SCRIPT = b"<script>alert(document.domain)</script>"


def photo(side=48, kind="PNG", **options):
    """A harmless file, to be damaged."""
    chance = np.random.default_rng(side)
    file = io.BytesIO()
    Image.fromarray(chance.integers(0, 255, (side, side, 3), dtype=np.uint8)).save(
        file, kind, **options
    )
    return file.getvalue()


def chunk(name, data):
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


def png(width, height, rows=b"", depth=8, colour=2, extra=b""):
    """A PNG whose head says what one likes, whatever lies in it."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows, 9))
    return PNG + body + chunk(b"IEND", b"")


def zeros(count):
    """So many zeros, packed as zlib packs them but for being repeated: within a millisecond."""
    million = 1_000_000
    packer = zlib.compressobj(9, wbits=-15)
    once = packer.compress(bytes(million)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, wbits=-15)
    rest = last.compress(bytes(count % million)) + last.flush()
    check = (count % 65521) << 16 | 1  # Adler-32 of zeros
    return b"\x78\xda" + once * (count // million) + rest + struct.pack(">I", check)


def blank(width, height, depth, colour):
    """A PNG of zeros that is small as a file and large when it is opened."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    row = 1 + (width * depth * channels + 7) // 8
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    packed = zeros(row * height)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def exif(tag, kind, count, value):
    """EXIF with one entry that may say anything."""
    entry = struct.pack("<HHII", tag, kind, count, value)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 8)


def jpeg_with(segment, marker=0xE1):
    plain = photo(kind="JPEG")
    return (
        plain[:2]
        + bytes([0xFF, marker])
        + struct.pack(">H", len(segment) + 2)
        + segment
        + (plain[2:])
    )


def gif_with_frames(count):
    """A GIF of as many pictures as one likes, of one pixel each."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02D\x01\0"
    return head + frame * count + b";"


def tiff(entries, follow=0):
    """A TIFF whose list of facts is given, and may lead back to itself."""
    listed = b"".join(struct.pack("<HHII", *one) for one in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + listed + struct.pack("<I", follow)


def cut():
    whole = {kind: photo(kind=kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")}
    found = {f"half.{kind.lower()}": data[: len(data) // 2] for kind, data in whole.items()}
    found |= {f"head.{kind.lower()}": data[:16] for kind, data in whole.items()}
    flipped = bytearray(whole["PNG"])
    flipped[60:90] = bytes(30)
    return found | {"flipped.png": bytes(flipped), "empty.png": b"", "one.png": b"\x89"}


def lying():
    huge, most = 1 << 31, (1 << 31) - 1
    strips = [(256, 4, 1, 100), (257, 4, 1, 100), (273, 4, most, 8), (279, 4, most, 8)]
    return {
        "wide.png": png(most, most, b"\0"),
        "negative.png": png(huge, huge, b"\0"),
        "zero.png": png(0, 0),
        "thin.png": png(2_000_000, 1, b"\0"),
        "depth.png": png(8, 8, bytes(99), depth=3),
        "colour.png": png(8, 8, bytes(300), colour=5),
        "no_pixels.png": png(500, 500),
        "frames.png": png(8, 8, bytes(8 * 25), extra=chunk(b"acTL", struct.pack(">II", most, 0))),
        "profile.png": png(8, 8, bytes(8 * 25), extra=chunk(b"iCCP", b"x\0\0" + zeros(50_000_000))),
        "words.png": png(8, 8, bytes(8 * 25), extra=chunk(b"zTXt", b"x\0\0" + zeros(90_000_000))),
        "frames.gif": gif_with_frames(150_000),
        "strips.tiff": tiff(strips),
        "loop.tiff": tiff([(256, 4, 1, 8), (257, 4, 1, 8)], follow=8),
        "wide.bmp": b"BM" + struct.pack("<IHHIIiiHH", 99, 0, 0, 54, 40, most, -most, 1, 24),
        "wide.gif": b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(20),
        "wide.webp": b"RIFF\xff\xff\xff\x7fWEBPVP8X" + struct.pack("<IB", 10, 0) + b"\xff" * 9,
        "wide.ppm": b"P6 999999999 999999999 255\n" + bytes(30),
    }


def bombs():
    """Small files that take much memory when they are opened."""
    return {
        "bomb_colour.png": blank(30_000, 30_000, 1, 0),
        "bomb_sixteen.png": blank(9_000, 9_000, 16, 0),
        "bomb_opacity.png": blank(9_000, 9_000, 8, 6),
    }


def absurd():
    values = np.array([[np.nan, np.inf], [-np.inf, 1e38]], dtype=np.float32)
    floating = io.BytesIO()
    Image.fromarray(values).save(floating, "TIFF")
    return {
        "turned.jpg": jpeg_with(exif(0x0112, 3, 1, 99)),
        "counted.jpg": jpeg_with(exif(0x0112, 3, 0xFFFFFFFF, 0xFFFFFFFF)),
        "deep_exif.jpg": jpeg_with(exif(0x8769, 4, 1, 8)),
        "empty_exif.jpg": jpeg_with(b"Exif\0\0"),
        "profile.jpg": jpeg_with(b"ICC_PROFILE\0\xff\x01" + bytes(50), 0xE2),
        "cmyk.jpg": _in_mode("CMYK", "JPEG"),
        "not_finite.tiff": floating.getvalue(),
        "one_pixel.png": png(1, 1, bytes(4)),
        "line.png": png(4000, 1, bytes(12001)),
    }


def _in_mode(mode, kind):
    file = io.BytesIO()
    Image.new(mode, (40, 30)).save(file, kind)
    return file.getvalue()


def others():
    """No pictures, whatever their names say; some are two things at once."""
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n%%EndComments\n(x) run\n"
    return {
        "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT,
        "page.png": b"<!doctype html><html>" + SCRIPT,
        "entities.png": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">'
        b"]><svg>&b;</svg>",
        "paper.png": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        "postscript.png": postscript,
        "postscript.jpg": b"\xc5\xd0\xd3\xc6" + struct.pack("<II", 30, 90) + bytes(18) + postscript,
        "program.png": b"\x7fELF" + bytes(200),
        "video.jpg": b"\0\0\0\x18ftypmp42" + bytes(90),
        "phone.jpg": b"\0\0\0\x18ftypheic" + bytes(90),
        "pickle.png": b"\x80\x04\x95\x05\0\0\0\0\0\0\0\x8c\x01a\x94.",
        "script_and.gif": b"GIF89a/*" + bytes(13) + b"*/=1;" + SCRIPT,
        "page_behind.png": photo() + b"<html>" + SCRIPT,
        "noise.png": np.random.default_rng(3).bytes(5000),
        "photo_as.txt": photo(kind="JPEG"),
    }


def pictures():
    """All of them, by the names of their files."""
    return {**cut(), **lying(), **bombs(), **absurd(), **others()}
