"""Activation functions as a person sees them: hold the cursor, a neuron, a sum; type a function."""

import math
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .activations_page import ActivationsPage
from .lesson_page import number
from .test_layout import OVERFLOW, PHONE
from .watched import wrong_words

ON_A_PHONE = "path=&functions=gelu,hardswish&plane=0,0,1&scores=2,1,0.1,0,0,-1"
VIEWS = {
    "neuron": "Neuron",
    "plane": "2 inputs",
    "chain": "Sum",
    "stack": "Stack",
    "depth": "Depth",
    "softmax": "Softmax",
}


@pytest.fixture
def activations(server, new_page):
    def visited(query, **options):
        return ActivationsPage(new_page(**options), server.url).goto(query)

    return visited


@pytest.fixture
def fresh(server, kept):
    """The page as the first test finds it: it begins to play by itself."""
    return kept("lesson", lambda page: ActivationsPage(page, server.url).goto(""))


@pytest.fixture
def lesson(fresh):
    """The same page, at rest: each test sets what it needs, and says so where it comes first."""
    if not fresh.quiet:
        fresh.wait_for(lambda: fresh.step() > 0, "a first step")
        fresh.pause()
    return fresh


@pytest.fixture
def phone(server, kept):
    """A narrow page that is touched."""

    def opened(page):
        page.set_viewport_size(PHONE)
        return ActivationsPage(page, server.url).goto(ON_A_PHONE)

    return kept("phone", opened, has_touch=True, is_mobile=True)


def test_a_fresh_page_is_alive_and_comes_to_rest(fresh):
    lesson = fresh
    lesson.wait_for(lambda: lesson.step() > 0, "a first step")
    first = lesson.step()
    lesson.wait_for(lambda: lesson.step() > first, "more steps")
    loss = number(lesson.reading.locator("b").inner_text())
    lesson.pause()
    lesson.wait_for(lambda: "x" in lesson.query().get("path", ""), "the path in the address")
    assert number(lesson.reading.locator("b").inner_text()) <= loss
    assert wrong_words(lesson.page) == []


def test_the_path_can_be_walked_back_and_the_address_follows(lesson):
    lesson.back_to_the_start()
    lesson.page.get_by_role("button", name="100 steps").click()
    lesson.wait_for(lambda: lesson.query().get("path") == "0.03x100", "a hundred steps")
    track = lesson.page.locator(".path .track")
    track.focus()
    lesson.page.keyboard.press("ArrowLeft")
    lesson.wait_for(lambda: lesson.query().get("path") == "0.03x99", "one step less")
    box = track.bounding_box()
    lesson.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    lesson.page.mouse.down()
    lesson.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=5)
    lesson.page.mouse.up()
    lesson.wait_for(
        lambda: 40 < int(lesson.query()["path"].split("x")[1]) < 60, "half of the steps"
    )


def test_a_neuron_of_the_sum_is_held_and_the_run_begins_anew(lesson):
    assert lesson.step() > 0
    before = lesson.reading.inner_text()
    lesson.hold("0", (25, -60))
    lesson.wait_changed(lesson.reading, before)
    lesson.wait_for(lambda: lesson.step() == 0, "a fresh run")
    lesson.page.mouse.up()
    lesson.wait_for(lambda: lesson.query().get("weights"), "the weights in the address")
    assert lesson.query()["path"] == ""


def test_numbers_follow_the_cursor_while_it_is_held(lesson):
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


def test_keys_move_the_cursor(lesson):
    start = number(lesson.cursor_reading.inner_text().split("=")[1])
    lesson.handle("cursor").focus()
    for _ in range(3):
        lesson.page.keyboard.press("ArrowRight")
    there = pytest.approx(start + 0.3)
    lesson.wait_for(lambda: float(lesson.query().get("cursor", "nan")) == there, "0.3 more")
    assert number(lesson.cursor_reading.inner_text().split("=")[1]) == there
    lesson.page.keyboard.press("Shift+ArrowLeft")
    there = pytest.approx(start - 0.7)
    lesson.wait_for(lambda: float(lesson.query()["cursor"]) == there, "1 less")


def test_a_neuron_is_held_by_where_its_sum_is_zero(lesson):
    lesson.view("Neuron")
    expect(lesson.reading).to_contain_text("1.50 x −")
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


def test_two_inputs_are_held_by_the_arrow_of_the_weights(lesson):
    lesson.view("2 inputs")
    expect(lesson.handle("tip")).to_be_visible()
    before = lesson.reading.inner_text()
    lesson.hold("tip", (-60, 30))
    lesson.wait_changed(lesson.reading, before)
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["plane"].split(",")[0]) < 1.2, "another weight")
    assert wrong_words(lesson.page) == []


def test_weights_of_zero_are_drawn(phone):
    phone.view("2 inputs")
    expect(phone.handle("tip")).to_be_visible()
    assert wrong_words(phone.page) == []  # and the console stays silent


def test_keys_of_a_hidden_bar_do_nothing(lesson):
    lesson.view("Sum")
    lesson.back_to_the_start()
    lesson.view("Neuron")
    expect(lesson.handle("zero")).to_be_visible()
    lesson.page.locator("h1").click()
    lesson.page.keyboard.press("ArrowRight")
    lesson.page.keyboard.press("Home")
    lesson.view("Sum")
    expect(lesson.page.locator(".path .track")).to_have_attribute("aria-valuenow", "0")
    lesson.page.keyboard.press("Escape")
    assert lesson.query().get("path", "") == ""


def test_a_link_shows_the_same_to_somebody_else(lesson, activations):
    lesson.view("Sum")
    lesson.only("relu", "gelu", "tanh")
    lesson.back_to_the_start()
    before = lesson.cursor_reading.inner_text()
    lesson.page.get_by_role("button", name="10 steps").click()
    lesson.wait_for(lambda: lesson.query().get("path") == "0.03x10", "ten steps")
    lesson.hold("cursor", (90, 0))
    lesson.wait_changed(lesson.cursor_reading, before)
    lesson.page.mouse.up()
    lesson.wait_for(lambda: float(lesson.query()["cursor"]) > 0, "the cursor in the address")
    lesson.wait_for(
        lambda: lesson.shown()["cursor"].endswith(f"{float(lesson.query()['cursor']):.2f}"), "rest"
    )
    # The cards follow the stage within a fifth of a second.
    at = f"({float(lesson.query()['cursor']):.2f})"
    lesson.wait_for(lambda: at in lesson.shown()["formulas"][1], f"formulas at {at}")
    shown = lesson.shown()
    other = activations(urlsplit(lesson.page.url).query)
    other.wait_for(lambda: other.shown() == shown, f"{shown}, but {other.shown()}")


def test_a_narrow_page_does_not_scroll_sideways(phone):
    phone.page.evaluate("document.fonts.ready")
    for view, title in VIEWS.items():
        phone.view(title)
        phone.wait_for(lambda view=view: phone.query().get("view", "neuron") == view, view)
        phone.page.wait_for_timeout(200)
        assert phone.page.evaluate(OVERFLOW) == [], view


def test_ones_own_function_is_taken_to_the_network_builder(lesson):
    way = lesson.page.get_by_role("button", name="Use it in the network builder")
    expect(way).to_be_hidden()  # Nothing was typed so far.
    lesson.typed.fill("x^2")
    lesson.typed.press("Enter")
    way.click()
    lesson.wait_for(lambda: "/network_builder" in lesson.page.url, "the network builder")
    lesson.page.get_by_role("link", name="Activation functions").click()
    expect(lesson.typed).to_have_value("x^2")
    expect(way).to_be_visible()


def test_a_wrong_function_is_explained_and_a_right_one_is_drawn(lesson):
    lesson.only("relu", "gelu")
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


# -- softmax ---------------------------------------------------------------------------


def texts(lesson):
    """The numbers in the pane: score, probability and derivative of each class."""
    found = lesson.page.locator(".softmax text.value").evaluate_all(
        "all => all.map(one => one.textContent)"
    )
    return [found[at : at + 3] for at in range(0, len(found), 3)]


def scores(lesson):
    return [float(one) for one in lesson.query()["scores"].split(",")]


def first_preset(lesson):
    lesson.view("Softmax")
    lesson.page.get_by_role("button", name="Scores (2, 1, 0.1)").click()
    lesson.wait_for(lambda: texts(lesson)[0][1] == "0.659", "the first preset")


def test_a_score_is_held_and_the_probabilities_follow(lesson):
    lesson.view("Softmax")
    expect(lesson.handle("z2")).to_be_visible()
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


def test_a_finger_moves_a_score_and_not_the_page(phone):
    phone.view("Softmax")
    phone.handle("z1").scroll_into_view_if_needed()
    before = phone.page.locator("[data-testid=stMain]").evaluate("one => one.scrollTop")
    x, y = phone.middle("z1")
    send = phone.page.context.new_cdp_session(phone.page).send
    for kind, dy in [("touchStart", 0), *[("touchMove", -4 * k) for k in range(1, 7)]]:
        send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + dy}]})
        phone.page.wait_for_timeout(30)
    send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for(lambda: scores(phone)[1] > 1.4, "a larger score")
    after = phone.page.locator("[data-testid=stMain]").evaluate("one => one.scrollTop")
    assert after == before
    halo = phone.handle("z1").locator(".halo").bounding_box()
    assert round(min(halo["width"], halo["height"]), 2) >= 40


def test_keys_move_a_score_and_choose_another(lesson):
    first_preset(lesson)
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


def test_presets_temperature_and_ten_more_for_all(lesson):
    first_preset(lesson)
    drawn = lesson.page.locator("path.function").count()
    shares = [row[1] for row in texts(lesson)]
    lesson.page.get_by_role("button", name="+10 to all").click()
    expect(lesson.notice).to_contain_text("only differences count")
    lesson.wait_for(lambda: lesson.query().get("scores") == "12,11,10.1", "ten more")
    assert [row[1] for row in texts(lesson)] == shares
    lesson.page.get_by_role("button", name="Scores (100, 0, 0)").click()
    expect(lesson.page.locator(".softmax .comment")).to_contain_text("overflows float32")
    lesson.wait_for(lambda: texts(lesson)[1][1] == "3.7e−44", "a tiny share")
    expect(lesson.page.locator(".doctor .note")).to_contain_text("Saturated")
    first_preset(lesson)
    lesson.page.get_by_role("slider", name="Temperature T").focus()
    lesson.page.keyboard.press("End")
    lesson.wait_for(lambda: lesson.query().get("temperature") == "10", "T = 10")
    lesson.wait_for(lambda: all(0.3 < number(row[1]) < 0.37 for row in texts(lesson)), "thirds")
    lesson.page.get_by_role("button", name="Set T to 1").click()
    lesson.wait_for(lambda: lesson.query().get("temperature") == "1", "T = 1")
    lesson.page.get_by_role("button", name="More: Scores").click()
    expect(lesson.page.locator(".softmax [data-handle]")).to_have_count(4)
    expect(lesson.page.locator("path.function")).to_have_count(drawn)  # the left pane stays


# -- what was said goes again ----------------------------------------------------------


def test_a_message_goes_when_the_text_is_changed_back(lesson):
    lesson.only("relu", "gelu")
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


def test_a_message_goes_when_something_else_is_done(lesson):
    lesson.typed.fill("x +")
    lesson.typed.press("Enter")
    expect(lesson.refused).to_be_visible()
    lesson.hold("cursor", (40, 0))
    lesson.page.mouse.up()
    expect(lesson.refused).to_be_hidden()
    expect(lesson.typed).to_have_value("x +")


def test_a_fifth_function_says_who_has_left(lesson):
    lesson.only("relu", "gelu", "tanh", "elu")
    lesson.page.locator(".chip[data-name=mish]").click()
    expect(lesson.notice).to_contain_text("GELU has left")
    lesson.typed.fill("x^2")
    lesson.typed.press("Enter")
    expect(lesson.notice).to_contain_text("ReLU has left")
    lesson.wait_for(lambda: lesson.query()["functions"] == "own,tanh,elu,mish", "its address")


def test_a_function_with_gaps_is_shown_in_every_view(lesson):
    lesson.only("relu")
    lesson.typed.fill("log(x)")
    lesson.typed.press("Enter")
    lesson.wait_for(lambda: lesson.query()["functions"] == "own,relu", "log(x) and ReLU")
    for _ in range(6):  # to where there is no logarithm
        lesson.handle("cursor").press("Shift+ArrowLeft")
    lesson.wait_for(lambda: float(lesson.query()["cursor"]) < -0.5, "a cursor below 0")
    for view, title in VIEWS.items():
        lesson.view(title)
        lesson.wait_for(lambda view=view: lesson.query().get("view", "neuron") == view, view)
        expect(lesson.page.locator(".dot")).to_have_count(2)  # those of ReLU
        again = [one for one in wrong_words(lesson.page) if "not a number" not in one]
        assert again == [], view


def test_a_fit_that_meets_a_gap_can_be_started_over(lesson):
    lesson.view("Sum")
    lesson.typed.fill("sqrt(x+9)")
    lesson.typed.press("Enter")
    lesson.wait_for(lambda: lesson.query()["expression"] == "sqrt(x+9)", "the root")
    lesson.page.get_by_role("slider", name="Learning rate").press("End")
    lesson.wait_for(lambda: lesson.query()["rate"] == "0.3", "a large rate")
    lesson.page.get_by_role("textbox", name="Neurons").fill("2")
    lesson.page.get_by_role("textbox", name="Neurons").press("Enter")
    lesson.wait_for(lambda: lesson.query()["units"] == "2", "two neurons")
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
