import json
import struct
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from explorer.lessons import LESSONS, Lesson
from explorer.mishaps import MISHAP

BUILT = [lesson for lesson in LESSONS if lesson.built]
ROOT = Path(__file__).resolve().parents[2]


def whole(app):
    """Whether a page was drawn without an error, ours or one that nobody foresaw."""
    return not app.exception and not any(MISHAP in one.proto.body for one in app.get("html"))


def opened(slug, **parameters):
    app = AppTest.from_file(ROOT / "explorer" / "app.py", default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert whole(app)
    if slug != "home":
        gone_to(app, slug)
    return app


def gone_to(app, slug):
    app.switch_page(str(ROOT / "pages" / f"{slug}.py")).run()
    assert whole(app)


def messages(app):
    """The header of every component's message, by a name of the component."""
    found = {}
    for node in app.get("bidi_component"):
        data = node.proto.bytes
        assert data, "the message is bytes"
        (length,) = struct.unpack_from("<I", data)
        found[node.proto.component_name.split("explorer_")[-1]] = json.loads(data[4 : 4 + length])
    return found


def test_home_shows_every_lesson():
    app = opened("home")
    shown = messages(app)
    slugs = [card["slug"] for group in shown["home"]["groups"] for card in group["lessons"]]
    assert slugs == [lesson.slug for lesson in LESSONS]
    assert shown["head"]["problems"] == []


@pytest.mark.parametrize("lesson", BUILT, ids=lambda lesson: lesson.slug)
def test_every_lesson_opens(lesson: Lesson):
    shown = messages(opened(lesson.slug))
    assert shown["head"]["title"] == lesson.title
    assert shown["head"]["aim"] == lesson.aim
    assert shown["head"]["problems"] == []
    assert len(shown) > 2


@pytest.mark.parametrize("lesson", BUILT, ids=lambda lesson: lesson.slug)
def test_a_link_in_which_every_value_is_bad_says_so_in_the_head(lesson: Lesson):
    usual = messages(opened(lesson.slug))["head"]["query"]
    names = list(parse_qs(usual, keep_blank_values=True))
    assert "seed" in names
    head = messages(opened(lesson.slug, nothing="9", **dict.fromkeys(names, "§")))["head"]
    said = [problem.split(",")[0] for problem in head["problems"]]
    assert sorted(said) == sorted(f"The link says {name}=§" for name in names)
    assert head["query"] == usual


def test_the_head_names_the_bad_value_and_the_rest_of_the_link_counts():
    head = messages(opened("linear_regression", noise="abc", loss="mae"))["head"]
    (problem,) = head["problems"]
    assert problem.startswith("The link says noise=abc, which noise cannot be: ")
    assert "loss=mae" in head["query"]


def test_a_link_shows_its_picture():
    app = opened("linear_regression", data="own", own="1,3;2,5", start="-1,5", path="0.1x1")
    stage = messages(app)["regression_stage"]
    assert stage["points"] == [[1, 3], [2, 5]]
    assert [stage["m"], stage["b"]] == pytest.approx([-0.7, 5.1])


def test_a_gesture_is_answered_in_the_same_run():
    app = opened("linear_regression", data="two_points", path="", rate="0.1")
    events = [{"type": "step", "count": 1}]
    app.session_state["linear_regression_stage"] = {"gestures": {"token": "a:1", "events": events}}
    app.run()
    assert whole(app)
    shown = messages(app)
    assert shown["regression_stage"]["ack"] == "a:1"
    assert shown["regression_stage"]["shown"] == 1
    assert [shown["regression_stage"][one] for one in "mb"] == pytest.approx([-0.7, 5.1])
    assert "path=0.1x1" in shown["head"]["query"]


def test_garbage_from_a_browser_leaves_the_page_as_it_is():
    app = opened("linear_regression")
    before = messages(app)["head"]["query"]
    for message in ("boom", {"token": "x", "events": [{"type": []}, 5, {"type": "point"}]}):
        app.session_state["linear_regression_stage"] = {"gestures": message}
        app.run()
        assert whole(app)
    assert messages(app)["head"]["query"] == before


def test_what_a_learner_did_is_still_there_after_a_visit_to_another_page():
    app = opened("linear_regression", path="")
    events = [{"type": "step", "count": 10}]
    app.session_state["linear_regression_stage"] = {"gestures": {"token": "b:1", "events": events}}
    app.run()
    query = messages(app)["head"]["query"]
    gone_to(app, "home")
    assert "home" in messages(app)
    gone_to(app, "linear_regression")
    assert messages(app)["head"]["query"] == query
