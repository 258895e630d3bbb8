"""What the page is sent: pictures that decode to the draws, rows, cards, and a true script."""

import base64
import contextlib
import io
import re

import numpy as np
import pytest
import torch
from augmentation_messages import card, fields_of, files_of
from PIL import Image

from core.augmentation.draws import Drawing, outcome
from core.augmentation.presets import PRESETS
from core.augmentation.script import checksum
from core.augmentation.table import TRANSFORMS
from explorer.augmentation import looking
from explorer.augmentation.cards import board_message
from explorer.augmentation.controls import row_message
from explorer.augmentation.doctor import finding
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.questions import QUESTIONS, mirrored
from explorer.augmentation.settings import COUNT
from explorer.augmentation.stage import stage_message
from explorer.components.packing import packed


def lesson_with(text, **more):
    return Augmentation({"pipeline": text, **more})


# -- the stage -------------------------------------------------------------------------


def test_the_files_of_a_message_are_the_draws_and_the_way_to_one_of_them():
    lesson = lesson_with("rotation:degrees=60;hflip:1;invert:0", picture="six", draw="5")
    header, files = files_of(lesson)
    assert len(files) == 1 + COUNT + 4 == len(header["draws"]) + len(header["chain"]) + 1
    grey = [np.asarray(Image.open(io.BytesIO(one))) for one in files]
    assert np.array_equal(grey[0], lesson.looking.picture())
    drawing = Drawing(lesson.looking.picture(), lesson.pipeline)
    for number, seen in enumerate(grey[1:17]):
        assert np.array_equal(seen, drawing.draw(lesson.settings.seed, number))
    assert np.array_equal(grey[17], grey[0])
    assert np.array_equal(grey[-1], grey[1 + 5])
    assert [one["label"] for one in header["chain"]] == [
        "Original",
        "Rotation",
        "Horizontal flip",
        "Invert",
    ]
    assert [one["acted"] for one in header["chain"]] == [True, True, True, False]


def test_photos_are_close_to_the_draws_and_no_larger_than_they_are_shown():
    lesson = lesson_with("resize:size=512")
    header, files = files_of(lesson)
    sizes = {Image.open(io.BytesIO(one)).size for one in files[1:17]}
    assert sizes == {(256, 256)}
    assert header["draws"][0]["size"] == "512×512"
    plain = lesson_with("hflip:0")
    _, files = files_of(plain)
    seen = np.asarray(Image.open(io.BytesIO(files[1]))).astype(float)
    assert np.abs(seen - plain.looking.picture()).mean() < 3


@pytest.fixture
def three_digits(monkeypatch):
    """The reader is asked about three digits instead of thirty, and no clock is."""
    few = looking.some_digits().take(range(0, 30, 10))
    monkeypatch.setattr(looking, "some_digits", lambda: few)
    monkeypatch.setattr(looking, "milliseconds", lambda *_, **__: 1.0)


@pytest.mark.parametrize("picture", ["cat", "flower", "six"])
@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.usefixtures("three_digits")
def test_every_transform_can_be_looked_at_on_every_kind_of_picture(name, picture):
    lesson = lesson_with(name, picture=picture)
    header, _ = files_of(lesson)
    assert len(header["draws"]) == COUNT
    packed(*board_message(lesson, None))


def test_thumbnails_come_when_they_are_asked_for_and_only_then():
    lesson = lesson_with("hflip")
    assert stage_message(lesson, None)[0]["thumbs"] is None
    lesson.apply(({"type": "thumbs"},))
    thumbs = stage_message(lesson, None)[0]["thumbs"]
    assert [one["name"] for one in thumbs][:2] == ["cat", "landscape"]
    assert all(one["src"].startswith("data:image/") for one in thumbs)
    lesson.apply(({"type": "rest"},))
    assert stage_message(lesson, None)[0]["thumbs"] is None


# -- rows ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_row_has_a_control_for_every_setting_and_every_end_of_it_is_taken(name):
    about = TRANSFORMS[name]
    fields = fields_of(lesson_with(name))
    chance = [] if about.probability is None else ["p"]
    assert [one["name"] for one in fields] == [one.name for one in about.parameters] + chance
    for field in fields:
        ends = [field["minimum"], field["maximum"]] if field["kind"] == "slider" else []
        for value in ends or [key for key, _ in field["options"]]:
            lesson = lesson_with(name, picture="six")
            lesson.apply(({"type": "value", "at": 0, "name": field["name"], "value": value},))
            assert lesson.notice is None
            lesson.looking.chain()  # It can be drawn.
            shown = next(one for one in fields_of(lesson) if one["name"] == field["name"])
            assert shown["value"] == value


def test_what_is_wrong_stands_at_its_step():
    header, _ = stage_message(lesson_with("normalise;jitter;hflip", picture="sign"), None)
    rows = header["pipeline"]["rows"]
    assert [bool(row["problem"]) for row in rows] == [False, True, False]
    assert "before Normalise" in rows[1]["problem"]
    assert [bool(row["warned"]) for row in rows] == [False, False, True]
    grey, _ = stage_message(lesson_with("normalise", picture="six"), None)
    assert "left out" in grey["pipeline"]["rows"][0]["note"]


def test_the_row_marks_the_preset_that_is_on_screen():
    field = row_message(Augmentation(), None)["fields"][-1]
    assert field["value"] == "course"
    lesson = Augmentation()
    lesson.apply(({"type": "switch", "at": 0, "on": False},))
    assert row_message(lesson, None)["fields"][-1]["value"] == ""


# -- cards -----------------------------------------------------------------------------


def test_the_histogram_counts_every_pixel_and_normalising_moves_mean_and_spread():
    lesson = lesson_with("normalise:statistics=half")
    before, after = card(lesson, "histogram")["plots"]
    pixels = lesson.looking.picture().reshape(-1, 3) / 255
    for channel, plain, changed in zip(
        pixels.T, before["channels"], after["channels"], strict=True
    ):
        assert sum(plain["counts"]) == len(pixels) == sum(changed["counts"])
        assert float(plain["mean"]) == pytest.approx(channel.mean(), abs=0.006)
        wanted = (channel - 0.5) / 0.5
        assert float(changed["mean"].replace("−", "-")) == pytest.approx(wanted.mean(), abs=0.006)
        assert float(changed["deviation"]) == pytest.approx(wanted.std(), abs=0.006)
    assert (after["low"], after["high"]) == (-1, 1)


def test_a_reader_finds_digits_that_change_and_the_safe_preset_keeps_them():
    upside_down = card(lesson_with("rotation:degrees=180", picture="six"), "safety")
    assert upside_down["rows"][0]["step"] == "Rotation"
    assert any("**6** is read as **9**" in one["words"] for one in upside_down["pairs"])
    safe = card(lesson_with(PRESETS["digits"].text, picture="six"), "safety")
    assert (safe["rows"], safe["pairs"]) == ([], [])


def test_mixup_shares_the_label_as_it_shares_the_pixels():
    lesson = lesson_with("mixup:alpha=5")
    batch = lesson.looking.batch()
    four = card(lesson, "mixed")["pictures"]
    assert [sum(one["share"] for one in picture["shares"]) for picture in four] == (
        pytest.approx([1] * 4)
    )
    share = float(batch.result.labels[0, 0])
    originals = [
        lesson_with("none", picture=name).looking.picture() for name in ("cat", "landscape")
    ]
    wanted = share * originals[0].astype(float) + (1 - share) * originals[1]
    assert np.abs(batch.result.pictures[0] - wanted).max() <= 1


def test_pictures_of_different_sizes_get_a_sentence_instead_of_a_batch():
    mixed = card(lesson_with("cutmix", picture="flower"), "mixed")
    assert mixed["pictures"] == []
    assert "one size" in mixed["refused"]
    assert card(lesson_with("resized_crop;cutmix", picture="flower"), "mixed")["pictures"]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_script_prints_the_checksum_of_the_draw_on_screen(preset, fresh_python):
    chosen = PRESETS[preset]
    lesson = lesson_with(chosen.text, picture=chosen.sample, seed="11", draw="6")
    printed = fresh_python.printed(card(lesson, "script")["source"])
    result = outcome(lesson.looking.picture(), lesson.pipeline, 11, 6)
    assert checksum(result) in printed
    assert f"shape {tuple(result.shape)}" in printed


# -- the doctor ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "picture", "after"),
    [
        ("normalise;jitter", "cat", "jitter;normalise"),
        ("normalise;normalise:statistics=half", "cat", "normalise"),
        ("hflip", "sign", "-hflip"),
        ("rotation:degrees=90", "letters", "rotation:degrees=60"),
        ("posterize:bits=1", "fresh", "posterize:bits=3"),
        ("none", "cat", PRESETS["course"].text),
    ],
)
def test_the_remedy_mends_what_the_doctor_found(text, picture, after):
    lesson = lesson_with(text, picture=picture)
    found = finding(lesson)
    assert found.remedy
    lesson.apply(({"type": "remedy"},))
    assert lesson.pipeline == lesson_with(after).pipeline
    assert finding(lesson).text != found.text
    lesson.apply(({"type": "undo"},))
    assert lesson.pipeline == lesson_with(text).pipeline


def test_the_doctor_ends_on_a_healthy_pipeline_within_a_few_remedies():
    text = "mixup;normalise;normalise;vflip;rotation:degrees=180;hflip"
    lesson = lesson_with(text, picture="six")
    lesson.looking.milliseconds = lambda: 1.0  # On a machine of its own.
    for _ in range(12):
        lesson.apply(({"type": "remedy"},))
    assert finding(lesson).level == "ok"
    assert not lesson.pipeline.problems


def test_a_pipeline_without_chance_is_named():
    assert "the same" in finding(lesson_with("invert:1")).text
    assert finding(lesson_with("rotation")).level == "ok"


# -- questions -------------------------------------------------------------------------


@pytest.mark.parametrize("index", range(len(QUESTIONS)))
def test_a_question_is_answered_by_its_own_draws_and_undo_brings_the_pipeline_back(index):
    lesson = lesson_with("hflip;jitter", picture="sign", seed="3")
    question = QUESTIONS[index]
    right, why = question.answer(lesson)
    assert 0 <= right < len(question.options)
    assert re.search(r"\d", why)
    assert lesson.pipeline != lesson_with("hflip;jitter").pipeline
    lesson.apply(({"type": "undo"},))
    assert lesson.pipeline == lesson_with("hflip;jitter").pipeline
    assert lesson.settings.picture == "sign"


def test_mirrored_pictures_are_counted_as_torch_tosses_the_coin():
    for seed in range(4):
        tosses = [
            float(torch.rand(1, generator=torch.Generator().manual_seed(1000 * seed + k))) < 0.5
            for k in range(COUNT)
        ]
        assert mirrored(seed) == sum(tosses)


def test_a_picture_of_a_message_can_be_opened():
    pair = card(lesson_with("rotation:degrees=180", picture="six"), "safety")["pairs"][0]
    data = base64.b64decode(pair["before"].partition(",")[2])
    with contextlib.closing(Image.open(io.BytesIO(data))) as image:
        assert image.size == (28, 28)
