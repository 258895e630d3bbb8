"""What every answer says to browsers, and uploads beyond what memory is there for."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from explorer import guarding
from explorer.guarding import FULL, HEADERS, Guarded

UPLOAD = "/_stcore/upload_file/session/file"


async def plain(request):
    return PlainTextResponse("fine", headers={"X-Frame-Options": "DENY"})


APP = Starlette(routes=[Route("/{path:path}", plain, methods=["GET", "PUT"])])


def asked(app, path="/", method="GET"):
    """Status, headers and body of an answer."""
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
    sent, received = [], []

    async def receive():
        if received:
            await asyncio.Event().wait()  # It stays, and says no more.
        received.append(True)
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:]).decode()


def test_every_answer_has_the_headers_and_keeps_its_own():
    status, headers, body = asked(Guarded(APP))
    assert (status, body) == (200, "fine")
    assert headers["x-frame-options"] == "DENY"
    for name, value in HEADERS.items():
        if name != "X-Frame-Options":
            assert headers[name.lower()] == value


@pytest.mark.parametrize(
    ("method", "path", "held", "status"),
    [
        ("PUT", UPLOAD, 99, 200),
        ("PUT", UPLOAD, 100, 413),
        ("PUT", f"/class{UPLOAD}", 100, 413),
        ("GET", UPLOAD, 100, 200),
        ("PUT", "/elsewhere", 100, 200),
    ],
)
def test_uploads_are_refused_while_the_server_holds_as_much_as_it_may(method, path, held, status):
    found, headers, body = asked(Guarded(APP, 100, lambda: held), path, method)
    assert found == status
    assert body == (FULL if status == 413 else "fine")
    assert "x-content-type-options" in headers


def test_the_books_are_those_of_streamlit(monkeypatch):
    uploads = MemoryUploadedFileManager("/_stcore/upload_file")
    for session in "ab":
        uploads.add_file(session, UploadedFileRec(session, "x.csv", "text/csv", bytes(700)))
    monkeypatch.setattr(guarding.runtime, "exists", lambda: True)
    held = type("Instance", (), {"uploaded_file_mgr": uploads})
    monkeypatch.setattr(guarding.runtime, "get_instance", lambda: held)
    assert guarding.held() == 1400
    uploads.remove_session_files("a")
    assert guarding.held() == 700
