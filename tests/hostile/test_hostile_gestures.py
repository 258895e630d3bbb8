"""Gestures that make no sense: every action of every lesson, with nothing and with anything."""

import numpy as np
import pytest

from core.errors import InputError
from core.runs.local import LocalRunner
from core.transfer.collection import Collection
from explorer.training_dashboard.downloads import downloads as of_pictures
from explorer.transfer_learning.backbones import downloads as of_backbones
from explorer.transfer_learning.public import downloads as of_sets

from .lessons import PAGES
from .values import VALUES

EACH = 8  # every action gets every eighth value, and its neighbours the others
UNDRAWN = "That did not work. What you had is still here."


@pytest.fixture(autouse=True)
def nothing_is_started(monkeypatch):
    """Gestures may ask for runs and downloads; here they get a sentence."""
    submit = LocalRunner.submit

    def refused(self, config, session, name=""):
        if session == "example":
            return submit(self, config, session, name)
        raise InputError("No run is started in this test.")

    def no_download(*_, **__):
        raise InputError("Nothing is fetched in this test.")

    monkeypatch.setattr(LocalRunner, "submit", refused)
    monkeypatch.setattr("explorer.network_builder.questions.MOST_STEPS", 100)
    for one in (of_pictures(), of_backbones, of_sets):
        monkeypatch.setattr(type(one), "start", no_download)


def said(lesson):
    """All sentences that the lesson shows about what was asked last."""
    parts = [lesson, *vars(lesson).values()]
    found = [getattr(part, name, None) for part in parts for name in ("notice", "refused")]
    return [one for one in found if isinstance(one, str)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_no_action_breaks_a_lesson_whatever_it_is_given(page):
    lesson, names, values = page.opened(), page.names(), list(VALUES.values())
    assert len(names) > 5
    for turn, action in enumerate(page.actions(lesson)):
        lesson.apply(({"type": action},))
        for value in values[turn % EACH :: EACH]:
            lesson.apply(({"type": action, **dict.fromkeys(names, value)},))
        assert all(len(text) < 1500 and "Traceback" not in text for text in said(lesson)), action
        if turn % EACH == 0:
            page.drawn(lesson)
    page.drawn(lesson)
    assert page.opened_at(lesson.address()).problems == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_many_wrong_values_at_once_are_no_trouble_either(page):
    chance = np.random.default_rng(17)
    lesson, names, values = page.opened(), page.names(), list(VALUES.values())
    actions = page.actions(lesson)
    for _ in range(40):
        events = []
        for _ in range(3):
            given = {name: values[chance.integers(len(values))] for name in names}
            events.append({"type": actions[chance.integers(len(actions))], **given})
        lesson.apply(tuple(events))
    page.drawn(lesson)
    assert page.opened_at(lesson.address()).problems == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_what_is_no_gesture_changes_nothing(page):
    lesson = page.opened()
    before = lesson.address()
    for kind in ("", "no_such", "__init__", "apply", None, [], {}, 5, "x" * 100_000, ["step"]):
        lesson.apply(({"type": kind},))
    lesson.apply(({},))
    assert lesson.address() == before
    assert UNDRAWN not in said(lesson)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_setting_that_cannot_be_says_so_and_the_old_one_stays(page):
    lesson = page.opened()
    before = lesson.address()
    for name in page.fields:
        for value in ("\0", "<b>", -1e9, 1.5e300):
            lesson.notice = None
            lesson.apply(({"type": "set", "name": name, "value": value},))
            assert any(len(text) > 10 for text in said(lesson)), (name, value)
            assert lesson.address() == before, (name, value)


def test_nobody_makes_a_collection_grow_without_end():
    page = next(one for one in PAGES if one.slug == "transfer_learning")
    lesson = page.opened({"samples": "own"})
    for _ in range(60):
        lesson.apply(({"type": "add_label"},))
    collection = lesson.collecting.collection
    assert isinstance(collection, Collection)
    assert len(collection.labels) <= 20
    assert lesson.notice
