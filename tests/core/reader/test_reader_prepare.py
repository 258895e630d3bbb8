"""From a picture to MNIST's form; the oracle is MNIST itself, which was made by the same rule."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.errors import InputError
from core.reader.form import SIDE, box_of, stroke_width
from core.reader.pen import distances, drawn, thinned
from core.reader.prepare import as_mnist, from_strokes


def figure(side=120, pen=9, seed=0):
    """Some strokes of a pen: random corners joined by lines, ink 255."""
    corners = np.random.default_rng(seed).uniform(0.2 * side, 0.8 * side, (4, 2))
    y, x = np.mgrid[:side, :side]
    far = np.full((side, side), np.inf)
    for (ay, ax), (by, bx) in pairwise(corners):
        along = ((y - ay) * (by - ay) + (x - ax) * (bx - ax)) / ((by - ay) ** 2 + (bx - ax) ** 2)
        along = np.clip(along, 0, 1)
        far = np.minimum(far, np.hypot(y - ay - along * (by - ay), x - ax - along * (bx - ax)))
    return np.round(255 * np.clip(pen / 2 - far + 0.5, 0, 1)).astype(np.uint8)


def apart(one, other):
    """The mean difference of two pictures, in levels of 255."""
    return np.abs(one.astype(int) - other.astype(int)).mean()


def alike(one, other):
    """The same for the best of nine places: a centre between two pixels may go to either."""
    places = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(apart(np.roll(one, place, (0, 1)), other) for place in places)


def photographed(ink, seed, noise=8, shadow=0.35):
    """White paper with light from one side, the shadow of a hand, and noise."""
    chance = np.random.default_rng(seed)
    height, width = ink.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = (0.8 + 0.2 * x) * (1 - shadow / (1 + np.exp(-(y + 0.4 * x - 0.3) / 0.03)))
    paper = (235 - 190 * (ink / 255)) * light
    return np.clip(paper + chance.normal(0, noise, ink.shape), 0, 255).astype(np.uint8)


def test_an_enlarged_mnist_digit_comes_back(mnist, on_page):
    chance = np.random.default_rng(0)
    off, outside = [], 0
    for digit in mnist[0][:150]:
        top, left = chance.integers(0, 200, 2)
        prepared = as_mnist(on_page(digit, 5, top, left, (350, 350)))
        off.append(apart(prepared.pixels, digit))
        assert prepared.turned
        inside = box_of(digit > 12)
        expected = [5 * inside[0] + top, 5 * inside[1] + left, 5 * inside[2], 5 * inside[3]]
        outside += int(np.abs(np.subtract(prepared.box, expected)).max() > 5)
    # A digit differs from another one of its class by some 25 levels, from itself moved by a
    # pixel by about 15. Only the thinnest strokes are meant to change.
    assert np.median(off) < 0.8
    assert np.mean(np.array(off) < 1.5) > 0.9
    assert outside <= 3


def test_small_digits_come_back_from_a_page(small_digits, on_page):
    # Their strokes are soft and thicker than MNIST's, and are changed a little each time.
    off = []
    for digit in small_digits[0][:12]:
        once = as_mnist(on_page(digit)).pixels
        off.append(alike(as_mnist(on_page(once)).pixels, once))
    assert np.median(off) < 7
    assert max(off) < 15


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), pen=st.integers(6, 16))
def test_the_form_is_that_of_mnist(seed, pen):
    pixels = from_strokes(figure(seed=seed, pen=pen)).pixels
    assert pixels.shape == (SIDE, SIDE)
    _, _, height, width = box_of(pixels > 0)
    assert max(height, width) == 20
    centre = ndimage.center_of_mass(pixels.astype(float))
    # Of MNIST's own digits the centres lie from 13.5 to 14.5 (indices from 0).
    limits = [(14 - 0.51, 14 + 0.51)] * 2
    for axis, (low, high) in enumerate(limits):
        lines = np.flatnonzero(pixels.any(1 - axis))
        at_edge = lines[0] == 0 or lines[-1] == SIDE - 1
        assert at_edge or low <= centre[axis] <= high


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    top=st.integers(0, 90),
    left=st.integers(0, 150),
    times=st.integers(1, 3),
    below=st.integers(1, 60),
)
def test_place_size_border_and_polarity_do_not_matter(seed, top, left, times, below):
    ink = figure(seed=seed)
    # Corners may lie so close that their lines are one blot, of which a pixel changes the form.
    assume(max(box_of(ink > 0)[2:]) >= 48)
    straight = as_mnist(ink)
    assert not straight.turned
    page = np.pad(np.kron(ink, np.ones((times, times), np.uint8)), ((top, below), (left, 3)))
    moved, negative = as_mnist(page), as_mnist(255 - page)
    assert negative.turned
    assert alike(moved.pixels, straight.pixels) < 4
    assert alike(negative.pixels, moved.pixels) < 2
    colours = np.stack([255 - page // 2, 255 - page, 255 - page], 2)  # reddish ink on white
    assert alike(as_mnist(colours).pixels, moved.pixels) < 3


@pytest.mark.parametrize("seed", range(12))
def test_light_shadow_and_noise_are_taken_off(seed):
    ink = np.pad(figure(seed=seed), 60)
    clean = as_mnist(255 - ink)
    photo = as_mnist(photographed(ink, seed))
    assert photo.turned
    # Moved by a pixel, a digit's correlation with itself is about 0.7.
    assert np.corrcoef(photo.pixels.ravel(), clean.pixels.ravel())[0, 1] > 0.88


@pytest.mark.parametrize("seed", range(6))
def test_a_page_on_a_dark_table_and_its_margins(seed):
    ink = np.pad(figure(seed=seed), 40)
    expected = as_mnist(255 - ink).pixels
    table = np.full((300, 320), 40, dtype=np.uint8)
    table[50:250, 60:260] = 240 - (ink * 0.8).astype(np.uint8)
    assert apart(as_mnist(table).pixels, expected) < 6
    margin = 245 - (ink * 0.8).astype(np.uint8)
    margin[:, :9] = 60
    assert apart(as_mnist(margin).pixels, expected) < 6


def test_specks_are_left_out():
    ink = np.pad(figure(seed=3), 60)
    chance = np.random.default_rng(0)
    spotted = np.where(chance.random(ink.shape) < 0.004, 255, ink).astype(np.uint8)
    assert apart(as_mnist(255 - spotted).pixels, as_mnist(255 - ink).pixels) < 6


@pytest.mark.parametrize("light", [True, False])
def test_transparent_ink_is_seen_on_the_other_ground(light):
    ink = figure(seed=1)
    picture = np.zeros((*ink.shape, 4), dtype=np.uint8)
    picture[..., :3] = 255 if light else 0
    picture[..., 3] = ink
    assert apart(as_mnist(picture).pixels, as_mnist(ink).pixels) < 1


@pytest.mark.parametrize("pen", [2, 3, 40, 50])
def test_pens_of_any_width_come_near_mnist(pen):
    ink = figure(side=400, pen=pen, seed=5)
    pixels = from_strokes(ink).pixels
    width = stroke_width(np.kron(pixels, np.ones((4, 4))).astype(np.float32) / 255) / 4
    assert 1.1 < width < 5.5
    assert ndimage.label(pixels > 60, np.ones((3, 3)))[1] == 1  # nothing came apart


@pytest.mark.parametrize("level", [0, 1, 127, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (28, 28), (300, 200, 3), (50, 60, 4)])
def test_a_picture_without_ink_is_empty(shape, level):
    prepared = as_mnist(np.full(shape, level, dtype=np.uint8))
    assert prepared.empty
    assert not prepared.pixels.any()
    assert prepared.box == (0, 0, 0, 0)


def test_a_blank_page_in_bad_light_is_empty():
    assert as_mnist(photographed(np.zeros((300, 400), np.uint8), 0, shadow=0)).empty
    assert from_strokes(np.zeros((280, 280), np.uint8)).empty


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    channels=st.sampled_from([0, 3, 4]),
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(["noise", "dot", "half"]),
)
def test_nothing_is_too_strange(height, width, channels, seed, kind):
    chance = np.random.default_rng(seed)
    shape = (height, width, channels) if channels else (height, width)
    picture = np.zeros(shape, dtype=np.uint8)
    if kind == "noise":
        picture = chance.integers(0, 256, shape, dtype=np.uint8)
    elif kind == "dot":
        picture[chance.integers(height), chance.integers(width)] = 255
    else:
        picture[: height // 2 + 1] = 200
    prepared = as_mnist(picture)
    assert prepared.pixels.shape == (SIDE, SIDE)
    assert prepared.pixels.dtype == np.uint8
    assert prepared.empty != prepared.pixels.any()
    top, left, high, wide = prepared.box
    assert 0 <= top <= top + high <= height
    assert 0 <= left <= left + wide <= width


def test_a_huge_picture_is_reduced_first():
    ink = figure(seed=2)
    huge = np.full((9000, 12000), 255, dtype=np.uint8)
    huge[3000:5400, 6000:8400] -= np.kron(ink, np.ones((20, 20), np.uint8))
    prepared = as_mnist(huge)
    assert apart(prepared.pixels, as_mnist(ink).pixels) < 8
    expected = [20 * number for number in as_mnist(ink).box]
    assert np.abs(np.subtract(prepared.box, np.add(expected, [3000, 6000, 0, 0]))).max() <= 40


@pytest.mark.parametrize(
    "wrong", [np.zeros((5, 5)), np.zeros((5, 5, 2), np.uint8), np.zeros((0, 5), np.uint8)]
)
def test_another_shape_or_type_is_refused(wrong):
    with pytest.raises(InputError):
        as_mnist(wrong)
    with pytest.raises(InputError):
        from_strokes(wrong[..., 0] if wrong.ndim == 3 and wrong.size == 0 else wrong)


def test_the_middle_line_of_a_bar_and_back():
    bar = np.zeros((1, 28, 28), dtype=np.uint8)
    bar[0, 5:23, 12:17] = 255  # five wide: the middle is column 14
    line = thinned(bar > 0)[0]
    assert set(np.nonzero(line)[1].tolist()) == {14}
    assert ndimage.label(line, np.ones((3, 3)))[1] == 1
    again = drawn(distances(torch.from_numpy(bar)).float(), torch.tensor(5.0))[0].numpy()
    assert np.abs(again[8:20] - bar[0, 8:20] / 255).max() < 0.51
    assert not torch.isfinite(distances(torch.zeros(1, 28, 28, dtype=torch.uint8))).any()
