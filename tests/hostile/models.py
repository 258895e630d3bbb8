"""Files of weights and projects that nobody should send: lying, and with programs in them.

Whoever loads one of the pickles writes a file, the canary; nobody may.
"""

import io
import json
import os
import pickle
import struct
import zipfile

import torch
from safetensors.torch import save

from .archives import packed
from .pictures import photo

FORMAT = "deep-learning-explorer/transfer-learning"


class Program:
    """Writes the canary when somebody unpickles it."""

    def __init__(self, canary):
        self.canary = str(canary)

    def __reduce__(self):
        return os.mkdir, (self.canary,)


def safetensors(header, body=b"", length=None):
    """A safetensors file whose head says what one likes."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def entry(shape, start, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def lying_heads():
    plain = {"a": entry([2], 0, 8)}
    return {
        "long_head.safetensors": safetensors(plain, bytes(8), length=(1 << 63)),
        "head_of_a_gigabyte.safetensors": safetensors(plain, bytes(8), length=1 << 30),
        "short_head.safetensors": safetensors(plain, bytes(8), length=3),
        "no_json.safetensors": safetensors(b'{"a": ', bytes(8)),
        "deep_json.safetensors": safetensors(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
        "outside.safetensors": safetensors({"a": entry([2], 0, 1 << 40)}, bytes(8)),
        "overlap.safetensors": safetensors(
            {"a": entry([2], 0, 8), "b": entry([2], 4, 12)}, bytes(12)
        ),
        "negative.safetensors": safetensors({"a": entry([-2], 0, 8)}, bytes(8)),
        "huge_shape.safetensors": safetensors({"a": entry([1 << 40, 1 << 40], 0, 8)}, bytes(8)),
        "wrong_size.safetensors": safetensors({"a": entry([3], 0, 8)}, bytes(8)),
        "dtype.safetensors": safetensors({"a": entry([2], 0, 8, "F99")}, bytes(8)),
        "metadata.safetensors": safetensors({"__metadata__": {"a": [1]}, **plain}, bytes(8)),
        "many.safetensors": safetensors({f"k{at}": entry([0], 0, 0) for at in range(50_000)}),
        "empty.safetensors": safetensors({}),
        "nothing.safetensors": b"",
    }


def unfitting():
    nan = torch.full((4, 4), float("nan"))
    saved = {
        "nan.safetensors": {"conv1.weight": nan},
        "key.safetensors": {"../../x" + "\u202e" * 40: torch.zeros(2)},
        "shapes.safetensors": {"stem.0.weight": torch.zeros(1, 1, 1, 1)},
        "whole.safetensors": {"a": torch.zeros(3, dtype=torch.int64)},
    }
    return {name: save(tensors) for name, tensors in saved.items()}


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def pickles(canary):
    """Files that run a program when they are unpickled, in all forms that torch knows."""
    program = Program(canary)
    plain = pickle.dumps(program)
    module = saved({"a": torch.zeros(2), "b": program})
    return {
        "plain.pkl": plain,
        "old.pkl": pickle.dumps(program, protocol=0),
        "plain.safetensors": plain,
        "plain.pt": plain,
        "checkpoint.pt": module,
        "older.pt": saved({"a": program}, _use_new_zipfile_serialization=False),
        "picture.png": plain,
        "table.csv": plain,
        "inside.zip": packed([("a/1.png", plain), ("b/data.pkl", plain)]),
        "own_archive.pt": packed([("archive/data.pkl", plain), ("archive/version", b"3\n")]),
        "network.pt": saved(torch.nn.Linear(2, 2)),
        "list.pt": saved([1, 2, 3]),
        "no_text_keys.pt": saved({1: torch.zeros(2)}),
        "sparse.pt": saved({"a": torch.eye(3).to_sparse()}),
        "shared.pt": _claiming(saved({"a": torch.zeros(2)})),
        "half.pt": module[: len(module) // 2],
    }


def _claiming(data):
    """A torch file that says that it unpacks to much more than it does."""
    changed = bytearray(data)
    at = changed.rfind(b"PK\x01\x02")
    struct.pack_into("<I", changed, at + 24, 0xFFFFFFF0)
    return bytes(changed)


def project(facts=None, head=None, pictures=()):
    given = {"format": FORMAT, "version": 1, "labels": [], "settings": {}, "classes": []}
    text = facts if isinstance(facts, bytes) else json.dumps(given | (facts or {})).encode()
    files = [("project.json", text)]
    if head is not None:
        files.append(("head.safetensors", head))
    return packed([*files, *pictures], zipfile.ZIP_STORED)


def projects():
    sample = {"id": "0" * 16, "origin": "upload", "name": "x"}
    label = {"name": "a", "on": True, "samples": [sample]}
    file = "samples/a/0001 0000000000000000.png"
    deep = b'{"format":"%s","version":1,"labels":[],"classes":[],"settings":%s}'
    return {
        "project_half.zip": project()[:90],
        "project_newer.zip": project({"version": 99}),
        "project_other.zip": project({"format": "x"}),
        "project_list.zip": project(b"[1]"),
        "project_nan.zip": project(b'{"format": NaN}'),
        "project_deep.zip": project(deep % (FORMAT.encode(), b"[" * 90_000 + b"]" * 90_000)),
        "project_nested.zip": project({"settings": {"a": [[[[[[[[[[[1]]]]]]]]]]]}}),
        "project_labels.zip": project({"labels": [{"name": 1, "on": "yes", "samples": {}}]}),
        "project_crowd.zip": project({"labels": [{**label, "samples": [sample] * 9000}]}),
        "project_missing.zip": project({"labels": [label]}),
        "project_swapped.zip": project({"labels": [label]}, pictures=[(file, photo())]),
        "project_out.zip": project(
            {"labels": [{**label, "name": "../../x", "samples": [{**sample, "id": "../../x"}]}]}
        ),
        "project_settings.zip": project(
            {"settings": {"run": "../../..", "weights": "../x", "seed": 1e308, "device": []}}
        ),
        "project_head.zip": project(head=save({"w": torch.full((2, 2), float("nan"))})),
        "project_bad_head.zip": project(head=b"\xff" * 200),
    }


def models(canary):
    """All of them, by the names of their files.

    Args:
        canary: The folder that must not come into being.
    """
    return {**lying_heads(), **unfitting(), **pickles(canary), **projects()}
