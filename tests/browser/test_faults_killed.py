"""The server is killed under six open pages at work, and started again: each comes back.

And before: a disk that is full, and a tab that is closed, and what becomes of its run.
"""

import os
import re
import subprocess
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from core.runs.directory import RunDirectory

from .own_server import SHOWN, Own, run_of, until

PATIENCE = 90_000
SLOW = "data=digits&model=mlp&optimizer=sgd&rate=0.02&schedule=constant&batch=8"
SMALL_DISK = 128_000_000  # bytes; a run of this network takes up to twenty million
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
def disk(tmp_path_factory):
    """A folder of runs on a disk of its own that is easily filled; None where that is forbidden."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", str(folder)]
    try:
        there = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        there = False
    yield folder if there else None
    if there:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.fixture(scope="module")
def own(tmp_path_factory, disk):
    server = Own(tmp_path_factory.mktemp("faults"), runs=disk).start()
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


@pytest.fixture(scope="module")
def dashboard(own, window):
    """A tab with the training dashboard and the run that it opens on."""
    return opened(own, window.new_page(), f"{SLOW}&epochs=100")


def opened(own, page, query):
    page.set_default_timeout(PATIENCE)
    page.goto(f"{own.url}/training_dashboard?{query}", wait_until="commit")
    expect(place(page)).to_contain_text("finished", timeout=PATIENCE)  # The example.
    return page


def begun(own, page):
    """Press Train; returns the run."""
    page.bring_to_front()
    page.locator("button.play").click()
    page.wait_for_function(f"{SHOWN} !== null")
    return run_of(own, page)


def place(page):
    """Where a run is, as its page says it."""
    return page.locator(".progress .row span").first


def query(page):
    return {name: one[0] for name, one in parse_qs(urlsplit(page.url).query, True).items()}


def epoch(page):
    return int(re.search(r"Epoch (\d+)", page.locator(".path .row b").text_content()).group(1))


def test_a_full_disk_is_a_sentence_and_what_was_there_stays(own, disk, dashboard):
    if disk is None:
        pytest.skip("no disk of one's own can be mounted here")
    before = place(dashboard).text_content()
    free = os.statvfs(disk)
    (disk / ".filling").write_bytes(bytes(free.f_bavail * free.f_frsize))
    dashboard.locator("button.play").click()
    expect(dashboard.locator(".notice")).to_contain_text("The disk is full", timeout=PATIENCE)
    expect(place(dashboard)).to_have_text(before)
    (disk / ".filling").unlink()  # And now a run can begin, as the next test sees.


def test_a_run_whose_tab_is_closed_is_paused_and_goes_on_when_it_is_opened_again(
    own, tab, dashboard
):
    page, run = dashboard, begun(own, dashboard)
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
    training = opened(own, tab(), f"{SLOW}&epochs=4")
    network.bring_to_front()
    network.locator("button.play").click()
    network.wait_for_function("Number(new URL(location.href).searchParams.get('epochs')) >= 3")
    run = begun(own, training)
    until(lambda: len(run.rows()) >= 2, "two epochs")
    least = int(query(network)["epochs"])
    before = {slug: session(page) for slug, page in pages.items()}
    told = {slug: query(page) for slug, page in pages.items() if slug != "network_builder"}
    own.kill()
    until(lambda: not own.processes(), "the end of all that the server had started")
    kept = max(run.epochs())
    assert 2 <= kept < 4
    rows = numbers(run.rows())[:kept]
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
    # That the others are those of an undisturbed run, test_run_accidents.py says.
    assert [row.epoch for row in run.rows()] == [1, 2, 3, 4]
    assert numbers(run.rows())[:kept] == rows
    assert "Traceback" not in own.wrote()


def session(page):
    return page.evaluate("window.__explorerSession")


def numbers(rows):
    return [(row.epoch, row.training_loss, row.validation_loss) for row in rows]


def test_the_folder_of_runs_is_left_in_order(own):
    """After all that, nothing half written is left and every run can be read."""
    assert not list(own.runs.rglob("*.part"))
    for path in own.runs.iterdir():
        if path.is_dir() and path.name != ".collections":  # What the page of photos keeps.
            assert RunDirectory(path).spec().name
            assert RunDirectory(path).status().state in ("finished", "stopped")
