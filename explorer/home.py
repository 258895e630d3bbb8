"""What the home page shows: every lesson, those that are there with a picture that moves."""

import importlib
from functools import cache
from typing import Any

from explorer import state
from explorer.lessons import Lesson, sections
from explorer.previews import PREVIEWS
from explorer.thumbnails import thumbnail

TITLE = "Learn deep learning by touching it"
AIM = (
    "Every curve, number and picture is computed, none is drawn by hand: real PyTorch, "
    "real gradients, real data. Take hold of something and see what follows."
)
FIRST = "linear_regression"
WIDE = {FIRST: "hero", "network_builder": "wide"}
_later: dict[str, dict[str, Any]] = {}


def prepare() -> None:
    """Make the moving pictures that take longer; until then a picture that stands still is shown.

    They import torchvision and load a network, which the first visitor should not wait for.
    """
    for slug, make in importlib.import_module("explorer.picture_previews").PREVIEWS.items():
        _later.setdefault(slug, make())


def warm() -> None:
    """Make what the first visitor sees at once."""
    for _, lessons in sections().items():
        for lesson in lessons:
            picture(lesson.slug)


def home_message() -> dict[str, Any]:
    """Return the lessons under their headings, for the browser to draw."""
    groups = [
        {"heading": heading, "lessons": [_card(lesson) for lesson in lessons]}
        for heading, lessons in sections().items()
    ]
    return {"ack": None, "groups": groups, "making": not _later}


def _card(lesson: Lesson) -> dict[str, Any]:
    been = lesson.built and state.visited(lesson.slug) is not None
    start = "Go on" if been else "Start here" if lesson.slug == FIRST else "Start"
    return {
        "slug": lesson.slug,
        "title": lesson.title,
        "aim": lesson.aim,
        "outcome": f"Afterwards you can {lesson.outcome}" if lesson.outcome else "",
        "built": lesson.built,
        "start": start if lesson.built else None,
        "shape": WIDE.get(lesson.slug, "usual"),
        "picture": picture(lesson.slug),
    }


def picture(slug: str) -> dict[str, Any]:
    """Return the picture of a lesson: the moving one if there is one by now."""
    if slug in _later:
        return _later[slug]
    return _moving(slug) if slug in PREVIEWS else thumbnail(slug)


@cache
def _moving(slug: str) -> dict[str, Any]:
    return PREVIEWS[slug]()


def head_message() -> dict[str, Any]:
    """Return the head of the home page."""
    return {
        "ack": None,
        "title": TITLE,
        "aim": AIM,
        "query": "",
        "settled": False,
        "problems": [],
        "actions": False,
    }
