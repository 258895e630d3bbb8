"""Activation functions as a person sees them: hold the cursor, a neuron, a sum; type a function."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .lesson_page import number
from .test_layout import OVERFLOW
from .watched import wrong_words

QUIET = "path="


class ActivationsPage:
    """The page and its parts, by what they are to a person."""

    def __init__(self, page, url):
        self.page = page
        self.url = url
        self.stage = page.locator("section.stage")
        self.panes = page.locator("figure.pane")
        self.cursor_reading = self.panes.nth(0).locator("header .sub")
        self.reading = self.panes.nth(1).locator("header .sub")
        self.legend = self.panes.nth(0).locator("text.named")
        self.chips = page.locator("button.chip")
        self.typed = page.get_by_role("textbox", name="Your own function of x")
        self.refused = page.locator(".refused")
        self.notice = page.locator(".stage .notice")

    def goto(self, query=QUIET):
        address = f"{self.url}/activations{'?' if query else ''}{query}"
        self.page.goto(address, wait_until="commit")
        expect(self.page.locator(".script-card pre")).to_contain_text("import torch")
        expect(self.legend.first).to_be_visible()
        return self

    def query(self):
        return {name: one[0] for name, one in parse_qs(urlsplit(self.page.url).query, True).items()}

    def handle(self, name):
        return self.page.locator(f".stage [data-handle='{name}']")

    def middle(self, name):
        box = self.handle(name).locator(".knob").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def hold(self, name, by, moves=6):
        places = [self.middle(name)]
        for _ in range(40):  # until the page has come to rest
            self.page.wait_for_timeout(50)
            places.append(self.middle(name))
            if len(set(places[-3:])) == 1 and len(places) > 2:
                break
        x, y = places[-1]
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for part in range(1, moves + 1):
            self.page.mouse.move(x + by[0] * part / moves, y + by[1] * part / moves)

    def view(self, name):
        self.page.get_by_role("group", name="What the neuron does").get_by_role(
            "button", name=name, exact=True
        ).click()

    def step(self):
        return int(self.page.locator(".path .track").get_attribute("aria-valuenow"))

    def wait_for(self, condition, what):
        for _ in range(200):
            if condition():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"{what} did not come about at {self.page.url}")

    def wait_changed(self, locator, before):
        expect(locator).not_to_have_text(before)
        return locator.inner_text()

    def shown(self):
        return {
            "cursor": self.cursor_reading.inner_text(),
            "reading": self.reading.inner_text(),
            "legend": self.legend.all_inner_texts(),
            "legend text": self.legend.evaluate_all("all => all.map(one => one.textContent)"),
            "formulas": self.page.locator(".formulas > span").all_inner_texts(),
            "script": self.page.locator(".script-card pre").inner_text(),
            "chosen": self.page.locator(".chip[aria-pressed=true] span").all_inner_texts(),
        }


@pytest.fixture
def activations(server, new_page):
    def visited(query=QUIET, **options):
        return ActivationsPage(new_page(**options), server.url).goto(query)

    return visited


def test_a_fresh_page_is_alive_and_comes_to_rest(activations):
    lesson = activations("")
    lesson.wait_for(lambda: lesson.step() > 0, "a first step")
    first = lesson.step()
    lesson.wait_for(lambda: lesson.step() > first, "more steps")
    loss = number(lesson.reading.locator("b").inner_text())
    expect(lesson.page.locator("button.play")).to_contain_text("Pause")
    lesson.page.locator("button.play").click()
    expect(lesson.page.locator("button.play")).to_contain_text("Play")
    lesson.wait_for(lambda: "x" in lesson.query().get("path", ""), "the path in the address")
    assert number(lesson.reading.locator("b").inner_text()) <= loss
    assert wrong_words(lesson.page) == []


def test_numbers_follow_the_cursor_while_it_is_held(activations):
    lesson = activations()
    before, place = lesson.legend.evaluate_all("all => all.map(one => one.textContent)"), "−0.75"
    expect(lesson.cursor_reading).to_have_text(f"at x = {place}")
    lesson.hold("cursor", (150, 0))
    held = number(lesson.wait_changed(lesson.cursor_reading, f"at x = {place}").split("=")[1])
    assert held > 0
    lesson.wait_for(
        lambda: lesson.legend.evaluate_all("all => all.map(one => one.textContent)") != before,
        "other numbers",
    )
    expect(lesson.cursor_reading).not_to_have_text(f"at x = {place}")
    assert lesson.query().get("cursor", "-0.75") == "-0.75", "the address waits for the hand"
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["cursor"]) > 0, "the cursor in the address")
    relu = number(lesson.legend.first.evaluate("one => one.textContent"))
    assert relu == pytest.approx(float(lesson.query()["cursor"]), abs=1e-3)


def test_keys_move_the_cursor(activations):
    lesson = activations()
    lesson.handle("cursor").focus()
    for _ in range(3):
        lesson.page.keyboard.press("ArrowRight")
    lesson.wait_for(lambda: lesson.query().get("cursor") == "-0.45", "the cursor at −0.45")
    expect(lesson.cursor_reading).to_have_text("at x = −0.45")
    lesson.page.keyboard.press("Shift+ArrowLeft")
    lesson.wait_for(lambda: lesson.query().get("cursor") == "-1.45", "the cursor at −1.45")


def test_a_neuron_is_held_by_where_its_sum_is_zero(activations):
    lesson = activations("path=&view=neuron&neuron=1.5,-1")
    before = lesson.reading.inner_text()
    lesson.hold("zero", (-90, 0))
    held = lesson.wait_changed(lesson.reading, before)
    assert "1.50 x +" in " ".join(held.split())
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["neuron"].split(",")[1]) > 0, "another bias")
    before = lesson.reading.inner_text()
    lesson.hold("one", (60, 0))
    lesson.wait_changed(lesson.reading, before)
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["neuron"].split(",")[0]) < 1.5, "a smaller weight")


def test_two_inputs_are_held_by_the_arrow_of_the_weights(activations):
    lesson = activations("path=&view=plane")
    before = lesson.reading.inner_text()
    lesson.hold("tip", (-60, 30))
    lesson.wait_changed(lesson.reading, before)
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["plane"].split(",")[0]) < 1.2, "another weight")
    assert wrong_words(lesson.page) == []


def test_weights_of_zero_are_drawn(activations):
    lesson = activations("path=&view=plane&plane=0,0,1")
    assert wrong_words(lesson.page) == []  # and the console stays silent


def test_a_neuron_of_the_sum_is_held_and_the_run_begins_anew(activations):
    lesson = activations("path=0.03x30")
    assert lesson.step() == 30
    before = lesson.reading.inner_text()
    lesson.hold("0", (25, -60))
    lesson.wait_changed(lesson.reading, before)
    lesson.wait_for(lambda: lesson.step() == 0, "a fresh run")
    lesson.page.mouse.up()
    lesson.wait_for(lambda: lesson.query().get("weights"), "the weights in the address")
    assert lesson.query()["path"] == ""


def test_the_path_can_be_walked_back_and_the_address_follows(activations):
    lesson = activations("path=0.03x30")
    track = lesson.page.locator(".path .track")
    track.focus()
    lesson.page.keyboard.press("ArrowLeft")
    lesson.wait_for(lambda: lesson.query().get("path") == "0.03x29", "one step less")
    box = track.bounding_box()
    lesson.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=5)
    lesson.page.mouse.up()
    lesson.wait_for(
        lambda: 10 < int(lesson.query()["path"].split("x")[1]) < 20, "half of the steps"
    )


def test_a_wrong_function_is_explained_and_a_right_one_is_drawn(activations):
    lesson = activations()
    lesson.typed.fill("x + sinn(x)")
    lesson.typed.press("Enter")
    expect(lesson.refused).to_be_visible()
    expect(lesson.refused).to_contain_text("sinn")
    text, pointer = lesson.refused.locator("pre").inner_text().split("\n")
    assert (text, pointer.index("^")) == ("x + sinn(x)", 4)
    expect(lesson.typed).to_have_value("x + sinn(x)")
    assert lesson.page.locator("path.function").count() == 2
    lesson.typed.fill("x + sin(x)")
    lesson.page.get_by_role("button", name="Draw it").click()
    expect(lesson.refused).to_be_hidden()
    expect(lesson.page.locator(".chip[data-name=own]")).to_have_text(re.compile("yours"))
    expect(lesson.page.locator("path.function")).to_have_count(3)
    lesson.wait_for(lambda: lesson.query().get("functions") == "own,relu,gelu", "its address")


@pytest.mark.parametrize("view", ["neuron", "plane", "chain", "stack", "depth"])
def test_a_function_with_gaps_is_shown_in_every_view(activations, view):
    lesson = activations(f"path=&functions=own,relu&expression=log(x)&view={view}")
    expect(lesson.page.locator(".dot")).to_have_count(2)  # those of ReLU
    again = [one for one in wrong_words(lesson.page) if "not a number" not in one]
    assert again == []


def test_a_link_shows_the_same_in_another_browser(activations):
    lesson = activations("path=")
    lesson.page.locator(".chip[data-name=tanh]").click()
    lesson.page.get_by_role("button", name="10 steps").click()
    lesson.wait_for(lambda: lesson.query().get("path") == "0.03x10", "ten steps")
    lesson.hold("cursor", (90, 0))
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["cursor"]) > 0, "the cursor in the address")
    lesson.wait_for(
        lambda: lesson.shown()["cursor"].endswith(f"{float(lesson.query()['cursor']):.2f}"), "rest"
    )
    # The cards follow the stage within a fifth of a second.
    at = f"({float(lesson.query()['cursor']):.2f})"
    lesson.wait_for(lambda: at in lesson.shown()["formulas"][1], f"formulas at {at}")
    shown = lesson.shown()
    other = activations(urlsplit(lesson.page.url).query, locale="en-GB")
    other.wait_for(lambda: other.shown() == shown, f"{shown}, but {other.shown()}")


@pytest.mark.parametrize(
    ("view", "functions"),
    [
        *[(view, "relu,tanh") for view in ("neuron", "plane", "chain", "stack", "depth")],
        ("chain", "gelu,hardswish"),
    ],
)
def test_a_narrow_page_does_not_scroll_sideways(activations, view, functions):
    size = {"viewport": {"width": 400, "height": 860}, "has_touch": True, "is_mobile": True}
    lesson = activations(f"path=&view={view}&functions={functions}", **size)
    lesson.page.evaluate("document.fonts.ready")
    assert lesson.page.evaluate(OVERFLOW) == []


def test_keys_of_a_hidden_bar_do_nothing(activations):
    lesson = activations("path=&view=neuron")
    lesson.page.keyboard.press("ArrowRight")
    lesson.page.keyboard.press("Home")
    lesson.view("Sum")
    expect(lesson.page.locator(".path .track")).to_have_attribute("aria-valuenow", "0")
    lesson.page.keyboard.press("Escape")
    assert lesson.query().get("path", "") == ""
