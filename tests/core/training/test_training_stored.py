import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from core.errors import InputError
from core.images.image_set import ImageSet
from core.training.data import sets_of, store, stored_path
from core.training.stored import about_stored, delete_stored, stored_sets


def made_up(classes=("ant", "bee"), side=8, channels=3):
    images = torch.randint(
        0, 256, (40, channels, side, side), generator=torch.Generator(), dtype=torch.uint8
    )
    return ImageSet(images, torch.arange(40) % len(classes), classes, "Insects of mine")


def test_a_kept_set_is_described_without_its_pictures(tmp_path):
    dataset = store(made_up(), "me-one", tmp_path)
    about = about_stored(dataset, tmp_path)
    assert (about.dataset, about.label, about.classes) == (
        dataset,
        "Insects of mine",
        ("ant", "bee"),
    )
    assert (about.channels, about.side, about.pictures) == (3, 8, 40)
    assert about.size == os.stat(stored_path(tmp_path, dataset)).st_size > 40 * 3 * 8 * 8


def test_only_sets_of_a_name_are_listed_and_damaged_ones_left_out(tmp_path):
    assert stored_sets("me-", tmp_path) == []
    for name in ("me-b", "me-a", "you-a"):
        store(made_up(), name, tmp_path)
    assert [one.dataset for one in stored_sets("me-", tmp_path)] == ["stored:me-a", "stored:me-b"]
    stored_path(tmp_path, "stored:me-a").write_bytes(b"no such file")
    assert [one.dataset for one in stored_sets("me-", tmp_path)] == ["stored:me-b"]
    with pytest.raises(InputError, match="damaged"):
        about_stored("stored:me-a", tmp_path)


def test_a_deleted_set_is_gone(tmp_path):
    dataset = store(made_up(), "me-a", tmp_path)
    delete_stored(dataset, tmp_path)
    delete_stored(dataset, tmp_path)
    for ask in (about_stored, lambda name, root: sets_of(name, [root])):
        with pytest.raises(InputError, match="Upload it again"):
            ask(dataset, tmp_path)


def test_where_nothing_can_be_written_that_is_said_and_nothing_half_is_left(tmp_path):
    (tmp_path / "stored").write_text("a file where the folder should be")
    with pytest.raises(InputError, match="cannot be written"):
        store(made_up(), "me-a", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["stored"]


def test_many_who_keep_the_same_pictures_at_once_do_not_get_into_each_others_way(tmp_path):
    pictures = made_up(side=64)
    with ThreadPoolExecutor(8) as together:
        kept = [together.submit(store, pictures, "same", tmp_path) for _ in range(40)]
    assert {one.result() for one in kept} == {"stored:same"}
    (only,) = (tmp_path / "stored").iterdir()
    assert only.name == "same.safetensors"
