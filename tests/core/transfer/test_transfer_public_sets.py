import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from core.errors import InputError
from core.images import finding
from core.images.registry import Resource
from core.transfer.public_registry import PUBLIC_SETS
from core.transfer.public_sets import download_public, public_place, public_set

PER_CLASS = 6
SOME = {
    "ants_bees": ("ants", "bees"),
    "flowers": ("rose", "sunflower"),
    "pets": ("pug", "Maine Coon"),
    "eurosat": ("Sea lake", "Forest"),
}


def taped(members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tape:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tape.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def labelled(name, files):
    """Photos of two classes under the paths of the real set, whose colour tells their class."""
    photos = {}
    for at, label in enumerate(SOME[name]):
        for number in range(PER_CLASS):
            data = files.plain((250 * at, 40 * number, 100), (60, 40), "JPEG")
            photos[label, number] = data
    return photos


def made(name, files):
    """The archive of each set, small, and what torchvision would unpack of it."""
    photos = labelled(name, files)
    if name == "ants_bees":
        inside = {f"train/{label}/{n}.jpg": data for (label, n), data in photos.items()}
        inside |= {f"val/{label}/{n}.jpg": data for (label, n), data in photos.items()}
        inside["train/ants/imageNotFound.gif"] = b"no photo"
        packed = files.packed([(f"hymenoptera_data/{path}", d) for path, d in inside.items()])
        return {"hymenoptera_data.zip": packed}, {
            f"hymenoptera_data/{p}": d for p, d in inside.items()
        }
    if name == "eurosat":
        folder = {"Sea lake": "SeaLake", "Forest": "Forest"}
        inside = {f"2750/{folder[label]}/{n}.jpg": data for (label, n), data in photos.items()}
        return {"eurosat/EuroSAT.zip": files.packed(list(inside.items()))}, {
            f"eurosat/{path}": data for path, data in inside.items()
        }
    if name == "pets":
        inside = {
            f"images/{label.replace(' ', '_')}_{n}.jpg": d for (label, n), d in photos.items()
        }
        inside |= {
            "images/._pug_1.jpg": b"x",
            "images/pug_3.mat": b"x",
            "images/pug_99.jpg": b"bad",
        }
        return {"oxford-iiit-pet/images.tar.gz": taped(inside)}, {
            f"oxford-iiit-pet/{path}": data for path, data in inside.items()
        }
    inside = {f"jpg/image_{at:05d}.jpg": data for at, data in enumerate(photos.values(), 1)}
    numbers = [PUBLIC_SETS["flowers"].classes.index(label) + 1 for label, _ in photos]
    table = io.BytesIO()
    savemat(table, {"labels": np.array([numbers])})
    beside = {"flowers-102/imagelabels.mat": table.getvalue()}
    return {**beside, "flowers-102/102flowers.tgz": taped(inside)}, {
        **beside,
        **{f"flowers-102/{path}": data for path, data in inside.items()},
    }


def written(root, contents):
    for path, data in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def server():
    served = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            data = served.get(self.path)
            if data is None:
                return self.send_error(404)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            return self.wfile.write(data)

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}).start()
    yield served, f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def offered(server, contents):
    served, address = server
    served.clear()
    served.update({f"/{path}": data for path, data in contents.items()})
    return [
        Resource(path, len(data), hashlib.md5(data).hexdigest(), (f"{address}/{path}",))
        for path, data in contents.items()
    ]


def shown(collection):
    return {
        label.name: [(sample.name, sample.picture.tobytes()) for sample in label.samples]
        for label in collection.labels
    }


@pytest.mark.parametrize("name", PUBLIC_SETS)
def test_a_set_is_fetched_found_and_used_in_part(name, files, server, tmp_path):
    archives, unpacked = made(name, files)
    wanted = offered(server, archives)
    assert {one.path for one in wanted} == {one.path for one in PUBLIC_SETS[name].resources}
    root, steps = tmp_path / "own", []
    assert public_place(name, [root]) is None
    with pytest.raises(InputError, match="not on this machine"):
        public_set(name, 2, 0, SOME[name], roots=[root])
    download_public(name, lambda *at: steps.append(at), root, wanted)
    assert steps[-1] == (sum(map(len, archives.values())),) * 2
    part = public_set(name, 4, 7, SOME[name], roots=[root])
    assert part.classes == SOME[name]
    assert part.counts() == [4, 4]
    for at, label in enumerate(part.labels):
        for sample in label.samples:
            assert abs(int(sample.picture[5, 5, 0]) - 250 * at) < 8
            assert sample.origin == "set"
    elsewhere = written(tmp_path / "unpacked", unpacked)
    assert shown(public_set(name, 4, 7, SOME[name], roots=[elsewhere])) == shown(part)
    fewer = shown(public_set(name, 2, 7, SOME[name], roots=[root]))
    assert all(photos == shown(part)[label][:2] for label, photos in fewer.items())
    others = [shown(public_set(name, 3, seed, SOME[name], roots=[root])) for seed in range(4)]
    assert any(other != others[0] for other in others)
    assert public_set(name, 100, 0, SOME[name], roots=[root]).counts() == [PER_CLASS, PER_CLASS]


def test_the_data_folder_is_looked_into_first(files, tmp_path, monkeypatch):
    monkeypatch.setenv(finding.VARIABLE, str(tmp_path / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert public_place("pets") is None
    written(finding.own_root(), made("pets", files)[0])
    assert public_place("pets") == finding.own_root() / "oxford-iiit-pet" / "images.tar.gz"
    written(tmp_path / "given", made("pets", files)[1])
    assert public_place("pets") == tmp_path / "given" / "oxford-iiit-pet" / "images"


def test_what_goes_wrong_with_a_download_is_said_and_leaves_nothing(files, server, tmp_path):
    archives, _ = made("eurosat", files)
    wanted = offered(server, archives)
    served = server[0]

    def stop(done, total):
        raise RuntimeError

    with pytest.raises(InputError, match="EuroSAT was stopped"):
        download_public("eurosat", stop, tmp_path, wanted)
    served["/eurosat/EuroSAT.zip"] = archives["eurosat/EuroSAT.zip"][:-1] + b"x"
    with pytest.raises(InputError, match=r"checksum is wrong.*drawn symbols or generated fruit"):
        download_public("eurosat", lambda *_: None, tmp_path, wanted)
    served.clear()
    with pytest.raises(InputError, match="error 404"):
        download_public("eurosat", lambda *_: None, tmp_path, wanted)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_damaged_archives_and_wrong_wishes_are_named(files, tmp_path):
    for name in PUBLIC_SETS:
        archives, _ = made(name, files)
        root = written(tmp_path / name, archives)
        archive = max(archives, key=lambda path: len(archives[path]))
        (root / archive).write_bytes(archives[archive][: len(archives[archive]) // 2])
        with pytest.raises(InputError, match=r"is damaged\. Delete it"):
            public_set(name, 2, 0, SOME[name], roots=[root])
    root = written(tmp_path / "whole", made("pets", files)[0])
    for call, sentence in (
        (lambda: public_set("cars", 2, 0), "no public set “cars”"),
        (lambda: public_set("pets", 2, 0, ("unicorn",), roots=[root]), "no class “unicorn”"),
        (lambda: public_set("pets", 0, 0, roots=[root]), "1 to 100 pictures"),
        (lambda: public_set("pets", 2, 0, ("beagle",), roots=[root]), "No photo of “beagle”"),
    ):
        with pytest.raises(InputError, match=sentence):
            call()

    def stop(done, total):
        raise KeyError

    with pytest.raises(InputError, match="was stopped"):
        public_set("pets", 2, 0, SOME["pets"], roots=[root], progress=stop)


def test_what_is_said_about_the_sets_holds_together():
    for name, known in PUBLIC_SETS.items():
        assert known.name == name
        assert len(set(known.classes)) == known.count
        assert set(known.usual) <= set(known.classes)
        assert max(map(len, known.classes)) <= 40
        assert known.licence
        assert known.source.startswith("https://")
        assert known.megabytes > 40
        for one in known.resources:
            assert len(bytes.fromhex(one.md5)) == 16
            assert all(url.startswith("https://") for url in one.urls)


def test_the_real_photos_of_ants_and_bees():
    place = public_place("ants_bees")
    if place is None or not Path(place).is_dir():
        pytest.skip("The photos of ants and bees are not on this machine.")
    part = public_set("ants_bees", 30, 0)
    assert part.counts() == [30, 30]
    names = {path.name for path in (place / "train" / "bees").iterdir()}
    assert {sample.name for sample in part.labels[1].samples} <= names
    assert all(min(picture.shape[:2]) <= 256 for picture in part.pictures())
