import pytest
from streamlit.testing.v1 import AppTest


def page():
    import json

    import streamlit as st

    from explorer import state

    kept = state.lesson("tried", dict)
    kept["runs"] = kept.get("runs", 0) + 1
    taken = state.take_gestures("stage")
    told = {"runs": kept["runs"], "events": taken.events, "token": taken.token}
    st.text(json.dumps(told))


def told(app):
    import json

    assert not app.exception
    return json.loads(app.text[0].value)


def run(app, message):
    app.session_state["stage"] = {"gestures": message}
    return told(app.run())


@pytest.fixture
def app():
    return AppTest.from_function(page)


def test_the_lesson_is_made_once_and_kept(app):
    assert [told(app.run())["runs"] for _ in range(3)] == [1, 2, 3]
    assert told(AppTest.from_function(page).run())["runs"] == 1  # Another session has its own.


def test_each_message_is_taken_once(app):
    first = {"token": "a:1", "events": [{"type": "step"}, {"type": "tick"}]}
    assert told(app.run()) == {"runs": 1, "events": [], "token": None}
    assert run(app, first)["events"] == first["events"]
    again = run(app, first)
    assert (again["events"], again["token"]) == ([], "a:1")  # Answered, but not done twice.
    assert run(app, {**first, "token": "a:2"})["events"] == first["events"]


def test_the_answer_is_still_due_when_streamlit_forgot_the_message(app):
    assert run(app, {"token": "a:7", "events": [{"type": "open"}]})["token"] == "a:7"
    app.session_state["stage"] = None
    assert told(app.run()) == {"runs": 2, "events": [], "token": "a:7"}


@pytest.mark.parametrize(
    "message",
    [None, {}, [], "boom", 5, ["token"], {"token": None, "events": [{}]}, {"events": [{}]}],
)
def test_what_is_no_message_is_left_alone(app, message):
    assert run(app, message)["events"] == []


@pytest.mark.parametrize("events", [None, [], 5, "abc", {"a": 1}, [1, "x", None, [2]]])
def test_what_are_no_events_are_left_out(app, events):
    answer = run(app, {"token": "a:1", "events": events})
    assert (answer["events"], answer["token"]) == ([], "a:1")


def test_among_others_the_real_events_count(app):
    assert run(app, {"token": "t", "events": [3, {"type": "tick"}, "x"]})["events"] == [
        {"type": "tick"}
    ]


@pytest.mark.parametrize("kept", ["boom", 7, ["gestures"]])
def test_a_component_that_keeps_something_else_sends_nothing(app, kept):
    app.session_state["stage"] = kept
    assert told(app.run())["events"] == []
