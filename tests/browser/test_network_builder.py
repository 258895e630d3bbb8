"""The network builder as a person uses it: play, brush, diagram, time machine, A/B, link, keys."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP

STILL = "data=circles&speed=20&epochs=12"
MOONS = "data=moons&points=100&noise=0&layers=2:tanh&unit=1.0&scratch=2000"
SPIRALS = "data=spirals&classes=5&layers=4:relu&epochs=30&seed=5&lecture=1"


class Builder:
    """The page and its parts."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.stage = page.locator("section.stage.network")
        self.play = page.locator("button.play")
        self.reading = page.locator(".path .row b")
        self.words = page.locator(".decision-pane header .sub").first
        self.notice = page.locator(".notice")
        self.units = page.locator("button.net-unit")
        self.script = page.locator(".script-card pre")
        self.map = page.locator(".decision svg").first

    def goto(self, query):
        self.page.goto(f"{self.url}/network_builder?{query}", wait_until="commit")
        expect(self.script).to_contain_text("import torch")
        expect(self.words).to_contain_text("accuracy")
        return self

    def epoch(self):
        return int(re.search(r"Epoch (\d+)", self.reading.text_content()).group(1))

    def address(self):
        return {name: found[0] for name, found in parse_qs(urlsplit(self.page.url).query).items()}

    def back_to_the_start(self):
        self.page.get_by_role("button", name="Back to the start").click()
        self.wait_for(lambda: self.epoch() == 0)

    def data(self, name):
        self.page.locator(f".pictures button[data-value={name}]").click()
        self.wait_for(lambda: self.address()["data"] == name)

    def at_rest(self, selector):
        """Return texts once the cards have followed the stage: they stay the same for a second."""
        texts = None
        while (now := self.page.locator(selector).all_text_contents()) != texts:
            texts = now
            self.page.wait_for_timeout(1000)
        return now

    def wait_for(self, condition):
        for _ in range(400):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"it did not come: {self.page.url}, {self.notice.all_text_contents()}")

    def number(self, name):
        return self.page.locator(".unit-card .cell", has=self.page.locator("xpath=.")).nth(name)


@pytest.fixture
def builder(server, new_page):
    def opened(query, **options):
        return Builder(new_page(**options), server.url).goto(query)

    return opened


@pytest.fixture
def circles(server, kept):
    """A network that has learnt for some epochs and is at rest."""
    return kept("circles", lambda page: Builder(page, server.url).goto(STILL))


@pytest.fixture
def moons(server, kept):
    """A small network on a hundred points, for tests that change both."""
    return kept("moons", lambda page: Builder(page, server.url).goto(MOONS))


@pytest.fixture
def spirals(server, kept):
    """Five classes, in a lecture."""
    return kept("spirals", lambda page: Builder(page, server.url).goto(SPIRALS))


def test_the_page_plays_by_itself_when_it_is_opened_without_a_link(builder):
    page = builder("")
    page.wait_for(lambda: page.epoch() >= 30)
    page.wait_for(lambda: "Play" in page.play.text_content())  # It stops by itself.
    page.wait_for(lambda: page.epoch() >= 60)
    # On a busy machine it stops within an epoch; then the link carries the weights.
    page.wait_for(lambda: page.address().get("weights") or int(page.address()["epochs"]) >= 60)
    share = float(re.search(r"([\d.]+) %", page.words.text_content()).group(1))
    assert share > 90


def test_the_time_machine_goes_back_and_on_to_the_same_weights(circles):
    page = circles
    page.wait_for(lambda: page.epoch() == 12)
    page.wait_for(lambda: page.page.locator(".unit-card .cell").count() == 3)
    before = page.at_rest(".unit-card .cell")
    track = page.page.locator(".path .track")
    box = track.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 10)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10, steps=6)
    page.page.mouse.up()
    page.wait_for(lambda: page.reading.text_content().endswith("of 12") and page.epoch() < 9)
    page.wait_for(lambda: page.page.locator(".unit-card .cell").all_text_contents() != before)
    page.at_rest(".path .row b")  # The last moves of the hand have arrived.
    for epoch in range(page.epoch() + 1, 13):
        page.page.get_by_role("button", name="One step", exact=True).click()
        page.wait_for(lambda wanted=epoch: page.epoch() == wanted)
    page.wait_for(lambda: page.page.locator(".unit-card .cell").all_text_contents() == before)


def test_play_pause_step_and_back(circles):
    page = circles
    page.back_to_the_start()
    page.page.get_by_role("button", name="One step", exact=True).click()
    page.wait_for(lambda: page.epoch() == 1)
    page.play.click()
    page.wait_for(lambda: page.epoch() > 5)
    page.play.click()
    page.at_rest(".path .row b")  # An answer to the last tick may still have been on its way.
    page.wait_for(lambda: page.address()["epochs"] != "0" or page.address().get("weights"))
    if page.address().get("weights"):  # On a busy machine it has stopped within an epoch.
        page.page.get_by_role("button", name="One step", exact=True).click()
    page.wait_for(lambda: page.address()["epochs"] == str(page.epoch()))
    stopped = page.epoch()
    page.page.wait_for_timeout(300)
    assert page.epoch() == stopped
    page.page.get_by_role("button", name="One step back").click()
    page.wait_for(lambda: page.epoch() == stopped - 1)


def test_rewind_by_key_gives_the_same_first_weights(circles):
    page = circles
    page.back_to_the_start()
    page.wait_for(lambda: page.page.locator(".unit-card .cell").count() == 3)
    first = page.at_rest(".unit-card .cell")
    page.page.locator("h1").click()
    page.page.keyboard.press("ArrowRight")
    page.wait_for(lambda: page.epoch() == 1)
    page.page.keyboard.press("Space")
    page.wait_for(lambda: page.epoch() > 4)
    page.page.keyboard.press("Space")
    page.page.keyboard.press("Home")
    page.wait_for(lambda: page.epoch() == 0)
    page.wait_for(lambda: page.page.locator(".unit-card .cell").all_text_contents() == first)


def test_two_networks_learn_side_by_side_from_the_same_points(circles):
    page = circles
    page.page.get_by_role("button", name="Compare A/B").click()
    expect(page.page.locator(".side")).to_have_count(2)
    page.wait_for(lambda: page.epoch() == 0)
    page.page.get_by_role("button", name="One step", exact=True).click()
    page.wait_for(lambda: page.epoch() == 1)
    page.wait_for(lambda: "b" in page.address())
    assert "relu" in page.address()["b"]
    expect(page.page.locator(".lines-card .series")).to_have_count(4)
    page.page.get_by_role("button", name="End A/B").click()
    expect(page.page.locator(".side")).to_have_count(1)


def test_a_file_is_checked_against_the_live_network_and_saved(circles):
    page = circles
    with page.page.expect_download() as download:
        page.page.locator(".take-row").first.get_by_role("button", name="Make").click()
    assert download.value.suggested_filename == "network.safetensors"
    expect(page.page.locator(".take-row").first).to_contain_text("largest difference")


def test_the_network_from_scratch_gives_the_true_losses(moons):
    page = moons
    card = page.page.locator(".scratch-card")
    card.scroll_into_view_if_needed()
    expect(card).to_contain_text("Epoch 2,000 of 10,000", timeout=20000)
    expect(card.locator("tbody").first).to_contain_text("0.283190")
    expect(card.locator("tbody").first).to_contain_text("2.7393e−4")


def test_the_brush_paints_a_class_and_undo_takes_the_stroke_back(moons):
    page = moons
    page.page.get_by_role("button", name="Paint points").click()
    page.page.get_by_role("button", name="Add class 3").click()
    box = page.map.bounding_box()
    page.page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 160, box["y"] + 60, steps=12)
    page.page.mouse.up()
    page.wait_for(lambda: page.address()["data"] == "own")
    assert page.address()["loss"] == "cross_entropy"
    painted = len(page.address()["own"]) // 5
    assert painted > 105
    expect(page.units.filter(has_text="")).to_have_count(7 + 2 + 3)
    page.page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for(lambda: page.address()["data"] == "moons")
    assert page.address()["loss"] == "bce"
    page.page.get_by_role("button", name="Done", exact=True).click()


def test_the_eraser_takes_points_away(moons):
    page = moons
    page.data("gaussians")
    page.page.get_by_role("button", name="Paint points").click()
    page.page.get_by_role("button", name="Eraser").click()
    box = page.map.bounding_box()
    page.page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 20)
    page.page.mouse.down()
    for row in range(4):
        page.page.mouse.move(box["x"] + 20 + 140 * (row % 2), box["y"] + 250 + 20 * row, steps=8)
    page.page.mouse.up()
    page.wait_for(lambda: page.address()["data"] == "own")
    assert len(page.address()["own"]) // 5 < 100


def test_a_weight_is_changed_on_the_diagram_and_undone(moons):
    page = moons
    cells = page.page.locator(".unit-card .cell")
    expect(cells).to_have_count(3)
    before = cells.all_text_contents()
    unit, source = (
        page.page.get_by_role("button", name=name, exact=True)
        for name in ("hidden 1, unit 1", "x₁")
    )
    to, of = unit.bounding_box(), source.bounding_box()
    page.page.mouse.click(  # The middle of the line from x₁ to the unit.
        (of["x"] + of["width"] + to["x"]) / 2,
        (of["y"] + of["height"] / 2 + to["y"] + to["height"] / 2) / 2,
    )
    field = page.page.locator(".net-popover .net-field")
    field.fill("2.5")
    field.press("Enter")
    page.wait_for(lambda: cells.all_text_contents()[0] == "2.50")
    page.page.keyboard.press("Escape")
    page.page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for(lambda: cells.all_text_contents() == before)


def test_units_and_layers_are_added_and_the_others_keep_their_weights(moons):
    page = moons
    cells = page.page.locator(".unit-card .cell")
    expect(cells).to_have_count(3)
    before = cells.all_text_contents()
    page.page.locator(".net-foot button").nth(1).click()
    page.wait_for(lambda: page.address()["layers"] == "3:tanh")
    expect(page.notice).to_contain_text("keeps its weights")
    assert cells.all_text_contents() == before
    page.page.get_by_role("button", name="Add a layer at place 2").click()
    page.wait_for(lambda: page.address()["layers"] == "3:tanh;3:tanh")
    assert cells.all_text_contents() == before


def test_the_keyboard_walks_the_units_and_changes_a_bias(moons):
    page = moons
    page.page.get_by_role("button", name="hidden 1, unit 1", exact=True).focus()
    page.page.keyboard.press("ArrowDown")
    expect(page.page.get_by_role("button", name="hidden 1, unit 2", exact=True)).to_be_focused()
    page.page.keyboard.press("Enter")
    field = page.page.locator(".net-popover .net-field")
    field.fill("-1.5")
    field.press("Enter")
    page.wait_for(lambda: page.address()["unit"] == "1.1")
    cells = page.page.locator(".unit-card .cell")
    page.wait_for(lambda: cells.all_text_contents()[-1] == "−1.50")


def test_many_classes_regression_and_the_phone_are_drawn(spirals, circles, artefacts):
    def drawn(page, name):
        page.page.wait_for_timeout(600)
        page.page.screenshot(path=artefacts / f"network_{name}.png")
        wide = page.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} scrolls sideways"

    spirals.page.emulate_media(color_scheme="light")
    drawn(spirals, "lecture")
    spirals.page.keyboard.press("Escape")
    expect(spirals.page.locator("html[data-lecture]")).to_have_count(0)
    spirals.page.emulate_media(color_scheme="dark")
    drawn(spirals, "spirals_dark")
    spirals.page.emulate_media(color_scheme="light")
    circles.page.set_viewport_size({"width": 400, "height": 860})
    drawn(circles, "phone")
    circles.page.set_viewport_size(DESKTOP)
    circles.data("plane")
    expect(circles.words).to_contain_text("loss")
    before = circles.epoch()  # The network goes on with the other points.
    circles.page.get_by_role("button", name="One step", exact=True).click()
    circles.wait_for(lambda: circles.epoch() == before + 1)
    drawn(circles, "plane")


def test_a_link_shows_the_same_numbers_in_another_tab(spirals, builder):
    page = spirals
    page.wait_for(lambda: page.epoch() == 30)
    cells = page.page.locator(".unit-card .cell")
    first = page.page.locator(".editable .cell").first
    first.click()
    page.page.keyboard.type("1.25")
    page.page.keyboard.press("Enter")
    page.wait_for(lambda: "weights" in page.address())
    other = builder(urlsplit(page.page.url).query)
    assert other.page.locator(".unit-card .cell").all_text_contents() == cells.all_text_contents()
    assert other.words.text_content() == page.words.text_content()
    assert other.page.locator(".problems").is_hidden()


def test_a_function_typed_on_the_other_page_is_an_activation_here(builder, new_page, server):
    page = Builder(new_page(), server.url)
    page.page.goto(f"{server.url}/activations?functions=own,relu&expression=x*sin(x)")
    page.page.get_by_role("button", name="Use it in the network builder").click()
    expect(page.stage).to_be_visible()
    expect(page.script).to_contain_text("import torch")
    page.page.locator(".net-choice select").first.select_option("own")
    page.wait_for(lambda: page.address().get("layers", "").startswith("4:=x*sin(x)"))
    page.page.get_by_role("button", name="One step", exact=True).click()
    page.wait_for(lambda: page.epoch() >= 1)
