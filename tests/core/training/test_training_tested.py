import errno

import pytest
from recorded_runs import record_run

from core.errors import InputError
from core.runs.directory import RunDirectory
from core.training import tested as asking
from core.training.config import TrainingConfig
from core.training.finished import test_accuracy as final_accuracy

CONFIG = TrainingConfig(model="softmax", train_size=200, epochs=1, threads=1)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, digits):
    return record_run(tmp_path_factory.mktemp("runs") / "one", CONFIG, digits)


def test_each_question_is_counted_and_its_answer_kept_with_the_run(recorded, digits):
    file = recorded.path / asking.NAME
    file.unlink(missing_ok=True)
    assert asking.tested(recorded) == asking.Tested()
    first = asking.ask(recorded, digits)
    assert first.asked == 1
    assert first.last == final_accuracy(recorded, digits)
    second = asking.ask(recorded, digits)
    assert (second.asked, len(second.answers)) == (2, 2)
    assert asking.tested(RunDirectory(recorded.path)) == second
    file.write_bytes(b"nonsense")
    assert asking.tested(recorded).asked == 0
    file.unlink()


def test_who_asks_has_asked_even_without_an_answer(recorded, monkeypatch):
    def gone(*_):
        raise InputError("The pictures are gone.")

    monkeypatch.setattr(asking, "test_accuracy", gone)
    with pytest.raises(InputError, match="gone"):
        asking.ask(recorded)
    assert asking.tested(recorded).asked == 1
    (recorded.path / asking.NAME).unlink()


def test_on_a_full_disk_nobody_is_answered(recorded, digits, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(asking, "write_whole", full)
    with pytest.raises(InputError, match="disk is full"):
        asking.ask(recorded, digits)
    assert not (recorded.path / asking.NAME).exists()


def test_without_an_epoch_there_is_nothing_to_ask(tmp_path, recorded):
    (tmp_path / "spec.json").write_bytes((recorded.path / "spec.json").read_bytes())
    with pytest.raises(InputError, match="nothing to test"):
        asking.ask(RunDirectory(tmp_path))
    assert not (tmp_path / asking.NAME).exists()
