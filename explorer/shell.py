"""The frame around every page: title, navigation, stylesheet."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.journeys import Leaving
from explorer.lessons import BY_SLUG, LESSONS, sections
from explorer.mishaps import owned_up
from explorer.shelf import shelf

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "pages"
ASSETS = ROOT / "assets"
PRODUCT = "Deep Learning Explorer"
HOME = "home"
WAIT = "Opening: what you will see is being computed."
NAVIGATION = "navigation"


@cache
def stylesheet() -> str:
    """Return the page's stylesheet as one style element."""
    return f"<style>{(ASSETS / 'page.css').read_text(encoding='utf-8')}</style>"


def run() -> None:
    """Draw the frame and run the page that the address names."""
    pages = {
        lesson.slug: st.Page(
            str(PAGES / f"{lesson.slug}.py"), title=lesson.title, url_path=lesson.slug
        )
        for lesson in LESSONS
        if lesson.built
    }
    pages[HOME] = st.Page(str(PAGES / "home.py"), title="All lessons", url_path=HOME, default=True)
    chosen = st.navigation(list(pages.values()), position="hidden")
    asked = state.take_gestures(NAVIGATION)
    for event in asked.events:
        if event.get("slug") in pages:
            st.switch_page(pages[str(event["slug"])])
    st.set_page_config(
        page_title=f"{chosen.title} · {PRODUCT}",
        page_icon=str(ASSETS / "favicon.png"),
        layout="wide",
    )
    st.html(stylesheet())
    with st.sidebar:
        mount(NAVIGATION, NAVIGATION, navigation_message(chosen.url_path or HOME, asked.token))
    with st.container(key="opening"):
        waiting = st.empty()
    if chosen.url_path in BY_SLUG and state.visited(chosen.url_path) is None:
        waiting.html(opening(chosen.url_path))
    with owned_up():
        chosen.run()
    waiting.empty()


@cache
def opening(slug: str) -> str:
    """Return what a page shows while it is opened for the first time: its title and aim.

    The stylesheet lets it appear after a third of a second, so that it is seen only by those
    who wait.
    """
    lesson = BY_SLUG[slug]
    words = (escape(text) for text in (lesson.title, lesson.aim, WAIT))
    return "<h1>{}</h1><p>{}</p><p class='wait'>{}</p><i></i>".format(*words)


def follow(leaving: Leaving) -> None:
    """Go to the page that was asked for, if one was, and leave there what is taken along."""
    journey = leaving.take()
    target = None if journey is None else page_file(journey.slug)
    if journey is None or target is None:
        return
    if journey.text is not None:
        shelf().hand(journey.slug, journey.text)
    if journey.picture is not None:
        shelf().hand_picture(journey.slug, journey.picture)
    st.switch_page(target, query_params=dict(journey.parameters))


def page_file(slug: str) -> str | None:
    """Return the file of a built lesson, or None if there is none of that name."""
    lesson = BY_SLUG.get(slug)
    return str(PAGES / f"{slug}.py") if lesson is not None and lesson.built else None


@cache
def _groups() -> list[dict[str, Any]]:
    return [
        {
            "heading": heading,
            "lessons": [
                {"slug": one.slug, "title": one.title, "built": one.built} for one in lessons
            ],
        }
        for heading, lessons in sections().items()
    ]


def navigation_message(current: str, token: str | None) -> dict[str, Any]:
    """Return the entries of the navigation, the page that is open among them.

    Args:
        current: Slug of the page that is open.
        token: Name of the gestures that this answers.
    """
    # Streamlit serves the default page at the root alone, whatever its slug is.
    home = {"slug": HOME, "title": "All lessons", "built": True, "path": ""}
    return {
        "ack": token,
        "product": PRODUCT,
        "home": home,
        "groups": _groups(),
        "current": current,
    }
