"""A browser that comes back after its connection broke gets a whole page, not the rest of one.

When a connection breaks, Streamlit stops the script in its middle and keeps what it still had to
say: that the run has ended, and answers of fragments that came later. A browser that hears this
on its return takes away all that the run did not reach, cannot put the answers anywhere, and is
dead from then on (1.67: "Cannot set a node at a delta path"). It asks for a whole run anyway, so
the rest is dropped here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

Resume = Callable[..., str | None]
RESUME = "_resume_stored_session"


def begin_anew(resume: Resume) -> Resume:
    """Return a way to resume a session that forgets what was left to say.

    Args:
        resume: Streamlit's own; returns the name of the session, or None if there is none.
    """

    @functools.wraps(resume)
    def resumed(manager: Any, *given: Any, **named: Any) -> str | None:
        name = resume(manager, *given, **named)
        found = None if name is None else manager.get_active_session_info(name)
        if found is not None:
            found.session.flush_browser_queue()
        return name

    return resumed


def install() -> None:
    """Let this server drop what nobody could use; a Streamlit that does it otherwise stays."""
    resume = getattr(WebsocketSessionManager, RESUME, None)
    if resume is not None and not hasattr(resume, "__wrapped__"):
        setattr(WebsocketSessionManager, RESUME, begin_anew(resume))
