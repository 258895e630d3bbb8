"""Back, forward and reload, in the middle of everything: each page is as its address says."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

PATIENCE = 60_000
QUIET = "data=two_points&start=-1,5&path=&rate=0.1"


def query(page):
    return {name: one[0] for name, one in parse_qs(urlsplit(page.url).query, True).items()}


@pytest.fixture
def page(new_page):
    opened = new_page(viewport={"width": 1440, "height": 900})
    opened.set_default_timeout(20_000)
    return opened


def opened(server, page, lesson, what):
    page.goto(f"{server.url}/{lesson}?{what}", wait_until="commit")
    drawn(page)


def drawn(page):
    expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)


def heading(page, words):
    expect(page.locator("header.head h1")).to_have_text(words, timeout=PATIENCE)


def epoch(page):
    return int(re.search(r"Epoch (\d+)", page.locator(".path .row b").text_content()).group(1))


def wait_for(page, condition, what):
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{what} did not come about at {page.url}")


def test_one_press_goes_back_one_page_and_its_settings_are_there(server, page):
    opened(server, page, "linear_regression", QUIET)
    page.get_by_role("button", name="One step", exact=True).click()
    wait_for(page, lambda: query(page).get("path") == "0.1x1", "a step in the address")
    page.get_by_role("link", name="Network builder").click()
    heading(page, "Network builder")
    page.locator("button.picture[data-value=moons]").click()
    wait_for(page, lambda: query(page).get("data") == "moons", "the moons")
    page.get_by_role("link", name="Activation functions").click()
    heading(page, "Activation functions")
    wait_for(page, lambda: "functions" in query(page), "its address")
    page.go_back(wait_until="commit")
    heading(page, "Network builder")
    wait_for(page, lambda: query(page).get("data") == "moons", "the moons again")
    page.go_back(wait_until="commit")
    heading(page, "Linear regression")
    expect(page.locator(".path .row b")).to_have_text("Step 1")
    assert query(page)["path"] == "0.1x1"
    page.go_forward(wait_until="commit")
    heading(page, "Network builder")
    assert query(page)["data"] == "moons"


def test_a_reload_while_something_is_held_shows_what_was_before(server, page):
    opened(server, page, "linear_regression", QUIET)
    page.get_by_role("button", name="One step", exact=True).click()
    wait_for(page, lambda: query(page).get("path") == "0.1x1", "a step in the address")
    box = page.locator("svg.data [data-point='0'] .halo").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] - 30, steps=5)
    page.reload(wait_until="commit")
    page.mouse.up()
    drawn(page)
    expect(page.locator(".path .row b")).to_have_text("Step 1")
    assert "own" not in query(page)
    page.get_by_role("button", name="One step", exact=True).click()  # It is alive.
    expect(page.locator(".path .row b")).to_have_text("Step 2", timeout=PATIENCE)


def test_a_reload_while_a_network_plays_goes_on_from_there(server, page):
    opened(server, page, "network_builder", "data=circles&speed=20")
    page.locator("button.play").click()
    wait_for(page, lambda: int(query(page).get("epochs", 0)) >= 5, "epochs in the address")
    least = int(query(page)["epochs"])
    page.reload(wait_until="commit")
    drawn(page)
    wait_for(page, lambda: epoch(page) >= least, "the same run")
    assert not query(page).get("weights")
    assert page.locator(".problems").is_hidden()


def test_a_reload_closes_a_window_and_goes_back_through_it(server, page):
    opened(server, page, "linear_regression", QUIET)
    page.get_by_role("button", name="Your own", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    page.reload(wait_until="commit")
    drawn(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Activation functions").click()
    heading(page, "Activation functions")
    page.go_back(wait_until="commit")
    heading(page, "Linear regression")
