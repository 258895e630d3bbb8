"""The race, own sets and the way to the dashboard, as a person uses them."""

import io
import re
import zipfile
from types import SimpleNamespace

import pytest
from PIL import Image
from playwright.sync_api import expect

from .watched import wrong_words

QUERY = "pipeline=affine:degrees%3D10&picture=six&few=20&epochs=10&open=0"
RACE_MS = 60_000


@pytest.fixture
def page(server, kept):
    """The page with the race, for one test after the other; the last one leaves it."""

    def make(page):
        page.goto(f"{server.url}/augmentation?{QUERY}", wait_until="commit")
        expect(page.locator(".augment-race").get_by_role("button", name="Race")).to_be_visible()
        return SimpleNamespace(page=page)

    return kept("race", make).page


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, hue in (("apples", (200, 30, 30)), ("berries", (40, 30, 190))):
            for k in range(3):
                picture = io.BytesIO()
                Image.new("RGB", (50, 40), tuple(one + 5 * k for one in hue)).save(picture, "PNG")
                packed.writestr(f"set/{name}/{k}.png", picture.getvalue())
    return {"name": "set.zip", "mimeType": "application/zip", "buffer": file.getvalue()}


def test_a_race_runs_and_says_what_came_out_and_outlives_a_page_switch(page):
    card = page.locator(".augment-race")
    card.get_by_role("button", name="no clear difference").click()
    card.get_by_role("button", name="Race", exact=True).click()
    expect(card.get_by_role("button", name="Stop")).to_be_visible()
    expect(card.locator(".series.seed").first).to_be_attached(timeout=RACE_MS)
    expect(card.get_by_role("button", name="Race again")).to_be_enabled(timeout=RACE_MS)
    verdict = card.locator(".race-verdict")
    expect(verdict).to_contain_text("3 seeds, 95 % t interval")
    expect(verdict).to_contain_text("You guessed: no clear difference.")
    expect(verdict.locator(".seed-dot")).to_have_count(3)
    expect(card.locator(".series.seed")).to_have_count(6)
    expect(card.locator(".gap").first).to_contain_text(re.compile(r"Gap −?\d"))
    said = verdict.inner_text()
    page.get_by_role("link", name="Linear regression").first.click()
    expect(page.locator("h1")).to_have_text("Linear regression")
    page.get_by_role("link", name="Augmentation", exact=True).click()
    expect(page.locator(".race-verdict")).to_be_visible(timeout=20_000)
    assert page.locator(".race-verdict").inner_text() == said
    assert wrong_words(page) == []


def test_a_race_is_stopped(page):
    card = page.locator(".augment-race")
    card.get_by_label("Epochs", exact=True).select_option("80")  # It does not end before the click.
    expect(page).to_have_url(re.compile("epochs=80"))
    card.get_by_role("button", name=re.compile("^Race")).click()
    card.get_by_role("button", name="Stop").click()
    expect(card.get_by_role("button", name="Race again")).to_be_enabled(timeout=RACE_MS)
    expect(card.locator(".race-verdict")).to_be_hidden()


def test_an_archive_is_browsed_class_by_class_and_can_be_raced(page):
    card = page.locator(".augment-race")
    page.locator("input[type=file]").set_input_files(archive())
    browser = page.get_by_role("group", name="Pictures of the set")
    expect(browser).to_contain_text("1 of 3", timeout=20_000)
    expect(page.locator(".original figcaption")).to_contain_text("Your own set")
    browser.get_by_role("button", name="Next picture").click()
    expect(browser).to_contain_text("2 of 3")
    browser.get_by_label("Class").select_option(label="berries")
    expect(browser).to_contain_text("1 of 3")
    card.get_by_label("Pictures of").last.select_option(label="Your own set")
    expect(card.locator('[data-field="race"] select')).to_have_value("set")


def test_the_pipeline_goes_to_the_dashboard_and_is_taken_away_there(page):
    link = page.locator(".augment-race").get_by_role(
        "link", name="Use it in the training dashboard"
    )
    assert "training_dashboard?augment=affine" in link.get_attribute("href")
    link.click()
    expect(page.locator("h1")).to_have_text("Training dashboard", timeout=20_000)
    field = page.locator('[data-field="augment"] select')
    expect(field).to_have_value("affine")
    expect(page).to_have_url(re.compile("augment=affine"))
    field.select_option(label="off")
    expect(field).to_have_value("")
    expect(field).to_be_hidden()  # Among the further settings there is the way to another one.
    expect(page).not_to_have_url(re.compile("augment="))
