"""A disk that fills up under an open page: a sentence, and what there was is still there."""

import errno
import time

import pytest
from transfer_gestures import OWNER, letters

from core.errors import InputError
from core.runs import jobs, sealed, spec
from core.training import data, intake
from core.transfer import store
from core.transfer.store import collections_root, delete_collection, load_collection
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.runner import runner

SMALL = {"classes": 2, "per_class": 2}


def refuse(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full(monkeypatch):
    """Fills the disk for whatever is written from then on."""

    def fill():
        for module in (sealed, spec, store, jobs):
            for name in ("write_whole", "write_spec", "write_status"):
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, refuse)
        monkeypatch.setattr(data, "save_file", refuse)

    return fill


def test_the_dashboard_says_that_a_run_cannot_begin_or_be_renamed(full):
    lesson = TrainingDashboard({"data": "digits", "model": "softmax", "epochs": "1"})
    lesson.apply(({"type": "hello", "owner": OWNER}, {"type": "start"}))
    run, name = lesson.settings.run, lesson.directory.spec().name
    while not lesson.status().ended:
        time.sleep(0.05)
    full()
    lesson.apply(({"type": "start"},))
    assert "disk is full" in lesson.notice
    assert lesson.settings.run == run, "the finished run is still shown"
    lesson.apply(({"type": "rename_run", "run": run, "name": "Mine"},))
    assert "old name stays" in lesson.notice or "disk is full" in lesson.notice
    assert lesson.directory.spec().name == name
    lesson.apply(({"type": "delete_run", "run": run},))
    assert lesson.settings.run is None
    assert run not in [one.id for one in runner().runs()]


def test_own_pictures_stay_on_the_page_and_are_kept_when_there_is_room(
    opened, did, photo, full, monkeypatch
):
    lesson = opened(OWNER, **SMALL)
    label = lesson.collecting.collection.labels[0].id

    def take(number):
        files = [{"name": f"{number}.png", "data": letters(photo(number))}]
        return did(lesson, {"type": "files", "label": label, "files": files, "more": False})

    try:
        take(1)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(store, "write_whole", refuse)
            notice = take(2)
            assert "could not be kept on the disk" in notice
            assert len(lesson.collecting.collection) == 6
            assert len(load_collection(collections_root(), OWNER).collection) == 5
        take(3)
        assert len(load_collection(collections_root(), OWNER).collection) == 7
    finally:
        delete_collection(collections_root(), OWNER)


def test_a_run_of_own_pictures_says_that_they_cannot_be_handed_in(opened, did, full):
    lesson = opened(OWNER, method="last", **{**SMALL, "per_class": 8})
    full()
    assert "disk is full" in did(lesson, {"type": "start"})
    assert lesson.settings.run is None


def test_a_table_that_finds_no_room_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(intake.Path, "write_bytes", refuse)
    with pytest.raises(InputError, match="The disk is full"):
        intake.take_in(b"label,pixel1\n", "Mine", "a-", lambda *_: None)


def test_a_machine_without_room_for_a_process_refuses_a_table(monkeypatch):
    def none(*_, **__):
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(intake, "Errand", none)
    with pytest.raises(InputError, match=r"The machine refused .*temporarily"):
        intake.take_in(b"label,pixel1\n", "Mine", "a-", lambda *_: None)
