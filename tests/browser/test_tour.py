"""The tour of a first-time learner: from home through all pages, with something in hand."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .lesson_page import LessonPage, number

PATIENCE = 60_000
SLOW = 20_000
THREE = [(60, 50), (90, 35), (120, 55), (105, 85), (80, 92), (110, 100), (125, 125), (95, 150)]


class Tour:
    """One tab, and what the learner does in it."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.title = page.locator("header.head h1")
        self.notice = page.locator(".notice")
        self.question = page.locator(".question-card")
        self.script = page.locator(".script-card pre")

    def address(self):
        return {name: found[0] for name, found in parse_qs(urlsplit(self.page.url).query).items()}

    def wait_for(self, condition, what):
        for _ in range(400):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{what} did not come about at {self.page.url}")

    def go(self, title):
        """Open a lesson from the sidebar."""
        sidebar = self.page.get_by_test_id("stSidebar")
        sidebar.get_by_role("link", name=title, exact=True).click()
        self.arrive(title)

    def arrive(self, title):
        expect(self.title).to_have_text(title, timeout=SLOW)
        expect(self.page.locator("section.stage")).to_be_visible(timeout=SLOW)

    def answer(self):
        """Predict, let the run answer, and read why."""
        self.question.locator(".option").first.click()
        self.question.locator(".foot button").click()
        expect(self.question.locator(".option.right")).to_have_count(1, timeout=SLOW)
        expect(self.question.locator(".answer")).not_to_be_empty(timeout=SLOW)

    def draw(self, points):
        box = self.page.locator("canvas.pad").bounding_box()
        share = box["width"] / 178
        at = [(box["x"] + x * share, box["y"] + y * share) for x, y in points]
        self.page.mouse.move(*at[0])
        self.page.mouse.down()
        for place in at[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()


@pytest.fixture
def tour(server, new_page):
    page = new_page()
    page.goto(server.url)
    expect(page.locator("a.lesson.hero")).to_be_visible(timeout=SLOW)
    return Tour(page, server.url)


def start_at_home(tour):
    """Something moves within a second; one click starts the first lesson."""
    picture = tour.page.locator("a.lesson.hero .picture")
    tour.page.wait_for_function(
        "([node, was]) => node.innerHTML !== was",
        arg=[picture.element_handle(), picture.inner_html()],
        timeout=1500,
    )
    expect(tour.page.locator("a.lesson .outcome")).to_have_count(6, timeout=SLOW)
    expect(tour.page.get_by_text("Afterwards you can").first).to_be_visible(timeout=SLOW)
    tour.page.get_by_text("Start here", exact=True).click()
    tour.arrive("Linear regression")


def descend(tour, new_page):
    """Steps make the loss smaller; the copied link shows the same in another tab."""
    lesson = LessonPage(tour.page, tour.url)
    lesson.wait_drawn()
    if lesson.play.inner_text().startswith("Pause"):
        lesson.play.click()
    before = lesson.loss()
    lesson.button("10 steps").click()
    tour.wait_for(lambda: lesson.loss() < before, "a smaller loss")
    tour.page.get_by_role("button", name="Copy link", exact=True).click()
    expect(tour.page.get_by_text("Copied", exact=True)).to_be_visible(timeout=SLOW)
    other = LessonPage(new_page(), tour.url)
    other.page.goto(tour.page.url)
    expect(other.script).to_contain_text("import torch", timeout=SLOW)
    other.wait_drawn()
    tour.wait_for(lambda: other.shown() == lesson.shown(), "the same in another tab")
    tour.answer()


def bend(tour):
    """A function of one's own goes into the layers of a network."""
    tour.go("Activation functions")
    typed = tour.page.get_by_label("Your own function of x")
    typed.fill("x*sin(x)")
    typed.press("Enter")
    tour.page.get_by_role("button", name="Use it in the network builder").click()
    tour.arrive("Network builder")
    expect(tour.notice).to_contain_text("x*sin(x) works in every hidden layer", timeout=SLOW)


def build(tour):
    """The network learns with it, and its script has it."""
    reading = tour.page.locator(".path .row b")
    play = tour.page.locator("button.play")
    if not play.inner_text().startswith("Pause"):
        play.click()
    tour.wait_for(lambda: number(reading.inner_text().split()[1]) >= 10, "ten epochs")
    play.click()
    expect(play).to_contain_text("Play", timeout=SLOW)
    assert tour.address()["layers"] == "4:=x*sin(x);2:=x*sin(x)"
    expect(tour.script).to_contain_text("torch.sin(x)", timeout=SLOW)


def train(tour):
    """A run on real digits; afterwards it reads what is drawn, and the page says so."""
    tour.go("Training dashboard")
    where = tour.page.locator(".progress .row span").first
    expect(where).to_contain_text("finished", timeout=2 * PATIENCE)  # The example, on a new server.
    tour.page.locator('[data-field="model"] select').select_option("softmax")
    tour.wait_for(lambda: tour.address().get("model") == "softmax", "softmax regression")
    tour.page.locator("button.play").click()
    tour.wait_for(lambda: "run" in tour.address(), "a run")
    expect(where).to_contain_text("Softmax regression", timeout=PATIENCE)
    expect(where).to_contain_text("finished", timeout=PATIENCE)
    reader = tour.page.get_by_label("Read by", exact=True)
    reader.select_option("run")
    tour.draw(THREE)
    expect(tour.page.locator(".verdict")).to_contain_text(re.compile(r"Reads \d"), timeout=SLOW)
    expect(tour.page.locator(".digit-foot .sub")).to_contain_text(
        "this run, Softmax regression", timeout=SLOW
    )
    tour.wait_for(lambda: tour.address().get("reader") == "run", "the reader in the address")


def augment(tour):
    """A pipeline goes to the dashboard and comes back; a picture goes on to be predicted."""
    tour.go("Augmentation")
    tour.page.get_by_role("button", name="For photos", exact=True).click()
    tour.wait_for(
        lambda: "erasing" in tour.address().get("pipeline", ""), "the pipeline for photos"
    )
    text = tour.address()["pipeline"]
    bar = tour.page.locator(".transport")
    bar.get_by_role("link", name="Use it in the training dashboard").click()
    tour.arrive("Training dashboard")
    field = tour.page.locator('[data-field="augment"] select')
    expect(field).to_have_value(text, timeout=SLOW)
    field.select_option(label="change it …")
    tour.arrive("Augmentation")
    assert tour.address()["pipeline"] == text
    tour.page.get_by_role("button", name="Predict it", exact=True).click()
    tour.arrive("Transfer learning")


def predict(tour):
    """What was handed on is predicted, learnt, and predicted again."""
    bars = tour.page.locator(".predict .bar-row .number")
    verdict = tour.page.locator(".predict .verdict")
    expect(tour.page.locator(".query-foot .sub")).to_contain_text(
        "from the augmentation page", timeout=SLOW
    )

    def shares():
        return [number(text.replace(" %", "") or "nan") for text in bars.all_text_contents()]

    tour.wait_for(lambda: abs(sum(shares()) - 100) < 0.5, "a prediction")
    first = shares()[1]
    tour.page.get_by_label("Learn from it as").select_option(index=2)
    expect(tour.notice).to_contain_text("is an example of star now", timeout=SLOW)
    tour.wait_for(lambda: shares()[1] > max(first, 50), "the class that it was taught")
    expect(verdict).to_contain_text("star", timeout=SLOW)


def test_a_first_time_learner_goes_from_home_through_all_pages(tour, new_page):
    start_at_home(tour)
    descend(tour, new_page)
    bend(tour)
    build(tour)
    train(tour)
    augment(tour)
    predict(tour)
    tour.page.get_by_role("link", name="All lessons").click()
    expect(tour.page.locator("a.lesson .start", has_text="Go on")).to_have_count(6, timeout=SLOW)
