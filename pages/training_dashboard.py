"""The training dashboard: real runs on real pictures, and a digit of one's own read back."""

import streamlit as st

from explorer import state
from explorer.gestures import gathered, settle
from explorer.mishaps import fragment
from explorer.parts import draw, draw_head
from explorer.shelf import shelf
from explorer.shell import follow
from explorer.training_dashboard.augmenting import offer
from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.controls import SLUG, row_message
from explorer.training_dashboard.importing import import_dialog
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.stage import stage_message

PARTS = ("head", "settings", "stage", "board")


@fragment
def stage(lesson: TrainingDashboard) -> None:
    """Draw the curves of the run and the digit, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    draw(lesson, (SLUG, "stage"), "dashboard_stage", stage_message, tokens["stage"])
    settle(lesson)


@fragment
def cards(lesson: TrainingDashboard) -> None:
    """Draw what follows from the newest epoch."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    draw(lesson, (SLUG, "board"), "dashboard_board", board_message, tokens["board"])
    settle(lesson)


lesson = state.lesson(SLUG, lambda: TrainingDashboard(st.query_params.to_dict()))
offer(lesson, shelf().take(SLUG))
tokens = gathered(lesson, SLUG, PARTS)
follow(lesson.leaving)
importing, lesson.data.wants_import = lesson.data.wants_import, False
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    draw(lesson, (SLUG, "settings"), "settings_row", row_message, tokens["settings"], whole=True)
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    draw_head(lesson, SLUG, tokens["head"])
if importing:
    import_dialog(lesson)
