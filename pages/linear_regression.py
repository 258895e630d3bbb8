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


def gathered(lesson: LinearRegression) -> dict[str, str | None]:
    """Carry out the gestures that have arrived; return the tokens to answer with."""
    taken = {part: state.take_gestures(f"{SLUG}_{part}") for part in PARTS}
    events = tuple(event for one in taken.values() for event in one.events)
    if events:
        lesson.apply(events)
    return {part: one.token for part, one in taken.items()}


@st.fragment
def live(lesson: LinearRegression) -> None:
    """Draw what moves under the hand: the stage and its cards."""
    tokens = gathered(lesson)
    stage, board = st.container(), st.container(key="cards")
    with stage:
        mount("regression_stage", f"{SLUG}_stage", *stage_message(lesson, tokens["stage"]))
    with board:
        mount("board", f"{SLUG}_board", *board_message(lesson, tokens["board"]))
    if lesson.rested and lesson.outdated():
        st.rerun()  # Settings row and address follow when the hand is empty.


lesson = state.lesson(SLUG, lambda: LinearRegression(st.query_params.to_dict()))
tokens = gathered(lesson)
asked_for_import = lesson.takes_import()
lesson.head_drawn()
mount("head", f"{SLUG}_head", head_message(lesson))
with st.container(key="settings_row"):
    mount("settings_row", f"{SLUG}_row", row_message(lesson, tokens["row"]))
live(lesson)
comparison(lesson)
lesson.opening = 0
if asked_for_import:
    import_dialog(lesson)
