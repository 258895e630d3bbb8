"""What is taken away is what the page shows: scripts are run, files are opened again."""

import io
import json
import re
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import load
from transfer_gestures import OWNER, letters, png, settled

from core.transfer.head import quality
from explorer.transfer_learning.code import code
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.taking import _MAKERS, KINDS


@pytest.fixture(scope="module")
def learnt():
    return settled(TransferLearning({"classes": "3", "per_class": "6"}))


@pytest.fixture(scope="module")
def project(learnt):
    return _MAKERS["project"](learnt)[0]


def test_the_script_prints_the_numbers_of_the_page(learnt, project, tmp_path, fresh_python):
    card = code(learnt)
    script = tmp_path / card["filename"]
    script.write_text(card["source"], encoding="utf-8")
    (tmp_path / "project.zip").write_bytes(project)
    (tmp_path / "model.safetensors").write_bytes(_MAKERS["safetensors"](learnt)[0])
    said = fresh_python.printed(script)
    judged = learnt.settled.judged
    loss, _ = quality(
        learnt.settled.head, learnt.settled.features, learnt.collecting.collection.targets()
    )
    assert float(re.search(r"loss ([\d.]+)", said)[1]) == pytest.approx(loss, abs=2e-4)
    assert f"accuracy {judged.accuracy:.4f}: {judged.right} of {len(judged)}" in said


@pytest.mark.parametrize("kind", ["predict", "predict_onnx"])
def test_predict_py_says_in_a_clean_process_what_the_page_says(
    learnt, kind, tmp_path, fresh_python
):
    data, _, note = _MAKERS[kind](learnt)
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    pictures = [learnt.collecting.collection.samples[0].picture, np.full((90, 70, 3), 128)]
    for number, picture in enumerate(pictures):
        (tmp_path / f"{number}.png").write_bytes(png(picture))
    said = fresh_python.printed(
        tmp_path / "predict.py", "--json", tmp_path / "0.png", tmp_path / "1.png"
    )
    answers = [json.loads(line) for line in said.splitlines()]
    strict = learnt.settings.strict
    ours = learnt.settled.say([np.asarray(one, np.uint8) for one in pictures], strict)
    for answer, one in zip(answers, ours, strict=True):
        shares = [answer["probabilities"][name] for name in learnt.settled.classes]
        assert shares == pytest.approx(one.probabilities.tolist(), abs=2e-4)
        assert answer["distance"] == pytest.approx(one.distance, abs=2e-3)
        assert (answer["answer"] == "none of these") == one.rejected
    assert "largest difference" in note


def test_the_weights_are_those_of_the_page(learnt):
    data, _, note = _MAKERS["safetensors"](learnt)
    tensors = load(data)
    weight, bias = learnt.settled.head.linear()
    assert torch.equal(tensors["weight"], weight)
    assert torch.equal(tensors["bias"], bias)
    assert float(note.rsplit(" ", 1)[1].replace("e−", "e-")) < 1e-5


def test_a_project_is_opened_again_as_it_was(learnt, project):
    other = TransferLearning({"samples": "digits", "per_class": "3"})
    half = len(project) // 2
    event = {"type": "project", "upload": "p", "name": "mine.zip", "size": len(project)}
    other.apply(({**event, "at": 0, "data": letters(project[:half]), "last": False},))
    other.apply(({**event, "at": half, "data": letters(project[half:]), "last": True},))
    settled(other)
    assert other.projects.refused is None
    ours, theirs = learnt.collecting.collection, other.collecting.collection
    assert [one.id for one in theirs.samples] == [one.id for one in ours.samples]
    assert torch.allclose(other.settled.judged.logits, learnt.settled.judged.logits, atol=1e-5)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"\x80\x04 pickle"])
def test_a_file_that_is_no_project_is_refused_and_what_was_there_stays(learnt, data):
    before = learnt.collecting.collection
    event = {"type": "project", "upload": "p", "name": "x", "size": len(data), "at": 0}
    learnt.apply(({**event, "data": letters(data), "last": True},))
    assert learnt.projects.refused
    assert learnt.collecting.collection is before
    learnt.projects.refused = None


def test_the_model_card_has_the_numbers_of_the_page(learnt):
    text = _MAKERS["card"](learnt)[0].decode()
    judged = learnt.settled.judged
    assert f"{100 * judged.accuracy:.1f} %" in text
    assert f"n = {len(judged)}" in text
    assert "heart" in text


def test_every_kind_is_offered_and_made_on_a_click(learnt):
    items = {item["name"]: item for item in learnt.exports.card(learnt)["items"]}
    assert set(items) == set(KINDS)
    assert {item["state"] for item in items.values()} == {"idle"}
    learnt.apply(({"type": "export", "name": "card"},))
    item = next(one for one in learnt.exports.card(learnt)["items"] if one["name"] == "card")
    assert item["state"] == "ready"
    learnt.apply(({"type": "export", "name": "csv"},))
    assert "Upload photos" in learnt.notice


def test_photos_become_a_table(photo):
    lesson = settled(TransferLearning({"classes": "2", "per_class": "4"}))
    files = [{"name": "=1+1.png", "data": letters(photo(1))}]
    lesson.apply(({"type": "files", "label": "query:", "files": files},))
    rows = _MAKERS["csv"](lesson)[0].decode().splitlines()
    assert rows[0].startswith("picture,answer,confidence,heart,star")
    assert rows[1].startswith("'=1+1.png,")
    assert OWNER not in rows[1]
