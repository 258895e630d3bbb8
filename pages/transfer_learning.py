"""Transfer learning: own classes from a few pictures, learnt here, with honest confidence."""

import streamlit as st

from explorer import state
from explorer.gestures import gathered, settle
from explorer.mishaps import fragment
from explorer.parts import draw, draw_head
from explorer.shelf import shelf
from explorer.shell import follow
from explorer.transfer_learning.cards import board_message
from explorer.transfer_learning.controls import SLUG, row_message
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.stage import stage_message

PARTS = ("head", "settings", "stage", "board")


@fragment
def stage(lesson: TransferLearning) -> None:
    """Draw classes, map and prediction, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    draw(lesson, (SLUG, "stage"), "transfer_stage", stage_message, tokens["stage"])
    settle(lesson)


@fragment
def cards(lesson: TransferLearning) -> None:
    """Draw what follows from the pictures, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    draw(lesson, (SLUG, "board"), "transfer_board", board_message, tokens["board"])
    settle(lesson)


lesson = state.lesson(SLUG, lambda: TransferLearning(st.query_params.to_dict(), shelf()))
lesson.take_pipeline(shelf().take(SLUG))
lesson.asking.receive(shelf().take_picture(SLUG))
tokens = gathered(lesson, SLUG, PARTS)
follow(lesson.leaving)
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    draw(lesson, (SLUG, "settings"), "settings_row", row_message, tokens["settings"], whole=True)
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    draw_head(lesson, SLUG, tokens["head"])
