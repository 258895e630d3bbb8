"""The run directory: what is written, what is read, and every kind of damage. No processes."""

import dataclasses
import json
import shutil
import subprocess
import zlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.runs import checkpoints, insights, lock
from core.runs.directory import RunDirectory, all_runs, clear_rubbish
from core.runs.log import LogWriter
from core.runs.recorder import Recorder
from core.runs.sealed import sealed, unsealed, write_whole
from core.runs.spec import RunSpec, write_spec
from core.runs.status import RunStatus, StatusKeeper, read_status, write_status
from core.training.data import prepared_for, sets_of
from core.training.events import EpochEnded, Insight, Progress, Started, Stopped
from core.training.loop import train
from core.training.state import start

EPOCHS = 4


@pytest.fixture(scope="module")
def written(tmp_path_factory, small):
    """A run as a worker writes it, and the snapshot of every epoch."""
    path = tmp_path_factory.mktemp("written") / "run"
    path.mkdir()
    config = dataclasses.replace(
        small, epochs=EPOCHS, train_size=200, model="flatten; linear 4; relu; linear 10"
    )
    prepared = prepared_for(config, sets_of("digits"))
    model, state = start(config, prepared.shape, 10)
    write_spec(path, RunSpec("A name", "somebody", 1.5, config))
    status = StatusKeeper(path, RunStatus("running", epochs=EPOCHS))
    truth = {}
    with Recorder(path, status, model, state, {"classes": prepared.classes}) as recorder:
        for event in train(model, prepared, config, state):
            recorder.take(event)
            if isinstance(event, EpochEnded):
                truth[event.epoch] = state.capture(model).tensors
                while recorder._keeper._snapshots:  # no epoch is overtaken
                    pass
    status.change(state="finished")
    return path, truth, state.rows


def test_everything_can_be_read_back(written):
    path, truth, rows = written
    run = RunDirectory(path)
    assert run.spec().name == "A name"
    assert run.spec().config.epochs == EPOCHS
    assert run.status().state == "finished"
    assert run.rows() == rows
    assert run.started().samples == 200
    assert run.insight_epochs() == [1, 2, 3, 4]
    best = min(rows, key=lambda row: row.validation_loss).epoch
    assert run.best_epoch() == best
    assert set(run.epochs()) == {3, 4, best}
    for epoch in run.epochs():
        found = run.checkpoint(epoch).snapshot
        assert found.tensors.keys() == truth[epoch].keys()
        assert all(torch.equal(found.tensors[key], truth[epoch][key]) for key in truth[epoch])
    assert run.checkpoint().epoch == EPOCHS
    assert run.checkpoint().snapshot.facts["classes"] == list("0123456789")
    assert run.size == sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def test_pictures_of_an_epoch_are_those_of_its_weights(written):
    path, truth, rows = written
    run = RunDirectory(path)
    seen = run.insight(2)
    weights = truth[2]["model.linear1.weight"].numpy().reshape(4, 1, 28, 28)
    np.testing.assert_allclose(seen.filters, weights, atol=1e-3)
    assert np.trace(seen.confusion) / seen.confusion.sum() == rows[1].validation_accuracy
    assert len(seen.predicted) == seen.confusion.sum()
    assert seen.losses.mean() == pytest.approx(rows[1].validation_loss, rel=1e-2)


def files(path):
    return sorted(file for file in path.rglob("*") if file.is_file())


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_file_loses_more_than_one_epoch(written, data, tmp_path_factory):
    path, truth, rows = written
    copy = tmp_path_factory.mktemp("damaged") / "run"
    shutil.copytree(path, copy)
    victim = data.draw(st.sampled_from([str(f.relative_to(copy)) for f in files(copy)]))
    before = (copy / victim).read_bytes()
    content = bytearray(before)
    place = data.draw(st.integers(0, max(len(content) - 1, 0)))
    if content and data.draw(st.booleans(), label="flip (or cut off)"):
        content[place] ^= 1 << data.draw(st.integers(0, 7))
        (copy / victim).write_bytes(content)
    elif data.draw(st.booleans(), label="delete (or cut off)"):
        (copy / victim).unlink()
    else:
        (copy / victim).write_bytes(content[:place])

    run = RunDirectory(copy)
    found = run.checkpoint()
    assert found.epoch in (EPOCHS - 1, EPOCHS)
    harmless = victim.startswith(("insights", "weights"))  # nothing that a run goes on from
    if victim.endswith(".json") and (copy / victim).exists():
        harmless |= (copy / victim).read_bytes().strip() == before.strip()  # the end of a line
    assert (found.epoch == EPOCHS) == (f"epoch_{EPOCHS:05d}" not in victim or harmless)
    for key, value in truth[found.epoch].items():
        assert torch.equal(found.snapshot.tensors[key], value)
    assert run.rows() == rows  # lines that are lost are known to the checkpoint
    assert run.status().state in ("finished", "interrupted")
    for progress in run.progress():
        assert isinstance(progress, Progress)
    run.changes()
    run.started()
    assert run.size > 0
    for epoch in run.insight_epochs():
        try:
            seen, true = run.insight(epoch), RunDirectory(path).insight(epoch)
            assert seen.epoch == epoch
            for field in ("predicted", "losses", "confusion", "filters"):
                np.testing.assert_array_equal(getattr(seen, field), getattr(true, field))
        except InputError:
            assert victim.startswith("insights")
    for epoch in run.weight_epochs():
        try:
            seen, true = run.weights(epoch), RunDirectory(path).weights(epoch)
            assert all(torch.equal(seen[name], one) for name, one in true.items())
        except InputError:
            assert victim.startswith("weights")
    try:
        assert run.spec().name == "A name"
    except InputError:
        assert victim == "spec.json"
    shutil.rmtree(copy.parent)


@settings(max_examples=60, deadline=None)
@given(noise=st.binary(max_size=300), name=st.sampled_from(["spec.json", "events.jsonl"]))
def test_any_bytes_in_a_file_are_survived(noise, name, tmp_path_factory):
    path = tmp_path_factory.mktemp("noise")
    for file in (name, "status.json"):
        (path / file).write_bytes(noise)
    (path / "checkpoints").mkdir()
    (path / "checkpoints" / "epoch_00001.json").write_bytes(noise)
    run = RunDirectory(path)
    assert run.status().state == "interrupted"
    assert run.rows() == []
    assert run.events_since(0)[0] == []
    with pytest.raises(InputError):
        run.spec()
    with pytest.raises(InputError):
        run.checkpoint()


def test_a_directory_that_is_gone_is_survived(tmp_path):
    run = RunDirectory(tmp_path / "nothing")
    assert (run.rows(), run.progress(), run.epochs(), run.size) == ([], [], [], 0)
    assert run.status().state == "interrupted"
    assert not run.busy
    run.delete()


# Sealed files


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.booleans()))
def test_sealed_values_come_back_and_are_plain_json(values):
    data = sealed(values | {"x": 1})
    assert unsealed(data) == values | {"x": 1}
    assert json.loads(data)["x"] == 1
    assert data.count(b"\n") == 1


@given(st.data())
def test_every_flipped_bit_is_noticed(data):
    content = bytearray(sealed({"a": "text", "b": [1, 2.5, None]}).strip())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        assert unsealed(bytes(content)) == {"a": "text", "b": [1, 2.5, None]}
    except InputError:
        return
    assert chr(content[place]).isspace()  # nothing but blanks at the ends does not count


def test_a_write_that_fails_leaves_the_old_file_and_no_part(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.runs.sealed.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new", durable=True)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


# The log


def progress(step, epoch=0):
    return Progress(step, epoch, 0.5, 0.5, 0.1, 100.0)


def ended(epoch):
    return EpochEnded(epoch, 10 * epoch, 0.5, 0.5, 0.5 / epoch, 0.5, 0.1, 1.0, 100.0)


def started(epoch):
    return Started(epoch, 10 * epoch, 100, 10, 10, 9, 7, "cpu")


def test_a_half_written_line_is_ignored_and_cut_off_on_resume(tmp_path):
    log = LogWriter(tmp_path)
    log.write(started(0))
    log.write(ended(1))
    log.close()
    file = tmp_path / "events.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + sealed({"event": "Progress"})[:20])
    run = RunDirectory(tmp_path)
    events, place = run.events_since(0)
    assert events == [started(0), ended(1)]
    assert place == len(whole)
    again = LogWriter(tmp_path)
    again.write(started(1))
    again.close()
    assert run.events_since(place)[0] == [started(1)]
    assert file.read_bytes().startswith(whole)


def test_only_new_lines_are_read(tmp_path):
    run, log = RunDirectory(tmp_path), LogWriter(tmp_path)
    place, seen = 0, []
    for step in range(1, 6):
        log.write(progress(step))
        events, place = run.events_since(place)
        seen.append([event.step for event in events])
    assert seen == [[1], [2], [3], [4], [5]]
    assert [one.step for one in run.progress()] == [1, 2, 3, 4, 5]
    log.close()


def test_after_a_resume_what_was_lost_counts_no_more(tmp_path):
    run, log = RunDirectory(tmp_path), LogWriter(tmp_path)
    for event in (started(0), progress(5), ended(1), progress(15, 1), ended(2), progress(25, 2)):
        log.write(event)
    assert [row.epoch for row in run.rows()] == [1, 2]
    for event in (started(1), progress(13, 1)):
        log.write(event)
    assert [row.epoch for row in run.rows()] == [1]
    assert [one.step for one in run.progress()] == [5, 13]
    assert run.started() == started(1)
    log.close()


def test_a_log_that_has_become_shorter_is_read_anew(tmp_path):
    run, log = RunDirectory(tmp_path), LogWriter(tmp_path)
    log.write(ended(1))
    log.write(ended(2))
    assert len(run.rows()) == 2
    log.close()
    (tmp_path / "events.jsonl").write_bytes(b"")
    log = LogWriter(tmp_path)
    log.write(Stopped("stopped", 0, 0))
    log.close()
    assert run.rows() == []


# Checkpoints, pictures, status


def snapshot(epoch, losses):
    rows = [dataclasses.replace(ended(n), validation_loss=x) for n, x in enumerate(losses, 1)]
    from core.training.events import to_mapping
    from core.training.state import Snapshot

    facts = {"epoch": epoch, "rows": [to_mapping(row) for row in rows[:epoch]]}
    return Snapshot({"model.w": torch.full((3,), float(epoch))}, facts)


def test_the_newest_two_and_the_best_are_kept(tmp_path):
    losses = [5, 2, 3, 1, 4, 6, 7]
    for epoch, kept in enumerate([[1], [1, 2], [2, 3], [3, 4], [4, 5], [4, 5, 6], [4, 6, 7]], 1):
        checkpoints.save_checkpoint(tmp_path, snapshot(epoch, losses))
        assert checkpoints.kept_epochs(tmp_path) == kept
        names = {file.stem for file in (tmp_path / "checkpoints").iterdir()}
        assert names == {f"epoch_{one:05d}" for one in kept}
    assert checkpoints.load_checkpoint(tmp_path, 4).snapshot.weights()["w"].tolist() == [4, 4, 4]


def test_damaged_checkpoints_are_named(tmp_path):
    for epoch in (1, 2):
        checkpoints.save_checkpoint(tmp_path, snapshot(epoch, [2, 1]))
    newest = tmp_path / "checkpoints" / "epoch_00002.safetensors"
    newest.write_bytes(newest.read_bytes()[:-1])
    found = checkpoints.load_checkpoint(tmp_path)
    assert (found.epoch, found.damaged) == (1, (2,))
    assert found.note == "The file of epoch 2 is damaged; epoch 1 is used instead."
    with pytest.raises(InputError, match="epoch 2 is damaged"):
        checkpoints.load_checkpoint(tmp_path, 2)


def test_a_very_long_run_keeps_few_pictures(tmp_path):
    for epoch in range(1, 2 * insights.MOST + 2):
        empty = np.zeros(0, np.float32)
        counts = np.zeros((0, 0), np.int64)
        seen = Insight(epoch, empty.astype(np.int16), empty, counts, None)
        insights.save_insight(tmp_path, seen)
    kept = insights.insight_epochs(tmp_path)
    assert len(kept) <= insights.MOST + 2
    assert (kept[0], kept[-1]) == (1, 2 * insights.MOST + 1)
    assert max(np.diff(kept)) <= 4


def test_a_status_is_written_over_the_old_one_when_the_disk_is_full(tmp_path, monkeypatch):
    write_status(tmp_path, RunStatus("running", "a" * 900))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.runs.status.write_whole", full)
    write_status(tmp_path, RunStatus("failed", "The disk is full. ä−", 7))
    assert read_status(tmp_path) == RunStatus("failed", "The disk is full. ä−", 7)


def test_rename_and_delete(written, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(written[0], copy)
    run = RunDirectory(copy)
    run.rename("  Größe 2 ")
    assert run.spec().name == "Größe 2"
    for bad in ("", "  ", "x" * 81):
        with pytest.raises(InputError):
            run.rename(bad)
    held = lock.RunLock.take(copy)
    assert run.busy
    with pytest.raises(InputError, match="Stop it"):
        run.delete()
    held.release()
    run.delete()
    assert list(tmp_path.iterdir()) == []


def test_half_deleted_runs_are_rubbish(tmp_path):
    (tmp_path / ".deleted-x").mkdir()
    (tmp_path / "20260101-000000-abcdef").mkdir()
    clear_rubbish(tmp_path)
    assert [run.id for run in all_runs(tmp_path)] == ["20260101-000000-abcdef"]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_checksum_is_the_usual_crc32():
    assert zlib.crc32(b"123456789") == 0xCBF43926
    body = b'{"a": 1'
    assert sealed({"a": 1}) == body + b', "check": "%08x"}\n' % zlib.crc32(body)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_on_a_full_disk_no_line_and_no_checkpoint_is_half_written(small_disk):
    checkpoints.save_checkpoint(small_disk, snapshot(1, [1, 2]))
    log = LogWriter(small_disk)
    log.write(ended(1))
    with pytest.raises(OSError, match="No space"):
        (small_disk / "filler").write_bytes(b"x" * 2_000_000)
    lines = [ended(2)] * 100
    with pytest.raises(OSError, match="No space"):
        list(map(log.write, lines))
    with pytest.raises(OSError, match="No space"):
        checkpoints.save_checkpoint(small_disk, snapshot(2, [1, 2]))
    run = RunDirectory(small_disk)
    run.rows()
    assert run._history.damaged == 0
    assert run.checkpoint().epoch == 1
    (small_disk / "filler").unlink()
    log.write(ended(3))
    log.close()
    assert run.events_since(0)[0][-1] == ended(3)
