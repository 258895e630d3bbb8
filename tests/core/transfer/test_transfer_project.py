import io
import json
import pickle
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load

from core.errors import InputError
from core.transfer.collection import Collection
from core.transfer.project import is_project, read_project, write_project
from core.transfer.sample import sample_of
from core.transfer.taking_in import take_in

SETTINGS = {"backbone": "built_in", "rate": 0.01, "nested": {"list": [1, None, "ü", True]}}
HEAD = {
    "weight": torch.linspace(-1, 1, 12).reshape(2, 6),
    "bias": torch.tensor([0.1, -3e-7]),
    "count": torch.tensor([7], dtype=torch.int64),
}


def told(collection):
    return [
        (
            label.name,
            label.on,
            [(s.id, s.origin, s.name, s.picture.tobytes()) for s in label.samples],
        )
        for label in collection.labels
    ]


@pytest.fixture(scope="module")
def pets(files):
    made = Collection().add_label("a/b").add_label("A_B").add_label("..").add_label("empty")
    photos = [sample_of(np.asarray(files.photo(n)), "webcam", f"{n} é.jpg") for n in range(4)]
    made = made.add("c1", photos[:3]).add("c2", [photos[3], photos[0], photos[0]])
    return made.add("c3", photos[2:3]).switch_label("c2", False)


@pytest.fixture(scope="module")
def written(pets):
    return write_project(pets, SETTINGS, HEAD, ("a/b", ".."))


def test_the_round_trip_is_exact(pets, written):
    project = read_project(written)
    assert told(project.collection) == told(pets)
    assert project.settings == SETTINGS
    assert project.classes == ("a/b", "..")
    assert project.notice == ""
    assert project.head.keys() == HEAD.keys()
    for name, tensor in HEAD.items():
        assert project.head[name].dtype == tensor.dtype
        assert torch.equal(project.head[name], tensor)
    assert write_project(project.collection, SETTINGS, project.head, project.classes) == written
    assert is_project(written)
    bare = read_project(write_project(Collection()))
    assert (len(bare.collection), bare.settings, bare.head, bare.classes) == (0, {}, {}, ())


def test_other_programs_can_use_what_is_in_it(pets, written):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        names = archive.namelist()
        picture = next(name for name in names if name.startswith("samples/a_b/0002"))
        shown = np.asarray(Image.open(io.BytesIO(archive.read(picture))))
        assert (shown == pets.labels[0].samples[1].picture).all()
        assert torch.equal(load(archive.read("head.safetensors"))["weight"], HEAD["weight"])
    assert {name.split("/")[1] for name in names if name.startswith("samples")} == {
        "a_b",
        "A_B 2",
        "class",
    }
    taken = take_in([("project.zip", written)])
    assert {name: len(samples) for name, samples in taken.labels.items()} == {
        "a_b": 3,
        "A_B 2": 3,
        "class": 1,
    }


def changed(data, **files):
    """The project with other contents for some of its files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, files.pop(name, old.read(name)))
    return buffer.getvalue()


def facts(data, **values):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.dumps(json.loads(archive.read("project.json")) | values)


class Evil:
    def __reduce__(self):
        return print, ("this must never be run",)


def hostile(data):
    label = {"name": "a", "on": True, "samples": []}
    nan = facts(data).replace("0.01", "NaN")
    deep = "[" * 100_000
    return {
        "no zip": b"hello",
        "cut": data[:-40],
        "another zip": changed(data)[0:0] + _zip({"a/1.png": b"x"}),
        "no json": changed(data, **{"project.json": "{"}),
        "deep json": changed(data, **{"project.json": deep}),
        "no number": changed(data, **{"project.json": nan}),
        "a list": changed(data, **{"project.json": "[]"}),
        "another program": changed(data, **{"project.json": facts(data, format="other")}),
        "a newer version": changed(data, **{"project.json": facts(data, version=2)}),
        "labels of another form": changed(data, **{"project.json": facts(data, labels={"a": 1})}),
        "too many labels": changed(data, **{"project.json": facts(data, labels=[label] * 21)}),
        "one name twice": changed(data, **{"project.json": facts(data, labels=[label] * 2)}),
        "no name": changed(data, **{"project.json": facts(data, labels=[label | {"name": ""}])}),
        "a number as name": changed(
            data, **{"project.json": facts(data, labels=[label | {"name": 3}])}
        ),
        "settings as list": changed(data, **{"project.json": facts(data, settings=[1])}),
        "classes as numbers": changed(data, **{"project.json": facts(data, classes=[1])}),
        "a pickle": changed(data, **{"head.safetensors": pickle.dumps(Evil())}),
        "a cut head": changed(data, **{"head.safetensors": b"\xff" * 40}),
        "no finite head": write_project(
            Collection(), head={"weight": torch.tensor([1.0, float("nan")])}
        ),
    }


def _zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_what_is_no_project_is_refused_and_nothing_of_it_runs(written, capsys):
    for name, data in hostile(written).items():
        with pytest.raises(InputError, match=r".{20}\.$"):
            pytest.fail(f"{name}: {read_project(data)}")
    assert "never be run" not in capsys.readouterr().out


def test_pictures_have_to_be_those_of_the_list(pets, written, files):
    first, second = (sample.digest for sample in pets.labels[0].samples[:2])
    other = files.encoded(files.photo(99))
    swapped = {f"samples/a_b/0001 {first}.png": other, f"samples/A_B 2/0002 {first}.png": other}
    swapped[f"samples/A_B 2/0003 {first}.png"] = other
    project = read_project(changed(written, **swapped))
    assert [len(label) for label in project.collection.labels] == [2, 1, 1, 0]
    assert project.collection.labels[0].samples[0].digest == second
    assert project.notice.startswith("3 pictures of the project")
    ids = [{"id": "../../x", "origin": "upload", "name": ""}, {"id": first, "origin": "magic"}]
    label = {"name": "a", "on": True, "samples": ids}
    data = changed(written, **{"project.json": facts(written, labels=[label])})
    assert len(read_project(data).collection) == 0


def test_settings_that_are_no_plain_values_are_named():
    for value in (object(), float("nan"), {1, 2}):
        with pytest.raises(InputError, match="cannot be written"):
            write_project(Collection(), {"x": value})


@settings(max_examples=70)
@given(data=st.data())
def test_no_damage_gets_through(written, pets, data):
    whole = bytearray(written)
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    known = {sample.digest for sample in pets.everything()}
    try:
        project = read_project(bytes(whole))
    except InputError:
        return
    for sample in project.collection.everything():
        assert sample.digest in known
