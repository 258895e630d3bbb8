"""Back, forward and reload, in the middle of everything: each page is as its address says."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .going import PATIENCE, Tab

QUIET = "linear_regression?data=two_points&start=-1,5&path=&rate=0.1"


def query(page):
    return {name: one[0] for name, one in parse_qs(urlsplit(page.url).query, True).items()}


@pytest.fixture
def tab(server, kept):
    """The tab that these tests use, one after the other."""
    return kept("tab", lambda page: Tab(page, server.url))


def drawn(page):
    expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)


def heading(page, words):
    expect(page.locator("header.head h1")).to_have_text(words, timeout=PATIENCE)


def epoch(page):
    return int(re.search(r"Epoch (\d+)", page.locator(".path .row b").text_content()).group(1))


def walked(page):
    return int(page.locator(".path .row b").text_content().split()[1])


def wait_for(page, condition, what):
    for _ in range(600):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{what} did not come about at {page.url}")


def test_one_press_goes_back_one_page_and_its_settings_are_there(tab):
    page = tab.page
    tab.go(QUIET)
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


def test_a_reload_while_something_is_held_shows_what_was_before(tab):
    page = tab.page
    tab.come(QUIET)
    drawn(page)
    before = walked(page)
    page.get_by_role("button", name="One step", exact=True).click()
    wait_for(page, lambda: query(page).get("path") == f"0.1x{before + 1}", "a step in the address")
    box = page.locator("svg.data [data-point='0'] .halo").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] - 30, steps=5)
    tab.reload()
    page.mouse.up()
    drawn(page)
    expect(page.locator(".path .row b")).to_have_text(f"Step {before + 1}")
    assert "own" not in query(page)
    page.get_by_role("button", name="One step", exact=True).click()  # It is alive.
    expect(page.locator(".path .row b")).to_have_text(f"Step {before + 2}", timeout=PATIENCE)


def test_a_reload_while_a_network_plays_goes_on_from_there(tab):
    page = tab.page
    tab.go("network_builder?data=circles&speed=20")
    page.locator("button.play").click()
    wait_for(page, lambda: int(query(page).get("epochs", 0)) >= 5, "epochs in the address")
    least = int(query(page)["epochs"])
    tab.reload()
    drawn(page)
    wait_for(page, lambda: epoch(page) >= least, "the same run")
    assert not query(page).get("weights")
    assert page.locator(".problems").is_hidden()


def test_a_reload_closes_a_window_and_goes_back_through_it(tab):
    page = tab.page
    tab.come(QUIET)
    drawn(page)
    page.get_by_role("button", name="Your own", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    tab.reload()
    drawn(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Activation functions").click()
    heading(page, "Activation functions")
    page.go_back(wait_until="commit")
    heading(page, "Linear regression")
