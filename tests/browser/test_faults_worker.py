"""A training process that is killed, a disk that is full, two tabs: seen through the browser."""

import os
import signal
import subprocess

import pytest
from playwright.sync_api import expect

from .own_server import Own, until

PATIENCE = 60_000
SLOW = "data=digits&model=mlp&optimizer=sgd&rate=0.02&schedule=constant&batch=8&epochs=100"
SHOWN = "new URL(location.href).searchParams.get('run')"
SMALL_DISK = 64_000_000  # bytes; a run of this network takes a third of them
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")


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
    server = Own(tmp_path_factory.mktemp("worker"), pause_s=60.0, runs=disk).start()
    yield server
    server.end()


@pytest.fixture
def pages(browser):
    """Opens tabs of one person."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context.new_page
    context.close()


def where(page):
    return page.locator(".progress .row span").first


def opened(own, page, query=SLOW):
    page.goto(f"{own.url}/training_dashboard?{query}", wait_until="commit")
    expect(where(page)).to_contain_text("finished", timeout=PATIENCE)
    return page


def trained(own, page):
    """Press Train and wait for two epochs; returns the run."""
    before = page.evaluate(SHOWN)
    page.locator("button.play").click()
    page.wait_for_function(f"(before) => {SHOWN} !== before", arg=before)
    run = own.run(page)
    until(lambda: len(run.rows()) >= 2, "two epochs")
    return run


def test_a_killed_training_process_ends_its_own_run_and_says_what_is_left(own, pages):
    page = opened(own, pages())
    run = trained(own, page)
    os.kill(run.status().pid, signal.SIGKILL)
    expect(page.locator(".notice")).to_contain_text("kept", timeout=PATIENCE)
    expect(page.locator("button.play")).to_contain_text("Train")
    kept = max(run.epochs())
    said = f"{kept} epochs are kept" if kept > 1 else "The first epoch is kept"
    assert said in page.locator(".notice").inner_text()
    again = trained(own, page)
    assert again.id != run.id
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(where(page)).to_contain_text("stopped", timeout=PATIENCE)
    assert "Traceback" not in own.wrote()


def test_what_one_tab_deletes_the_other_tab_lets_go_of(own, pages):
    first = opened(own, pages())
    run = trained(own, first)
    second = pages()
    second.goto(first.url, wait_until="commit")
    second.get_by_role("button", name="Stop", exact=True).click()
    for page in (first, second):
        expect(where(page)).to_contain_text("stopped", timeout=PATIENCE)
    until(lambda: not run.busy, "the end of its process")
    run.delete()
    second.locator("button.play").click()  # One's own next run, in the tab that knows nothing yet.
    expect(where(second)).not_to_contain_text("stopped", timeout=PATIENCE)
    first.reload(wait_until="commit")
    expect(first.get_by_role("alert")).to_contain_text("not on this machine any more")
    expect(where(first)).to_contain_text("came with the explorer", timeout=PATIENCE)
    second.get_by_role("button", name="Stop", exact=True).click()
    expect(where(second)).to_contain_text("stopped", timeout=PATIENCE)


def test_a_full_disk_is_a_sentence_and_what_was_there_stays(own, pages, disk):
    if disk is None:
        pytest.skip("no disk of one's own can be mounted here")
    page = opened(own, pages())
    free = os.statvfs(disk)
    (disk / ".filling").write_bytes(bytes(free.f_bavail * free.f_frsize))
    page.locator("button.play").click()
    expect(page.locator(".notice")).to_contain_text("The disk is full", timeout=PATIENCE)
    expect(where(page)).to_contain_text("finished")
    (disk / ".filling").unlink()
    run = trained(own, page)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(where(page)).to_contain_text("stopped", timeout=PATIENCE)
    assert run.rows()
    assert "Traceback" not in own.wrote()
