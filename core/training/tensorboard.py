"""A run as an event file of TensorBoard, written by hand: the format is small.

A file is a row of records; a record is the length of its data, a checksum of the length, the
data, a checksum of the data (the TFRecord format). The data is an `Event` of TensorFlow's
``event.proto`` in the wire format of protocol buffers.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from core.runs.directory import RunDirectory
from core.training.events import EpochEnded, Progress

_POLYNOMIAL = 0x82F63B78  # CRC-32C (Castagnoli), its bits turned around
_MASK = 0xA282EAD8
_VERSION = b"brain.Event:2"
_EPOCH = {
    "loss/training": "training_loss",
    "loss/validation": "validation_loss",
    "accuracy/training": "training_accuracy",
    "accuracy/validation": "validation_accuracy",
    "learning_rate": "learning_rate",
    "samples_per_s": "samples_per_s",
}
_WITHIN = {"within_epochs/loss": "loss", "within_epochs/accuracy": "accuracy"}


def to_tensorboard(run: RunDirectory) -> bytes:
    """The event file of a run, for ``tensorboard --logdir`` and the folder that it lies in.

    There is a point for every epoch and, under "within_epochs", for every report in between;
    steps count updates. What is not a number is left out.

    Raises:
        InputError: The settings of the run are damaged.
    """
    created = run.spec().created
    rows = run.rows()
    events = [*_points(rows, _EPOCH), *_points(run.progress(), _WITHIN)]
    clock = _clock(rows)
    head = _number(1, created) + _bytes(3, _VERSION)
    parts = [record(head)]
    for step, tag, value in sorted(events, key=lambda event: event[0]):
        parts.append(record(_scalar(created + clock(step), step, tag, value)))
    return b"".join(parts)


def file_name(run: RunDirectory) -> str:
    """What the file has to be called, so that TensorBoard takes it for one of its own."""
    return f"events.out.tfevents.{int(run.spec().created)}.{run.id}"


def record(data: bytes) -> bytes:
    """One record of a TFRecord file."""
    length = struct.pack("<Q", len(data))
    return b"".join(
        [length, struct.pack("<I", masked(length)), data, struct.pack("<I", masked(data))]
    )


def crc32c(data: bytes) -> int:
    """The checksum CRC-32C of Castagnoli; 0xE3069283 for ``b"123456789"``."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> int:
    """The checksum as TFRecord files have it: turned by 15 bits, plus a constant."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF


def _points(
    events: Sequence[EpochEnded] | Sequence[Progress], fields: dict[str, str]
) -> Iterator[tuple[int, str, float]]:
    for event in events:
        for tag, name in fields.items():
            value = float(getattr(event, name))
            if math.isfinite(value):
                yield event.step, tag, value


def _clock(rows: Sequence[EpochEnded]) -> Callable[[int], float]:
    """How many seconds at work it took to get to an update, evenly within each epoch."""
    steps = [0.0, *(float(row.step) for row in rows)]
    seconds = [0.0, *np.cumsum([row.seconds for row in rows]).tolist()]
    return lambda step: float(np.interp(step, steps, seconds))


def _scalar(time: float, step: int, tag: str, value: float) -> bytes:
    """An Event with one scalar: wall_time 1, step 2, summary 5 with value 1: tag 1, number 2."""
    shown = _bytes(1, tag.encode()) + _key(2, 5) + struct.pack("<f", value)
    return _number(1, time) + _key(2, 0) + _varint(step) + _bytes(5, _bytes(1, shown))


def _number(field: int, value: float) -> bytes:
    return _key(field, 1) + struct.pack("<d", value)


def _bytes(field: int, data: bytes) -> bytes:
    return _key(field, 2) + _varint(len(data)) + data


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _varint(value: int) -> bytes:
    """Seven bits in a byte, the lowest first; the eighth says that more follow."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _entry(number: int) -> int:
    for _ in range(8):
        number = number >> 1 ^ (_POLYNOMIAL if number & 1 else 0)
    return number


_TABLE = [_entry(number) for number in range(256)]
