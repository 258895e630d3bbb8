"""Linear regression: a line, its errors, and the surface on which it learns."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.linear_regression.cards import board_message
from explorer.linear_regression.comparing import comparison
from explorer.linear_regression.controls import SLUG, head_message, row_message
from explorer.linear_regression.importing import import_dialog
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.stage import stage_message

PARTS = ("row", "stage", "board")


def gathered(lesson: LinearRegression, drawn: str | None = None) -> dict[str, str | None]:
    """Carry out the gestures that have arrived; return the tokens to answer with.

    Two fragments may be asked for at once and only one of them run. So when a fragment,
    which draws only the part `drawn`, takes the gestures of another part, the whole page is
    run, and every part gets its answer.
    """
    taken = {part: state.take_gestures(f"{SLUG}_{part}") for part in PARTS}
    events = tuple(e for one in taken.values() for e in one.events if e.get("type") != "refresh")
    if events:
        lesson.apply(events)
    if drawn is not None and any(one.events for part, one in taken.items() if part != drawn):
        st.rerun()
    return {part: one.token for part, one in taken.items()}


@st.fragment
def stage(lesson: LinearRegression) -> None:
    """Draw what moves under the hand, as often as the hand moves."""
    tokens = gathered(lesson, "stage")
    mount("regression_stage", f"{SLUG}_stage", *stage_message(lesson, tokens["stage"]))
    settle(lesson)


@st.fragment
def cards(lesson: LinearRegression) -> None:
    """Draw the numbers that follow, five times a second while something moves."""
    tokens = gathered(lesson, "board")
    mount("board", f"{SLUG}_board", *board_message(lesson, tokens["board"]))
    settle(lesson)


def settle(lesson: LinearRegression) -> None:
    """When the hand is empty, let settings row, address and charts at rest follow."""
    if lesson.rested and lesson.outdated():
        st.rerun()


lesson = state.lesson(SLUG, lambda: LinearRegression(st.query_params.to_dict()))
tokens = gathered(lesson)
asked_for_import = lesson.takes_import()
lesson.head_drawn()
mount("head", f"{SLUG}_head", head_message(lesson))
with st.container(key="settings_row"):
    mount("settings_row", f"{SLUG}_row", row_message(lesson, tokens["row"]))
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
comparison(lesson)
lesson.opening = 0
if asked_for_import:
    import_dialog(lesson)
