"""Activation functions as a person sees them: hold the cursor, a neuron, a sum; type a function."""

import math
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .lesson_page import number
from .test_layout import OVERFLOW
from .watched import wrong_words

QUIET = "path="
VIEWS = {
    "neuron": "Neuron",
    "plane": "2 inputs",
    "chain": "Sum",
    "stack": "Stack",
    "depth": "Depth",
    "softmax": "Softmax",
}


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
    lesson.wait_for(
        lambda: number(lesson.cursor_reading.inner_text().split("=")[1]) > 0, "the cursor beyond 0"
    )
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


def test_a_function_with_gaps_is_shown_in_every_view(activations):
    lesson = activations("path=&functions=own,relu&expression=log(x)")
    for view, title in VIEWS.items():
        lesson.view(title)
        lesson.wait_for(lambda view=view: lesson.query().get("view", "neuron") == view, view)
        expect(lesson.page.locator(".dot")).to_have_count(2)  # those of ReLU
        again = [one for one in wrong_words(lesson.page) if "not a number" not in one]
        assert again == [], view


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


def test_a_narrow_page_does_not_scroll_sideways(activations):
    size = {"viewport": {"width": 400, "height": 860}, "has_touch": True, "is_mobile": True}
    lesson = activations("path=&functions=gelu,hardswish", **size)
    lesson.page.evaluate("document.fonts.ready")
    for view, title in VIEWS.items():
        lesson.view(title)
        lesson.wait_for(lambda view=view: lesson.query().get("view", "neuron") == view, view)
        lesson.page.wait_for_timeout(200)
        assert lesson.page.evaluate(OVERFLOW) == [], view


def test_keys_of_a_hidden_bar_do_nothing(activations):
    lesson = activations("path=&view=neuron")
    lesson.page.keyboard.press("ArrowRight")
    lesson.page.keyboard.press("Home")
    lesson.view("Sum")
    expect(lesson.page.locator(".path .track")).to_have_attribute("aria-valuenow", "0")
    lesson.page.keyboard.press("Escape")
    assert lesson.query().get("path", "") == ""


# -- softmax ---------------------------------------------------------------------------

SOFTMAX = "path=&view=softmax"


def texts(lesson):
    """The numbers in the pane: score, probability and derivative of each class."""
    found = lesson.page.locator(".softmax text.value").evaluate_all(
        "all => all.map(one => one.textContent)"
    )
    return [found[at : at + 3] for at in range(0, len(found), 3)]


def scores(lesson):
    return [float(one) for one in lesson.query()["scores"].split(",")]


def test_a_score_is_held_and_the_probabilities_follow(activations):
    lesson = activations(SOFTMAX)
    assert [row[1] for row in texts(lesson)] == ["0.659", "0.242", "0.099"]
    assert [row[2] for row in texts(lesson)] == ["+0.225", "−0.160", "−0.065"]
    lesson.hold("z2", (0, -40))
    lesson.wait_for(lambda: number(texts(lesson)[2][1]) > 0.3, "a larger probability")
    lesson.wait_for(lambda: texts(lesson)[2][2].startswith("+"), "its own derivative")
    assert lesson.query().get("scores", "2,1,0.1") == "2,1,0.1", "the address waits for the hand"
    lesson.page.mouse.up()
    lesson.wait_for(lambda: scores(lesson)[2] > 1.5, "the score in the address")
    lesson.wait_for(lambda: lesson.query()["selected"] == "3", "the selected score")
    expect(lesson.reading).to_have_text("sum of p = 1.0000")
    total = sum(math.exp(z) for z in scores(lesson))
    shown = [math.exp(z) / total for z in scores(lesson)]
    lesson.wait_for(
        lambda: [number(row[1]) for row in texts(lesson)] == pytest.approx(shown, abs=6e-4),
        f"{shown}, but {texts(lesson)}",
    )
    assert wrong_words(lesson.page) == []


def test_a_finger_moves_a_score_and_not_the_page(activations):
    size = {"viewport": {"width": 400, "height": 860}, "has_touch": True, "is_mobile": True}
    lesson = activations(f"{SOFTMAX}&scores=2,1,0.1,0,0,-1", **size)
    lesson.handle("z1").scroll_into_view_if_needed()
    before = lesson.page.locator("[data-testid=stMain]").evaluate("one => one.scrollTop")
    x, y = lesson.middle("z1")
    send = lesson.page.context.new_cdp_session(lesson.page).send
    for kind, dy in [("touchStart", 0), *[("touchMove", -4 * k) for k in range(1, 7)]]:
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + dy}]})
        lesson.page.wait_for_timeout(30)
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    lesson.wait_for(lambda: scores(lesson)[1] > 1.4, "a larger score")
    after = lesson.page.locator("[data-testid=stMain]").evaluate("one => one.scrollTop")
    assert after == before
    halo = lesson.handle("z1").locator(".halo").bounding_box()
    assert min(halo["width"], halo["height"]) >= 40


def test_keys_move_a_score_and_choose_another(activations):
    lesson = activations(SOFTMAX)
    lesson.handle("z0").focus()
    for _ in range(3):
        lesson.page.keyboard.press("ArrowUp")
    lesson.wait_for(lambda: lesson.query().get("scores") == "2.3,1,0.1", "2.3")
    lesson.page.keyboard.press("ArrowRight")
    lesson.wait_for(lambda: lesson.query().get("selected") == "2", "the second score")
    lesson.page.keyboard.press("Shift+ArrowDown")
    lesson.wait_for(lambda: lesson.query().get("scores") == "2.3,0,0.1", "one less")
    label = lesson.handle("z1").get_attribute("aria-valuetext")
    assert label.startswith("0.00, probability 0.0")


def test_presets_temperature_and_ten_more_for_all(activations):
    lesson = activations(SOFTMAX)
    shares = [row[1] for row in texts(lesson)]
    lesson.page.get_by_role("button", name="+10 to all").click()
    expect(lesson.notice).to_contain_text("only differences count")
    lesson.wait_for(lambda: lesson.query().get("scores") == "12,11,10.1", "ten more")
    assert [row[1] for row in texts(lesson)] == shares
    lesson.page.get_by_role("button", name="Scores (100, 0, 0)").click()
    expect(lesson.page.locator(".softmax .comment")).to_contain_text("overflows float32")
    lesson.wait_for(lambda: texts(lesson)[1][1] == "3.7e−44", "a tiny share")
    expect(lesson.page.locator(".doctor .note")).to_contain_text("Saturated")
    lesson.page.get_by_role("button", name="Scores (2, 1, 0.1)").click()
    lesson.wait_for(lambda: texts(lesson)[0][1] == "0.659", "the first preset")
    lesson.page.get_by_role("slider", name="Temperature T").focus()
    lesson.page.keyboard.press("End")
    lesson.wait_for(lambda: lesson.query().get("temperature") == "10", "T = 10")
    lesson.wait_for(lambda: all(0.3 < number(row[1]) < 0.37 for row in texts(lesson)), "thirds")
    lesson.page.get_by_role("button", name="Set T to 1").click()
    lesson.wait_for(lambda: lesson.query().get("temperature") == "1", "T = 1")
    lesson.page.get_by_role("button", name="More: Scores").click()
    expect(lesson.page.locator(".softmax [data-handle]")).to_have_count(4)
    expect(lesson.page.locator("path.function")).to_have_count(2)  # the left pane stays


# -- what was said goes again ----------------------------------------------------------


def test_a_message_goes_when_the_text_is_changed_back(activations):
    lesson = activations()
    accepted = lesson.typed.input_value()
    lesson.typed.fill("x +")
    lesson.typed.press("Enter")
    expect(lesson.refused).to_be_visible()
    lesson.typed.fill(accepted)
    expect(lesson.refused).to_be_hidden()
    expect(lesson.typed).to_have_attribute("aria-invalid", "false")
    lesson.page.locator(".chip[data-name=tanh]").click()  # the picker is drawn again
    expect(lesson.page.locator("path.function")).to_have_count(3)
    expect(lesson.refused).to_be_hidden()


def test_a_message_goes_when_something_else_is_done(activations):
    lesson = activations()
    lesson.typed.fill("x +")
    lesson.typed.press("Enter")
    expect(lesson.refused).to_be_visible()
    lesson.hold("cursor", (40, 0))
    lesson.page.mouse.up()
    expect(lesson.refused).to_be_hidden()
    expect(lesson.typed).to_have_value("x +")


def test_a_fifth_function_says_who_has_left(activations):
    lesson = activations("path=&functions=relu,gelu,tanh,elu")
    lesson.page.locator(".chip[data-name=mish]").click()
    expect(lesson.notice).to_contain_text("GELU has left")
    lesson.typed.fill("x^2")
    lesson.typed.press("Enter")
    expect(lesson.notice).to_contain_text("ReLU has left")
    lesson.wait_for(lambda: lesson.query()["functions"] == "own,tanh,elu,mish", "its address")


def test_ones_own_function_is_taken_to_the_network_builder(activations):
    lesson = activations()
    way = lesson.page.get_by_role("button", name="Use it in the network builder")
    expect(way).to_be_hidden()
    lesson.typed.fill("x^2")
    lesson.typed.press("Enter")
    way.click()
    lesson.wait_for(lambda: "/network_builder" in lesson.page.url, "the network builder")
    lesson.page.get_by_role("link", name="Activation functions").click()
    expect(lesson.typed).to_have_value("x^2")
    expect(way).to_be_visible()


def test_a_fit_that_meets_a_gap_can_be_started_over(activations):
    lesson = activations("path=&functions=own&expression=sqrt(x%2B9)&units=2&rate=0.3")
    lesson.page.locator("button.play").click()
    remedy = lesson.page.get_by_role("button", name="Start over with learning rate 0.1")
    expect(remedy).to_be_visible()
    expect(lesson.page.locator("button.play")).to_be_disabled()
    stopped = lesson.step()
    assert stopped > 0
    remedy.click()
    lesson.wait_for(lambda: lesson.step() == 0, "the start")
    expect(lesson.page.locator("button.play")).to_be_enabled()
    lesson.page.get_by_role("button", name="One step").click()
    lesson.wait_for(lambda: lesson.query().get("path") == "0.1x1", "a step")
