"""What becomes of a session whose connection broke, on Streamlit's own session manager."""

from types import SimpleNamespace

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from explorer import reconnecting


class Manager:
    """As much of Streamlit's as a return needs."""

    def __init__(self, known):
        self.queue = ForwardMsgQueue()
        self.queue._queue = ["the end of half a run", "an answer of a fragment"]
        session = SimpleNamespace(flush_browser_queue=self.queue.flush)
        self.active = {known: SimpleNamespace(session=session)}

    def resume(self, name, client, user_info):
        assert (client, user_info) == ("browser", {})
        return name if name in self.active else None

    def get_active_session_info(self, name):
        return self.active.get(name)


def test_whoever_comes_back_hears_nothing_of_half_a_run():
    manager = Manager("mine")
    resumed = reconnecting.begin_anew(Manager.resume)
    assert resumed(manager, "strange", "browser", user_info={}) is None
    assert len(manager.queue) == 2, "nobody else's messages are touched"
    assert resumed(manager, "mine", "browser", user_info={}) == "mine"
    assert manager.queue.is_empty()


def test_it_is_put_into_this_streamlit_once(monkeypatch):
    own = WebsocketSessionManager._resume_stored_session
    monkeypatch.setattr(WebsocketSessionManager, reconnecting.RESUME, own)
    reconnecting.install()
    first = WebsocketSessionManager._resume_stored_session
    assert first.__wrapped__ is own
    reconnecting.install()
    assert WebsocketSessionManager._resume_stored_session is first
    monkeypatch.delattr(WebsocketSessionManager, reconnecting.RESUME)
    reconnecting.install()
    assert not hasattr(WebsocketSessionManager, reconnecting.RESUME)
