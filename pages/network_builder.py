"""The network builder: build a network on points of the plane, play it, read every weight."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.express import lane
from explorer.gestures import gathered, settle, told
from explorer.heads import head_message
from explorer.network_builder.cards import board_message
from explorer.network_builder.controls import SLUG, head_buttons, row_message
from explorer.network_builder.handing import receive
from explorer.network_builder.importing import import_dialog
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.stage import stage_message
from explorer.shelf import shelf
from explorer.shell import follow

TICK = ("tick",)
PARTS = ("head", "settings", "stage", "board")


@st.fragment
def stage(lesson: NetworkBuilder) -> None:
    """Draw the networks and their maps, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    message = told(lesson, stage_message, tokens["stage"])
    mount("network_stage", f"{SLUG}_stage", *message, lane=lane(lesson, stage_message, TICK))
    settle(lesson)


@st.fragment
def cards(lesson: NetworkBuilder) -> None:
    """Draw the numbers that follow, five times a second while the network learns."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    mount("board", f"{SLUG}_board", *told(lesson, board_message, tokens["board"]))
    settle(lesson)


lesson = state.lesson(SLUG, lambda: NetworkBuilder(st.query_params.to_dict()))
lesson.edits.offer(getattr(state.visited("activations"), "own_expression", None))
receive(lesson, shelf().take(SLUG))
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
    mount("head", f"{SLUG}_head", head_message(SLUG, lesson, tokens["head"], head_buttons(lesson)))
if lesson.wants_import:
    lesson.wants_import = False
    import_dialog(lesson)
lesson.opening = False
