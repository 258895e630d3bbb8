"""A run that comes with the explorer arrives in the folder of runs whole or not at all."""

import shutil

import pytest

from core.runs.arriving import arrive
from core.runs.directory import all_runs, clear_rubbish

NAME = "20260101-120000-abcdef"


@pytest.fixture
def source(tmp_path):
    run = tmp_path / "shipped" / NAME
    (run / "checkpoints").mkdir(parents=True)
    (run / "spec.json").write_text("what to do")
    (run / "checkpoints" / "epoch_00001.safetensors").write_bytes(bytes(1000))
    return run


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_it_arrives_whole_and_once(tmp_path, source):
    root = tmp_path / "runs"
    root.mkdir()
    arrive(source, root)
    assert [run.id for run in all_runs(root)] == [NAME]
    assert contents(root / NAME) == contents(source)
    (root / NAME / "spec.json").write_text("changed since")
    arrive(source, root)
    assert (root / NAME / "spec.json").read_text() == "changed since"
    assert [path.name for path in root.iterdir()] == [NAME]


def test_a_disk_that_is_full_leaves_nothing(tmp_path, source, monkeypatch):
    root = tmp_path / "runs"
    root.mkdir()
    copied = []
    copyfile = shutil.copyfile

    def full(one, other, **options):
        if copied:
            raise OSError(28, "No space left on device")
        copied.append(copyfile(one, other, **options))
        return other

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises((OSError, shutil.Error)):
        arrive(source, root)
    assert copied
    assert list(root.iterdir()) == []


def test_what_a_kill_has_left_is_no_run_and_goes_at_the_next_start(tmp_path, source, monkeypatch):
    root = tmp_path / "runs"
    root.mkdir()
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)  # Killed before it could tidy up.
    monkeypatch.setattr("pathlib.Path.rename", lambda *_: None)
    arrive(source, root)
    assert len(list(root.iterdir())) == 1
    assert all_runs(root) == []
    monkeypatch.undo()
    clear_rubbish(root)
    assert list(root.iterdir()) == []
