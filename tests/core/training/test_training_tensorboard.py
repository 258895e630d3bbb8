"""Event files, read by a reader of their own that knows the formats only."""

import struct
from dataclasses import replace

import numpy as np
import pytest
from recorded_runs import CREATED, record_run

from core.training.config import TrainingConfig
from core.training.tensorboard import crc32c, file_name, masked, record, to_tensorboard

CONFIG = TrainingConfig(
    model="softmax", validation_share=0.2, epochs=3, batch_size=16, train_size=300, threads=1
)


def bitwise(data):
    """CRC-32C as its polynomial says it, bit by bit and highest bit first."""
    reflected = [int(f"{byte:08b}"[::-1], 2) for byte in data]
    bits = int.from_bytes(bytes(reflected), "big") << 32
    length = 8 * len(data) + 32
    bits ^= 0xFFFFFFFF << (length - 32)
    for at in range(length - 1, 31, -1):
        if bits >> at & 1:
            bits ^= 0x11EDC6F41 << (at - 32)
    return int(f"{bits & 0xFFFFFFFF:032b}"[::-1], 2) ^ 0xFFFFFFFF


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def message(data):
    """The fields of a protocol buffer: number, wire type and content."""
    at, fields = 0, []
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value, at = data[at : at + size], at + size
            assert len(value) == size
        fields.append((key >> 3, kind, value))
    return fields


def read(data):
    """The version and the scalars of an event file: (tag, step, time, value)."""
    at, events = 0, []
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        head, body = data[at : at + 8], data[at + 12 : at + 12 + length]
        for part, place in ((head, at + 8), (body, at + 12 + length)):
            (found,) = struct.unpack_from("<I", data, place)
            crc = bitwise(part)
            assert found == (((crc >> 15) | (crc << 17)) + 0xA282EAD8) % 2**32
        events.append({number: value for number, _, value in message(body)})
        at += 16 + length
    assert at == len(data)
    scalars = []
    for event in events[1:]:
        ((number, _, shown),) = message(event[5])
        assert number == 1
        value = {number: content for number, _, content in message(shown)}
        (time,), (height,) = struct.unpack("<d", event[1]), struct.unpack("<f", value[2])
        scalars.append((value[1].decode(), event[2], time, height))
    return events[0][3], scalars


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, digits):
    return record_run(tmp_path_factory.mktemp("runs") / "one", CONFIG, digits)


def test_the_checksum_is_the_published_one():
    assert crc32c(b"123456789") == 0xE3069283  # the check value of CRC-32C
    assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, B.4
    assert crc32c(bytes(range(32))) == 0x46DD794E  # likewise
    chance = np.random.default_rng(0)
    for length in (0, 1, 8, 77):
        data = chance.bytes(length)
        assert crc32c(data) == bitwise(data)


def test_a_record_is_that_of_tensorflow():
    """The first record that TensorBoard's own writer puts into each file, at time 0."""
    body = bytes.fromhex("090000000000000000") + b"\x1a\x0dbrain.Event:2"
    assert record(body)[:8] == struct.pack("<Q", 24)
    assert record(body)[12:-4] == body
    crc = bitwise(body)
    assert masked(body) == (((crc >> 15) | (crc << 17)) + 0xA282EAD8) % 2**32


def test_every_number_of_the_run_is_in_its_file(recorded):
    version, scalars = read(to_tensorboard(recorded))
    assert version == b"brain.Event:2"
    rows = recorded.rows()
    wanted = {
        "loss/training": [row.training_loss for row in rows],
        "loss/validation": [row.validation_loss for row in rows],
        "accuracy/training": [row.training_accuracy for row in rows],
        "accuracy/validation": [row.validation_accuracy for row in rows],
        "learning_rate": [row.learning_rate for row in rows],
    }
    for tag, values in wanted.items():
        found = [one for one in scalars if one[0] == tag]
        assert [step for _, step, _, _ in found] == [19, 38, 57]  # 300 pictures, 16 at a time
        np.testing.assert_allclose([value for *_, value in found], values, rtol=1e-6)
    times = [time for tag, _, time, _ in scalars if tag == "loss/training"]
    seconds = np.cumsum([row.seconds for row in rows])
    np.testing.assert_allclose(np.array(times) - CREATED, seconds, atol=1e-6)
    steps = [step for _, step, _, _ in scalars]
    assert steps == sorted(steps)
    reported = [one for one in scalars if one[0] == "within_epochs/loss"]
    assert len(reported) == len(recorded.progress())


def test_what_is_not_a_number_is_left_out(tmp_path, digits):
    config = replace(CONFIG, validation_share=0.0, epochs=1)
    run = record_run(tmp_path / "run", config, digits)
    tags = {tag for tag, *_ in read(to_tensorboard(run))[1]}
    assert "loss/training" in tags
    assert "loss/validation" not in tags


def test_tensorboard_knows_the_file_by_its_name(recorded):
    assert file_name(recorded) == "events.out.tfevents.1790000000.one"


def test_tensorboard_itself_reads_it_where_it_is_installed(recorded, tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    (tmp_path / file_name(recorded)).write_bytes(to_tensorboard(recorded))
    found = accumulator.EventAccumulator(str(tmp_path))
    found.Reload()
    values = [event.value for event in found.Scalars("loss/validation")]
    wanted = [row.validation_loss for row in recorded.rows()]
    np.testing.assert_allclose(values, wanted, rtol=1e-6)
