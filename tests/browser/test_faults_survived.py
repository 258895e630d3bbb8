"""What breaks while the server goes on: the wire, a training process, another tab."""

import os
import re
import signal

import pytest
from playwright.sync_api import expect

from .own_server import SHOWN, Wire, run_of, until

PATIENCE = 60_000
LOST = "The connection is lost"
SLOW = "data=digits&model=mlp&optimizer=sgd&rate=0.02&schedule=constant&batch=8&epochs=100"
posix = pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")


@pytest.fixture(scope="module")
def line(server):
    """One for all tests: what comes from another port is not in the browser's store."""
    made = Wire(server.port)
    yield made
    made.close()


@pytest.fixture
def wire(line):
    yield line
    line.mend()
    line.delay_s = 0.0


@pytest.fixture
def page(wire, tabs):
    """A page whose broken connection is no failure, but whose uncaught errors are."""
    opened, uncaught = tabs(wire.url), []
    opened.on("pageerror", lambda error: uncaught.append(str(error)))
    yield opened
    assert uncaught == []


@pytest.fixture(scope="module")
def dashboard(line, window):
    """A tab with the training dashboard; each test leaves it without a run that goes on."""
    page = window.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{line.url}/training_dashboard?{SLOW}", wait_until="commit")
    expect(where(page)).to_contain_text("finished", timeout=PATIENCE)  # The example.
    return page


def where(page):
    return page.locator(".progress .row span").first


def begun(server, page):
    """Press Train; returns the run."""
    page.bring_to_front()
    before = page.evaluate(SHOWN)
    page.locator("button.play").click()
    page.wait_for_function(f"(before) => {SHOWN} !== before", arg=before)
    return run_of(server, page)


def stop(page):
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(where(page)).to_contain_text("stopped", timeout=PATIENCE)


def session(page):
    return page.evaluate("window.__explorerSession")


def back(page, name):
    """Wait until the page is connected again; it is still that of before."""
    app = page.locator("[data-testid=stApp]")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=PATIENCE)
    expect(page.locator(".connection")).to_have_text("", timeout=PATIENCE)
    assert session(page) == name


def test_a_cut_at_any_moment_of_an_answer_leaves_a_living_page(page, wire):
    page.goto(f"{wire.url}/transfer_learning?classes=3&per_class=4", wait_until="commit")
    cards = page.locator(".class-card")
    expect(cards).to_have_count(3, timeout=PATIENCE)
    name = session(page)
    for count, moment_ms in enumerate((0, 60, 250), 4):
        page.get_by_role("button", name="Add a class").click()
        page.wait_for_timeout(moment_ms)
        wire.cut()
        page.wait_for_timeout(300)
        wire.mend()
        expect(cards).to_have_count(count, timeout=PATIENCE)
        back(page, name)


def test_a_cut_is_said_in_a_line_and_what_was_moved_meanwhile_arrives(page, wire):
    query = "data=two_points&start=-1,5&path=&rate=0.1"
    page.goto(f"{wire.url}/linear_regression?{query}", wait_until="commit")
    expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)
    name = session(page)
    box = page.locator("svg.data [data-point='0'] .halo").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y - 20, steps=4)
    wire.cut()
    page.mouse.move(x + 60, y - 60, steps=4)
    page.mouse.up()
    expect(page.locator(".connection")).to_contain_text(LOST, timeout=PATIENCE)
    page.wait_for_timeout(4000)  # By then Streamlit has opened its own window.
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="One step", exact=True).click()
    wire.mend()
    back(page, name)
    expect(page.locator(".path .row b")).to_have_text("Step 1", timeout=PATIENCE)
    page.wait_for_function("new URL(location.href).searchParams.get('path') === '0.1x1'")
    moved = page.evaluate("new URL(location.href).searchParams.get('own')")
    first = float(moved.split(",")[0])
    assert first > 1.05, "the point lies where the hand has left it"


def test_a_page_that_is_chosen_over_a_slow_wire_opens_and_stays(page, wire):
    page.goto(f"{wire.url}/network_builder?data=circles&speed=20", wait_until="commit")
    expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)
    page.locator("button.play").click()
    wire.delay_s = 0.7  # An answer takes longer than the page waits before it asks again.
    page.get_by_role("link", name="Augmentation", exact=True).click()
    heading = page.locator("header.head h1")
    expect(heading).to_have_text(re.compile("Augmentation"), timeout=PATIENCE)
    page.wait_for_timeout(3000)
    expect(heading).to_have_text(re.compile("Augmentation"))
    assert page.url.startswith(f"{wire.url}/augmentation")


def test_play_goes_on_after_a_cut(page, wire):
    page.goto(f"{wire.url}/network_builder?data=circles&speed=20", wait_until="commit")
    expect(page.locator(".script-card pre")).to_contain_text("import torch", timeout=PATIENCE)
    reading = page.locator(".path .row b")

    def epoch():
        return int(re.search(r"Epoch (\d+)", reading.text_content()).group(1))

    page.locator("button.play").click()
    until(lambda: epoch() > 3, "some epochs")
    name = session(page)
    wire.cut()
    page.wait_for_timeout(1500)
    before = epoch()
    wire.mend()
    back(page, name)
    until(lambda: epoch() > before + 3, "more epochs")


def test_what_was_pressed_during_a_cut_pauses_a_run_and_it_goes_on_and_is_stopped(
    dashboard, server, wire
):
    run = begun(server, dashboard)
    until(lambda: run.status().state == "running", "a run")
    expect(dashboard.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    wire.cut()
    dashboard.get_by_role("button", name="Pause", exact=True).click()
    dashboard.wait_for_timeout(500)
    wire.mend()
    until(lambda: run.status().state == "paused", "a pause")
    assert run.status().message == "", "it was paused by hand"
    expect(where(dashboard)).to_contain_text("Paused in epoch", timeout=PATIENCE)
    expect(dashboard.locator("button.play")).to_contain_text("Go on")
    dashboard.locator("button.play").click()
    expect(where(dashboard)).to_contain_text("Epoch", timeout=PATIENCE)
    until(lambda: run.status().state == "running", "going on")
    stop(dashboard)


# -- a process, another tab ------------------------------------------------------------


@posix
def test_a_killed_training_process_ends_its_own_run_and_says_what_is_left(server, dashboard):
    page = dashboard
    run = begun(server, page)
    until(lambda: len(run.rows()) >= 2, "two epochs")
    os.kill(run.status().pid, signal.SIGKILL)
    expect(page.locator(".notice")).to_contain_text("kept", timeout=PATIENCE)
    expect(page.locator("button.play")).to_contain_text("Train")
    kept = max(run.epochs())
    said = f"{kept} epochs are kept" if kept > 1 else "The first epoch is kept"
    assert said in page.locator(".notice").inner_text()
    again = begun(server, page)
    assert again.id != run.id
    until(again.rows, "a finished epoch")
    stop(page)


@posix
def test_what_one_tab_deletes_the_other_tab_lets_go_of(server, dashboard, tabs):
    first = dashboard
    run = begun(server, first)
    until(run.rows, "a finished epoch")
    second = tabs(server.url)
    second.goto(first.url, wait_until="commit")
    stop(second)
    expect(where(first)).to_contain_text("stopped", timeout=PATIENCE)
    until(lambda: not run.busy, "the end of its process")
    run.delete()
    first.reload(wait_until="commit")  # At once: soon it would have let go by itself.
    second.locator("button.play").click()  # One's own next run, in the tab that knows nothing yet.
    expect(where(second)).not_to_contain_text("stopped", timeout=PATIENCE)
    expect(first.get_by_role("alert")).to_contain_text("not on this machine any more")
    expect(where(first)).to_contain_text("came with the explorer", timeout=PATIENCE)
    stop(second)
