"""The main thing of every page without a mouse: from the address by Tab, arrows, Enter, Space."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .access import focused, tab_to
from .going import PATIENCE, Tab

# The next Tab leads to the first control of the page, as after opening it.
TO_THE_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}"""


class Hands(Tab):
    """A page and a keyboard."""

    def tab(self, name):
        tab_to(self.page, name)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def query(self, name):
        return parse_qs(urlsplit(self.page.url).query).get(name, [""])[0]

    def wait_for(self, condition):
        for _ in range(800):
            if condition():
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"it did not come; {focused(self.page)} has the focus")


@pytest.fixture
def hands(server, kept):
    """The page at an address, in one tab for all of them, and the focus where it is at first."""

    def make(page):
        page.emulate_media(reduced_motion="reduce")
        return Hands(page, server.url)

    def opened(address, there):
        one = kept("hands", make)
        one.go(address)
        expect(one.page.locator(there).first).to_be_visible(timeout=PATIENCE)
        one.page.evaluate(TO_THE_TOP)
        tab_to(one.page, "Skip to main content", 5)
        one.page.keyboard.press("Enter")
        return one

    return opened


def test_home(hands):
    one = hands("", "a.lesson")
    one.tab("Network builder")
    one.press("Enter")
    expect(one.page.locator("h1")).to_have_text("Network builder", timeout=PATIENCE)


def test_linear_regression(hands):
    one = hands("linear_regression?start=-1,5&path=", ".script-card pre")
    reading = one.page.locator("figure.pane").nth(1).locator("header .sub")
    before = reading.inner_text()
    one.tab("Point 3")
    one.press("ArrowUp", "ArrowUp")
    expect(reading).not_to_have_text(before)
    one.tab("3-D")
    one.press("Enter")
    one.tab("Loss over slope and intercept: arrow keys turn it")
    turn = one.query("turn")
    one.press("ArrowRight")
    one.wait_for(lambda: one.query("turn") != turn)
    one.tab("Current line")
    one.press("ArrowLeft")
    one.tab("One step")
    one.press("Enter", "Enter")
    expect(one.page.locator(".path .row b")).to_have_text("Step 2")
    one.tab("x of point 1")
    one.press("Enter", *"-1.5", "Enter")
    one.wait_for(lambda: focused(one.page) == "x of point 1: −1.50")


def test_activations(hands):
    one = hands("activations?path=", ".script-card pre")
    one.tab("Sigmoid")
    one.press("Enter")
    chip = one.page.locator(".chip", has_text="Sigmoid")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert focused(one.page) == "Sigmoid"  # It is drawn anew under the focus.
    one.tab("Your own function of x")
    one.press("Control+a", *"x*x", "Enter")
    one.wait_for(lambda: one.query("expression") == "x*x")
    one.tab("Cursor")
    one.press("ArrowRight", "ArrowRight")
    one.wait_for(lambda: one.query("cursor") == "-0.55")
    one.tab("Neuron 2")
    before = one.query("weights")
    one.press("ArrowUp")
    one.wait_for(lambda: one.query("weights") != before)


def test_network_builder(hands):
    one = hands("network_builder?data=two_spirals&speed=20", ".script-card pre")
    one.tab("hidden 1, unit 2")
    one.press("Enter")
    assert focused(one.page) == "Bias"
    one.press("ArrowRight")
    one.press("Escape")
    assert focused(one.page) == "hidden 1, unit 2"
    one.tab("Add a unit")
    one.press("Enter")
    expect(one.page.locator(".network-pane header .sub")).not_to_have_text("25 parameters")
    one.tab("Paint points")
    one.press("Enter")
    one.tab("Brush: arrow keys move it")
    one.press("ArrowLeft", "ArrowLeft", "Space")
    one.wait_for(lambda: one.query("data") == "own")
    one.tab("Paint ")
    one.press("Tab", "Enter")
    expect(one.page.locator(".brush").nth(1)).to_have_attribute("aria-pressed", "true")
    one.tab("Done")
    one.press("Enter")
    one.wait_for(lambda: focused(one.page) == "Paint points")
    one.tab("w₁")
    number = one.page.locator(".unit-card .cell").first
    before = number.inner_text()
    one.press("Enter", "ArrowUp", "Enter")
    expect(number).not_to_have_text(before)


def test_training_dashboard(hands):
    one = hands("training_dashboard?data=digits&model=softmax&epochs=2", ".heat-card button")
    one.tab("Draw a digit: draw with")
    one.press("Delete", "ArrowUp", "Space", *["ArrowDown"] * 14, "Space")
    expect(one.page.locator(".verdict")).to_contain_text("Reads 1")
    one.tab("Train")
    one.press("Enter")
    where = one.page.locator(".progress .row span").first
    expect(where).to_contain_text(re.compile("Softmax.*finished"), timeout=PATIENCE)
    one.tab("0 read as 0")
    one.press("ArrowDown", "ArrowRight", "Enter")
    expect(one.page.locator(".pictures-card h3").first).to_have_text("1 read as 1")


def test_augmentation(hands):
    one = hands("augmentation", ".thumb-picture")
    names = one.page.locator(".steps .step-name b")
    one.tab("Move Horizontal flip")
    one.press("ArrowDown")
    expect(names.nth(1)).to_have_text("Horizontal flip")
    assert focused(one.page).startswith("Move Horizontal flip, step 2")
    tab_to(one.page, "Add step", key="Shift+Tab")
    one.press("Enter", "ArrowDown", "Enter")
    expect(names).to_have_count(5)
    one.tab("Draw 2")
    one.press("ArrowRight", "ArrowDown")
    expect(one.page.locator(".way h3")).to_have_text("Draw 7, step by step")


def test_transfer_learning(hands):
    one = hands("transfer_learning?classes=3&per_class=6", ".sample")
    counts = one.page.locator(".class-count")
    one.tab("Add pictures to heart")
    one.press("Enter")
    one.tab("Draw an example")
    one.press("Space", *["ArrowDown"] * 8, *["ArrowRight"] * 6, "Space", "Enter")
    expect(counts.first).to_have_text("7")
    one.tab("Map of the pictures")
    one.press("ArrowRight", "ArrowRight", "Enter")
    dialog = one.page.locator("dialog.sample-box")
    expect(dialog).to_be_visible()
    one.tab("Move to")
    before = counts.all_text_contents()
    one.press(
        "End" if dialog.locator("select").evaluate("one => one.selectedIndex") < 2 else "Home"
    )
    one.wait_for(lambda: counts.all_text_contents() != before)
    one.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(one.page).startswith("Map of the pictures")
