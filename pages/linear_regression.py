"""Linear regression: a line, its errors, and the surface on which it learns."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.express import lane
from explorer.gestures import gathered, settle, told
from explorer.heads import head_message
from explorer.linear_regression.cards import board_message
from explorer.linear_regression.comparing import comparison
from explorer.linear_regression.controls import SLUG, row_message
from explorer.linear_regression.importing import import_dialog
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.stage import stage_message

TICK = ("tick",)
PARTS = ("row", "stage", "board")


@st.fragment
def stage(lesson: LinearRegression) -> None:
    """Draw what moves under the hand, as often as the hand moves."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    message = told(lesson, stage_message, tokens["stage"])
    mount("regression_stage", f"{SLUG}_stage", *message, lane=lane(lesson, stage_message, TICK))
    settle(lesson)


@st.fragment
def cards(lesson: LinearRegression) -> None:
    """Draw the numbers that follow, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    mount("board", f"{SLUG}_board", *told(lesson, board_message, tokens["board"]))
    settle(lesson)


lesson = state.lesson(SLUG, lambda: LinearRegression(st.query_params.to_dict()))
tokens = gathered(lesson, SLUG, PARTS)
asked_for_import = lesson.takes_import()
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    mount("settings_row", f"{SLUG}_row", row_message(lesson, tokens["row"]))
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
comparison(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    mount("head", f"{SLUG}_head", head_message(SLUG, lesson))
lesson.opening = 0
if asked_for_import:
    import_dialog(lesson)
