"""The frame around every page: title, navigation, stylesheet."""

from functools import cache
from pathlib import Path

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


@cache
def logo() -> str:
    """Return the product's mark as SVG in the theme's colours."""
    return (ASSETS / "mark.svg").read_text(encoding="utf-8")


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
        sidebar(home, pages)
    chosen.run()


def sidebar(home: "st.Page", pages: "dict[str, st.Page]") -> None:
    """Draw the navigation: the product's mark, then every lesson under its heading."""
    st.html(f'<div class="brand">{logo()}{PRODUCT}</div>')
    st.page_link(home, label="All lessons")
    for heading, lessons in sections().items():
        st.html(f'<div class="nav-heading">{heading}</div>')
        for lesson in lessons:
            if lesson.slug in pages:
                st.page_link(pages[lesson.slug], label=lesson.title)
            else:
                st.html(coming(lesson))


def coming(lesson: Lesson) -> str:
    """Return the entry of a lesson that is not built yet."""
    return f'<div class="nav-coming">{lesson.title}<small>coming</small></div>'


__all__ = ["BY_SLUG", "run"]
