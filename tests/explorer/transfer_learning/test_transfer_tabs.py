"""Two tabs of one browser on transfer learning and on the dashboard, and what came before."""

import time

import pytest
from transfer_gestures import OWNER, letters

from core.transfer.collection import Collection
from core.transfer.store import collections_root, delete_collection, load_collection
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.runner import runner
from explorer.training_dashboard.stage import stage_message as dashboard_stage
from explorer.transfer_learning import keeping
from explorer.transfer_learning.cards import board_message
from explorer.transfer_learning.stage import stage_message

SMALL = {"classes": 2, "per_class": 2}


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    delete_collection(collections_root(), OWNER)


def added(photo, lesson, *numbers, label=0):
    files = [{"name": f"{one}.png", "data": letters(photo(one))} for one in numbers]
    name = lesson.collecting.collection.labels[label].id
    return {"type": "files", "label": name, "files": files, "more": False}


def kept():
    return load_collection(collections_root(), OWNER).collection


def names(collection):
    return sorted(one.name for one in collection.everything() if one.name.endswith(".png"))


def aside(lesson):
    header, _ = board_message(lesson, None)
    return next(card for card in header["cards"] if card["kind"] == "project")["aside"]


def test_two_tabs_keep_the_pictures_of_both(opened, did, photo):
    first = opened(OWNER, **SMALL)
    did(first, added(photo, first, 1))
    second = opened(OWNER, samples="own", **SMALL)
    assert names(second.collecting.collection) == ["1.png"]
    did(first, added(photo, first, 2))
    notice = did(second, added(photo, second, 3))
    assert notice == keeping.FROM_ELSEWHERE
    assert names(second.collecting.collection) == ["1.png", "2.png", "3.png"]
    assert names(kept()) == ["1.png", "2.png", "3.png"]
    assert did(second, {"type": "undo"}) == "There is nothing to undo."
    did(first, added(photo, first, 4))
    assert names(kept()) == ["1.png", "2.png", "3.png", "4.png"]
    assert names(first.collecting.collection) == ["1.png", "2.png", "3.png", "4.png"]


def test_what_is_written_in_the_background_is_put_together_with_the_next_gesture(
    opened, did, photo, monkeypatch
):
    first = opened(OWNER, **SMALL)
    did(first, added(photo, first, 1))
    second = opened(OWNER, samples="own", **SMALL)
    did(first, added(photo, first, 2))
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    monkeypatch.setattr(keeping.threading.Thread, "start", keeping.threading.Thread.run)
    second.apply((added(photo, second, 3),))
    assert names(kept()) == ["1.png", "2.png"], "nothing of the other tab was replaced"
    did(second, {"type": "look"})
    assert names(kept()) == ["1.png", "2.png", "3.png"]


def test_a_new_beginning_puts_earlier_pictures_aside(opened, did, photo):
    yesterday = opened(OWNER, **SMALL)
    did(yesterday, added(photo, yesterday, 1, 2))
    before = kept()
    today = opened(OWNER, samples="fruit", **SMALL)
    assert aside(today) is None
    notice = did(today, added(photo, today, 3))
    assert notice.endswith(keeping.ASIDE.format("6 pictures"))
    assert names(kept()) == ["3.png"]
    assert aside(today) == "6 pictures in 2 classes"
    assert "are back" in did(today, {"type": "take_back"})
    assert names(today.collecting.collection) == ["1.png", "2.png"]
    did(today, added(photo, today, 4))
    assert names(kept()) == ["1.png", "2.png", "4.png"]
    assert len(kept()) == len(before) + 1
    assert aside(today) == "5 pictures in 2 classes", "today's took their place"


def test_choosing_a_set_and_drawing_into_it_costs_no_own_picture(opened, did, photo):
    lesson = opened(OWNER, **SMALL)
    did(lesson, added(photo, lesson, 1))
    did(lesson, {"type": "set", "name": "samples", "value": "fruit"})
    assert names(kept()) == ["1.png"]
    notice = did(lesson, added(photo, lesson, 2))
    assert "is put aside" in notice
    did(lesson, {"type": "take_back"})
    assert names(lesson.collecting.collection) == ["1.png"]


def test_nothing_is_brought_back_where_nothing_was_put_aside(opened, did):
    assert did(opened(**SMALL), {"type": "take_back"}) == "Nothing was put aside."
    lesson = opened(OWNER, **SMALL)
    assert did(lesson, {"type": "take_back"}) == "Nothing was put aside."
    assert isinstance(lesson.collecting.collection, Collection)


def test_a_run_that_is_deleted_in_one_tab_leaves_the_other_one_whole(opened, did):
    first = opened(OWNER, method="last", epochs=1, **{**SMALL, "per_class": 8})
    did(first, {"type": "start"})
    run = first.settings.run
    second = opened(OWNER, run=run)
    assert second.settings.run == run
    did(first, {"type": "pause"})
    did(second, {"type": "stop"})
    while runner().status(run).state not in ("stopped", "finished"):
        did(second, {"type": "look"})
    did(first, {"type": "delete_run", "run": run})
    assert first.settings.run is None
    header, _ = stage_message(second, None)
    assert header["notice"].startswith("This run was deleted in another tab")
    assert second.settings.run is None
    board_message(second, None)
    assert second.outdated(), "the address follows"


def test_the_dashboard_shows_the_example_when_its_run_was_deleted_elsewhere():
    query = {"data": "digits", "model": "softmax", "epochs": "2"}
    first, second = TrainingDashboard(query), TrainingDashboard(query)
    for lesson in (first, second):
        lesson.apply(({"type": "hello", "owner": OWNER},))
    first.apply(({"type": "start"},))
    run = first.settings.run
    second.apply(({"type": "show_run", "run": run},))
    first.apply(({"type": "pause"},))
    assert second.status().state in ("paused", "queued", "starting", "running")
    second.apply(({"type": "resume"},))
    second.apply(({"type": "stop"},))
    while not first.status().ended:
        time.sleep(0.05)
    first.apply(({"type": "delete_run", "run": run},))
    header, _ = dashboard_stage(second, None)
    assert header["notice"].startswith("This run was deleted in another tab")
    assert second.settings.run is None
    assert header["run"]["state"] != "interrupted"
    second.apply(({"type": "delete_run", "run": run},))
    assert second.notice == "This run is not there any more."
