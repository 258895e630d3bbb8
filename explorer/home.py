"""What the home page shows: every lesson as a card with its picture."""

from functools import cache
from typing import Any

from explorer.lessons import Lesson, sections
from explorer.thumbnails import thumbnail

AIM = (
    "Every curve, number and picture is computed, none is drawn by hand: real PyTorch, "
    "real gradients, real data. Take hold of something and see what follows."
)


@cache
def home_message() -> dict[str, Any]:
    """Return the lessons under their headings, for the browser to draw."""
    groups = [
        {"heading": heading, "lessons": [_card(lesson) for lesson in lessons]}
        for heading, lessons in sections().items()
    ]
    return {"ack": None, "groups": groups}


def _card(lesson: Lesson) -> dict[str, Any]:
    return {
        "slug": lesson.slug,
        "title": lesson.title,
        "aim": lesson.aim,
        "built": lesson.built,
        "thumbnail": thumbnail(lesson.slug),
    }


def head_message() -> dict[str, Any]:
    """Return the head of the home page."""
    return {
        "ack": None,
        "title": "Learn deep learning by touching it",
        "aim": AIM,
        "query": "",
        "settled": False,
        "problems": [],
        "actions": False,
    }
