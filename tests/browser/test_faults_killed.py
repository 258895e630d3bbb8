"""The server is killed under five open pages at work, and started again: each comes back."""

import os
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .own_server import Own, until

PATIENCE = 90_000
PAGES = {
    "linear_regression": "data=two_points&start=-1,5&path=&rate=0.1",
    "network_builder": "data=circles&speed=20",
    "activations": "path=",
    "augmentation": "",
    "transfer_learning": "classes=3&per_class=4",
}
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")


@pytest.fixture(autouse=True)
def watch():
    """These tests do not need the server of the others, and read what their own has said."""


@pytest.fixture
def own(tmp_path):
    server = Own(tmp_path).start()
    yield server
    server.end()
    until(lambda: not server.processes(), "the end of all processes")


@pytest.fixture
def pages(own, browser):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = {}
    for slug, query in PAGES.items():
        page = opened[slug] = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{own.url}/{slug}?{query}", wait_until="commit")
        expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)
    yield opened
    context.close()


def query(page):
    return {name: one[0] for name, one in parse_qs(urlsplit(page.url).query, True).items()}


def epoch(page):
    return int(re.search(r"Epoch (\d+)", page.locator(".path .row b").text_content()).group(1))


def test_every_page_comes_back_as_it_was(own, pages):
    regression, network, activations, augmentation, transfer = pages.values()
    regression.get_by_role("button", name="One step", exact=True).click()
    regression.wait_for_function("new URL(location.href).searchParams.get('path') === '0.1x1'")
    activations.locator("button.chip").nth(2).click()
    activations.wait_for_function(
        "new URL(location.href).searchParams.get('functions').split(',').length === 3"
    )
    augmentation.get_by_role("button", name="Remove Rotation").first.click()
    augmentation.wait_for_function("!location.href.includes('rotation')")
    transfer.get_by_role("button", name="Add a class").click()
    expect(transfer.locator(".class-card")).to_have_count(4, timeout=PATIENCE)
    transfer.wait_for_function("new URL(location.href).searchParams.get('samples') === 'own'")
    network.bring_to_front()
    network.locator("button.play").click()
    network.wait_for_function("Number(new URL(location.href).searchParams.get('epochs')) >= 3")
    least = int(query(network)["epochs"])
    before = {slug: page.evaluate("window.__explorerSession") for slug, page in pages.items()}
    told = {slug: query(page) for slug, page in pages.items() if slug != "network_builder"}
    own.kill()
    until(lambda: not own.processes(), "the end of all that the server had started")
    own.start()
    for slug, page in pages.items():
        page.bring_to_front()
        page.wait_for_function(
            "before => window.__explorerSession && window.__explorerSession !== before",
            arg=before[slug],
        )
        expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)
        assert slug == "network_builder" or query(page) == told[slug]
    expect(regression.locator(".path .row b")).to_have_text("Step 1", timeout=PATIENCE)
    expect(transfer.locator(".class-card")).to_have_count(4, timeout=PATIENCE)
    until(lambda: epoch(network) >= least, "the epochs of before")
    assert "Traceback" not in own.wrote()
