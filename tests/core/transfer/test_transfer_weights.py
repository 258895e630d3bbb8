import contextlib
import functools
import hashlib
import io
import json
import os
import pickle
import threading
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from safetensors.torch import save
from torch import Generator

from core.errors import InputError
from core.transfer import availability, backbone_info
from core.transfer.architectures import ARCHITECTURES, draw_weights
from core.transfer.backbones import BACKBONES, BUILT_IN, available, backbone_named, load_backbone
from core.transfer.download import download_backbone
from core.transfer.own_weights import load_own, own_weights, store_own
from core.transfer.weights_file import read_weights

NAME = "squeezenet1_1"


class Bomb:
    """Leaves a mark on the disk if anybody ever unpickles it."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@functools.cache
def torchvision_model(name, seed=0):
    model = ARCHITECTURES[name].make()
    draw_weights(model, Generator().manual_seed(seed))
    return model.eval()


def saved(content, **how):
    buffer = io.BytesIO()
    torch.save(content, buffer, **how)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def state():
    return torchvision_model(NAME).state_dict()


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    """Nothing of this machine is found, and nothing is left on it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("EXPLORER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))


@pytest.fixture
def published(monkeypatch, state):
    """The file of a backbone with random weights, and the list with its checksum."""
    data = saved(state)
    prefix = hashlib.sha256(data).hexdigest()[:8]
    url = f"https://nowhere.invalid/squeezenet-{prefix}.pth"
    info = replace(BACKBONES[NAME], url=url, sha256_prefix=prefix)
    monkeypatch.setitem(backbone_info.BACKBONES, NAME, info)
    return data


def features(backbone):
    side = backbone.info.side
    with torch.inference_mode():
        return backbone(torch.randn(1, 3, side, side, generator=Generator().manual_seed(5)))


def wanted(name, seed=0):
    model = torchvision_model(name, seed)
    side = BACKBONES[name].side
    with torch.inference_mode():
        x = torch.randn(1, 3, side, side, generator=Generator().manual_seed(5))
        return model.features(x).mean((2, 3)) if name == NAME else model(x)


# Where weights lie


@pytest.mark.parametrize(
    "place",
    [
        "torch/hub/checkpoints",
        "data",
        "data/backbones",
        "data/hub/checkpoints",
        "cache/deep-learning-explorer/backbones",
    ],
)
def test_weights_are_found_and_used_wherever_they_may_lie(tmp_path, published, place):
    missing = available(NAME)
    assert not missing.here
    assert missing.why == "SqueezeNet 1.1 is not on this machine: download 5 MB, or give its file."
    with pytest.raises(InputError, match="not on this machine"):
        load_backbone(NAME)
    path = tmp_path / place / backbone_named(NAME).file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(published)
    assert available(NAME).here
    assert available(NAME).path == path
    torch.testing.assert_close(features(load_backbone(NAME)), wanted(NAME))


def test_a_file_with_the_right_name_and_another_content_is_not_used(tmp_path, published):
    path = tmp_path / "data" / backbone_named(NAME).file_name
    path.parent.mkdir()
    path.write_bytes(published[:-1] + b"x")
    with pytest.raises(InputError, match=r"checksum is not that of SqueezeNet 1.1. Delete it"):
        load_backbone(NAME)


def test_the_built_in_backbone_needs_nothing():
    assert available(BUILT_IN) == availability.Availability(
        True, availability.SHIPPED, "It comes with the explorer."
    )
    with pytest.raises(InputError, match="nothing to download"):
        download_backbone(BUILT_IN, lambda *_: None)


# Downloads


class Host(BaseHTTPRequestHandler):
    data: bytes
    fault: str

    def do_GET(self):
        if self.fault == "404":
            return self.send_error(404)
        data = self.data
        if self.fault == "corrupt":
            data = data[:-1] + bytes([data[-1] ^ 1])
        self.send_response(200)
        if self.fault not in ("silent", "endless"):
            length = len(data) * (9 if self.fault == "huge" else 1)
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.fault == "breaks":
            data = data[: len(data) // 2]
        with contextlib.suppress(OSError):  # whoever asked may have gone
            self.wfile.write(data * (4 if self.fault == "endless" else 1))
        return None

    def log_message(self, *_):
        pass


@pytest.fixture
def host(published):
    handler = type("Handler", (Host,), {"data": published, "fault": ""})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    handler.url = f"http://127.0.0.1:{server.server_port}/{backbone_named(NAME).file_name}"
    yield handler
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("fault", ["", "silent"])
def test_a_download_reports_itself_and_can_be_used(host, fault):
    host.fault, seen = fault, []
    path = download_backbone(NAME, lambda *at: seen.append(at), url=host.url)
    assert path.read_bytes() == host.data
    assert seen == sorted(seen)
    assert len(seen) > 3
    total = len(host.data) if not fault else 5_000_000
    assert {one for _, one in seen} == {total}
    assert seen[-1][0] == min(len(host.data), total)
    torch.testing.assert_close(features(load_backbone(NAME)), wanted(NAME))
    host.fault = "404"  # what is there is not fetched again
    assert download_backbone(NAME, lambda *_: None, url=host.url) == path


@pytest.mark.parametrize(
    ("fault", "match"),
    [
        ("404", "answers with error 404"),
        ("corrupt", "checksum is wrong"),
        ("breaks", "stopped after"),
        ("huge", "another file"),
        ("endless", "another file"),
    ],
)
def test_a_failed_download_says_why_and_leaves_nothing(tmp_path, host, fault, match):
    host.fault = fault
    with pytest.raises(InputError, match=match) as caught:
        download_backbone(NAME, lambda *_: None, folder=tmp_path / "new", url=host.url)
    assert str(caught.value).startswith("SqueezeNet 1.1 could not be downloaded: ")
    assert "built-in backbone" in str(caught.value)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_download_can_be_stopped(tmp_path, host):
    def stop(done, _total):
        if done > 1_000_000:
            raise KeyError("the button")

    with pytest.raises(InputError, match=r"The download of SqueezeNet 1.1 was stopped"):
        download_backbone(NAME, stop, folder=tmp_path / "new", url=host.url)
    assert list((tmp_path / "new").iterdir()) == []


def test_no_network(tmp_path):
    with pytest.raises(InputError, match="cannot be reached"):
        download_backbone(NAME, lambda *_: None, url="http://127.0.0.1:9/x", folder=tmp_path)


# Files of one's own


@pytest.mark.parametrize("form", ["safetensors", "zip", "legacy", "checkpoint", "no classifier"])
def test_own_weights_are_recognised_and_kept(tmp_path, state, form):
    if form == "safetensors":
        data = save(dict(state))
    elif form == "checkpoint":
        named = {f"module.{key}": value for key, value in state.items()}
        data = saved({"epoch": 3, "state_dict": named, "best": 0.7})
    elif form == "no classifier":
        data = saved({k: v for k, v in state.items() if not k.startswith("classifier")})
    else:
        data = saved(state, _use_new_zipfile_serialization=form == "zip")
    own = store_own(data, "../../my weights.pth", folder=tmp_path)
    assert own.info.label == "SqueezeNet 1.1: my weights.pth"
    assert own.info.features == 512
    assert own.path.parent == tmp_path
    assert own_weights(own.id, tmp_path) == own
    torch.testing.assert_close(features(load_own(own.id, tmp_path)), wanted(NAME))


def test_own_weights_have_a_name_like_the_others(state):
    own = store_own(save(dict(state)), "mine.safetensors")
    assert own.info.name == f"own:{own.id}"
    assert backbone_named(own.info.name) == own.info
    assert available(own.info.name).path == own.path
    assert load_backbone(own.info.name).info == own.info
    fresh = load_backbone(own.info.name, weights="random", generator=Generator().manual_seed(1))
    assert fresh.info.name == NAME
    gone = available("own:squeezenet1_1-0123456789abcdef")
    assert not gone.here
    assert "Give their file again" in gone.why


def test_a_backbone_that_was_tuned_here_comes_back(tmp_path):
    backbone = load_backbone(BUILT_IN, weights="random", generator=Generator().manual_seed(2))
    data = save({k: v.half() for k, v in backbone.state_dict().items() if "tracked" not in k})
    own = store_own(data, "tuned.safetensors", folder=tmp_path)
    assert own.id.startswith("built_in-")
    torch.testing.assert_close(
        features(load_own(own.id, tmp_path)), features(backbone), rtol=0.02, atol=0.02
    )


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "shufflenet_v2_x1_0", "resnet18"])
def test_every_architecture_is_told_from_the_others(tmp_path, name):
    with torch.device("meta"):
        shapes = {
            key: value.shape for key, value in ARCHITECTURES[name].make().state_dict().items()
        }
    data = save({key: torch.zeros(shape) for key, shape in shapes.items()})
    assert store_own(data, "x", folder=tmp_path).id.startswith(name)


def test_what_does_not_fit_is_named(tmp_path, state):
    changed = dict(state)
    del changed["features.3.squeeze.bias"]
    changed["features.0.weight"] = torch.zeros(64, 1, 3, 3)
    changed["extra.weight"] = torch.zeros(3)
    with pytest.raises(InputError) as caught:
        store_own(save(changed), "odd.safetensors", folder=tmp_path)
    assert str(caught.value) == (
        "odd.safetensors does not fit SqueezeNet 1.1: 1 of its 50 entries are missing: "
        "features.3.squeeze.bias; 1 have another shape: features.0.weight has shape 64×1×3×3 "
        "instead of 64×3×3×3; 1 do not belong to it: extra.weight. Choose the backbone that it "
        "was made for."
    )
    with pytest.raises(InputError, match=r"does not fit ResNet-18: 1.. of its 1.. entries are"):
        store_own(save(dict(state)), "x", "resnet18", folder=tmp_path)
    with pytest.raises(InputError, match=r"fits none of the backbones here. Its first entries are"):
        store_own(save({"w": torch.zeros(3), "b": torch.zeros(1)}), "x", folder=tmp_path)
    assert list(tmp_path.glob("*.safetensors")) == []


@pytest.mark.parametrize("legacy", [False, True])
def test_a_pickle_within_is_refused_and_never_opened(tmp_path, state, legacy):
    mark = tmp_path / "mark"
    hostile = {**state, "surprise": Bomb(mark)}
    data = saved(hostile, _use_new_zipfile_serialization=not legacy)
    with pytest.raises(InputError, match=r"holds Python objects besides numbers .*which could run"):
        store_own(data, "evil.pth", folder=tmp_path)
    with pytest.raises(InputError, match="holds Python objects besides numbers"):
        store_own(pickle.dumps(Bomb(mark)), "evil.pkl", folder=tmp_path)
    with pytest.raises(InputError, match=r"objects .*\(torchvision.models.*state_dict"):
        store_own(saved(ARCHITECTURES[NAME].make()), "model.pth", folder=tmp_path)
    assert not mark.exists()


def bad_files(state):
    whole = saved(state)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("archive/data.pkl", b"0" * 600_000_000)
    header = json.dumps({"w": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}).encode()
    poisoned = {**state, "features.0.bias": state["features.0.bias"] * float("nan")}
    return {
        "nothing": (b"", "no weights that are known"),
        "a picture": (b"\x89PNG\r\n", "no weights that are known"),
        "cut": (whole[: len(whole) // 2], "damaged"),
        "noise": (b"\x80" + os.urandom(99), "damaged"),
        "bomb": (bomb.getvalue(), "unpacks to 600 MB"),
        "cut safetensors": (len(header).to_bytes(8, "little") + header, "damaged"),
        "a list": (saved([torch.zeros(3)]), "holds a list, not a state_dict"),
        "no tensors": (saved({"a": 1}), "holds no tensors"),
        "a word": (saved({**state, "note": "hello"}), "“note”, which is no tensor"),
        "not finite": (saved(poisoned), "“features.0.bias” with values that are not finite"),
        "sparse": (saved({**state, "s": torch.eye(3).to_sparse()}), "“s” in a sparse"),
    }


def test_other_files_are_refused_with_a_sentence(tmp_path, state):
    for data, match in bad_files(state).values():
        with pytest.raises(InputError, match=match):
            store_own(data, "file.pth", folder=tmp_path)
    assert list(tmp_path.glob("own-*")) == []


def test_size_has_a_limit(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="is missing"):
        read_weights(tmp_path / "x")
    monkeypatch.setattr("core.transfer.weights_file.LARGEST", 1000)
    with pytest.raises(InputError, match="weights may have"):
        read_weights(b"x" * 2000, "big.pth")
