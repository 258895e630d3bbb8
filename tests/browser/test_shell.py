"""The frame around the lessons, the home page, and what a stranger's request gets."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from explorer.lessons import LESSONS

from .conftest import DESKTOP
from .lesson_page import QUIET, LessonPage

HOME = ("header.head h1", "a.lesson")


@pytest.fixture
def home(server, kept):
    """The home page that tests of the file share; each leaves it there.

    All that its tab has asked for is written down.
    """

    def make(page):
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(server.url)
        for part in HOME:
            expect(page.locator(part).first).not_to_be_empty()
        return SimpleNamespace(page=page, asked=asked)

    return kept("home", make)


def test_a_card_opens_its_lesson(home, server):
    page = home.page
    card = page.locator("a.lesson").first
    expect(card).to_contain_text("Linear regression")
    card.click()
    lesson = LessonPage(page, server.url)
    lesson.wait_drawn()
    assert page.url.startswith(f"{server.url}/linear_regression")
    page.go_back()
    expect(page.locator("a.lesson").first).to_be_visible()
    card.press("Enter")
    lesson.wait_drawn()
    page.go_back()
    expect(page.locator("a.lesson").first).to_be_visible()


def test_lessons_to_come_are_no_links(home):
    page = home.page
    links = page.locator("a.lesson").evaluate_all("all => all.map(one => one.dataset.slug)")
    assert "linear_regression" in links
    coming = page.locator(".lesson.coming")
    for card in coming.all():
        expect(card).to_contain_text("coming")
        assert card.get_attribute("data-slug") not in links
    expect(coming.locator("a, button")).to_have_count(0)
    sidebar = page.get_by_test_id("stSidebar")
    assert sidebar.get_by_role("link").count() == len(links) + 1
    assert sidebar.locator(".entry.coming").count() == coming.count()


def test_the_picture_of_a_lesson_moves(home):
    """That it holds still on request is seen in test_less_motion.py."""
    picture = home.page.locator("a.lesson .picture").first
    home.page.wait_for_function(
        "([node, was]) => node.innerHTML !== was",
        arg=[picture.element_handle(), picture.inner_html()],
        timeout=1500,
    )


def fits(page, artefacts, look):
    over = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
          .map(one => one.scrollWidth - one.clientWidth)"""
    )
    assert over == [0, 0], look
    page.screenshot(path=artefacts / f"home_{look}.png")


def test_the_home_page_fits(home, artefacts):
    for look in ("dark", "light"):
        home.page.emulate_media(color_scheme=look)
        home.page.wait_for_timeout(300)
        fits(home.page, artefacts, look)
    home.page.set_viewport_size({"width": 400, "height": 860})
    home.page.wait_for_timeout(300)
    fits(home.page, artefacts, "400px")
    home.page.set_viewport_size(DESKTOP)


def test_title_and_sidebar_name_the_page_and_nothing_comes_or_leads_elsewhere(home, server):
    page, sidebar = home.page, home.page.get_by_test_id("stSidebar")
    sidebar.get_by_role("link", name="Linear regression").click()
    LessonPage(page, server.url).wait_drawn()
    expect(page).to_have_title(re.compile("^Linear regression.*Deep Learning Explorer"))
    current = sidebar.locator("[aria-current=page]")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("Linear regression")
    ours = (server.url, server.url.replace("http", "ws"), "blob:", "data:")
    assert home.asked != []
    assert [one for one in home.asked if not one.startswith(ours)] == []
    # That each lesson opens by its address is seen in test_faults_killed.py and its own file.
    built = [one.slug for one in LESSONS if one.built]
    assert sidebar.get_by_role("link").evaluate_all("all => all.map(one => one.href)") == [
        f"{server.url}/{slug}" for slug in ("", *built)
    ]
    page.go_back()
    expect(page.locator("a.lesson").first).to_be_visible()


def test_two_visitors_do_not_see_each_other(again, visit):
    """Two tabs of one browser are two visitors."""
    one, other = again(), visit(QUIET)
    shown = other.shown()
    one.button("10 steps").click()
    expect(one.step_reading).to_have_text("Step 10")
    assert other.shown() == shown
    other.button("One step").click()
    expect(other.step_reading).to_have_text("Step 1")
    expect(one.step_reading).to_have_text("Step 10")


def test_letter_keys_can_be_switched_off_and_stay_off(server, new_page):
    page = new_page(locale="en-GB")  # A browser of its own: it remembers what is chosen.
    page.goto(f"{server.url}/activations", wait_until="commit")
    head = page.get_by_role("button", name="Lecture", exact=True)
    letters = page.get_by_role("switch", name="Letter keys")
    expect(letters).to_be_checked()
    page.keyboard.press("l")
    expect(head).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("l")
    expect(head).to_have_attribute("aria-pressed", "false")
    letters.press("Enter")
    expect(letters).not_to_be_checked()
    page.reload(wait_until="commit")
    expect(letters).not_to_be_checked()
    expect(page.locator("header.head h1")).to_have_text("Activation functions")
    page.keyboard.press("l")
    page.wait_for_timeout(200)
    expect(letters).to_be_visible()  # Lecture mode would have taken the sidebar away.
