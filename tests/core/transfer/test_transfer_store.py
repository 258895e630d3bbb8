import errno
import os
import threading
import time

import numpy as np
import pytest

from core.errors import InputError
from core.transfer import old_collections, store
from core.transfer.aside import counts_aside, put_aside, take_back
from core.transfer.collection import Collection
from core.transfer.merging import gained, merged
from core.transfer.old_collections import clean_up
from core.transfer.sample import sample_of
from core.transfer.store import (
    ElsewhereError,
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
    monkeypatch.setattr(old_collections, "SECOND_LOOK_S", 0.0)
    clean_up(tmp_path)
    there = [bool(load_collection(tmp_path, owner).collection.labels) for owner in ("old", "new")]
    assert there == [False, True]
    then = time.time() - day
    os.utime(folder_of(tmp_path, "new"), (then, then))
    size = sum(p.stat().st_size for p in (folder_of(tmp_path, "new") / store.PICTURES).iterdir())
    monkeypatch.setattr(old_collections, "MAX_ROOT", 2 * size - 1)
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
    monkeypatch.setattr(old_collections, "SECOND_LOOK_S", 0.0)
    clean_up(tmp_path)
    assert load_collection(tmp_path, "me").collection.labels
    monkeypatch.setattr(old_collections, "SECOND_LOOK_S", 3600.0)
    for _ in range(3):  # Many visitors within the hour are no second look.
        clean_up(tmp_path, now=time.time() + wrong * day)
    assert load_collection(tmp_path, "me").collection.labels


# Two tabs of one person


def ids(collection):
    return {label.name: sorted(one.name for one in label.samples) for label in collection.labels}


@pytest.fixture
def shot(files):
    """A picture of its own for each number."""

    def made(number):
        return sample_of(np.asarray(files.photo(100 + number)), "upload", f"new {number}")

    return made


def test_what_another_tab_has_kept_meanwhile_is_not_replaced(tmp_path, pets, shot):
    mark = save_collection(tmp_path, OWNER, pets)
    assert load_collection(tmp_path, OWNER).mark == mark
    theirs = pets.add("c1", [shot(1)])
    second = save_collection(tmp_path, OWNER, theirs, mark)
    with pytest.raises(ElsewhereError):
        save_collection(tmp_path, OWNER, pets.add("c1", [shot(2)]), mark)
    assert told(load_collection(tmp_path, OWNER).collection) == told(theirs)
    assert save_collection(tmp_path, OWNER, pets, second) == mark, "the same has the same mark"


def test_both_tabs_keep_what_they_have_added_and_what_either_removed_is_gone(pets, shot):
    mine = pets.add("c1", [shot(1)]).rename_label("c1", "Kittens")
    theirs = pets.add("c2", [shot(2)]).add_label("birds").add("c4", [shot(3)])
    theirs = theirs.remove(pets.labels[0].samples[0].id).remove_label("c3")
    both = merged(pets, mine, theirs)
    assert ids(both) == {
        "Kittens": ["1.jpg", "2.jpg", "new 1"],
        "dogs": ["0.jpg", "3.jpg", "4.jpg", "new 2"],
        "birds": ["new 3"],
    }
    assert gained(mine, both) == 2
    assert told(merged(pets, pets, theirs)) == told(theirs)
    assert told(merged(pets, mine, pets)) == told(mine)
    other = merged(pets, theirs, mine)
    assert {one.id for one in other.everything()} == {one.id for one in both.everything()}


def test_a_class_that_one_tab_removed_comes_back_for_what_the_other_put_into_it(pets, shot):
    mine, theirs = pets.remove_label("c1"), pets.add("c1", [shot(1)])
    both = merged(pets, mine, theirs)
    assert ids(both)["Cats"] == ["new 1"]


def test_more_than_a_collection_may_hold_is_not_put_together():
    def classes(first):
        made = Collection()
        for number in range(12):
            made = made.add_label(f"{first} {number}")
        return made

    with pytest.raises(InputError, match="20 classes"):
        merged(Collection(), classes("mine"), classes("theirs"))


def test_what_makes_room_is_put_aside_and_comes_back_whole(tmp_path, pets, shot):
    assert put_aside(tmp_path, OWNER) == 0
    assert counts_aside(tmp_path, OWNER) == (0, 0)
    with pytest.raises(InputError, match="Nothing was put aside"):
        take_back(tmp_path, OWNER)
    save_collection(tmp_path, OWNER, pets)
    assert put_aside(tmp_path, OWNER) == 5
    assert put_aside(tmp_path, OWNER) == 5, "twice the same is kept once"
    other = Collection().add_label("other").add("c1", [shot(1)])
    for _ in range(3):  # Pictures that nothing needs leave the disk, but not those put aside.
        save_collection(tmp_path, OWNER, other)
    assert counts_aside(tmp_path, OWNER) == (5, 3)
    assert told(take_back(tmp_path, OWNER)) == told(pets)
    assert counts_aside(tmp_path, OWNER) == (1, 1), "the other one has taken its place"


def test_only_so_many_are_kept_aside(tmp_path, shot):
    for number in range(8):
        one = Collection().add_label("c").add("c1", [shot(number)])
        save_collection(tmp_path, OWNER, one)
        put_aside(tmp_path, OWNER)
    back = [ids(take_back(tmp_path, OWNER))["c"] for _ in range(2)]
    assert back == [["new 7"], ["new 6"]]
    folder = folder_of(tmp_path, OWNER) / store.PICTURES
    save_collection(tmp_path, OWNER, Collection())
    assert len(list(folder.iterdir())) <= 7
