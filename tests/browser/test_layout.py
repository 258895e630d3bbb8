"""Light, dark, lecture and narrow: nothing overflows; pictures are kept as artefacts."""

import pytest
from playwright.sync_api import expect

from .lesson_page import QUIET

WALKED = "start=-1,5&path=0.1x12&rate=0.1"
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "lecture": {"viewport": {"width": 1920, "height": 1080}},
    "400px": {"viewport": {"width": 400, "height": 860}, "has_touch": True, "is_mobile": True},
    "360px": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
OVERFLOW = """() => [document.documentElement, document.body,
  ...document.querySelectorAll('[data-testid=stMain], [data-testid=stMainBlockContainer]')]
  .map(one => one.scrollWidth - one.clientWidth).filter(over => over > 0)"""


def luminance(colour):
    red, green, blue = (int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_overflows(visit, artefacts, look):
    lesson = visit(WALKED + ("&lecture=1" if look == "lecture" else ""), **LOOKS[look])
    expect(lesson.step_reading).to_have_text("Step 12")
    lesson.page.evaluate("document.fonts.ready")
    assert lesson.page.evaluate(OVERFLOW) == []
    lesson.page.screenshot(path=artefacts / f"linear_regression_{look}.png")
    ground = lesson.page.evaluate(
        "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    )
    assert (luminance(ground) < 60) == (look == "dark")
    dark = lesson.stage.evaluate("stage => stage.parentElement.hasAttribute('data-dark')")
    assert dark == (look == "dark")


def test_both_pictures_are_on_a_phone_without_scrolling(visit):
    lesson = visit(QUIET, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    assert lesson.page.evaluate(OVERFLOW) == []
    bar = lesson.page.locator(".transport").bounding_box()
    panes = [pane.bounding_box() for pane in (lesson.data_pane, lesson.surface_pane)]
    assert panes[0]["y"] >= 0
    assert panes[1]["y"] + panes[1]["height"] <= bar["y"]
    assert bar["y"] + bar["height"] <= 844
    expect(lesson.play).to_be_in_viewport()
    for button in (lesson.play, lesson.button("One step"), lesson.button("Back to the start")):
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_theme_and_window_can_change_while_the_page_is_open(visit):
    lesson = visit(QUIET, color_scheme="light")
    light = lesson.picture()
    lesson.page.emulate_media(color_scheme="dark")
    lesson.wait_for(lambda: lesson.picture() != light, "a dark surface")
    lesson.page.set_viewport_size({"width": 800, "height": 900})
    lesson.wait_for(lambda: lesson.page.evaluate(OVERFLOW) == [], "a page without overflow")
    svg, pane = lesson.page.locator("svg.data"), lesson.data_pane
    lesson.wait_for(
        lambda: svg.bounding_box()["width"] <= pane.bounding_box()["width"], "a smaller picture"
    )
