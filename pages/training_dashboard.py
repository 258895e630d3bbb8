"""The training dashboard: real runs on real pictures, and a digit of one's own read back."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.express import lane
from explorer.gestures import gathered, settle, told
from explorer.heads import head_message
from explorer.shelf import shelf
from explorer.shell import follow
from explorer.training_dashboard.augmenting import offer
from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.controls import SLUG, row_message
from explorer.training_dashboard.importing import import_dialog
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.stage import stage_message

PARTS = ("settings", "stage", "board")


@st.fragment
def stage(lesson: TrainingDashboard) -> None:
    """Draw the curves of the run and the digit, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    message = told(lesson, stage_message, tokens["stage"])
    mount("dashboard_stage", f"{SLUG}_stage", *message, lane=lane(lesson, stage_message))
    settle(lesson)


@st.fragment
def cards(lesson: TrainingDashboard) -> None:
    """Draw what follows from the newest epoch."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    mount("board", f"{SLUG}_board", *told(lesson, board_message, tokens["board"]))
    settle(lesson)


lesson = state.lesson(SLUG, lambda: TrainingDashboard(st.query_params.to_dict()))
offer(lesson, shelf().take(SLUG))
tokens = gathered(lesson, SLUG, PARTS)
follow(lesson.leaving)
importing, lesson.data.wants_import = lesson.data.wants_import, False
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    mount("settings_row", f"{SLUG}_settings", row_message(lesson, tokens["settings"]))
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    mount("head", f"{SLUG}_head", head_message(SLUG, lesson))
if importing:
    import_dialog(lesson)
