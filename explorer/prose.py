"""The text of a lesson, from its Markdown file in ``assets/lessons``."""

from functools import cache
from pathlib import Path
from typing import Any

LESSONS = Path(__file__).resolve().parent.parent / "assets" / "lessons"


@cache
def paragraphs(slug: str) -> tuple[str, ...]:
    """Return the heading and the paragraphs of a lesson's text.

    Raises:
        FileNotFoundError: The lesson has no text.
    """
    parts = (LESSONS / f"{slug}.md").read_text(encoding="utf-8").split("\n\n")
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def prose_card(slug: str) -> dict[str, Any]:
    """Return what a page means, as a card over the whole width."""
    title, *text = paragraphs(slug)
    return {"kind": "prose", "span": 12, "title": title.lstrip("# "), "paragraphs": text}
