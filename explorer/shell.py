"""The frame around every page: title, navigation, stylesheet."""

from collections.abc import Mapping
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.lessons import BY_SLUG, LESSONS, Lesson, sections

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "pages"
ASSETS = ROOT / "assets"
PRODUCT = "Deep Learning Explorer"


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
    home = st.Page(str(PAGES / "home.py"), title="All lessons", url_path="home", default=True)
    chosen = st.navigation([home, *pages.values()], position="hidden")
    st.set_page_config(
        page_title=f"{chosen.title} · {PRODUCT}",
        page_icon=str(ASSETS / "favicon.png"),
        layout="wide",
    )
    st.html(stylesheet())
    with st.sidebar:
        sidebar(home, pages, chosen)
    chosen.run()


def page_file(slug: str) -> str | None:
    """Return the file of a built lesson, or None if there is none of that name."""
    lesson = BY_SLUG.get(slug)
    return str(PAGES / f"{slug}.py") if lesson is not None and lesson.built else None


def sidebar(home: Any, pages: Mapping[str, Any], chosen: Any) -> None:
    """Draw the navigation: the product's mark, then every lesson under its heading.

    Args:
        home: The page with all lessons.
        pages: The pages of the lessons that are built, by slug.
        chosen: The page that the address names.
    """
    st.html(f'<div class="brand">{PRODUCT}</div>')
    link(home, "All lessons", current=chosen is home)
    for heading, lessons in sections().items():
        st.html(f'<div class="nav-heading">{heading}</div>')
        for lesson in lessons:
            if lesson.slug in pages:
                page = pages[lesson.slug]
                link(page, lesson.title, current=chosen.url_path == page.url_path)
            else:
                st.html(coming(lesson))


def link(page: Any, label: str, *, current: bool) -> None:
    """Draw one entry of the navigation; the page that is open is marked."""
    with st.container(key="nav_current") if current else nullcontext():
        st.page_link(page, label=label)


def coming(lesson: Lesson) -> str:
    """Return the entry of a lesson that is not built yet."""
    return f'<div class="nav-coming">{lesson.title}<small>coming</small></div>'
