"""The short way of a gesture: who may take it, what comes back, and what is turned away."""

import asyncio
import gc
import json
import threading
import weakref

import numpy as np
import pytest
from starlette.applications import Starlette
from test_mount import unpacked

from explorer import express, gestures
from explorer.express import LARGEST, PATH, Front, Lane, lane
from explorer.gestures import turn
from explorer.state import Gestures

MOVE = {"type": "drag", "moving": True, "x": 3}


class Lesson:
    """Remembers its moves; at rest after a "rest"."""

    def __init__(self):
        self.moves, self.frame, self.rested = [], 0, False
        self.drawn, self.window = 0, False
        self.inside = 0

    def apply(self, events):
        self.inside += 1
        assert self.inside == 1, "two threads are in one lesson"
        self.frame += 1
        self.moves += events
        self.rested = any(event["type"] == "tick" for event in events)
        self.inside -= 1

    def outdated(self):
        return self.window or self.drawn != self.frame

    def needs_page(self):
        return self.window

    def head_drawn(self):
        self.drawn = self.frame


def stage(lesson, token):
    return {"ack": token, "frame": lesson.frame}, np.arange(lesson.frame, dtype=np.float32)


@pytest.fixture(autouse=True)
def page(monkeypatch):
    """A page that was opened as here:8501, in session s."""
    monkeypatch.setattr(express.st, "context", type("", (), {"headers": {"Host": "here:8501"}}))
    monkeypatch.setattr(express.state, "session", lambda: "s")


@pytest.fixture
def lesson():
    return Lesson()


def post(path, body, **headers):
    """Post a body as a browser would: the status and what came back."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"host": "here:8501", **headers}
    pairs = [(name.replace("_", "-").encode(), text.encode()) for name, text in given.items()]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": pairs}
    half = len(raw) // 2
    coming = [(raw[:half], True), (raw[half:], False)]
    sent = []

    async def receive():
        if not coming:
            await asyncio.Event().wait()
        piece, more = coming.pop(0)
        return {"type": "http.request", "body": piece, "more_body": more}

    async def send(message):
        sent.append(message)

    asyncio.run(Front(Starlette())(scope, receive, send))
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


def address(of, part="stage", whole=False):
    return lane(of, part, stage, whole).message()["address"]


def test_a_move_is_carried_out_and_answered_with_the_stage(lesson):
    status, body = post(address(lesson), {"token": "t:1", "events": [MOVE, MOVE]})
    header, values = unpacked(body)
    assert status == 200
    assert lesson.moves == [MOVE, MOVE]
    about = {"session": "s", "settle": False, "page": False}
    assert header == {"ack": "t:1", "frame": 1, **about}
    assert values.tolist() == [0.0]


def asked(where, token, *events):
    """Post gestures; the header that comes back."""
    return unpacked(post(where, {"token": token, "events": list(events)})[1])[0]


def test_a_stage_that_has_come_to_rest_says_once_that_the_rest_is_outdated(lesson):
    header = asked(address(lesson), "t", {"type": "tick"})
    assert (header["settle"], header["page"]) == (True, False)
    other = asked(address(lesson, "board"), "u", {"type": "refresh"})
    assert (other["settle"], other["frame"]) == (False, 1)


def test_gestures_of_settings_make_the_whole_page_follow_and_a_look_does_not(lesson):
    where = address(lesson, "row", whole=True)
    lesson.rested = False
    assert asked(where, "t", MOVE)["settle"] is True
    assert asked(where, "u", {"type": "refresh"})["settle"] is False
    assert lesson.moves == [MOVE]


def test_a_window_is_opened_by_the_page_itself(lesson):
    lesson.window = True
    header = asked(address(lesson), "t", {"type": "tick"})
    assert (header["settle"], header["page"]) == (True, True)
    assert lesson.outdated(), "the page has not drawn it yet"


def test_what_is_asked_twice_is_done_once(lesson):
    where = address(lesson)
    for _ in range(2):
        header = asked(where, "t:1", MOVE)
        assert (header["ack"], header["frame"]) == ("t:1", 1)
    assert lesson.moves == [MOVE]
    asked(where, "t:2", MOVE)
    asked(where, "t:1", MOVE)
    assert len(lesson.moves) == 2


def test_what_was_answered_here_is_not_done_again_by_a_run_of_the_page(lesson, monkeypatch):
    asked(address(lesson), "t:1", MOVE)
    waiting = {
        "slug_stage": Gestures((MOVE,), "t:1"),
        "slug_board": Gestures(({"type": "b"},), "b:1"),
    }
    monkeypatch.setattr(gestures.state, "take_gestures", waiting.__getitem__)
    tokens = gestures.gathered(lesson, "slug", ("stage", "board"))
    assert tokens == {"stage": "t:1", "board": "b:1"}
    assert lesson.moves == [MOVE, {"type": "b"}]


def test_what_a_run_of_the_page_has_done_is_not_done_again_here(lesson, monkeypatch):
    monkeypatch.setattr(gestures.state, "take_gestures", lambda _: Gestures((MOVE,), "t:1"))
    gestures.gathered(lesson, "slug", ("stage",))
    assert asked(address(lesson), "t:1", MOVE)["frame"] == 1
    assert lesson.moves == [MOVE]


def test_a_lesson_keeps_its_way_and_two_lessons_have_two(lesson):
    other = Lesson()
    assert address(lesson) == address(lesson) != address(other)
    post(address(other), {"token": "t", "events": [MOVE]})
    assert (lesson.moves, other.moves) == ([], [MOVE])


@pytest.mark.parametrize(
    "events",
    [
        [],
        None,
        "drag",
        {"type": "drag", "moving": True},
        [["drag"]],
        [None],
    ],
)
def test_only_gestures_go_this_way(lesson, events):
    status, body = post(address(lesson), {"token": "t", "events": events})
    assert (status, body.decode()) == (400, express.WRONG)
    assert lesson.moves == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        {"events": [MOVE]},
        {"token": 3, "events": [MOVE]},
        b" " * (LARGEST + 1),
    ],
    ids=str,
)
def test_what_is_no_message_is_turned_away(lesson, body):
    assert post(address(lesson), body)[0] == 400
    assert lesson.moves == []


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "elsewhere:8501"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_another_page_may_not_ask(lesson, headers):
    assert post(address(lesson), {"token": "t", "events": [MOVE]}, **headers)[0] == 403
    assert lesson.moves == []


def test_an_unknown_page_is_not_answered(lesson):
    assert post("/explorer-moves/guess", {"token": "t", "events": [MOVE]})[0] == 404


def test_the_way_does_not_keep_a_lesson_alive():
    lesson = Lesson()
    where, gone = address(lesson), weakref.ref(lesson)
    del lesson
    gc.collect()
    assert gone() is None
    assert post(where, {"token": "t", "events": [MOVE]})[0] == 404


def test_a_lesson_that_goes_while_a_move_is_under_way_is_no_error():
    lesson = Lesson()
    way = Lane(lesson, "stage", stage, False)
    del lesson
    gc.collect()
    assert way.answer([MOVE], "t") is None


def test_moves_wait_for_their_turn(lesson):
    way = lane(lesson, "stage", stage)
    done = threading.Event()
    with turn(lesson):
        threading.Thread(target=lambda: (way.answer([MOVE], "t"), done.set())).start()
        assert not done.wait(0.1)
        assert lesson.moves == []
    assert done.wait(5)
    assert lesson.moves == [MOVE]


def test_the_short_way_takes_posts_only(lesson):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": address(lesson), "headers": []}
    asyncio.run(Front(Starlette())(scope, None, send))
    assert sent[0]["status"] == 405


def test_everything_else_goes_to_the_server_behind():
    seen = []

    async def behind(scope, receive, send):
        seen.append(scope["path"])

    asyncio.run(Front(behind)({"type": "http", "path": "/linear_regression"}, None, None))
    asyncio.run(Front(behind)({"type": "websocket", "path": PATH + "x"}, None, None))
    assert seen == ["/linear_regression", PATH + "x"]
