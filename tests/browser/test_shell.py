"""The frame around the lessons, the home page, and what a stranger's request gets."""

import re

import pytest
from playwright.sync_api import expect

from explorer.lessons import LESSONS

from .lesson_page import LessonPage

PHONE = {"viewport": {"width": 400, "height": 860}, "has_touch": True, "is_mobile": True}


def at_home(page, server):
    page.goto(server.url)
    expect(page.locator("header.head h1")).not_to_be_empty()
    expect(page.locator(".lesson").first).to_be_visible()
    return LessonPage(page, server.url)


@pytest.fixture
def home(server, kept):
    """The home page that tests of the file share; each leaves it there."""
    return kept("home", lambda page: at_home(page, server)).page


def test_a_card_opens_its_lesson(home, server):
    page = home
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
    page = home
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


def test_the_picture_of_a_lesson_moves_and_holds_still_on_request(home, server, new_page):
    def picture(page):
        return page.locator("a.lesson .picture").first.inner_html()

    before = picture(home)
    home.wait_for_function(
        "([node, was]) => node.innerHTML !== was",
        arg=[home.locator("a.lesson .picture").first.element_handle(), before],
        timeout=1500,
    )
    page = at_home(new_page(reduced_motion="reduce"), server).page
    before = picture(page)
    page.wait_for_timeout(500)
    assert picture(page) == before


def fits(page, artefacts, look):
    over = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
          .map(one => one.scrollWidth - one.clientWidth)"""
    )
    assert over == [0, 0], look
    page.screenshot(path=artefacts / f"home_{look}.png")


def test_the_home_page_fits(home, server, new_page, artefacts):
    for look in ("dark", "light"):
        home.emulate_media(color_scheme=look)
        home.wait_for_timeout(300)
        fits(home, artefacts, look)
    fits(at_home(new_page(**PHONE), server).page, artefacts, "400px")


def test_title_and_sidebar_name_the_page_and_nothing_comes_or_leads_elsewhere(server, new_page):
    page = new_page()
    addresses = []
    page.on("request", lambda request: addresses.append(request.url))
    lesson = LessonPage(page, server.url)
    lesson.goto("start=-1,5&path=")
    expect(page).to_have_title(re.compile("^Linear regression.*Deep Learning Explorer"))
    current = page.get_by_test_id("stSidebar").locator("[aria-current=page]")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("Linear regression")
    ours = (server.url, server.url.replace("http", "ws"), "blob:", "data:")
    assert [one for one in addresses if not one.startswith(ours)] == []
    # That each lesson opens by its address is seen in test_access.py.
    links = page.get_by_test_id("stSidebar").get_by_role("link")
    built = [one.slug for one in LESSONS if one.built]
    assert links.evaluate_all("all => all.map(one => one.href)") == [
        f"{server.url}/{slug}" for slug in ("", *built)
    ]


def test_two_visitors_do_not_see_each_other(visit):
    one, other = visit("start=-1,5&path="), visit("start=-1,5&path=", locale="en-GB")
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
