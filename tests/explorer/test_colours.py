"""The colours that are really used, for every eye: contrast and distance, in both themes."""

import itertools
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from colour_vision import KINDS, VISIONS, contrast, distance, mixed, oklab, rgb, seen

ROOT = Path(__file__).resolve().parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
STATIC = ROOT / "explorer" / "static"
BASE = (STATIC / "base.css").read_text(encoding="utf-8")
BOARD = (STATIC / "board.css").read_text(encoding="utf-8")
MODES = ("light", "dark")
TEXT, MARK = 4.5, 3.0  # WCAG 2.1 AA: text, and what shows where a control or a mark is.
both = pytest.mark.parametrize("mode", MODES)
every_eye = pytest.mark.parametrize("vision", VISIONS)


def declared(selector):
    """The custom properties of one rule of base.css."""
    body = re.search(re.escape(selector) + r" \{(.*?)\}", BASE, re.DOTALL).group(1)
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body))


def camel(name):
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def colour(name, mode):
    """What ``var(--name)`` is in a component: a colour of the theme, or mixed from two."""
    rules = declared(":host, .root") | (declared(".root[data-dark]") if mode == "dark" else {})
    return solved(rules[name], mode)


def solved(value, mode):
    mix = re.fullmatch(r"color-mix\(in srgb, (.+) ([\d.]+)%, (.+)\)", value)
    if mix:
        return mixed(solved(mix[1], mode), solved(mix[3], mode), float(mix[2]) / 100)
    name = re.fullmatch(r"var\(--(.+)\)", value)
    if name is None:
        return rgb(value)
    if name[1].startswith("st-"):
        return rgb(THEME[mode][camel(name[1].removeprefix("st-"))])
    return colour(name[1], mode)


def classes(mode):
    return THEME[mode]["chartCategoricalColors"]


# -- the measure itself --------------------------------------------------------------------


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#0000ff", "#0000ff") == pytest.approx(1)


def test_oklab_is_that_of_its_author():
    # Ottosson (2020): white, and the primary red of sRGB.
    assert oklab(np.ones(3)) == pytest.approx([1, 0, 0], abs=1e-4)
    assert oklab(np.array([1.0, 0, 0])) == pytest.approx([0.6279, 0.2249, 0.1258], abs=2e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_greys_stay_greys_for_every_eye(kind):
    assert seen("#808080", kind) == pytest.approx(seen("#808080", "usual"), abs=1e-3)


# Where all colours meet that a dichromat cannot tell apart: x and y of CIE 1931, as in
# Wyszecki and Stiles (1982), Color Science, table 1(5.14.2).
MEETING_POINTS = {"protan": (0.747, 0.253), "deutan": (1.4, -0.4), "tritan": (0.171, 0.0)}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_eye_cannot_see_is_gone(kind):
    x, y = MEETING_POINTS[kind]
    way = np.linalg.solve(TO_XYZ, [x, y, 1 - x - y])
    left = {one: np.linalg.norm(table @ way) / np.linalg.norm(way) for one, table in KINDS.items()}
    assert left[kind] < (0.25 if kind == "tritan" else 0.05)
    assert all(left[kind] < other / 4 for one, other in left.items() if one != kind)


# -- text and marks ------------------------------------------------------------------------


@both
@pytest.mark.parametrize("ground", ["page", "sunk"])
@pytest.mark.parametrize(
    "name", ["text", "muted", "faint", "accent", "neg", "pos", "ok", "warn", "error"]
)
def test_text_can_be_read(name, ground, mode):
    assert contrast(colour(name, mode), colour(ground, mode)) >= TEXT


@both
@pytest.mark.parametrize("name", ["text", "muted", "faint", "accent"])
def test_the_navigation_can_be_read(name, mode):
    sidebar = THEME[mode]["sidebar"]["backgroundColor"]
    assert contrast(colour(name, mode), sidebar) >= TEXT


@both
@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("on-accent", "accent"),
        ("accent", "accent-soft"),
        ("text", "accent-soft"),
        ("text", "warn-soft"),
        ("text", "ok-soft"),
        ("text", "raised"),
        ("text", "grid"),
    ],
)
def test_text_on_a_tint_can_be_read(name, ground, mode):
    assert contrast(colour(name, mode), colour(ground, mode)) >= TEXT


@both
@pytest.mark.parametrize(
    ("name", "ground"),
    [
        ("edge", "page"),
        ("edge", "sunk"),
        ("accent", "page"),
        ("train", "page"),
        ("validation", "page"),
        ("ok", "page"),
        ("warn", "warn-soft"),
        ("ok", "ok-soft"),
    ],
)
def test_marks_can_be_seen(name, ground, mode):
    assert contrast(colour(name, mode), colour(ground, mode)) >= MARK


@both
def test_every_class_can_be_seen_on_the_page(mode):
    for one in classes(mode):
        assert contrast(one, colour("page", mode)) >= MARK


# -- colours that have to be told apart ----------------------------------------------------


@both
@every_eye
def test_any_two_classes_differ(mode, vision):
    nearest = min(distance(*pair, vision) for pair in itertools.combinations(classes(mode), 2))
    assert nearest >= (10 if vision == "usual" else 7)


@both
@every_eye
def test_the_first_four_classes_differ_clearly(mode, vision):
    """Most pages show no more than four."""
    nearest = min(distance(*pair, vision) for pair in itertools.combinations(classes(mode)[:4], 2))
    assert nearest >= 12


@both
@every_eye
def test_training_and_validation_differ_by_colour(mode, vision):
    assert distance(colour("train", mode), colour("validation", mode), vision) >= 20


def test_training_validation_and_test_differ_without_any_colour():
    """Blue and green are near each other for a tritan eye: the dashes tell them apart."""
    rules = dict(re.findall(r"\.series\.(\w+) \{([^}]*)\}", BOARD))
    dashes = [
        re.search(r"stroke-dasharray: ([\d ]+)", rules[name])
        for name in ("training", "validation", "test")
    ]
    assert dashes[0] is None
    assert dashes[1][1] != dashes[2][1]


@both
@every_eye
def test_the_diverging_map_tells_sign_and_size(mode, vision):
    scale = THEME[mode]["chartDivergingColors"]
    zero = THEME[mode]["grayBackgroundColor"]
    away = [distance(one, zero, vision) for one in scale]
    assert away[:5] == sorted(away[:5], reverse=True)
    assert away[5:] == sorted(away[5:])
    signs = [distance(scale[place], scale[-1 - place], vision) for place in range(4)]
    assert min(signs) >= 10
    assert signs[0] >= 25


@both
@every_eye
def test_the_loss_surface_rises_in_steps_of_lightness(mode, vision):
    lights = [oklab(seen(one, vision))[0] for one in THEME[mode]["chartSequentialColors"]]
    steps = np.diff(lights) * (1 if mode == "dark" else -1)
    assert steps.min() >= 0.03
