"""Linear regression: a line, its errors, and the surface on which it learns."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.linear_regression.cards import board_message
from explorer.linear_regression.controls import SLUG, head_message, row_message
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.stage import stage_message


@st.fragment
def live() -> None:
    """Take the gestures, then draw everything that follows from them."""
    lesson = state.lesson(SLUG, lambda: LinearRegression(st.query_params.to_dict()))
    taken = {part: state.take_gestures(f"{SLUG}_{part}") for part in ("stage", "row", "board")}
    events = tuple(event for one in taken.values() for event in one.events)
    if events:
        lesson.apply(events)
    head, row, stage = (st.container() for _ in range(3))
    board = st.container(key="cards")
    with stage:
        mount("regression_stage", f"{SLUG}_stage", *stage_message(lesson, taken["stage"].token))
    with board:
        mount("board", f"{SLUG}_board", *board_message(lesson, taken["board"].token))
    with row:
        mount("settings_row", f"{SLUG}_row", row_message(lesson, taken["row"].token))
    with head:
        mount("head", f"{SLUG}_head", head_message(lesson, None))
    lesson.opening = 0


live()
