"""The moving pictures of the home page: real runs, checked against the page or a closed form."""

import base64
import json

import numpy as np
import pytest
from scipy.special import erf

from core.augmentation.draws import draws
from core.augmentation.pictures import reduced, sample
from core.augmentation.presets import PRESETS
from core.regression.datasets import DATASETS
from explorer import picture_previews, previews
from explorer.augmentation.files import source
from explorer.linear_regression.lesson import LinearRegression

EVERY = {**previews.PREVIEWS, **picture_previews.PREVIEWS}


@pytest.mark.parametrize("slug", EVERY)
def test_a_preview_is_the_same_each_time_and_small(slug):
    text = json.dumps(EVERY[slug](), allow_nan=False)
    assert text == json.dumps(EVERY[slug](), allow_nan=False)
    assert len(text) < 100_000


def test_the_descent_is_that_of_the_page():
    shown = previews.regression()
    lesson = LinearRegression({"path": f"0.15x{previews.MOMENTS}"})
    assert shown["points"] == lesson.points.pairs()
    assert np.allclose(shown["path"], [[step.m, step.b] for step in lesson.descent.steps], 0, 1e-4)


def test_the_loss_is_the_same_all_around_an_ellipse():
    points = DATASETS["noisy_line"].make(9, 0.9, np.random.default_rng(7))
    shown = previews.regression()
    levels = []
    for first, second, angle in shown["ellipses"]:
        turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        a, along, up = np.radians(angle), first * np.cos(turn), second * np.sin(turn)
        m = shown["best"][0] + along * np.cos(a) - up * np.sin(a)
        b = shown["best"][1] + along * np.sin(a) + up * np.cos(a)
        losses = ((m[:, None] * points.x + b[:, None] - points.y) ** 2).mean(1)
        assert np.ptp(losses) < 0.01 * losses.mean()
        levels.append(losses.mean())
    assert np.allclose(np.divide(levels[1:], levels[:-1]), 2, rtol=0.01)


def test_gelu_and_its_slope_are_those_of_the_formula():
    shown = previews.activation()
    x = np.array(shown["x"])
    normal = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    share = (1 + erf(x / np.sqrt(2))) / 2
    assert np.allclose(shown["y"], x * share, atol=1e-4)
    assert np.allclose(shown["slope"], share + x * normal, atol=1e-4)
    assert max(shown["path"]) < len(x)


def test_the_network_learns_and_its_map_parts_the_points():
    shown = previews.network()
    assert len(shown["maps"]) == len(shown["lines"]) == len(shown["losses"]) == previews.MOMENTS
    assert shown["losses"][-1] < 0.1 * shown["losses"][0]
    side, reach = shown["side"], shown["reach"]
    said = np.frombuffer(base64.b64decode(shown["maps"][-1]), np.uint8).reshape(side, side)
    right = 0
    for x1, x2, label in shown["points"]:
        across, up = (np.array([x1, -x2]) + reach) / (2 * reach) * (side - 1)
        right += (said[round(up), round(across)] > 127) == label
    assert right > 0.95 * len(shown["points"])


def test_the_units_of_the_network_are_bent_sums():
    shown = previews.network()
    first = np.frombuffer(base64.b64decode(shown["units"][0][0]), np.uint8).reshape(10, 10)
    w1, w2 = shown["lines"][0][0][:2]
    along = np.linspace(-shown["reach"], shown["reach"], 10)
    expected = np.tanh(w1 * along[None, :] + w2 * along[::-1, None])  # Biases start at 0.
    assert np.abs(first / 127.5 - 1 - expected).max() < 0.01


def test_reading_gets_better_and_begins_with_a_guess():
    shown = previews.training()
    assert np.allclose(shown["losses"][0], np.log(10), atol=1e-3)
    assert shown["losses"][-1][0] < shown["losses"][-1][1] < 0.6
    assert shown["read"][0] == [0.1] * 10
    digits = previews.digit_table()
    assert np.argmax(shown["read"][-1]) == digits[previews.READ, 64]


def test_draws_are_those_of_the_lesson():
    shown = picture_previews.augmentation()
    picture = reduced(sample("cat"), 2 * picture_previews.TILE)
    (third,) = draws(picture, PRESETS["course"].pipeline, 1, seed=0, first=3)
    assert shown["draws"][3] == source(third, picture_previews.TILE)
    assert len(set(shown["draws"])) == len(shown["draws"])


def test_new_drawings_lie_among_their_own_kind():
    shown = picture_previews.transfer()
    labels = [one["label"] for one in shown["pictures"]]
    fresh = [asked["at"] for asked in shown["asked"]]
    for asked in shown["asked"]:
        near = [labels[at] for at in asked["near"]]
        assert near.count(labels[asked["at"]]) >= 2
        assert not set(asked["near"]) & set(fresh)
