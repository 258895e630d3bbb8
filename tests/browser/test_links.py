"""The address is the state: links, reload, back, and other pages in between."""

from playwright.sync_api import expect

from .lesson_page import QUIET
from .watched import wrong_words

# Points of one's own, some walking, and another loss, as play_around leaves them.
PLAYED = (
    "data=own&own=-3,-2;-1.5,1;0,1.2;1,3;2.5,4;4,8&start=-1,5&loss=huber&batch=mini&rate=0.075"
    "&path=0.15x10;0.075x10&residuals=lines"
)


def assert_same(lesson, shown):
    lesson.wait_for(lambda: lesson.shown() == shown, f"{shown}, but {lesson.shown()}")


def play_around(lesson):
    """Move a point, add one, walk, change the loss and the rate, walk again, go back."""
    row = lesson.rows()[6]
    lesson.hold(lesson.middle(lesson.point(6)), (7, 31))
    lesson.wait_for(lambda: lesson.rows()[6] != row, "a moved point")
    lesson.release()
    lesson.page.mouse.click(*lesson.empty_place())
    expect(lesson.points).to_have_count(10)
    lesson.choose("Loss", "Huber")
    lesson.choose("Points used for each step", "Mini")
    lesson.button("10 steps").click()
    expect(lesson.step_reading).to_have_text("Step 10")
    lesson.track("Learning rate λ").focus()
    lesson.page.keyboard.press("Shift+ArrowLeft")
    lesson.wait_address(rate="0.075")
    lesson.button("10 steps").click()
    expect(lesson.step_reading).to_have_text("Step 20")
    lesson.choose("Residuals drawn as", "Lines")
    lesson.wait_address(residuals="lines", path="0.15x10;0.075x10", loss="huber", batch="mini")


def go_home(lesson):
    sidebar = lesson.page.get_by_test_id("stSidebar")
    sidebar.get_by_role("link", name="All lessons").click()
    expect(lesson.page.locator("a.lesson").first).to_be_visible()
    expect(sidebar.locator("[aria-current=page]")).to_have_text("All lessons")


def test_a_copied_link_shows_the_same_in_another_browser(visit):
    lesson = visit(QUIET, permissions=["clipboard-read", "clipboard-write"])
    play_around(lesson)
    lesson.button("Copy link").click()
    expect(lesson.head.get_by_text("Copied")).to_be_visible()
    link = lesson.page.evaluate("navigator.clipboard.readText()")
    assert link == lesson.page.evaluate("location.href")
    shown = lesson.shown()
    other = visit(link.split("?")[1])  # The other one had a context of its own.
    assert_same(other, shown)
    assert other.chosen("Loss") == "huber"
    assert other.chosen("Residuals drawn as") == "lines"
    other.button("One step").click()
    lesson.button("One step").click()
    expect(lesson.step_reading).to_have_text("Step 21")
    lesson.wait_for(lambda: lesson.shown() == other.shown(), "the same after one more step")


def test_reload_other_page_and_back_keep_the_picture(visit):
    lesson = visit(PLAYED)
    lesson.wait_address(residuals="lines", path="0.15x10;0.075x10", loss="huber", batch="mini")
    shown, sidebar = lesson.shown(), lesson.page.get_by_test_id("stSidebar")
    lesson.page.reload()
    lesson.wait_drawn()
    assert_same(lesson, shown)
    lesson.button("One step").click()
    expect(lesson.step_reading).to_have_text("Step 21")
    lesson.wait_address(path="0.15x10;0.075x11")
    shown = lesson.shown()
    go_home(lesson)
    sidebar.get_by_role("link", name="Linear regression").click()
    lesson.wait_drawn()
    assert_same(lesson, shown)
    lesson.wait_address(path="0.15x10;0.075x11")
    go_home(lesson)
    lesson.page.go_back()
    lesson.wait_drawn()
    assert_same(lesson, shown)
    lesson.wait_address(path="0.15x10;0.075x11")


def test_a_link_with_nonsense_says_so_puts_only_text_on_the_page_and_works(visit):
    query = "points=1e9&noise=abc&rate=-1&start=1&path=0.1x99999999&own=~zzzz&turn=nan,1"
    lesson = visit(
        f"data=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'owned'%22%3E&loss=cats&{query}"
    )
    problems = lesson.head.get_by_role("alert")
    for name in (
        "data=<img src=x",
        "loss=cats",
        "points=1e9",
        "noise=abc",
        "rate=-1",
        "start=1",
        "own=~zzzz",
    ):
        expect(problems).to_contain_text(name)
    assert lesson.page.title().startswith("Linear regression")
    expect(lesson.head.locator("img")).to_have_count(0)
    assert wrong_words(lesson.page) == [] or all("turn=nan" in w for w in wrong_words(lesson.page))
    lesson.button("One step").click()
    lesson.wait_for(lambda: lesson.step() >= 1, "a step")
    lesson.wait_address(data="noisy_line", points="9", noise="0.9")
