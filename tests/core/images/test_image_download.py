import errno
import hashlib
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.errors import InputError
from core.images import registry
from core.images.download import download
from core.images.finding import load
from core.images.registry import IMAGE_SETS, Resource

BIG = os.urandom(300_000)


class Mirror(BaseHTTPRequestHandler):
    """Serves `files`; what is in `faults` goes wrong on purpose."""

    files: dict[str, bytes]
    faults: dict[str, str]
    asked: list[str]

    def do_GET(self):
        name = self.path.rsplit("/", 1)[-1]
        self.asked.append(self.path)
        fault = self.faults.get(self.path.split("/")[1]) or self.faults.get(name)
        if fault == "404":
            return self.send_error(404)
        data = self.files[name]
        if fault == "corrupt":
            data = data[:-1] + bytes([data[-1] ^ 1])
        if fault == "page":
            data = b"<html>log in</html>"
        if fault == "longer":
            data += b"more"
        self.send_response(200)
        if fault != "closes":
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if fault in ("dies", "closes"):
            self.wfile.write(data[: len(data) // 2])
            self.wfile.flush()
            if fault == "dies":  # a reset instead of an orderly end
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return self.connection.close()
        return self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def mirror(tmp_path, mnist_folder):
    mnist_folder(tmp_path / "source")
    raw = tmp_path / "source" / "MNIST" / "raw"
    handler = type("Handler", (Mirror,), {"files": {}, "faults": {}, "asked": []})
    handler.files = {path.name: path.read_bytes() for path in raw.iterdir()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    handler.address = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    server.server_close()


def resources(mirror, *mirrors):
    return [
        Resource(
            f"MNIST/raw/{name}",
            len(data),
            hashlib.md5(data).hexdigest(),
            tuple(f"{mirror.address}/{one}/{name}" for one in mirrors or ("first",)),
        )
        for name, data in mirror.files.items()
    ]


def ignore(_done, _total):
    pass


def left_behind(root):
    return sorted(path.name for path in root.rglob("*") if path.is_file()) if root.exists() else []


def test_what_is_downloaded_can_be_loaded(mirror, tmp_path):
    seen = []
    download("mnist", tmp_path / "new", lambda *at: seen.append(at), resources(mirror))
    for one, other in zip(
        load("mnist", [tmp_path / "new"]), load("mnist", [tmp_path / "source"]), strict=True
    ):
        assert one.images.equal(other.images)
        assert one.labels.equal(other.labels)
    total = sum(map(len, mirror.files.values()))
    assert seen == sorted(seen)
    assert seen[-1] == (total, total)
    assert left_behind(tmp_path / "new") == sorted(mirror.files)


def test_what_is_there_is_not_fetched_again(mirror, tmp_path):
    for _ in range(2):
        download("mnist", tmp_path / "new", ignore, resources(mirror))
    assert len(mirror.asked) == 4
    path = tmp_path / "new" / "MNIST" / "raw" / next(iter(mirror.files))
    path.write_bytes(b"damaged")
    download("mnist", tmp_path / "new", ignore, resources(mirror))
    assert len(mirror.asked) == 5
    assert path.read_bytes() == mirror.files[path.name]


@pytest.mark.parametrize(
    ("fault", "match"),
    [
        ("404", "answers with error 404"),
        ("corrupt", "checksum is wrong"),
        ("page", "stopped after 19 of"),
        ("longer", "another file"),
        ("dies", "broke off|stopped after"),
        ("closes", "stopped after"),
    ],
)
def test_a_failure_says_what_happened_and_leaves_nothing_half(mirror, tmp_path, fault, match):
    mirror.faults["train-labels-idx1-ubyte.gz"] = fault
    wanted = sorted(resources(mirror), key=lambda resource: "labels" in resource.path)
    with pytest.raises(InputError, match=match) as caught:
        download("mnist", tmp_path / "new", ignore, wanted)
    assert str(caught.value).startswith("MNIST could not be downloaded: ")
    assert left_behind(tmp_path / "new") == [
        name for name in sorted(mirror.files) if "images" in name
    ]


def test_a_broken_mirror_is_followed_by_the_next(mirror, tmp_path):
    mirror.faults["first"] = "corrupt"
    download("mnist", tmp_path / "new", ignore, resources(mirror, "first", "second"))
    assert left_behind(tmp_path / "new") == sorted(mirror.files)
    assert {path.split("/")[1] for path in mirror.asked} == {"first", "second"}


def test_no_network(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/x"
        with pytest.raises(InputError, match="cannot be reached"):
            download("mnist", tmp_path, ignore, [Resource("x", 3, "0" * 32, (url,))])
    assert left_behind(tmp_path) == []


def test_a_stop_by_the_person(mirror, tmp_path):
    mirror.files = {"big": BIG}

    def stop(done, _total):
        if done > 100_000:
            raise RuntimeError("enough")

    with pytest.raises(InputError, match="was stopped"):
        download("mnist", tmp_path / "new", stop, resources(mirror))
    assert left_behind(tmp_path / "new") == []


def test_no_room_on_the_disk(mirror, tmp_path):
    resource = pytest.importorskip("resource")
    mirror.files = {"big": BIG}
    wanted = resources(mirror)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(InputError, match="not enough room") as caught:
            download("mnist", tmp_path / "new", ignore, wanted)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert left_behind(tmp_path / "new") == []


def test_a_folder_that_cannot_be_written(mirror, tmp_path):
    (tmp_path / "new").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        download("mnist", tmp_path / "new", ignore, resources(mirror))


def test_what_a_killed_download_left_behind_goes(mirror, tmp_path):
    folder = tmp_path / "new" / "MNIST" / "raw"
    folder.mkdir(parents=True)
    old, young = folder / ".x.abc.part", folder / ".y.abc.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 9999,) * 2)
    download("mnist", tmp_path / "new", ignore, resources(mirror))
    assert not old.exists()
    assert young.exists()  # another visitor may be fetching it


def test_the_own_files_have_a_place_that_is_found():
    for name in ("mnist", "fashion_mnist", "kmnist"):
        names = [resource.path.split("/")[-1] for resource in IMAGE_SETS[name].resources]
        assert tuple(names) == registry.MNIST_FILES
