"""Gestures on the transfer-learning page: what is collected, learnt, predicted and kept."""

import io
import json
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from transfer_gestures import OWNER, letters, png, settled

from core.transfer.embed import embed
from core.transfer.folds import plan_for
from core.transfer.judging import cross_validated
from core.transfer.sets import sample_set
from explorer.components.packing import packed
from explorer.gate import GATE
from explorer.settings import to_address
from explorer.transfer_learning.backbones import loaded
from explorer.transfer_learning.cards import board_message
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.stage import stage_message


def names(lesson):
    return [label.name for label in lesson.collecting.collection.labels]


def counts(lesson):
    return [len(label) for label in lesson.collecting.collection.labels]


def stage(lesson):
    header, values = stage_message(lesson, "x")
    packed(header, values)
    return header


def cards(lesson):
    header, values = board_message(lesson, "x")
    packed(header, values)
    return {(card["kind"], card.get("title", "")): card for card in header["cards"]}


def test_in_a_crowd_a_new_picture_is_seen_at_once_and_learnt_from_with_the_next_look(
    lesson, monkeypatch
):
    label = lesson.collecting.collection.labels[0].id
    drawing = {"type": "shot", "label": label, "data": letters(png(np.full((40, 40, 3), 90)))}
    monkeypatch.setattr(type(GATE), "crowded", True)
    lesson.apply((drawing,))
    header = stage(lesson)
    assert counts(lesson) == [7, 6, 6]
    assert lesson.learning.missing == 1
    assert header["bar"]["soon"]
    settled(lesson)
    assert lesson.learning.missing == 0
    assert len(lesson.model.samples) == 19


# -- opening ---------------------------------------------------------------------------


def test_the_page_opens_on_drawings_with_a_head_that_is_judged(opened):
    lesson = opened()
    assert counts(lesson) == [10] * 5
    model = lesson.settled
    assert len(model.judged) == 50
    assert model.judged.accuracy > 0.6
    header = stage(lesson)
    assert header["query"]["bars"][0]["share"] is not None
    assert sum(bar["share"] for bar in header["query"]["bars"]) == pytest.approx(1)
    assert len(header["map"]["points"]) == 50


def test_accuracy_is_that_of_cross_validation_done_apart(lesson):
    collection = sample_set("symbols", 6, 42, ["heart", "star", "house"])
    features = embed(loaded("built_in"), collection.pictures())
    generator = torch.Generator().manual_seed(42)
    plan = plan_for(collection.targets(), 3, generator)
    oracle = cross_validated(features, collection.targets(), 3, plan)
    assert torch.allclose(lesson.settled.judged.logits, oracle.logits, atol=1e-4)
    assert lesson.settled.judged.right == oracle.right


def test_a_second_visitor_finds_what_the_first_has_learnt(opened):
    first, second = (
        opened(classes=4, per_class=5),
        TransferLearning({"classes": "4", "per_class": "5"}),
    )
    assert second.settled is first.settled
    assert not second.learning.busy


def test_the_address_gives_the_same_page_again(lesson, did):
    did(lesson, {"type": "set", "name": "view", "value": "tsne"})
    did(lesson, {"type": "strict", "value": 80})
    query = dict(part.split("=") for part in lesson.address().split("&"))
    again = settled(TransferLearning(query))
    assert to_address(again.settings) == to_address(lesson.settings)
    assert stage(again)["map"]["points"] == stage(lesson)["map"]["points"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("backbone", "none"),
        ("strict", "7"),
        ("augment", "teleport"),
        ("method", "magic"),
        ("run", "no such"),
    ],
)
def test_a_bad_value_in_the_address_is_named_and_the_usual_one_stands(opened, name, value):
    lesson = opened(**{name: value})
    assert lesson.problems
    assert lesson.model is not None


def test_a_backbone_that_is_not_here_is_replaced_and_said(opened, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    lesson = opened(backbone="resnet18")
    assert lesson.settings.backbone == "built_in"
    assert "ResNet-18 is not on this machine" in lesson.problems[0]


# -- collecting ------------------------------------------------------------------------


def test_a_drawing_is_learnt_from_at_once(lesson, did, drawing):
    before = lesson.model
    label = lesson.collecting.collection.labels[0].id
    assert did(lesson, {"type": "drawing", "label": label, **drawing}) is None
    assert counts(lesson) == [7, 6, 6]
    assert lesson.settings.samples == "own"
    assert lesson.model is not before
    assert len(lesson.model.samples) == 19
    picture = lesson.collecting.collection.labels[0].samples[-1].picture
    assert picture.shape == (112, 112, 3)
    assert picture[50, 54].tolist() == [0, 0, 0]
    assert picture[5, 5].tolist() == [255, 255, 255]


def test_undo_goes_back_step_by_step(lesson, did, drawing):
    label = lesson.collecting.collection.labels[0].id
    did(lesson, {"type": "drawing", "label": label, **drawing})
    did(lesson, {"type": "remove_label", "label": label})
    assert len(names(lesson)) == 2
    did(lesson, {"type": "undo"})
    assert counts(lesson) == [7, 6, 6]
    did(lesson, {"type": "undo"})
    assert counts(lesson) == [6, 6, 6]
    assert did(lesson, {"type": "undo"}) == "There is nothing to undo."


def test_a_sample_moves_to_another_class_and_the_map_follows(lesson, did):
    first, second, _ = lesson.collecting.collection.labels
    sample = first.samples[0].id
    did(lesson, {"type": "move_sample", "sample": sample, "label": second.id})
    assert counts(lesson) == [5, 7, 6]
    point = next(one for one in stage(lesson)["map"]["points"] if one["id"] == sample)
    assert point["label"] == 1


def test_a_class_that_is_switched_off_takes_no_part(lesson, did):
    label = lesson.collecting.collection.labels[2].id
    did(lesson, {"type": "switch_label", "label": label, "on": False})
    assert lesson.model.classes == ("heart", "star")
    did(lesson, {"type": "switch_label", "label": label, "on": True})
    assert len(lesson.model.classes) == 3


@pytest.mark.parametrize("name", ["", "Star", "x" * 41])
def test_a_name_that_cannot_be_is_refused_with_a_sentence(lesson, did, name):
    label = lesson.collecting.collection.labels[0].id
    assert did(lesson, {"type": "rename_label", "label": label, "name": name})
    assert names(lesson)[0] == "heart"


def test_one_class_is_not_enough_and_the_page_says_so(lesson, did):
    for label in lesson.collecting.collection.labels[1:]:
        did(lesson, {"type": "remove_label", "label": label.id})
    assert lesson.model is None
    assert "One class cannot be told from nothing" in lesson.learning.problem
    header = stage(lesson)
    assert header["query"]["bars"] == []
    assert "One class" in cards(lesson)["doctor", ""]["text"]


def test_files_go_to_their_class_and_each_bad_one_has_its_sentence(lesson, did, photo):
    label = lesson.collecting.collection.labels[1].id
    files = [
        {"name": "good.png", "data": letters(photo(1))},
        {"name": "notes.txt", "data": letters(b"hello")},
        {"name": "half.png", "data": letters(photo(2)[:60])},
    ]
    did(lesson, {"type": "files", "label": label, "files": files})
    assert counts(lesson) == [6, 7, 6]
    assert [name for name, _ in lesson.collecting.refused] == ["notes.txt", "half.png"]
    assert all(sentence for _, sentence in lesson.collecting.refused)
    did(lesson, {"type": "refusals_read"})
    assert lesson.collecting.refused == []


def archive(photo):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed_files:
        for number in range(4):
            packed_files.writestr(f"pets/cat/{number}.png", photo(10 + number))
            packed_files.writestr(f"pets/dog/{number}.png", photo(20 + number))
    return file.getvalue()


def test_an_archive_in_pieces_makes_its_classes(lesson, did, photo):
    data = archive(photo)
    half = len(data) // 2
    piece = {"type": "piece", "label": None, "upload": "u", "name": "pets.zip", "size": len(data)}
    did(lesson, {**piece, "at": 0, "data": letters(data[:half]), "last": False})
    assert len(names(lesson)) == 3
    did(lesson, {**piece, "at": half, "data": letters(data[half:]), "last": True})
    assert names(lesson)[3:] == ["cat", "dog"]
    assert counts(lesson)[3:] == [4, 4]


def test_pieces_that_do_not_join_are_refused_and_nothing_is_lost(lesson, did, photo):
    data = archive(photo)
    piece = {"type": "piece", "label": None, "upload": "u", "name": "pets.zip", "size": len(data)}
    did(lesson, {**piece, "at": 7, "data": letters(data[7:]), "last": True})
    assert counts(lesson) == [6, 6, 6]
    assert "did not arrive whole" in lesson.collecting.refused[0][1]
    did(lesson, {**piece, "size": 10**12, "at": 0, "data": "", "last": False})
    assert "is the most" in lesson.collecting.refused[1][1]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "drawing", "label": "c1", "size": 112, "pixels": "%%%"},
        {"type": "drawing", "label": "c1", "size": 10**9, "pixels": ""},
        {"type": "drawing", "label": "c99", "size": 2, "pixels": letters(bytes([255] * 4))},
        {"type": "shot", "label": "c1", "data": letters(b"no picture")},
        {"type": "files", "label": "c1", "files": "all"},
        {"type": "move_sample", "sample": "gone", "label": "c1"},
        {"type": "inspect", "sample": "gone"},
        {"type": "thumbs", "ids": 7},
        {"type": "set", "name": "backbone", "value": "resnet50"},
        {"type": "set", "name": "per_class", "value": "many"},
        {"type": "cell", "row": "a", "column": 1},
        {"type": "show_run", "run": "../etc"},
        {"type": "export", "name": "virus"},
        {"type": "download_backbone", "name": "nothing"},
        {
            "type": "weights",
            "upload": "u",
            "name": "x.pt",
            "size": 3,
            "at": 0,
            "data": letters(b"abc"),
            "last": True,
        },
        {"type": "strict", "value": None},
    ],
)
def test_nonsense_changes_nothing(lesson, did, event):
    before = lesson.collecting.collection
    said = did(lesson, event)
    assert said or lesson.backbones.refused
    assert lesson.collecting.collection is before
    assert lesson.model is not None
    stage(lesson)
    cards(lesson)


# -- predicting ------------------------------------------------------------------------


def test_a_fresh_picture_is_not_one_that_was_learnt_from(lesson, did):
    known = {one.digest for one in lesson.collecting.collection.everything()}
    seen = set()
    for _ in range(6):
        did(lesson, {"type": "fresh"})
        data = lesson.asking.picture.tobytes()
        seen.add(data)
        assert all(
            one.picture.tobytes() != data for one in lesson.collecting.collection.everything()
        )
    assert len(seen) == 6
    assert len(known) == 18


def test_a_stranger_is_none_of_these_and_softmax_alone_would_not_say_so(lesson, did):
    refused, sure = 0, []
    for _ in range(5):
        did(lesson, {"type": "strange"})
        said = lesson.asking.said()
        refused += said.rejected
        sure.append(float(said.raw.max()))
    assert refused >= 4
    assert max(sure) > 0.6


def test_own_pictures_are_accepted_as_often_as_was_asked_for(opened, did):
    lesson = opened(classes=5, per_class=10)
    fresh = sample_set("symbols", 20, 777, list(lesson.model.classes))
    accepted = {}
    for strict in (60, 99):
        said = lesson.model.say(fresh.pictures(), strict)
        accepted[strict] = np.mean([not one.rejected for one in said])
    assert accepted[99] > accepted[60]
    assert accepted[99] > 0.75


def test_ink_is_predicted_and_stands_on_the_map(lesson, did, drawing):
    did(
        lesson,
        {"type": "query_from", "way": "draw"},
        {"type": "query_ink", "moving": True, **drawing},
    )
    header = stage(lesson)
    assert len(header["map"]["query"]) == 2
    assert header["query"]["cam"].startswith("data:image/")
    empty = {"size": 112, "pixels": letters(bytes(112 * 112))}
    did(lesson, {"type": "query_ink", "moving": True, **empty})
    assert stage(lesson)["query"]["bars"][0]["share"] is None


def test_photos_to_predict_make_a_table_that_no_spreadsheet_executes(lesson, did, photo):
    files = [
        {"name": "=cmd.png", "data": letters(photo(1))},
        {"name": "b.png", "data": letters(photo(2))},
        {"name": "no.png", "data": letters(b"x")},
    ]
    did(lesson, {"type": "files", "label": "query:", "files": files})
    assert [one.name for one in lesson.asking.many] == ["=cmd.png", "b.png"]
    shown = cards(lesson)["pictures", "Your photos"]
    assert [one["detail"] for one in shown["pictures"]] == ["=cmd.png", "b.png"]
    assert [name for name, _ in lesson.collecting.refused] == ["no.png"]
    assert counts(lesson) == [6, 6, 6]


def test_the_picture_of_a_cell_opens(lesson, did):
    did(lesson, {"type": "cell", "row": 0, "column": 0})
    shown = cards(lesson)["pictures", "heart, recognised"]
    wanted = int(lesson.settled.judged.confusion[0, 0])
    assert len(shown["pictures"]) == min(wanted, 8)
    sample = lesson.collecting.collection.labels[0].samples[0].id
    did(lesson, {"type": "inspect", "sample": sample})
    box = stage(lesson)["inspected"]
    assert box["label"] == "heart"
    assert box["cam"].startswith("data:image/")
    assert "held back" in box["detail"]


# -- keeping ---------------------------------------------------------------------------


def test_what_was_collected_is_there_after_a_reload(opened, did, drawing, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS_DIR", str(tmp_path))
    lesson = opened(OWNER, classes=2, per_class=4)
    label = lesson.collecting.collection.labels[1].id
    did(lesson, {"type": "drawing", "label": label, **drawing})
    did(lesson, {"type": "rename_label", "label": label, "name": "My stars"})
    query = dict(part.split("=") for part in lesson.address().split("&"))
    again = TransferLearning(query)
    assert names(again) == []
    settled(again).apply(({"type": "hello", "owner": OWNER},))
    settled(again)
    assert names(again) == ["heart", "My stars"]
    assert counts(again) == [4, 5]
    assert again.problems == []
    stranger = TransferLearning(query)
    stranger.apply(({"type": "hello", "owner": "s" * 24},))
    assert "does not carry one's own pictures" in stranger.problems[0]
    assert counts(stranger)[0] > 0


def test_going_back_to_a_set_and_to_ones_own_loses_nothing(
    opened, did, drawing, tmp_path, monkeypatch
):
    monkeypatch.setenv("EXPLORER_RUNS_DIR", str(tmp_path))
    lesson = opened(OWNER, classes=2, per_class=4)
    label = lesson.collecting.collection.labels[0].id
    did(lesson, {"type": "drawing", "label": label, **drawing})
    did(lesson, {"type": "set", "name": "samples", "value": "digits"})
    assert names(lesson)[:2] == ["0", "1"]
    did(lesson, {"type": "set", "name": "samples", "value": "own"})
    assert counts(lesson) == [5, 4]


# -- cards -----------------------------------------------------------------------------


def test_the_train_button_shows_the_head_learning(lesson):
    lesson.apply(({"type": "start"},))
    assert lesson.learning.shown is not None
    assert stage(lesson)["bar"]["state"] == "running"
    settled(lesson)
    steps = lesson.learning.steps
    assert steps[0].training_loss == pytest.approx(np.log(3), abs=1e-3)
    assert steps[-1].training_loss < 0.2 * steps[0].training_loss


def test_in_a_crowd_it_shows_the_same_learning_without_doing_it_twice(lesson, monkeypatch):
    lesson.apply(({"type": "start"},))
    settled(lesson)
    alone, way = lesson.model, [step.training_loss for step in lesson.learning.steps]
    monkeypatch.setattr(type(GATE), "crowded", True)
    lesson.apply(({"type": "start"},))
    assert stage(lesson)["bar"]["state"] == "running"
    settled(lesson)
    assert lesson.model is alone, "fitted once, judged once"
    assert [step.training_loss for step in lesson.learning.steps] == way
    monkeypatch.setattr(type(GATE), "crowded", False)
    lesson.apply(({"type": "start"},))
    settled(lesson)
    assert lesson.model is not alone
    assert torch.equal(lesson.model.head.weight, alone.head.weight)
    assert lesson.model.judged.sentence == alone.judged.sentence


@pytest.mark.parametrize("option", [0, 1, 2])
def test_the_page_itself_answers_its_questions(lesson, did, option):
    for _ in range(len(lesson.round.questions)):
        did(lesson, {"type": "choose", "option": option}, {"type": "reveal"})
        card = lesson.round.card()
        assert card["answered"]
        assert card["right"] in (0, 1, 2)
        assert card["explanation"]
        did(lesson, {"type": "next_question"})


def test_messages_are_json_without_surprises(lesson):
    header = stage(lesson)
    text = json.dumps(header, default=str)
    assert "NaN" not in text
    assert set(header["wrong"].values()) <= set(lesson.settled.classes)


def test_small_pictures_come_when_they_are_asked_for(lesson, did):
    wanted = [one.id for one in lesson.collecting.collection.samples[:3]]
    lesson.apply(({"type": "thumbs", "ids": wanted},))
    assert set(stage(lesson)["thumbs"]) == set(wanted)
    lesson.apply(({"type": "look"},))
    assert stage(lesson)["thumbs"] == {}


def test_a_shot_of_the_camera_is_a_sample(lesson, did):
    picture = np.zeros((30, 30, 3))
    did(lesson, {"type": "shot", "label": "c1", "data": letters(png(picture))})
    assert lesson.collecting.collection.labels[0].samples[-1].origin == "webcam"


def test_twins_on_both_sides_are_named_and_then_held_back_together(lesson, did, photo):
    files = []
    for number in range(8):
        data = np.asarray(Image.open(io.BytesIO(photo(number, 64))))
        brighter = np.clip(data.astype(int) + 12, 0, 255)
        files += [{"name": f"{number}a", "data": letters(png(data))}]
        files += [{"name": f"{number}b", "data": letters(png(brighter))}]
    did(lesson, {"type": "files", "label": "c1", "files": files})
    found = lesson.doctor.finding()
    assert "nearly the same" in found.text
    did(lesson, {"type": "remedy"})
    assert lesson.learning.together
    assert "nearly the same" not in lesson.doctor.finding().text
    place = {int(at): fold for fold, held in enumerate(lesson.learning.plan().held) for at in held}
    for pair in lesson.doctor.pairs():
        assert place[pair.first] == place[pair.second]
