"""The server is killed under six open pages at work, and started again: each comes back.

And a tab that is closed: what becomes of its run.
"""

import os
import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from playwright.sync_api import expect

from core.runs.directory import RunDirectory
from core.training.data import prepared_for
from core.training.loop import train
from core.training.state import start

from .own_server import Own, until

PATIENCE = 90_000
SLOW = "data=digits&model=mlp&optimizer=sgd&rate=0.02&schedule=constant&batch=8"
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


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    server = Own(tmp_path_factory.mktemp("faults")).start()
    yield server
    server.end()
    until(lambda: not server.processes(), "the end of all processes")


@pytest.fixture
def tab(own, tabs):
    """Opens tabs whose broken connection is no failure of the test."""

    def opened():
        page = tabs(own.url)
        page.set_default_timeout(PATIENCE)
        return page

    return opened


def begun(own, page, query):
    """Open the training dashboard, press Train, and return the run."""
    page.goto(f"{own.url}/training_dashboard?{query}", wait_until="commit")
    expect(place(page)).to_contain_text("finished", timeout=PATIENCE)  # The example.
    page.locator("button.play").click()
    page.wait_for_function("new URL(location.href).searchParams.has('run')")
    return own.run(page)


def place(page):
    """Where a run is, as its page says it."""
    return page.locator(".progress .row span").first


def query(page):
    return {name: one[0] for name, one in parse_qs(urlsplit(page.url).query, True).items()}


def epoch(page):
    return int(re.search(r"Epoch (\d+)", page.locator(".path .row b").text_content()).group(1))


def test_a_run_whose_tab_is_closed_is_paused_and_goes_on_when_it_is_opened_again(own, tab):
    page = tab()
    run = begun(own, page, f"{SLOW}&epochs=100")
    until(run.rows, "a finished epoch")
    link = page.url
    page.close()
    until(lambda: run.status().state == "paused", "a pause")
    assert run.status().message == "Paused, because nobody is watching."
    before = len(run.progress())
    time.sleep(0.6)
    assert len(run.progress()) == before
    again = tab()
    again.goto(link, wait_until="commit")
    until(lambda: run.status().state == "running", "going on")
    again.get_by_role("button", name="Stop", exact=True).click()
    until(lambda: run.status().state == "stopped", "a stop")


def test_every_page_comes_back_as_it_was_and_no_finished_epoch_is_lost(own, tab):
    pages = {}
    for slug, what in PAGES.items():
        page = pages[slug] = tab()
        page.goto(f"{own.url}/{slug}?{what}", wait_until="commit")
        expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)
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
    training = tab()
    run = begun(own, training, f"{SLOW}&epochs=4")
    until(lambda: len(run.rows()) >= 2, "two epochs")
    least = int(query(network)["epochs"])
    before = {slug: session(page) for slug, page in pages.items()}
    told = {slug: query(page) for slug, page in pages.items() if slug != "network_builder"}
    own.kill()
    until(lambda: not own.processes(), "the end of all that the server had started")
    kept = max(run.epochs())
    assert 2 <= kept < 4
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
    training.bring_to_front()
    expect(place(training)).to_contain_text("interrupted", timeout=PATIENCE)
    expect(training.locator(".notice")).to_contain_text(f"{kept} epochs are kept")
    expect(training.locator("button.play")).to_contain_text("Go on")
    training.locator("button.play").click()
    expect(place(training)).to_contain_text("finished after 4 epochs", timeout=PATIENCE)
    assert numbers(run.rows()) == numbers(undisturbed(run.spec().config))
    assert "Traceback" not in own.wrote()


def session(page):
    return page.evaluate("window.__explorerSession")


def numbers(rows):
    return [(row.epoch, row.training_loss, row.validation_loss) for row in rows]


def undisturbed(config):
    """The rows of the same run in this process, never interrupted."""
    before = torch.get_num_threads()
    torch.set_num_threads(config.threads)
    prepared = prepared_for(config)
    model, state = start(config, prepared.shape, len(prepared.classes))
    list(train(model, prepared, config, state))
    torch.set_num_threads(before)
    return state.rows


def test_the_folder_of_runs_is_left_in_order(own):
    """After all that, nothing half written is left and every run can be read."""
    folder = Path(own.folder) / "runs"
    assert not list(folder.rglob("*.part"))
    for path in folder.iterdir():
        if path.is_dir() and path.name != ".collections":  # What the page of photos keeps.
            assert RunDirectory(path).spec().name
            assert RunDirectory(path).status().state in ("finished", "stopped")
