"""What the first visitor of any page should not wait for: its code."""

from __future__ import annotations

from importlib import import_module

from explorer.lessons import LESSONS

PARTS = ("lesson", "controls", "stage", "cards")  # what every page is made of


def prepare() -> None:
    """Import the parts of every page."""
    for lesson in LESSONS:
        for part in PARTS if lesson.built else ():
            import_module(f"explorer.{lesson.slug}.{part}")
