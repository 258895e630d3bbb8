"""The pictures of the README: one of every page, small, and shown."""

import io
import re

import numpy as np
from PIL import Image

from benchmarks.pictures import FOLDER, SCENES, reduced
from benchmarks.serving import ROOT
from explorer.lessons import LESSONS


def test_there_is_a_scene_of_every_page():
    built = {lesson.slug for lesson in LESSONS if lesson.built}
    assert {scene.name for scene in SCENES} == {"home", *built}


def test_the_pictures_are_there_small_and_shown():
    files = {scene.name: FOLDER / f"{scene.name}.png" for scene in SCENES}
    assert sum(file.stat().st_size for file in files.values()) < 1_500_000
    shown = re.findall(r"\]\((assets/\S+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert {ROOT / path for path in shown} == set(files.values())


def test_fewer_colours_leave_a_flat_picture_as_it_is():
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[5:20, 10:30] = (91, 63, 209)
    pixels[25:, :] = (246, 247, 249)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    small = reduced(buffer.getvalue())
    assert len(small) < 2000
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(small)).convert("RGB")), pixels)
