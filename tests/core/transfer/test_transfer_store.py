import errno
import os
import threading
import time

import numpy as np
import pytest

from core.errors import InputError
from core.transfer import store
from core.transfer.collection import Collection
from core.transfer.sample import sample_of
from core.transfer.store import (
    clean_up,
    delete_collection,
    folder_of,
    load_collection,
    save_collection,
)

OWNER = "../../a visitor/\x00 ü"


def told(collection):
    """All of a collection as plain values."""
    return [
        (
            label.name,
            label.on,
            [(s.id, s.origin, s.name, s.picture.tobytes()) for s in label.samples],
        )
        for label in collection.labels
    ]


@pytest.fixture
def pets(files):
    made = Collection().add_label("Cats").add_label("dogs").add_label("empty")
    photos = [
        sample_of(np.asarray(files.photo(seed)), "upload", f"{seed}.jpg") for seed in range(5)
    ]
    made = made.add("c1", photos[:3]).add("c2", [*photos[3:], photos[0]])
    return made.switch_label("c2", False)


def test_what_was_kept_comes_back_to_the_last_pixel(tmp_path, pets):
    save_collection(tmp_path, OWNER, pets)
    stored = load_collection(tmp_path, OWNER)
    assert told(stored.collection) == told(pets)
    assert stored.notice == ""
    assert not stored.collection.labels[0].samples[0].picture.flags.writeable
    assert told(load_collection(tmp_path, "somebody else").collection) == []
    assert [path.parent for path in tmp_path.iterdir()] == [tmp_path]


def test_a_change_writes_only_what_is_new(tmp_path, pets, files):
    save_collection(tmp_path, OWNER, pets)
    pictures = folder_of(tmp_path, OWNER) / store.PICTURES
    before = {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in pictures.iterdir()
    }
    assert len(before) == 5  # the same picture in two classes is one file
    more = pets.rename_label("c1", "Kittens")
    more = more.add("c1", [sample_of(np.asarray(files.photo(9)), "webcam")])
    save_collection(tmp_path, OWNER, more)
    after = {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in pictures.iterdir()
    }
    assert {name: after[name] for name in before} == before
    assert len(after) == 6
    assert told(load_collection(tmp_path, OWNER).collection) == told(more)


def test_removed_pictures_leave_the_disk(tmp_path, pets):
    save_collection(tmp_path, OWNER, pets)
    for _ in range(2):  # the list before the newest still counts
        save_collection(tmp_path, OWNER, pets.remove_label("c1"))
    pictures = folder_of(tmp_path, OWNER) / store.PICTURES
    assert len(list(pictures.iterdir())) == 3
    delete_collection(tmp_path, OWNER)
    assert list(tmp_path.iterdir()) == []
    delete_collection(tmp_path, OWNER)


def test_a_kill_before_the_list_is_written_leaves_the_earlier_one(tmp_path, pets, monkeypatch):
    save_collection(tmp_path, OWNER, pets)
    real = store.write_whole

    def full(path, data, durable=False):
        if path.name == store.INDEX:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path, data, durable)

    monkeypatch.setattr(store, "write_whole", full)
    with pytest.raises(InputError, match=r"could not be kept.*No space left.*project file"):
        save_collection(tmp_path, OWNER, pets.remove_label("c1"))
    assert told(load_collection(tmp_path, OWNER).collection) == told(pets)


def test_damage_costs_only_what_is_damaged(tmp_path, pets):
    save_collection(tmp_path, OWNER, pets)
    folder = folder_of(tmp_path, OWNER)
    samples = pets.labels[0].samples
    other = (folder / store.PICTURES / f"{samples[1].digest}.png").read_bytes()
    (folder / store.PICTURES / f"{samples[2].digest}.png").write_bytes(other)  # another picture
    (folder / store.PICTURES / f"{pets.labels[1].samples[0].digest}.png").write_bytes(b"")
    stored = load_collection(tmp_path, OWNER)
    assert [len(label) for label in stored.collection.labels] == [2, 2, 0]
    assert stored.notice.startswith("2 pictures were damaged")


def test_a_damaged_list_gives_the_one_before_it(tmp_path, pets):
    save_collection(tmp_path, OWNER, pets)
    save_collection(tmp_path, OWNER, pets.rename_label("c1", "Newer"))
    index = folder_of(tmp_path, OWNER) / store.INDEX
    index.write_bytes(index.read_bytes().replace(b"Newer", b"Never"))
    stored = load_collection(tmp_path, OWNER)
    assert told(stored.collection) == told(pets)
    assert "one before it" in stored.notice
    (folder_of(tmp_path, OWNER) / store.EARLIER).write_bytes(b"{}")
    stored = load_collection(tmp_path, OWNER)
    assert len(stored.collection) == 0
    assert "could not be read" in stored.notice
    save_collection(tmp_path, OWNER, pets)
    assert load_collection(tmp_path, OWNER).notice == ""


def test_two_tabs_never_see_a_mixture(tmp_path, pets):
    versions = [pets.rename_label("c1", f"version {k}").remove_label(f"c{k + 2}") for k in range(2)]
    wanted = [told(version) for version in versions]
    save_collection(tmp_path, OWNER, versions[0])
    seen = []

    def write(version):
        for _ in range(10):
            save_collection(tmp_path, OWNER, version)

    def read():
        seen.extend(told(load_collection(tmp_path, OWNER).collection) for _ in range(20))

    threads = [threading.Thread(target=write, args=(version,)) for version in versions]
    threads.append(threading.Thread(target=read))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 20
    assert all(one in wanted for one in seen)


def test_what_nobody_uses_is_cleaned_up(tmp_path, pets, monkeypatch):
    day = 86_400
    for age, owner in ((40, "old"), (20, "middle"), (1, "new")):
        save_collection(tmp_path, owner, pets)
        then = time.time() - age * day
        os.utime(folder_of(tmp_path, owner), (then, then))
    clean_up(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3, "at first sight nothing is deleted"
    monkeypatch.setattr(store, "SECOND_LOOK_S", 0.0)
    clean_up(tmp_path)
    there = [bool(load_collection(tmp_path, owner).collection.labels) for owner in ("old", "new")]
    assert there == [False, True]
    then = time.time() - day
    os.utime(folder_of(tmp_path, "new"), (then, then))
    size = sum(p.stat().st_size for p in (folder_of(tmp_path, "new") / store.PICTURES).iterdir())
    monkeypatch.setattr(store, "MAX_ROOT", 2 * size - 1)
    load_collection(tmp_path, "middle")  # was used just now
    save_collection(tmp_path, "newest", pets)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {folder_of(tmp_path, owner).name for owner in ("middle", "newest")}


@pytest.mark.parametrize("wrong", [400, -400])
def test_a_clock_that_is_wrong_for_a_while_costs_nobody_their_pictures(
    tmp_path, pets, monkeypatch, wrong
):
    day = 86_400
    save_collection(tmp_path, "me", pets)
    clean_up(tmp_path, now=time.time() + wrong * day)
    clean_up(tmp_path)  # The clock is right again.
    monkeypatch.setattr(store, "SECOND_LOOK_S", 0.0)
    clean_up(tmp_path)
    assert load_collection(tmp_path, "me").collection.labels
    monkeypatch.setattr(store, "SECOND_LOOK_S", 3600.0)
    for _ in range(3):  # Many visitors within the hour are no second look.
        clean_up(tmp_path, now=time.time() + wrong * day)
    assert load_collection(tmp_path, "me").collection.labels
