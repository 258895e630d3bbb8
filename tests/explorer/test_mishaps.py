"""What nobody has foreseen is a sentence where it happened; the rest of the page is drawn."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from explorer.mishaps import MISHAP


def page():
    import streamlit as st

    from explorer.mishaps import fragment, owned_up

    @fragment
    def part(name):
        if st.session_state.get("breaks") == name:
            raise KeyError(name)
        st.write(f"drawn: {name}")

    if st.button("stop"):
        st.stop()
    with owned_up():
        part("one")
        part("two")
        if st.session_state.get("breaks") == "page":
            raise RuntimeError("the page")
        st.write("drawn: the end")


@pytest.mark.parametrize(
    ("breaks", "drawn"),
    [
        (None, ["one", "two", "the end"]),
        ("one", ["two", "the end"]),
        ("two", ["one", "the end"]),
        ("page", ["one", "two"]),
    ],
)
def test_what_fails_fails_alone_and_comes_back_by_itself(caplog, breaks, drawn):
    app = AppTest.from_function(page)
    app.session_state["breaks"] = breaks
    with caplog.at_level(logging.ERROR):
        app.run()
    assert not app.exception
    assert [one.value for one in app.markdown] == [f"drawn: {name}" for name in drawn]
    boxes = [one.proto.body for one in app.get("html")]
    assert len(boxes) == (breaks is not None)
    assert all(MISHAP in box and "KeyError" not in box for box in boxes)
    logged = [one for one in caplog.records if one.name == "explorer.mishaps" and one.exc_info]
    assert len(logged) == len(boxes)  # With the details, for who looks after the server.
    app.session_state["breaks"] = None
    app.run()
    assert [one.value for one in app.markdown] == ["drawn: one", "drawn: two", "drawn: the end"]
    assert not app.get("html")


def test_a_page_that_stops_by_itself_has_no_mishap():
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert not app.exception
    assert not app.get("html")
