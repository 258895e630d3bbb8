"""Archives that nobody should send: leading out, endless, locked, nested, damaged."""

import io
import struct
import warnings
import zipfile
import zlib

from .pictures import photo

RIGHT_TO_LEFT = "\u202e"
CONTROLS = "a\x07b\x1b[31m"


def packed(files, kind=zipfile.ZIP_DEFLATED):
    """A ZIP archive of pairs of name and content; names may occur twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in files:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            info.compress_type = kind
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Duplicate name")
                archive.writestr(info, data)
    return file.getvalue()


def classes(prefix="", count=3):
    """Two classes of pictures that are in order."""
    return [
        (f"{prefix}{label}/{at}.png", photo(16 + at + 40 * label))
        for label in (0, 1)
        for at in range(count)
    ]


def link(name, target):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info, target.encode()


def renamed(data, old, new):
    """The same archive with another name in it, of the same length: no packer would write it."""
    assert len(old) == len(new)
    return data.replace(old, new)


def locked():
    """The mark of a password at every file."""
    data = bytearray(packed(classes()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def crowded(count=100_000):
    """An archive of nothing but names; made by hand, because zipfile takes its time."""
    local, central = [], []
    at = 0
    for number in range(count):
        name = f"a/{number}.png".encode()
        facts = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0)
        local.append(b"PK\x03\x04" + facts + name)
        central.append(b"PK\x01\x02\x14\0" + facts + struct.pack("<HHHII", 0, 0, 0, 0, at) + name)
        at += len(local[-1])
    body, index = b"".join(local), b"".join(central)
    count &= 0xFFFF
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(index), len(body), 0)
    return body + index + b"PK\x05\x06" + end


def claiming(size):
    """An archive whose first file claims another size than it has."""
    data = bytearray(packed([("a/1.png", bytes(10_000_000)), *classes()]))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(mark) + offset, size)
    return bytes(data)


def leading_out():
    return {
        "slip.zip": packed([("../../../../tmp/hostile_slip.png", photo()), *classes()]),
        "slip_inside.zip": packed([("a/../../b/1.png", photo()), *classes("c/")]),
        "absolute.zip": packed([("/etc/cron.d/x.png", photo()), *classes()]),
        "drive.zip": packed([("C:\\Windows\\x.png", photo()), ("..\\..\\x.png", photo())]),
        "links.zip": packed([link("a/1.png", "/etc/passwd"), link("b/2.png", "../a"), *classes()]),
        "only_links.zip": packed([link("a/1.png", "/etc/passwd"), link("b/2.png", "../a")]),
    }


def endless():
    inner = packed([(f"{at}.png", bytes(3_000_000)) for at in range(8)])
    bomb = packed([("a/1.png", bytes(55_000_000)), ("b/1.png", bytes(55_000_000))])
    return {
        "bomb.zip": bomb,
        "nested.zip": packed([(f"{at}.zip", inner) for at in range(20)]),
        "nested_in_class.zip": packed([("a/1.zip", inner), *classes()]),
        "claims_little.zip": claiming(100),
        "claims_much.zip": claiming(0xFFFFFFF0),
        "crowded.zip": crowded(),
        "deep.zip": packed([("a/" * 900 + "1.png", photo()), *classes()]),
        "many_classes.zip": packed([(f"{at}/1.png", photo(16)) for at in range(400)]),
    }


def strange():
    good = packed(classes())
    wrong = bytearray(good)
    wrong[14:18] = b"\xde\xad\xbe\xef"  # the check of the first file
    names = [f"{RIGHT_TO_LEFT}gnp.exe", CONTROLS, "\u200b", " ", ".", "con", "x" * 300]
    dirty = [(f"{name}/{at}.png", photo(20 + at)) for name in names for at in range(2)]
    return {
        "names.zip": packed(dirty),
        "twice.zip": packed([("a/1.png", photo()), ("a/1.png", photo(30)), *classes()]),
        "nul.zip": renamed(good, b"0/1.png", b"0\0..png"),
        "locked.zip": locked(),
        "check.zip": bytes(wrong),
        "half.zip": good[: len(good) // 2],
        "end_only.zip": b"PK\x05\x06" + bytes(18),
        "no_end.zip": good[:-22],
        "empty.zip": packed([]),
        "no_picture.zip": packed([("a/readme.txt", b"x"), ("b/run.sh", b"#!/bin/sh")]),
        "bad_pictures.zip": packed([("a/1.png", b"no"), ("b/1.png", photo()[:60])]),
        "squeezed.zip": packed(classes(), zipfile.ZIP_LZMA),
        "unknown.zip": good.replace(b"\x14\0\0\0\x08\0", b"\x14\0\0\0\x63\0"),
        "one_class.zip": packed(classes()[:3]),
        "page_before.zip": b"<html><script>alert(1)</script>" + good,
        "behind_photo.png": photo() + good,
        "noise.zip": b"PK\x03\x04" + zlib.compress(bytes(4000)),
    }


def archives():
    """All of them, by the names of their files."""
    return {**leading_out(), **endless(), **strange()}
