"""Activation functions: what they look like, and what a neuron does with them."""

import streamlit as st

from explorer import state
from explorer.activations.cards import board_message
from explorer.activations.controls import SLUG, head_message, picker_message
from explorer.activations.lesson import Activations
from explorer.activations.stage import stage_message
from explorer.components.mount import mount

PARTS = ("picker", "stage", "board")


def gathered(lesson: Activations, drawn: str | None = None) -> dict[str, str | None]:
    """Carry out the gestures that have arrived; return the tokens to answer with.

    Two fragments may be asked for at once and only one of them run. So when a fragment,
    which draws only the part `drawn`, takes the gestures of another part, the whole page is
    run, and every part gets its answer.
    """
    taken = {part: state.take_gestures(f"{SLUG}_{part}") for part in PARTS}
    events = tuple(e for one in taken.values() for e in one.events if e.get("type") != "refresh")
    if events:
        lesson.apply(events)
    if drawn is not None and any(one.events for part, one in taken.items() if part != drawn):
        st.rerun()
    return {part: one.token for part, one in taken.items()}


@st.fragment
def stage(lesson: Activations) -> None:
    """Draw what moves under the hand, as often as the hand moves."""
    tokens = gathered(lesson, "stage")
    mount("activation_stage", f"{SLUG}_stage", *stage_message(lesson, tokens["stage"]))
    settle(lesson)


@st.fragment
def cards(lesson: Activations) -> None:
    """Draw the numbers that follow, five times a second while something moves."""
    tokens = gathered(lesson, "board")
    mount("board", f"{SLUG}_board", board_message(lesson, tokens["board"]))
    settle(lesson)


def settle(lesson: Activations) -> None:
    """When the hand is empty, let the picker and the address follow."""
    if lesson.rested and lesson.outdated():
        st.rerun()


lesson = state.lesson(SLUG, lambda: Activations(st.query_params.to_dict()))
tokens = gathered(lesson)
lesson.head_drawn()
mount("head", f"{SLUG}_head", head_message(lesson))
with st.container(key="settings_row"):
    mount("activation_picker", f"{SLUG}_picker", picker_message(lesson, tokens["picker"]))
stage(lesson)
with st.container(key="cards"):
    cards(lesson)
lesson.opening = False
