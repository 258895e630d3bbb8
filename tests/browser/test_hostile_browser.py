"""Bad addresses and bad files as a careless or hostile person gives them to the real pages."""

import pytest
from hostile.archives import leading_out, locked
from hostile.models import pickles
from hostile.pictures import photo, pictures
from hostile.tables import tables
from playwright.sync_api import expect

from .going import Tab
from .lesson_page import LessonPage

PATIENCE = 40_000

PAGES = {
    "linear_regression": "data=own&own=1,2;nan,3&rate=1e999&path=0.1x99999999&seed=-1",
    "activations": "expression=x.__class__&functions=relu,<b>&cursor=inf&weights=1,2&units=9999",
    "network_builder": "layers=99:tanh&weights=AAAA&own=%3F%3F%3F%3F%3F&b=l1~x&epochs=1e9&seed=x",
    "training_dashboard": "data=stored:../../x&run=../../etc/passwd&spec=conv%209999999&seed=½",
    "augmentation": "pipeline=hflip:nan&picture=../cat.png&seed=9e99&open=-5",
    "transfer_learning": "samples=own&weights=../../x&run=20250101-000000-abcdef&classes=1e400",
}
MARKUP = "<img src=x onerror=alert(1)>"
BIDI = "%E2%80%AE%00"


def refuse_dialogs(page):
    """A script of a stranger that runs says so with an alert."""
    opened = []

    def heard(dialog):
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    return opened


@pytest.fixture
def opened(server, kept):
    """Shows a page at an address full of nonsense; later bad files come to it, as it was left.

    All are shown in one tab.
    """

    def make(page):
        tab = Tab(page, server.url)
        tab.alerts = refuse_dialogs(page)
        return tab

    def found(slug):
        tab = kept("nonsense", make)
        query = f"{PAGES[slug]}&device={MARKUP}&view={MARKUP}&data2={BIDI}&seed=1&seed={MARKUP}"
        query += f"&curve={MARKUP}&noise={MARKUP}&{MARKUP}={MARKUP}&long={'y' * 8000}"
        tab.come(f"{slug}?{query}")
        return tab.page, tab.alerts

    return found


@pytest.mark.parametrize("slug", PAGES)
def test_an_address_full_of_nonsense_opens_the_page_and_names_what_is_wrong(slug, opened):
    page, alerts = opened(slug)
    problems = page.locator(".problems").first
    expect(problems).to_contain_text("The link says seed=<img", timeout=PATIENCE)
    expect(problems).to_contain_text("The usual value stands instead.")
    expect(page.locator("section.stage").first).to_be_visible()
    assert problems.locator("img").count() == 0
    assert alerts == []


def sent(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_bad_pictures_leave_the_good_one_and_say_why(opened):
    (page, alerts), bad = opened("augmentation"), pictures()
    chooser, caption = page.locator("input[type=file]"), page.locator(".original figcaption")
    refused = page.locator(".original .refused")
    expect(caption).to_be_visible(timeout=PATIENCE)
    chooser.set_input_files(sent("good.png", photo(50)))
    expect(caption).to_contain_text("50×50")
    for name, words in (
        ("wide.png", "million"),
        ("bomb_sixteen.png", "40 million is the limit"),
        ("page.png", "cannot be read"),
    ):
        chooser.set_input_files(sent(name, bad[name]))
        expect(refused).to_contain_text(words)
        expect(caption).to_contain_text("50×50")
        chooser.set_input_files(sent("good.png", photo(50)))
        expect(refused).to_be_hidden()
    assert alerts == []


def test_bad_files_at_a_class_are_listed_one_by_one_and_the_rest_stays(server, new_page, tmp_path):
    page = new_page()
    alerts = refuse_dialogs(page)
    page.goto(f"{server.url}/transfer_learning?classes=3&per_class=4", wait_until="commit")
    expect(page.locator(".class-card").first).to_be_visible(timeout=PATIENCE)
    card = page.locator(".class-card").nth(1)
    card.get_by_role("button", name="Add pictures to").click()
    page.locator(".well").get_by_text("Upload").click()
    canary = tmp_path / "canary"
    found = {**pictures(), "locked.zip": locked()}
    files = [sent(name, found[name]) for name in ("drawing.png", "phone.jpg", "locked.zip")]
    files += [sent("picture.png", pickles(canary)["picture.png"]), sent("fine.png", photo(60))]
    files += [sent(f"{MARKUP}\u202e.png", b"no picture")]
    page.get_by_label("Pictures or a ZIP archive").set_input_files(files)
    refused = page.locator(".refused-files")
    for words in ("SVG", "HEIC", "password", "pickle", "cannot be read"):
        expect(refused).to_contain_text(words)
    expect(page.locator(".class-count").nth(1)).to_have_text("5")
    expect(page.locator(".class-count").first).to_have_text("4")
    assert "\u202e" not in refused.inner_text()
    page.get_by_label("File with weights").first.set_input_files(
        sent("checkpoint.pt", pickles(canary)["checkpoint.pt"])
    )
    said = page.get_by_text("could run any code when opened")
    expect(said).to_be_visible(timeout=PATIENCE)
    assert not canary.exists()
    assert alerts == []


def test_bad_tables_are_explained_where_they_were_given_and_the_points_stay(opened, server):
    lesson, bad = LessonPage(opened("linear_regression")[0], server.url), tables()
    expect(lesson.script).to_contain_text("import torch", timeout=PATIENCE)
    before = lesson.rows()
    lesson.choose("Data", "Your own")
    dialog = lesson.page.get_by_role("dialog")
    field = dialog.locator("input[type=file]")
    for name, words in (
        ("nul.csv", "not a text file"),
        ("ragged.csv", "cells"),
        ("huge.csv", "beyond"),
    ):
        field.set_input_files(sent(name, bad[name]))
        expect(dialog.get_by_test_id("stAlert")).to_contain_text(words)
    lesson.page.keyboard.press("Escape")
    assert lesson.rows() == before


def test_an_archive_that_leads_out_is_refused_where_it_was_given(opened):
    page, _ = opened("training_dashboard")
    page.get_by_role("button", name="Your own pictures").click(timeout=PATIENCE)
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(
        sent("only_links.zip", leading_out()["only_links.zip"])
    )
    dialog.get_by_role("button", name="Keep these pictures").click()
    expect(dialog.get_by_test_id("stAlert")).to_contain_text(
        "No picture lies in a class folder", timeout=PATIENCE
    )
    page.keyboard.press("Escape")
    expect(page.locator(".data-card")).to_contain_text("Small digits")
