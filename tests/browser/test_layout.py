"""Light, dark, lecture and narrow: nothing overflows; pictures are kept as artefacts."""

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP
from .lesson_page import LessonPage

WALKED = "start=-1,5&path=0.1x12&rate=0.1"
PHONE = {"width": 390, "height": 844}
OVERFLOW = """() => [document.documentElement, document.body,
  ...document.querySelectorAll('[data-testid=stMain], [data-testid=stMainBlockContainer]')]
  .map(one => one.scrollWidth - one.clientWidth).filter(over => over > 0)"""


GROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"


@pytest.fixture
def walked(server, kept):
    """Some steps in a large window, by a link to the lecture mode."""

    def make(page):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1920, "height": 1080})
        lesson = LessonPage(page, server.url)
        lesson.goto(WALKED + "&lecture=1")
        return lesson

    return kept("walked", make)


def luminance(colour):
    red, green, blue = (int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def in_order(lesson, artefacts, look):
    """Nothing overflows, and a picture is kept."""
    lesson.wait_for(lambda: lesson.page.evaluate(OVERFLOW) == [], f"{look} without overflow")
    lesson.page.screenshot(path=artefacts / f"linear_regression_{look}.png")


def test_lecture_mode_is_in_the_link_and_nothing_overflows_in_it(walked, artefacts):
    lesson = walked
    expect(lesson.step_reading).to_have_text("Step 12")
    expect(lesson.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(lesson.page.locator(".st-key-settings_row")).to_be_hidden()
    assert lesson.query()["lecture"] == "1"
    size = lesson.equation.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= 16
    lesson.page.evaluate("document.fonts.ready")
    in_order(lesson, artefacts, "lecture")


def test_nothing_overflows_when_theme_and_window_change_while_the_page_is_open(walked, artefacts):
    lesson = walked
    lesson.page.keyboard.press("Escape")
    expect(lesson.page.get_by_test_id("stSidebar")).to_be_visible()
    lesson.page.set_viewport_size(DESKTOP)
    expect(lesson.step_reading).to_have_text("Step 12")
    lesson.page.evaluate("document.fonts.ready")
    for look in ("light", "dark"):
        lesson.page.emulate_media(color_scheme=look)
        lesson.wait_for(
            lambda dark=look == "dark": dark == (luminance(lesson.page.evaluate(GROUND)) < 60),
            f"a {look} ground",
        )
        dark = lesson.stage.evaluate("stage => stage.parentElement.hasAttribute('data-dark')")
        assert dark == (look == "dark")
        in_order(lesson, artefacts, look)
        if look == "light":
            light = lesson.picture()
    lesson.wait_for(lambda: lesson.picture() != light, "a dark surface")
    lesson.page.set_viewport_size({"width": 800, "height": 900})
    lesson.wait_for(lambda: lesson.page.evaluate(OVERFLOW) == [], "a page without overflow")
    svg, pane = lesson.page.locator("svg.data"), lesson.data_pane
    lesson.wait_for(
        lambda: svg.bounding_box()["width"] <= pane.bounding_box()["width"], "a smaller picture"
    )


def test_on_a_phone_both_pictures_are_in_sight_and_nothing_overflows(visit, artefacts):
    lesson = visit(WALKED, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(lesson.step_reading).to_have_text("Step 12")
    lesson.page.evaluate("document.fonts.ready")
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
    for width, height in ((400, 860), (360, 740)):
        lesson.page.set_viewport_size({"width": width, "height": height})
        lesson.page.wait_for_timeout(300)
        in_order(lesson, artefacts, f"{width}px")
