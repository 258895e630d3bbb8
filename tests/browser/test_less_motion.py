"""Less motion for who asks for it: nothing moves by itself, play shows two pictures a second."""

import pytest
from playwright.sync_api import expect

from .going import Tab
from .lesson_page import LessonPage

PAGES = ("", "linear_regression", "activations", "network_builder?data=circles&speed=20")
# All that is drawn, as text: lines, circles and words of every component.
DRAWN = """() => {
  const all = (root) => [...root.querySelectorAll('*')].flatMap(
    (one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  return all(document.querySelector('[data-testid=stMain]'))
    .filter((one) => one.ownerSVGElement || one.matches('.path b, .sub'))
    .map((one) => one.getAttribute('d') ?? one.getAttribute('points')
      ?? one.getAttribute('transform') ?? (one.children.length ? '' : one.textContent)).join('|');
}"""


@pytest.fixture
def opened(server, kept):
    """Shows a page in one tab for all: first it is looked at, and later played on."""

    def make(page):
        page.emulate_media(reduced_motion="reduce")
        return Tab(page, server.url)

    def found(path):
        tab = kept("tab", make)
        tab.come(path)
        page = tab.page
        expect(page.locator(".script-card pre, a.lesson svg").first).to_be_visible(timeout=20_000)
        page.wait_for_timeout(700)  # Longer than an opening waits before it plays.
        return LessonPage(page, server.url)

    return found


@pytest.mark.parametrize("path", PAGES)
def test_nothing_moves_by_itself(opened, path):
    page = opened(path).page
    for _ in range(6):  # A picture that was still in the making may arrive; then all is at rest.
        before = page.evaluate(DRAWN)
        page.wait_for_timeout(900)
        if page.evaluate(DRAWN) == before:
            break
    else:
        raise AssertionError("something moves")
    if path:
        expect(page.locator("button.play")).to_contain_text("Play")


def test_a_run_begins_only_on_request(opened):
    lesson = opened("linear_regression")
    assert lesson.step() == 2  # That of the usual address: the run of the first second is left out.
    lesson.play.click()
    lesson.wait_for(lambda: lesson.step() > 2, "a step after Play")
    lesson.play.click()


def test_play_shows_two_pictures_a_second(opened):
    page = opened(PAGES[3]).page
    page.evaluate(
        """() => { const all = (root) => [...root.querySelectorAll('*')].flatMap(
            (one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
          const root = all(document.body).find((one) => one.dataset?.painted);
          window.painted = [];
          new MutationObserver(() => window.painted.push(performance.now())).observe(
            root, {attributeFilter: ['data-painted']}); }"""
    )
    page.locator("button.play").click()
    page.wait_for_function("window.painted.length >= 5", timeout=20_000)
    page.locator("button.play").click()
    times = page.evaluate("window.painted.slice(1, 5)")  # The first follows the click at once.
    seconds = (times[-1] - times[0]) / 1000
    assert seconds >= 3 * 0.4  # An answer may take longer than the one after it.
