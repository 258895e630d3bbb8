"""Everything that the mouse does, by keys."""

import pytest
from playwright.sync_api import expect


def test_arrow_keys_move_a_point(again):
    lesson = again()
    before = lesson.rows()[4]
    lesson.point(4).focus()
    lesson.page.keyboard.press("ArrowUp")
    lesson.wait_for(lambda: lesson.rows()[4][1] > before[1], "a higher point")
    once = lesson.rows()[4][1] - before[1]
    lesson.wait_address(data="own")
    lesson.page.keyboard.press("Shift+ArrowUp")
    lesson.wait_for(lambda: lesson.rows()[4][1] - before[1] > 3 * once, "a much higher point")
    assert lesson.rows()[4][1] - before[1] == pytest.approx(11 * once, rel=0.1)
    lesson.page.keyboard.press("ArrowLeft")
    lesson.wait_for(lambda: lesson.rows()[4][0] < before[0], "a point farther left")


def test_delete_and_backspace_remove_the_point_in_focus(again):
    lesson = again()
    for key, left in (("Delete", 8), ("Backspace", 7)):
        lesson.point(4).focus()
        lesson.page.keyboard.press(key)
        expect(lesson.points).to_have_count(left)
    lesson.wait_address(data="own")


def test_arrow_keys_move_the_line(again):
    lesson = again()
    for handle in (lesson.dot, lesson.end("left"), lesson.end("right")):
        before, start = lesson.equation.inner_text(), lesson.query()["start"]
        handle.focus()
        for _ in range(3):
            lesson.page.keyboard.press("ArrowUp")
        expect(lesson.equation).not_to_have_text(before)
        lesson.wait_for(lambda start=start: lesson.query()["start"] != start, "another start")
        assert handle.evaluate("node => node.getRootNode().activeElement === node")


def test_keys_drive_the_run_wherever_the_focus_is(again):
    lesson = again()
    press = lesson.page.keyboard.press
    press("ArrowRight")
    expect(lesson.step_reading).to_have_text("Step 1")
    press("ArrowRight")
    expect(lesson.step_reading).to_have_text("Step 2")
    press("ArrowLeft")
    expect(lesson.step_reading).to_have_text("Step 1 of 2")
    press("Home")
    expect(lesson.step_reading).to_have_text("Step 0")
    press(" ")
    expect(lesson.play).to_contain_text("Pause")
    lesson.wait_for(lambda: lesson.step() >= 3, "three steps")
    press(" ")
    expect(lesson.play).to_contain_text("Play")
    assert lesson.page.evaluate("document.scrollingElement.scrollTop") == 0


def test_keys_in_a_number_field_do_nothing_else(again):
    lesson = again()
    field = lesson.page.get_by_label("Noise", exact=True)
    field.focus()
    for key in ("l", "s", " ", "ArrowRight", "Home"):
        lesson.page.keyboard.press(key)
    assert lesson.page.evaluate("document.documentElement.hasAttribute('data-lecture')") is False
    expect(lesson.play).to_contain_text("Play")
    assert lesson.step() == 0
    field.fill("0.5")
    lesson.page.keyboard.press("Enter")
    lesson.wait_address(noise="0.5")
    field.fill("0.9")
    lesson.page.keyboard.press("Enter")
    lesson.wait_address(noise="0.9")  # As the next test may find it.


def test_lecture_mode_by_keys(again):
    lesson = again()
    row = lesson.page.locator(".st-key-settings_row")
    press = lesson.page.keyboard.press
    press("Escape")  # These two mean nothing yet.
    press("s")
    names = lesson.page.evaluate("document.documentElement.getAttributeNames()")
    assert not [name for name in names if "lecture" in name]
    expect(row).to_be_visible()
    press("l")
    expect(row).to_be_hidden()
    lesson.wait_address(lecture="1")
    press("s")
    expect(row).to_be_visible()
    press("s")
    expect(row).to_be_hidden()
    press("ArrowRight")
    expect(lesson.step_reading).to_have_text("Step 1")
    press("Escape")
    expect(row).to_be_visible()
    lesson.wait_for(lambda: "lecture" not in lesson.query(), "an address without lecture")
    press("l")
    press("l")
    expect(row).to_be_visible()


def test_sliders_by_keys(again):
    lesson = again()
    rate = lesson.track("Learning rate λ")
    rate.focus()
    lesson.page.keyboard.press("ArrowRight")
    lesson.wait_address(rate="0.17")
    lesson.page.keyboard.press("Shift+ArrowLeft")
    lesson.wait_address(rate="0.085")
    lesson.page.keyboard.press("Home")
    lesson.wait_address(rate="0.001")
    assert lesson.step() == 0  # The keys belonged to the slider.
