import re
from html import escape

import numpy as np
import pytest

from explorer import home
from explorer.home import home_message
from explorer.lessons import BY_SLUG, LESSONS, sections
from explorer.shell import ASSETS, PAGES, navigation_message, opening, stylesheet

ORDER = [
    "How a model learns",
    "From neuron to network",
    "Images",
    "Sequences and generation",
    "In practice",
    "Reference",
]


def test_slugs_are_unique_and_fit_into_an_address():
    assert len({lesson.slug for lesson in LESSONS}) == len(LESSONS) == len(BY_SLUG)
    for lesson in LESSONS:
        assert re.fullmatch(r"[a-z][a-z_]*", lesson.slug)
        assert BY_SLUG[lesson.slug] is lesson


def test_every_lesson_says_what_one_does_there():
    assert len({lesson.title for lesson in LESSONS}) == len(LESSONS)
    for lesson in LESSONS:
        assert lesson.title[0].isupper()
        assert lesson.aim.endswith(".")


def test_sections_come_in_the_order_of_the_course():
    assert list(sections()) == ORDER
    together = [lesson for lessons in sections().values() for lesson in lessons]
    assert together == list(LESSONS)  # No section is torn apart.


def test_what_is_built_has_its_page_and_no_page_is_forgotten():
    built = {lesson.slug for lesson in LESSONS if lesson.built}
    assert "linear_regression" in built
    assert {path.stem for path in PAGES.glob("*.py")} == built | {"home"}


def test_the_navigation_shows_every_lesson_and_which_are_to_come():
    message = navigation_message("linear_regression", "t:1")
    assert (message["ack"], message["current"]) == ("t:1", "linear_regression")
    assert [group["heading"] for group in message["groups"]] == ORDER
    entries = [entry for group in message["groups"] for entry in group["lessons"]]
    assert [entry["slug"] for entry in entries] == [lesson.slug for lesson in LESSONS]
    assert [entry["built"] for entry in entries] == [lesson.built for lesson in LESSONS]


def test_the_home_page_shows_them_all_with_a_picture():
    groups = home_message()["groups"]
    assert [group["heading"] for group in groups] == ORDER
    cards = [card for group in groups for card in group["lessons"]]
    assert [card["slug"] for card in cards] == [lesson.slug for lesson in LESSONS]
    for card in cards:
        assert card["picture"]["kind"]
        assert bool(card["outcome"]) == bool(card["start"]) == card["built"]


def test_a_lesson_that_was_visited_goes_on_and_the_first_one_says_where_to_start(monkeypatch):
    def starts():
        cards = [card for group in home_message()["groups"] for card in group["lessons"]]
        return {card["slug"]: card["start"] for card in cards if card["start"]}

    before = starts()
    assert before["linear_regression"] == "Start here"
    assert set(before.values()) == {"Start here", "Start"}
    monkeypatch.setattr("explorer.state.visited", lambda slug: {"augmentation": 1}.get(slug))
    assert starts() == before | {"augmentation": "Go on"}


def test_pictures_that_take_longer_come_when_they_are_made(monkeypatch):
    monkeypatch.setattr(home, "_later", {})
    assert home_message()["making"]
    assert home.picture("transfer_learning")["kind"] == "scatter"
    home.prepare()
    assert not home_message()["making"]
    kinds = {lesson.slug: home.picture(lesson.slug)["kind"] for lesson in LESSONS if lesson.built}
    assert kinds == {
        "linear_regression": "regression",
        "activations": "tangent",
        "network_builder": "network",
        "training_dashboard": "training",
        "augmentation": "draws",
        "transfer_learning": "neighbours",
    }


def test_the_stylesheet_cannot_end_its_own_element():
    text = stylesheet()
    assert text.startswith("<style>")
    assert text.endswith("</style>")
    assert text.count("</") == 1
    assert (ASSETS / "favicon.png").read_bytes().startswith(b"\x89PNG")


def test_the_digits_of_the_pictures_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    from explorer import thumbnails

    digits = load_digits()
    assert np.array_equal(thumbnails._digits() * 16, digits.images[:300])
    assert np.array_equal(thumbnails.digit_table()[:, 64], digits.target[:300])


@pytest.mark.parametrize("lesson", [one for one in LESSONS if one.built], ids=lambda one: one.slug)
def test_a_page_that_takes_its_time_says_what_it_is(lesson):
    text = opening(lesson.slug)
    assert f"<h1>{escape(lesson.title)}</h1>" in text
    assert escape(lesson.aim) in text
    assert "being computed" in text
