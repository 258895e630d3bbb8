"""What gestures do to the augmentation previewer, and that its link says all of it."""

import base64
import io
from urllib.parse import parse_qs

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.augmentation.pipeline import Pipeline, Step
from core.augmentation.presets import PRESETS
from core.augmentation.table import TRANSFORMS
from core.augmentation.text import parse, write
from explorer.augmentation import drawing
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.settings import AUTO, COUNT, OWN, PICTURES, SET
from explorer.augmentation.stage import stage_message
from explorer.augmentation.uploading import MAX_UPLOAD
from explorer.settings import Choice, rules


def opened(query):
    return Augmentation({name: found[0] for name, found in parse_qs(query).items()})


def lesson_with(text="hflip;rotation;jitter", **more):
    return Augmentation({"pipeline": text, **more})


def texts(lesson):
    return write(lesson.pipeline)


def file_of(size=(40, 30), kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 60)).save(file, format=kind)
    return base64.b64encode(file.getvalue()).decode()


# -- the address -----------------------------------------------------------------------


def a_value(parameter):
    if parameter.kind == "switch":
        return st.booleans()
    if parameter.kind == "choice":
        return st.sampled_from([key for key, _ in parameter.choices])
    span = int((parameter.maximum - parameter.minimum) / parameter.step)
    return st.integers(0, span).map(lambda k: parameter.minimum + k * parameter.step)


@st.composite
def steps(draw):
    about = TRANSFORMS[draw(st.sampled_from(sorted(TRANSFORMS)))]
    values = {one.name: draw(a_value(one)) for one in about.parameters if draw(st.booleans())}
    chance = None if about.probability is None else draw(st.integers(0, 20)) / 20
    return Step(about.name, values, chance, draw(st.booleans()))


@settings(max_examples=60, deadline=None)
@given(
    pipeline=st.lists(steps(), max_size=6),
    picture=st.sampled_from([name for name in PICTURES if name not in (OWN, SET)]),
    seed=st.integers(0, 999_999),
    draw=st.integers(0, COUNT - 1),
    open_=st.integers(0, 6),
)
def test_a_link_opens_to_the_same_state(pipeline, picture, seed, draw, open_):
    text = write(Pipeline(tuple(pipeline))) or "none"
    first = Augmentation(
        {"pipeline": text, "picture": picture, "seed": str(seed), "draw": str(draw)}
        | {"open": str(open_), "data": AUTO}
    )
    again = opened(first.address())
    assert (first.problems, again.problems) == ([], [])
    assert again.settings == first.settings
    assert again.pipeline.steps == tuple(pipeline)
    assert (again.settings.picture, again.settings.seed) == (picture, seed)
    assert again.settings.draw == draw
    assert again.settings.open == min(open_, len(pipeline))


def test_an_empty_pipeline_is_in_the_link_too():
    lesson = lesson_with("hflip")
    lesson.apply(({"type": "remove", "at": 0},))
    assert opened(lesson.address()).pipeline.steps == ()


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("pipeline", "hflip;wobble", "wobble"),
        ("pipeline", "rotation:degrees=999", "180"),
        ("seed", "-1", "999999"),
        ("draw", "16", "15"),
        ("picture", "dog", "cat"),
    ],
)
def test_a_bad_link_falls_back_and_says_so(name, value, word):
    lesson = Augmentation({name: value})
    assert lesson.settings == Augmentation().settings
    assert len(lesson.problems) == 1
    assert word in lesson.problems[0]


def test_a_link_to_an_own_picture_shows_the_cat_and_says_why():
    lesson = Augmentation({"picture": OWN, "seed": "7"})
    assert (lesson.settings.picture, lesson.settings.seed) == ("cat", 7)
    assert "own picture" in lesson.problems[0]


# -- the pipeline ----------------------------------------------------------------------


def test_steps_are_moved_switched_and_removed_and_the_open_one_stays_the_same_step():
    lesson = lesson_with(open="2")
    lesson.apply(({"type": "move", "at": 0, "to": 2},))
    assert texts(lesson) == "rotation;jitter;hflip"
    assert lesson.settings.open == 1
    lesson.apply(({"type": "switch", "at": 1, "on": False},))
    assert texts(lesson) == "rotation;-jitter;hflip"
    lesson.apply(({"type": "remove", "at": 2},))
    assert texts(lesson) == "rotation;-jitter"
    assert lesson.settings.open == 1
    lesson.apply(({"type": "remove", "at": 0},))
    assert lesson.settings.open == 0


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_can_be_added_and_is_opened_where_it_went(name):
    lesson = lesson_with("hflip;normalise;mixup")
    lesson.apply(({"type": "add", "name": name},))
    assert len(lesson.pipeline) == 4
    assert lesson.pipeline.steps[lesson.settings.open - 1].name == name
    rest = lesson.pipeline.remove(lesson.settings.open - 1)
    assert [step.name for step in rest.steps] == ["hflip", "normalise", "mixup"]
    assert not lesson.pipeline.problems or name == "normalise"  # Twice is once too often.


def test_values_arrive_as_their_own_type():
    lesson = lesson_with("rotation;blur;augmix")
    lesson.apply(
        (
            {"type": "value", "at": 0, "name": "degrees", "value": 33},
            {"type": "value", "at": 0, "name": "p", "value": 0.25},
            {"type": "value", "at": 1, "name": "kernel_size", "value": 7},
            {"type": "value", "at": 2, "name": "all_ops", "value": "off"},
        )
    )
    rotation, blur, augmix = lesson.pipeline.steps
    assert (rotation.values["degrees"], rotation.probability) == (33, 0.25)
    assert blur.values["kernel_size"] == 7
    assert augmix.values["all_ops"] is False


def test_a_whole_drag_is_one_undo():
    lesson = lesson_with("rotation:degrees=10")
    for value in (20, 30, 40):
        lesson.apply(
            ({"type": "value", "at": 0, "name": "degrees", "value": value, "moving": True},)
        )
        assert not lesson.rested
    lesson.apply(({"type": "rest"},))
    assert lesson.rested
    lesson.apply(({"type": "value", "at": 0, "name": "degrees", "value": 50, "moving": True},))
    lesson.apply(({"type": "undo"},))
    assert texts(lesson) == "rotation:degrees=40"
    lesson.apply(({"type": "undo"},))
    assert texts(lesson) == "rotation:degrees=10"


def test_undo_brings_pipeline_and_picture_back_after_a_preset():
    lesson = lesson_with("hflip", picture="sign")
    lesson.apply(({"type": "set", "name": "preset", "value": "digits"},))
    assert texts(lesson) == write(PRESETS["digits"].pipeline)
    assert lesson.settings.picture == PRESETS["digits"].sample
    lesson.apply(({"type": "undo"},))
    assert (texts(lesson), lesson.settings.picture) == ("hflip", "sign")
    lesson.apply(({"type": "undo"},))
    assert "nothing to undo" in lesson.notice


def drawn(lesson):
    """The files of the sixteen draws."""
    return [one.file for one in lesson.looking.draws()]


def test_re_roll_gives_sixteen_other_pictures_and_the_seed_brings_the_old_ones_back():
    lesson = lesson_with("rotation:degrees=90")
    before = drawn(lesson)
    lesson.apply(({"type": "reroll"},))
    after = drawn(lesson)
    assert all(a != b for a, b in zip(before, after, strict=True))
    lesson.apply(({"type": "set", "name": "seed", "value": 0},))
    assert before == drawn(lesson)


def test_a_slow_pipeline_follows_the_hand_in_part_and_wholly_at_rest(monkeypatch):
    monkeypatch.setattr(drawing, "BUDGET_S", 0.0)
    lesson = lesson_with("rotation:degrees=0", draw="4")
    before = drawn(lesson)
    turn = {"type": "value", "at": 0, "name": "degrees", "value": 90, "moving": True}
    lesson.apply((turn,))
    hurried = drawn(lesson)
    changed = [k for k in range(COUNT) if before[k] != hurried[k]]
    assert changed == [4]
    whole = drawn(lesson_with("rotation:degrees=90"))
    for look in range(1, COUNT):  # Who holds still sees the others follow.
        header, _ = stage_message(lesson, None)
        assert header["held"]
        assert header["unfinished"] == (look < COUNT - 1)
        lesson.apply(({"type": "look", "moving": True, "target": "look"},))
    assert drawn(lesson) == whole
    lesson.apply(({"type": "rest"},))
    assert not stage_message(lesson, None)[0]["held"]
    assert drawn(lesson) == whole


def test_in_a_crowd_the_draws_come_one_look_after_the_other(monkeypatch):
    lesson = lesson_with("rotation:degrees=90", draw="4")
    before = drawn(lesson)
    monkeypatch.setattr(drawing, "BUDGET_S", 0.0)
    monkeypatch.setattr(type(drawing.GATE), "crowded", True)
    lesson.apply(({"type": "set", "name": "seed", "value": 7},))
    wanted = drawn(lesson_with("rotation:degrees=90", draw="4", seed="7"))
    for look in range(COUNT):
        header, _ = stage_message(lesson, None)
        now = [one.file for _, one in sorted(lesson.looking._draws._pictures.items())]
        new = [k for k in range(COUNT) if now[k] == wanted[k]]
        assert new == sorted([4, *[k for k in range(COUNT) if k != 4][:look]])
        assert header["unfinished"] == (look < COUNT - 1)
        lesson.apply(({"type": "look", "moving": True, "target": "look"},))
        assert lesson.rested
    assert not any(a == b for a, b in zip(before, wanted, strict=True))


def test_an_impossible_step_is_named_and_the_others_are_drawn():
    lesson = lesson_with("normalise;jitter;hflip:1")
    assert set(lesson.pipeline.problems) == {1}
    without = lesson_with("normalise;hflip:1")
    assert drawn(lesson) == drawn(without)


# -- one's own picture -----------------------------------------------------------------


def test_an_own_picture_takes_the_place_of_the_sample():
    lesson = lesson_with()
    lesson.apply(({"type": "upload", "data": file_of((400, 300))},))
    assert lesson.settings.picture == OWN
    assert lesson.own.shape == (300, 400, 3)
    assert lesson.looking.picture().shape == (192, 256, 3)
    lesson.apply(({"type": "set", "name": "picture", "value": "cat"},))
    lesson.apply(({"type": "set", "name": "picture", "value": OWN},))
    assert lesson.settings.picture == OWN


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        (base64.b64encode(b"no picture").decode(), "PNG or JPEG"),
        (file_of()[:-200], "PNG or JPEG"),
        ("%%%", "whole"),
        ("", "PNG or JPEG"),
        ("A" * (MAX_UPLOAD * 4 // 3 + 40), "12 MB"),
    ],
    ids=["text", "truncated", "damaged letters", "empty", "too large"],
)
def test_a_file_that_is_no_picture_gets_a_sentence_and_nothing_else_changes(letters, word):
    lesson = lesson_with()
    lesson.apply(({"type": "upload", "data": file_of()},))
    before = (lesson.settings, lesson.own.copy())
    lesson.apply(({"type": "upload", "data": letters},))
    assert word in lesson.refused
    assert lesson.settings == before[0]
    assert np.array_equal(lesson.own, before[1])


def test_without_a_file_there_is_no_own_picture_to_choose():
    lesson = lesson_with()
    lesson.apply(({"type": "set", "name": "picture", "value": OWN},))
    assert lesson.settings.picture == "cat"
    assert "file" in lesson.notice


# -- nonsense --------------------------------------------------------------------------

NONSENSE = [
    {},
    {"type": "fly"},
    {"type": "move", "at": 9, "to": 0},
    {"type": "move", "at": 0, "to": -1},
    {"type": "remove", "at": -1},
    {"type": "remove"},
    {"type": "add", "name": "wobble"},
    {"type": "value", "at": 0, "name": "degrees", "value": "x"},
    {"type": "value", "at": 1, "name": "degrees", "value": 1e9},
    {"type": "value", "at": 1, "name": "degrees", "value": None},
    {"type": "value", "at": 1, "name": "p", "value": 7},
    {"type": "set", "name": "pipeline", "value": "hflip"},
    {"type": "set", "name": "seed", "value": 0.5},
    {"type": "set", "name": "draw", "value": 99},
    {"type": "set", "name": "preset", "value": "no"},
    {"type": "upload", "data": None},
    {"type": "open", "at": "x"},
    {"type": "choose", "option": 99},
]


@pytest.mark.parametrize("event", NONSENSE, ids=str)
def test_a_gesture_that_makes_no_sense_changes_nothing(event):
    lesson = lesson_with()
    before = lesson.settings
    lesson.apply((event,))
    assert lesson.settings == before


def test_every_choice_of_the_row_can_be_set():
    for name in ("picture", "data"):
        rule = rules(type(lesson_with().settings))[name]
        assert isinstance(rule, Choice)
        for option in set(rule.options) - {OWN, SET}:
            lesson = lesson_with()
            lesson.apply(({"type": "set", "name": name, "value": option},))
            assert getattr(lesson.settings, name) == option


def test_parse_and_write_agree_about_the_presets():
    for preset in PRESETS.values():
        assert parse(write(preset.pipeline)) == preset.pipeline
