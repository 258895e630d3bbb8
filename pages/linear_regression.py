"""Linear regression: a line, its errors, and the surface on which it learns."""

import streamlit as st

from explorer import state
from explorer.gestures import gathered, settle
from explorer.linear_regression.cards import board_message
from explorer.linear_regression.comparing import comparison
from explorer.linear_regression.controls import SLUG, row_message
from explorer.linear_regression.importing import import_dialog
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.stage import stage_message
from explorer.mishaps import fragment
from explorer.parts import draw, draw_head

PARTS = ("head", "row", "stage", "board")


@fragment
def stage(lesson: LinearRegression) -> None:
    """Draw what moves under the hand, as often as the hand moves."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    draw(lesson, (SLUG, "stage"), "regression_stage", stage_message, tokens["stage"])
    settle(lesson)


@fragment
def cards(lesson: LinearRegression) -> None:
    """Draw the numbers that follow, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    draw(lesson, (SLUG, "board"), "regression_board", board_message, tokens["board"])
    settle(lesson)


lesson = state.lesson(SLUG, lambda: LinearRegression(st.query_params.to_dict()))
tokens = gathered(lesson, SLUG, PARTS)
asked_for_import = lesson.takes_import()
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    draw(lesson, (SLUG, "row"), "settings_row", row_message, tokens["row"], whole=True)
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
comparison(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    draw_head(lesson, SLUG, tokens["head"])
lesson.opening = 0
if asked_for_import:
    import_dialog(lesson)
