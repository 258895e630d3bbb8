"""Networks at their worst: drips, stalls, redirects; nothing half is left and a stop is heard."""

import contextlib
import hashlib
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.errors import InputError
from core.images import download as module
from core.images.download import MirrorError, download
from core.images.registry import Resource
from core.transfer.backbones import backbone_named
from core.transfer.download import download_backbone

DATA = bytes(range(256)) * 40


class Bad(BaseHTTPRequestHandler):
    """Does what the first part of the path says."""

    def do_GET(self):
        fault = self.path.split("/")[1]
        if fault.startswith("to-"):
            self.send_response(302)
            self.send_header("Location", self.targets[fault])
            return self.end_headers()
        self.send_response(200)
        if fault == "nonsense":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            return self.wfile.write(b"what?\r\n" + DATA)
        self.send_header("Content-Length", "many" if fault == "unsure" else str(len(DATA)))
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever asked has gone
            self.give(fault)
        return None

    def give(self, fault):
        half = len(DATA) // 2
        self.wfile.write(DATA if fault in ("whole", "unsure") else DATA[:half])
        self.wfile.flush()
        if fault == "stalls":
            self.over.wait(20)
        at = half
        while fault == "drips" and at < len(DATA) and not self.over.wait(0.05):
            self.wfile.write(DATA[at : at + 1])
            self.wfile.flush()
            at += 1

    def log_message(self, *_):
        pass


@pytest.fixture
def bad():
    handler = type("Handler", (Bad,), {"over": threading.Event(), "targets": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    handler.url = f"http://127.0.0.1:{server.server_port}"
    handler.other = f"http://localhost:{server.server_port}"
    yield handler
    handler.over.set()
    server.shutdown()
    server.server_close()


def file_at(url):
    return [Resource("set/file", len(DATA), hashlib.md5(DATA).hexdigest(), (url,))]


def ignore(_done, _total):
    pass


def left_behind(root):
    return [path.name for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("fault", "match"),
    [
        ("stalls", "the connection to .* broke off"),
        ("drips", "sends too slowly"),
        ("nonsense", "broke off|stopped after"),
    ],
)
def test_a_transfer_that_never_ends_is_ended(bad, tmp_path, monkeypatch, fault, match):
    monkeypatch.setattr(module, "TIMEOUT", 0.4)
    monkeypatch.setattr(module, "WINDOW", 0.3)
    with pytest.raises(InputError, match=match):
        download("mnist", tmp_path, ignore, file_at(f"{bad.url}/{fault}/file"))
    assert left_behind(tmp_path) == []


def test_a_length_that_is_none_does_not_matter(bad, tmp_path):
    download("mnist", tmp_path, ignore, file_at(f"{bad.url}/unsure/file"))
    assert (tmp_path / "set/file").read_bytes() == DATA


def stopped_at_once(fetch):
    """Stop a transfer that drips; the seconds until it has ended."""
    asked = threading.Event()

    def progress(_done, _total):
        if asked.is_set():
            raise KeyError("the button")

    caught = []

    def run():
        try:
            fetch(progress)
        except InputError as error:
            caught.append((str(error), time.monotonic()))

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    asked.set()
    pressed = time.monotonic()
    thread.join(20)
    assert not thread.is_alive()
    ((sentence, ended),) = caught
    assert sentence.endswith("was stopped.")
    return ended - pressed


def test_a_stop_is_heard_with_the_next_byte_and_not_after_the_next_64_kilobytes(bad, tmp_path):
    wanted = file_at(f"{bad.url}/drips/file")
    assert stopped_at_once(lambda p: download("mnist", tmp_path, p, wanted)) < 5
    name, url = "squeezenet1_1", f"{bad.url}/drips/file"
    assert backbone_named(name).url
    assert stopped_at_once(lambda p: download_backbone(name, p, folder=tmp_path, url=url)) < 5
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("target", "match"),
    [
        ("file:///etc/hostname", "answers with error 302"),
        ("ftp://127.0.0.1/file", "not safe"),
        ("http://[::1/file", "cannot be reached"),
        ("{url}/to-it/file", "answers with error 302"),  # in a circle
    ],
)
def test_a_redirect_to_what_is_no_place_of_the_web_is_refused(bad, tmp_path, target, match):
    bad.targets["to-it"] = target.format(url=bad.url)
    with pytest.raises(InputError, match=match):
        download("mnist", tmp_path, ignore, file_at(f"{bad.url}/to-it/file"))
    assert left_behind(tmp_path) == []


def test_a_redirect_to_another_host_is_followed_and_what_comes_is_checked(bad, tmp_path):
    bad.targets["to-it"] = f"{bad.other}/whole/file"
    download("mnist", tmp_path / "good", ignore, file_at(f"{bad.url}/to-it/file"))
    assert left_behind(tmp_path / "good") == ["file"]
    (one,) = file_at(f"{bad.url}/to-it/file")
    wrong = Resource(one.path, one.size, "0" * 32, one.urls)
    with pytest.raises(InputError, match="checksum is wrong"):
        download("mnist", tmp_path / "bad", ignore, [wrong])
    assert left_behind(tmp_path / "bad") == []


@pytest.mark.parametrize(
    ("start", "target", "fine"),
    [
        ("https", "https://elsewhere.example/file", True),
        ("http", "https://elsewhere.example/file", True),
        ("http", "http://elsewhere.example/file", True),
        ("https", "http://elsewhere.example/file", False),
        ("https", "FILE:///etc/hostname", False),
    ],
)
def test_what_began_encrypted_stays_encrypted(start, target, fine):
    asked = urllib.request.Request(f"{start}://mirror.example/file")
    redirects = module._Redirects()
    if fine:
        found = redirects.redirect_request(asked, None, 302, "Found", {}, target)
        assert found.full_url == target
    else:
        with pytest.raises(MirrorError, match=r"mirror\.example sends to a place"):
            redirects.redirect_request(asked, None, 302, "Found", {}, target)
