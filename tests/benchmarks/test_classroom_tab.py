"""A tab of the benchmark keeps what a tab of Streamlit's front end keeps."""

import asyncio
import json

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.classroom.tab import Tab
from explorer.components.mount import packed


class Socket:
    """Takes what a tab sends."""

    def __init__(self):
        self.sent = []

    async def send(self, data):
        message = BackMsg()
        message.ParseFromString(data)
        self.sent.append(message.rerun_script)


class Server:
    """Says to a tab what a server says."""

    def __init__(self):
        self.heard = []
        self.tab = Tab("http://here", "lesson", lambda key, part: self.heard.append((key, part)))
        self.socket = self.tab._socket = Socket()

    def draws(self, key, header, fragment="", cached=""):
        message = ForwardMsg()
        message.delta.fragment_id = fragment
        component = message.delta.new_element.bidi_component
        component.id, component.bytes = f"$$ID-0123abc-{key}", packed(header)
        message.hash, message.metadata.cacheable = cached, bool(cached)
        self.tab._take(message)

    def names(self, cached):
        self.tab._take(ForwardMsg(ref_hash=cached))

    def ends(self, how=ForwardMsg.FINISHED_SUCCESSFULLY):
        self.tab._take(ForwardMsg(script_finished=how))

    def post(self, key, message):
        asyncio.run(self.tab.post(key, message))
        return self.socket.sent[-1]


def test_a_component_is_found_by_its_key_and_knows_what_it_answers():
    server = Server()
    server.draws("lesson_stage", {"ack": "abc:7", "frame": 3}, "fragment-1")
    key, part = server.heard[0]
    assert (key, part.ack, part.fragment) == ("lesson_stage", "abc:7", "fragment-1")
    assert part.header["frame"] == 3


def test_a_gesture_asks_for_the_fragment_of_its_component_and_carries_all_states():
    server = Server()
    server.draws("lesson_stage", {"ack": None}, "fragment-1")
    server.draws("lesson_board", {"ack": None}, "fragment-2")
    server.ends()
    server.post("lesson_board", {"token": "b:1", "events": []})
    asked = server.post("lesson_stage", {"token": "a:1", "events": [{"type": "step"}]})
    assert asked.fragment_id == "fragment-1"
    states = {one.id: json.loads(one.json_value) for one in asked.widget_states.widgets}
    assert states["$$ID-0123abc-lesson_stage"]["gestures"]["events"] == [{"type": "step"}]
    assert states["$$ID-0123abc-lesson_board"]["gestures"]["token"] == "b:1"


def test_what_a_whole_run_does_not_draw_is_gone():
    server = Server()
    server.draws("home_cards", {"ack": None})
    server.ends()
    server.draws("lesson_stage", {"ack": None})
    server.ends(ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    assert "home_cards" in server.tab.parts
    server.draws("lesson_stage", {"ack": None})
    server.ends()
    assert list(server.tab.parts) == ["lesson_stage"]


def test_a_message_in_the_cache_is_drawn_when_it_is_named_and_said_to_be_there():
    server = Server()
    server.draws("lesson_stage", {"ack": None, "big": 1}, cached="hash-1")
    server.ends()
    assert list(server.post("lesson_stage", {}).cached_message_hashes) == ["hash-1"]
    server.names("hash-1")
    assert server.tab.problems == []
    server.names("hash-2")
    assert server.tab.problems == ["A message was named that is not in the cache."]


def test_an_exception_on_the_page_is_a_problem():
    server = Server()
    message = ForwardMsg()
    message.delta.new_element.exception.type = "ValueError"
    message.delta.new_element.exception.message = "no"
    server.tab._take(message)
    assert server.tab.problems == ["ValueError: no"]
