"""Home: every lesson with a picture of what it is about, one click away."""

import streamlit as st

from explorer import state
from explorer.components.mount import mount
from explorer.home import head_message, home_message
from explorer.shell import page_file

gestures = state.take_gestures("home_cards")
for event in gestures.events:
    target = page_file(str(event.get("slug")))
    if target is not None:
        st.switch_page(target)

mount("head", "home_head", head_message())
mount("home", "home_cards", home_message() | {"ack": gestures.token})
