"""The server as a stranger reaches it: its routes, its headers, and what is not served."""

import http.client
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from benchmarks.serving import serving
from explorer.components.files import ADDRESS, WHOLE, version
from explorer.guarding import HEADERS

CODE = f"{ADDRESS}/{version()}/{WHOLE}"
SECRET = "deep-learning-explorer"  # a word of pyproject.toml, which nobody is served


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


def asked(server, path, method="GET", body=None, headers=None):
    """Status, headers and body of an answer to a path that is sent as it stands."""
    parts = urlsplit(server.url)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)) as link:
        link.putrequest(method, path, skip_host=bool(headers and "Host" in headers))
        if body is not None:
            link.putheader("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            link.putheader(name, value)
        link.endheaders(body)
        answer = link.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def test_every_page_and_file_has_the_safe_headers(server):
    for path in ("/", "/linear_regression", CODE, "/_stcore/health", "/nothing"):
        status, headers, _ = asked(server, path)
        assert status == 200, path
        for name, value in HEADERS.items():
            assert headers[name.lower()] == value, (path, name)
        assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/explorer-code/x/../server.py",
        "/explorer-code/x/..%2fserver.py",
        "/explorer-code/x/%2e%2e/%2e%2e/pyproject.toml",
        "/explorer-code/x/..%5c..%5cpyproject.toml",
        "/explorer-code/x//etc/passwd",
        "/explorer-code/x/%2fetc%2fpasswd",
        "/explorer-code/x/....//....//etc/passwd",
        "/static/../../../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/media/../../pyproject.toml",
        "/component/explorer/../../pyproject.toml",
        "/_stcore/bidi-components/x/../../../../etc/passwd",
        "//etc/passwd",
        "/%00",
        "/explorer-files/../../pyproject.toml",
        "/explorer-files/%2e%2e/%2e%2e%2fpyproject.toml",
        "/pyproject.toml",
        "/explorer/server.py",
        "/.git/config",
        "/.streamlit/config.toml",
    ],
)
def test_no_address_is_a_path_into_the_disk(server, path):
    _, _, body = asked(server, path)
    text = body.decode("utf-8", "replace")
    assert SECRET not in text
    assert "root:" not in text
    assert "repositoryformatversion" not in text
    assert "def serve" not in text


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/explorer-files/a/b", "GET", {404}),
        ("/explorer-files/a/b", "POST", {405}),
        ("/explorer-files/" + "x" * 9000 + "/b", "GET", {404}),
        ("/explorer-moves/a", "POST", {404}),
        ("/explorer-moves/%ff%fe", "POST", {400, 404}),
        ("/_stcore/upload_file/a/b", "PUT", {400, 403}),
        ("/_stcore/upload_file/a/b", "DELETE", {400, 403}),
        ("/_stcore/agent/interact", "POST", {403, 404}),
        ("/_stcore/agent/mcp", "POST", {400, 403, 404}),
    ],
)
def test_a_stranger_gets_a_sentence_from_our_routes_and_a_refusal_from_others(
    server, path, method, statuses
):
    status, _, body = asked(server, path, method, body=b"{}" if method != "GET" else None)
    assert status in statuses
    assert b"Traceback" not in body
    if path.startswith("/explorer-") and status == 404:
        assert body.decode().endswith(".")


def test_a_page_of_another_site_cannot_open_a_session(server):
    parts = urlsplit(server.url)
    for origin, opened in (("http://elsewhere.example", False), (server.url, True)):
        handshake = (
            "GET /_stcore/stream HTTP/1.1\r\n"
            f"Host: {parts.netloc}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as link:
            link.sendall(handshake.encode())
            assert (link.recv(4096).split(b" ")[1] == b"101") is opened, origin


def test_an_address_of_a_hundred_kilobytes_is_answered_and_the_server_goes_on(server):
    status, _, body = asked(server, "/linear_regression?own=" + "1,2;" * 25_000)
    assert status in (200, 400, 414, 431)
    assert b"Traceback" not in body
    assert asked(server, "/_stcore/health")[0] == 200


def test_nothing_of_all_this_is_an_error_of_the_server(server):
    assert "Traceback" not in server.wrote()
    assert asked(server, "/_stcore/health")[2] == b"ok"
