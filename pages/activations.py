"""Activation functions: what they look like, and what a neuron does with them."""

import streamlit as st

from explorer import state
from explorer.activations.cards import board_message
from explorer.activations.controls import SLUG, picker_message
from explorer.activations.lesson import Activations
from explorer.activations.stage import stage_message
from explorer.components.mount import mount
from explorer.express import lane
from explorer.gestures import gathered, settle, told
from explorer.heads import head_message
from explorer.shelf import shelf
from explorer.shell import follow

TICK = ("tick",)
PARTS = ("picker", "stage", "board")


@st.fragment
def stage(lesson: Activations) -> None:
    """Draw what moves under the hand, as often as the hand moves."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    message = told(lesson, stage_message, tokens["stage"])
    mount("activation_stage", f"{SLUG}_stage", *message, lane=lane(lesson, stage_message, TICK))
    settle(lesson)


@st.fragment
def cards(lesson: Activations) -> None:
    """Draw the numbers that follow, five times a second while something moves."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    mount("board", f"{SLUG}_board", told(lesson, board_message, tokens["board"]))
    settle(lesson)


lesson = state.lesson(SLUG, lambda: Activations(st.query_params.to_dict()))
lesson.receive(shelf().take(SLUG))
tokens = gathered(lesson, SLUG, PARTS)
follow(lesson.leaving)
lesson.head_drawn()
head = st.container(key="head")
with st.container(key="settings_row"):
    mount("activation_picker", f"{SLUG}_picker", picker_message(lesson, tokens["picker"]))
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
with head:  # Filled last: the address says something only when it can be seen.
    mount("head", f"{SLUG}_head", head_message(SLUG, lesson))
lesson.opening = False
