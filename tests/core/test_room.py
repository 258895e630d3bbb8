import pytest
import torch

from core import room
from core.errors import InputError
from core.images.image_set import ImageSet
from core.room import check_room, check_runs
from core.runs.jobs import new_run
from core.training import data
from core.training.config import TrainingConfig
from core.training.data import store


def test_files_fill_the_disk_up_to_a_limit(tmp_path):
    for at in range(3):
        (tmp_path / f"{at}.safetensors").write_bytes(bytes(100))
    (tmp_path / "other.txt").write_bytes(bytes(10_000))
    check_room(tmp_path, "*.safetensors", 100, 400, "sets")
    with pytest.raises(InputError, match="of sets, and no more"):
        check_room(tmp_path, "*.safetensors", 101, 400, "sets")
    check_room(tmp_path / "not_there", "*", 1, 1, "sets")


def test_a_set_too_many_is_refused_and_an_older_one_may_be_replaced(tmp_path, monkeypatch):
    pictures = ImageSet(
        torch.zeros(4, 1, 8, 8, dtype=torch.uint8), torch.tensor([0, 1, 0, 1]), ("a", "b"), "x"
    )
    monkeypatch.setattr(data, "MOST_SETS", 1000)
    assert store(pictures, "first", tmp_path) == "stored:first"
    with pytest.raises(InputError, match="no more"):
        store(replaced_many(pictures), "second", tmp_path)
    assert store(pictures, "first", tmp_path) == "stored:first"
    assert [path.name for path in (tmp_path / "stored").iterdir()] == ["first.safetensors"]


def replaced_many(pictures):
    return ImageSet(
        pictures.images.repeat(4, 1, 1, 1), pictures.labels.repeat(4), pictures.classes, "x"
    )


def test_a_run_too_many_is_refused(tmp_path, monkeypatch):
    new_run(tmp_path, TrainingConfig(), "somebody", "")
    check_runs(tmp_path, most=2)
    with pytest.raises(InputError, match="1 runs, and no more"):
        check_runs(tmp_path, most=1)
    assert len(list(tmp_path.iterdir())) == 1
    assert room.MOST_RUNS > 1000
