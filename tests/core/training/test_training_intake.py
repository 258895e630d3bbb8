"""Pictures of one's own, read in a process of their own and kept."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError
from core.training.data import sets_of
from core.training.intake import take_in, work


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The cache folder, for this process and for the one that reads."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def archive(count):
    file, chance = io.BytesIO(), np.random.default_rng(0)
    with zipfile.ZipFile(file, "w") as made:
        for name in ("cats", "dogs"):
            for at in range(count):
                picture = io.BytesIO()
                pixels = chance.integers(0, 256, (20, 30, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(picture, format="PNG")
                made.writestr(f"{name}/{at}.png", picture.getvalue())
        made.writestr("cats/broken.png", b"no picture")
    return file.getvalue()


def table(count):
    head = "label," + ",".join(f"pixel{at}" for at in range(1, 785))
    rows = [f"{at % 3}," + ",".join([str(at % 256)] * 784) for at in range(count)]
    return "\n".join([head, *rows]).encode()


def test_an_archive_becomes_a_set_that_a_run_can_read(home):
    seen = []
    taken = take_in(archive(15), "My  pets", "me-", lambda *at: seen.append(at), side=16)
    assert taken.dataset.startswith("stored:me-my-pets-")
    assert (taken.pictures, taken.classes) == (30, ("cats", "dogs"))
    assert taken.notice == "Pictures left out: 1 that is damaged."
    assert seen[-1] == (31, 31)
    data, test = sets_of(taken.dataset)
    assert (data.shape, data.counts(), data.name, test) == ((3, 16, 16), [15, 15], "My pets", None)


def test_a_table_becomes_grey_pictures_with_letters(home):
    taken = take_in(table(30), "Hands", "me-", lambda *_: None)
    data, _ = sets_of(taken.dataset)
    assert data.classes == ("A", "B", "C")
    assert data.images[7].unique().tolist() == [7]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"PK\x03\x04 damaged", "not a ZIP archive"),
        (b"label,pixel1\n1,2", "784 columns"),
        (table(5), "5 pictures are too few"),
        (archive(5), "10 pictures are too few"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(home, data, match):
    (home / "upload").write_bytes(data)
    order = {"file": str(home / "upload"), "label": "x", "name": "me-x", "side": 16, "grey": True}
    with pytest.raises(InputError, match=match):
        list(work(order))
    assert not list(home.rglob("*.safetensors"))


@pytest.mark.parametrize("label", ["   ", "x" * 41])
def test_a_set_needs_a_name(home, label):
    with pytest.raises(InputError, match="1 to 40 characters"):
        take_in(table(30), label, "me-", lambda *_: None)


def test_a_name_cannot_leave_its_folder(home):
    taken = take_in(table(30), "../../etc/passwd", "me-", lambda *_: None)
    (file,) = home.rglob("*.safetensors")
    assert file.parent.name == "stored"
    assert taken.dataset.startswith("stored:me-etc-passwd-")
