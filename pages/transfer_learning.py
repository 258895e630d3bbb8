"""Transfer learning: own classes from a few pictures, learnt here, with honest confidence."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.express import lane
from explorer.gestures import gathered, settle, told
from explorer.heads import head_message
from explorer.shelf import shelf
from explorer.shell import follow
from explorer.transfer_learning.cards import board_message
from explorer.transfer_learning.controls import SLUG, row_message
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.stage import stage_message

PARTS = ("settings", "stage", "board")


@st.fragment
def stage(lesson: TransferLearning) -> None:
    """Draw classes, map and prediction, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    message = told(lesson, stage_message, tokens["stage"])
    mount("transfer_stage", f"{SLUG}_stage", *message, lane=lane(lesson, stage_message))
    settle(lesson)


@st.fragment
def cards(lesson: TransferLearning) -> None:
    """Draw what follows from the pictures, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    message = told(lesson, board_message, tokens["board"])
    mount("board", f"{SLUG}_board", *message)
    settle(lesson)


lesson = state.lesson(SLUG, lambda: TransferLearning(st.query_params.to_dict()))
lesson.take_pipeline(shelf().take(SLUG))
lesson.asking.receive(shelf().take_picture(SLUG))
tokens = gathered(lesson, SLUG, PARTS)
follow(lesson.leaving)
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    mount("settings_row", f"{SLUG}_settings", row_message(lesson, tokens["settings"]))
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    mount("head", f"{SLUG}_head", head_message(SLUG, lesson))
