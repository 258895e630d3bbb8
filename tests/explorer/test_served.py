"""Files that are fetched from a route: who may, what arrives, and when they go."""

import asyncio
import gc
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette

from explorer import served
from explorer.served import CHUNK, ServedFiles, Shelf, routes

DATA = bytes(range(256)) * 1000


@pytest.fixture
def shelf(monkeypatch):
    made = Shelf()
    monkeypatch.setattr(served, "SHELF", made)
    return made


@pytest.fixture
def files(shelf):
    return ServedFiles(shelf)


def asked(path, method="GET", **headers):
    """Ask the route as a server would: status, headers, and the pieces of the body."""
    pairs = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": pairs}
    sent = []

    async def receive():  # The browser stays and has nothing more to say.
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    asyncio.run(Starlette(routes=routes())(scope, receive, send))
    found = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
    return sent[0]["status"], found, [one["body"] for one in sent[1:] if one.get("body")]


def test_a_small_file_goes_along_and_a_large_one_is_fetched(files):
    small = files.message(files.offer(b"abc", "a.txt", "text/plain"))
    assert (small["base64"], small["size"]) == ("YWJj", 3)
    large = files.message(files.offer(DATA, "network ä\r\n.pt"))
    assert "base64" not in large
    status, headers, pieces = asked(large["address"], host="here:8501")
    assert status == 200
    assert b"".join(pieces) == DATA
    assert max(map(len, pieces)) == CHUNK
    assert headers["content-length"] == str(len(DATA))
    said = headers["content-disposition"]
    assert said == "attachment; filename*=UTF-8''network%20%C3%A4%0D%0A.pt"
    assert headers["cache-control"] == "no-store"
    assert asked(large["address"], "HEAD", host="here:8501")[0] == 200
    assert asked(large["address"], "POST", host="here:8501")[0] == 405


def test_nobody_else_gets_it(shelf, monkeypatch):
    monkeypatch.setattr(type(served.st.context), "headers", {"Host": "here:8501"})
    files = ServedFiles(shelf)
    address = files.message(files.offer(DATA, "a.pt"))["address"]
    fine = {"host": "here:8501"}
    assert asked(address, **fine)[0] == 200
    assert asked(address, **fine, origin="http://here:8501", sec_fetch_site="same-origin")[0] == 200
    for other in (
        {"host": "rebound.example:8501"},
        {**fine, "origin": "http://elsewhere:8501"},
        {**fine, "origin": "null"},
        {**fine, "sec_fetch_site": "cross-site"},
        {**fine, "sec_fetch_site": "same-site"},
        {},
    ):
        status, _, pieces = asked(address, **other)
        assert (status, b"".join(pieces).decode()) == (403, served.STRANGER), other


def test_an_address_is_of_one_session_and_no_path(files, shelf, tmp_path):
    mine = files.message(files.offer(DATA, "a.pt"))["address"]
    other = ServedFiles(shelf)
    theirs = other.message(other.offer(DATA, "b.pt"))["address"]
    session, name = mine.split("/")[-2], theirs.split("/")[-1]
    assert len(session) >= 32
    assert len(name) >= 32
    (tmp_path / "secret").write_text("x")
    for path in (
        f"/explorer-files/{session}/{name}",
        f"/explorer-files/{session}/..%2f..%2fetc",
        f"/explorer-files/{session}/{tmp_path}/secret",
        "/explorer-files//",
    ):
        assert asked(path, host="here")[0] == 404, path


def test_files_are_let_go_after_a_while_or_when_there_are_too_many(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(served, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shelf = Shelf(most=3 * len(DATA), lives_s=10)
    files = ServedFiles(shelf)
    offers = []
    for _ in range(4):
        offers.append(files.offer(DATA, "a.pt"))
        now[0] += 1
    kept = [files.message(one) is not None for one in offers]
    assert kept == [False, True, True, True]
    now[0] = 11.5
    assert [files.message(one) is not None for one in offers] == [False, False, True, True]
    files.withdraw(offers[3])
    assert files.message(offers[3]) is None
    assert len({one.version for one in offers}) == 4


def test_the_home_page_is_found_by_its_name_below_any_prefix():
    status, headers, _ = asked("/home")
    assert (status, headers["location"]) == (307, "./")


def test_files_of_a_lesson_that_is_gone_are_let_go(shelf):
    files, others = ServedFiles(shelf), ServedFiles(shelf)
    offer, stays = files.offer(DATA, "a.bin"), others.offer(DATA, "b.bin")
    session = files._session
    del files
    gc.collect()
    shelf.tidy()
    assert shelf.find(session, offer.name) is None
    assert shelf.find(others._session, stays.name) is not None
