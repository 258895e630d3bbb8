"""The augmentation previewer: a pipeline, sixteen draws of it, and what they do to labels."""

import streamlit as st

from explorer import state
from explorer.augmentation.cards import board_message
from explorer.augmentation.controls import SLUG, row_message
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.stage import stage_message
from explorer.gestures import gathered, settle
from explorer.mishaps import fragment
from explorer.parts import draw, draw_head
from explorer.shelf import shelf
from explorer.shell import follow

PARTS = ("head", "settings", "stage", "board")


@fragment
def stage(lesson: Augmentation) -> None:
    """Draw the steps and the pictures, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    draw(lesson, (SLUG, "stage"), "augmentation_stage", stage_message, tokens["stage"])
    settle(lesson)


@fragment
def cards(lesson: Augmentation) -> None:
    """Draw what follows from the pictures, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    draw(lesson, (SLUG, "board"), "augmentation_board", board_message, tokens["board"])
    settle(lesson)


lesson = state.lesson(SLUG, lambda: Augmentation(st.query_params.to_dict(), shelf()))
lesson.handing.receive(shelf().take(SLUG), shelf().take_picture(SLUG))
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
