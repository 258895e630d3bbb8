"""The network builder: build a network on points of the plane, play it, read every weight."""

import streamlit as st

from explorer import state
from explorer.gestures import gathered, settle
from explorer.mishaps import fragment
from explorer.network_builder.cards import board_message
from explorer.network_builder.controls import SLUG, head_buttons, row_message
from explorer.network_builder.handing import receive
from explorer.network_builder.importing import import_dialog
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.stage import stage_message
from explorer.parts import draw, draw_head
from explorer.shelf import shelf
from explorer.shell import follow

PARTS = ("head", "settings", "stage", "board")


@fragment
def stage(lesson: NetworkBuilder) -> None:
    """Draw the networks and their maps, as often as there is something new."""
    tokens = gathered(lesson, SLUG, PARTS, "stage")
    draw(lesson, (SLUG, "stage"), "network_stage", stage_message, tokens["stage"])
    settle(lesson)


@fragment
def cards(lesson: NetworkBuilder) -> None:
    """Draw the numbers that follow, five times a second while the network learns."""
    tokens = gathered(lesson, SLUG, PARTS, "board")
    draw(lesson, (SLUG, "board"), "network_board", board_message, tokens["board"])
    settle(lesson)


lesson = state.lesson(SLUG, lambda: NetworkBuilder(st.query_params.to_dict()))
lesson.edits.offer(getattr(state.visited("activations"), "own_expression", None))
receive(lesson, shelf().take(SLUG))
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
    draw_head(lesson, SLUG, tokens["head"], head_buttons)
if lesson.wants_import:
    lesson.wants_import = False
    import_dialog(lesson)
lesson.opening = False
