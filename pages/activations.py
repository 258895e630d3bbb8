"""Activation functions: what they look like, and what a neuron does with them."""

import streamlit as st

from explorer import state
from explorer.activations.cards import board_message
from explorer.activations.controls import SLUG, picker_message
from explorer.activations.lesson import Activations
from explorer.activations.stage import stage_message
from explorer.gestures import gathered, settle
from explorer.mishaps import fragment
from explorer.parts import draw, draw_head
from explorer.shelf import shelf
from explorer.shell import follow

PARTS = ("head", "picker", "stage", "board")


@fragment
def stage(lesson: Activations) -> None:
    """Draw what moves under the hand, as often as the hand moves."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    draw(lesson, (SLUG, "stage"), "activation_stage", stage_message, tokens["stage"])
    settle(lesson)


@fragment
def cards(lesson: Activations) -> None:
    """Draw the numbers that follow, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    draw(lesson, (SLUG, "board"), "activation_board", board_message, tokens["board"])
    settle(lesson)


lesson = state.lesson(SLUG, lambda: Activations(st.query_params.to_dict()))
lesson.receive(shelf().take(SLUG))
tokens = gathered(lesson, SLUG, PARTS)
follow(lesson.leaving)
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    draw(
        lesson, (SLUG, "picker"), "activation_picker", picker_message, tokens["picker"], whole=True
    )
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    draw_head(lesson, SLUG, tokens["head"])
lesson.opening = False
