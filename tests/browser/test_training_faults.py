"""A server that is killed under an open page, and a tab that is closed: what becomes of a run."""

import os
import time
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

from core.runs.directory import RunDirectory
from core.training.data import prepared_for
from core.training.loop import train
from core.training.state import start

from .own_server import Own, until

PATIENCE = 60_000
SLOW = "data=digits&model=mlp&optimizer=sgd&rate=0.02&schedule=constant&batch=8"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")


@pytest.fixture(autouse=True)
def watch():
    """These tests do not need the server of the others, and read what their own has said."""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    server = Own(tmp_path_factory.mktemp("faults")).start()
    yield server
    server.end()


@pytest.fixture
def page(own, tabs):
    """A page whose broken connection is no failure of the test."""
    return tabs(own.url)


def begun(own, page, query):
    """Open the page, press Train, and return the run."""
    page.goto(f"{own.url}/training_dashboard?{query}", wait_until="commit")
    where = page.locator(".progress .row span").first
    expect(where).to_contain_text("finished", timeout=PATIENCE)  # The example.
    page.locator("button.play").click()
    page.wait_for_function("new URL(location.href).searchParams.has('run')")
    return own.run(page)


def test_a_run_whose_tab_is_closed_is_paused_and_goes_on_when_it_is_opened_again(own, page):
    run = begun(own, page, f"{SLOW}&epochs=100")
    until(run.rows, "a finished epoch")
    link, context = page.url, page.context
    page.close()
    until(lambda: run.status().state == "paused", "a pause")
    assert run.status().message == "Paused, because nobody is watching."
    before = len(run.progress())
    time.sleep(0.6)
    assert len(run.progress()) == before
    again = context.new_page()
    again.goto(link, wait_until="commit")
    until(lambda: run.status().state == "running", "going on")
    again.get_by_role("button", name="Stop", exact=True).click()
    until(lambda: run.status().state == "stopped", "a stop")


def test_a_server_killed_under_an_open_page_loses_no_finished_epoch(own, page):
    run = begun(own, page, f"{SLOW}&epochs=6")
    until(lambda: len(run.rows()) >= 2, "two epochs")
    own.kill()
    until(lambda: not run.busy, "the end of its process")
    kept = max(run.epochs())
    assert 2 <= kept < 6
    own.start()
    where, play = page.locator(".progress .row span").first, page.locator("button.play")
    expect(where).to_contain_text("interrupted", timeout=PATIENCE)  # The page is back by itself.
    expect(page.locator(".notice")).to_contain_text(f"{kept} epochs are kept")
    expect(play).to_contain_text("Go on")
    play.click()
    expect(where).to_contain_text("finished after 6 epochs", timeout=PATIENCE)
    assert numbers(run.rows()) == numbers(undisturbed(run.spec().config))


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
        if path.is_dir():
            assert RunDirectory(path).spec().name
            assert RunDirectory(path).status().state in ("finished", "stopped")
