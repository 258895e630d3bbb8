"""The training dashboard as a person uses it: train, pause, draw, open a cell, build layers."""

import io
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect
from safetensors.torch import load_file

from core.images.digits import read_digits

from .conftest import DESKTOP

QUICK = "data=digits&model=softmax&epochs=3&optimizer=adam&rate=0.01&schedule=constant"
PATIENCE = 60_000
THREE = [(60, 50), (90, 35), (120, 55), (105, 85), (80, 92), (110, 100), (125, 125), (95, 150)]


class Dashboard:
    """The page and its parts."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.stage = page.locator("section.stage.dashboard")
        self.play = page.locator("button.play")
        self.where = page.locator(".progress .row span").first
        self.pad = page.locator("canvas.pad")
        self.verdict = page.locator(".verdict")

    def goto(self, query):
        self.page.goto(f"{self.url}/training_dashboard?{query}", wait_until="commit")
        expect(self.pad).to_be_visible(timeout=20_000)
        return self

    def address(self):
        return {name: found[0] for name, found in parse_qs(urlsplit(self.page.url).query).items()}

    def wait_for(self, condition):
        for _ in range(400):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it did not come")

    def draw(self, points):
        self.pad.scroll_into_view_if_needed()
        box = self.pad.bounding_box()
        share = box["width"] / 178
        at = [(box["x"] + x * share, box["y"] + y * share) for x, y in points]
        self.page.mouse.move(*at[0])
        self.page.mouse.down()
        for place in at[1:]:
            self.page.mouse.move(*place, steps=5)
        self.page.mouse.up()


@pytest.fixture
def dashboard(server, new_page):
    def opened(query="", **options):
        return Dashboard(new_page(**options), server.url).goto(query)

    return opened


@pytest.fixture
def example(server, kept):
    """The page as it opens, with the run that came along; each test leaves it at rest."""
    return kept("example", lambda page: Dashboard(page, server.url).goto(""))


@pytest.fixture
def quick(server, kept):
    """A page whose runs are over in a moment; each test leaves no run that goes on."""
    return kept("quick", lambda page: Dashboard(page, server.url).goto(QUICK))


def test_the_page_opens_on_a_finished_run_and_a_digit_that_was_read(example):
    page = example
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    expect(page.page.locator(".heat-card .cell, .heat-card button").first).to_be_visible()
    expect(page.verdict).to_contain_text("Reads")
    expect(page.page.locator(".lines-plot .series.validation").first).to_be_visible()


def test_training_starts_with_one_click_and_ends_by_itself(quick, dashboard):
    page = quick
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)  # The example.
    page.play.click()
    page.wait_for(lambda: "run" in page.address())
    expect(page.where).to_contain_text("Softmax regression, Adam: finished", timeout=PATIENCE)
    other = dashboard(urlsplit(page.page.url).query)
    expect(other.where).to_contain_text("Softmax regression, Adam: finished")
    assert other.page.locator(".problems").is_hidden()


def test_a_drawn_three_is_read_and_rubbed_out(example):
    page = example
    page.draw(THREE)
    expect(page.verdict).to_contain_text("Reads 3")
    page.page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.verdict).to_contain_text("Draw a digit")


def test_a_photo_is_read(example, tmp_path):
    digits = read_digits()
    place = Path(tmp_path) / "digit.png"
    paper = 255 - digits.images[4, 0].numpy()
    Image.fromarray(paper).resize((400, 400)).save(place)
    page = example
    page.page.locator("input[type=file]").set_input_files(place)
    expect(page.verdict).to_contain_text(f"Reads {int(digits.labels[4])}")
    broken = Path(tmp_path) / "broken.png"
    broken.write_bytes(b"no picture")
    page.page.locator("input[type=file]").set_input_files(broken)
    expect(page.page.locator(".notice")).to_contain_text("could not be opened")
    expect(page.verdict).to_contain_text(f"Reads {int(digits.labels[4])}")


def test_the_pad_works_by_keyboard(example):
    page = example
    page.pad.focus()
    page.page.keyboard.press("Delete")
    for key in ("ArrowUp", "Space", *["ArrowDown"] * 14, "Space"):
        page.page.keyboard.press(key)
    expect(page.verdict).to_contain_text("Reads 1")


def test_a_cell_opens_its_pictures(example):
    page = example
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    page.page.get_by_role("button", name="4 read as 4").click()
    expect(page.page.locator(".pictures-card h3")).to_have_text("4 read as 4")
    expect(page.page.locator(".pictures-card img")).to_have_count(8)


def test_a_large_file_is_fetched_from_the_server(example, tmp_path):
    page = example
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    row = page.page.locator(".take-row", has_text="by name, with what is needed")
    for press in ("Make Weights", "Download again Weights"):
        with page.page.expect_download(timeout=20_000) as coming:
            row.get_by_role("button", name=press).click()
        coming.value.save_as(tmp_path / "network.safetensors")
        assert coming.value.suggested_filename == "network.safetensors"
        assert coming.value.url.startswith(f"{page.url}/explorer-files/")
        weights = load_file(tmp_path / "network.safetensors")
        assert weights["conv1.weight"].shape == (16, 1, 5, 5)
    assert (tmp_path / "network.safetensors").stat().st_size > 100_000
    assert page.page.request.get(f"{page.url}/explorer-files/a/b").status == 404


def test_a_set_that_cannot_be_downloaded_falls_back_to_the_digits(dashboard):
    page = dashboard("data=kmnist")
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    if page.page.locator(".data-card header .end").inner_text() == "here":
        pytest.skip("the set is on this machine")
    expect(page.page.locator(".facts")).to_contain_text("21.2 MB to download")
    page.play.click()
    expect(page.page.locator(".notice")).to_contain_text("is not on this machine yet")
    press = page.page.locator(".data-download button")
    press.click()
    expect(page.page.locator(".notice")).to_contain_text("downloaded", timeout=PATIENCE)
    if page.address()["data"] == "digits":  # There is no network here.
        expect(page.page.locator(".data-card")).to_contain_text("Small digits")


def test_pictures_of_ones_own_are_uploaded_trained_on_and_deleted(quick, tmp_path):
    digits = read_digits()
    with zipfile.ZipFile(tmp_path / "my digits.zip", "w") as archive:
        for label in (0, 1, 2):
            for at in (digits.labels == label).nonzero()[:40, 0].tolist():
                file = io.BytesIO()
                Image.fromarray(digits.images[at, 0].numpy()).save(file, format="PNG")
                archive.writestr(f"class {label}/{at}.png", file.getvalue())
    page = quick
    page.page.get_by_role("button", name="Your own pictures").click()
    page.page.locator("[data-testid=stFileUploader] input").set_input_files(
        tmp_path / "my digits.zip"
    )
    page.page.get_by_role("button", name="Keep these pictures").click()
    expect(page.page.locator(".data-card")).to_contain_text("120 in 3 classes", timeout=PATIENCE)
    page.wait_for(lambda: page.address()["data"].startswith("stored:"))
    page.play.click()
    expect(page.where).to_contain_text("Softmax regression, Adam: finished", timeout=PATIENCE)
    expect(page.page.locator(".heat th[scope=row]").first).to_contain_text("class 0")
    page.page.get_by_role("button", name="Delete this set").click()
    page.page.get_by_text("Really delete? Press again").click()
    expect(page.page.locator(".data-card")).to_contain_text("Small digits")


def test_an_impossible_layer_is_marked_where_it_stands(quick):
    page = quick
    page.page.locator("button.layer-text").first.click()
    field = page.page.locator("td.layer input")
    field.fill("gap; conv 8 3")
    field.press("Enter")
    page.wait_for(lambda: page.address()["model"] == "own")
    expect(page.page.locator("tbody.impossible")).to_have_count(1)
    expect(page.page.locator("tbody.impossible .refused")).to_be_visible()


def test_the_test_set_answers_once_and_counts(example):
    page = example
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    card = page.page.locator(".test-card")
    asked = card.locator("header .end").inner_text()
    card.locator("button.small").click()
    expect(card.locator(".test-number")).to_contain_text("%", timeout=20_000)
    expect(card).to_contain_text("n = 359")
    expect(card.locator("header .end")).not_to_have_text(asked)


def test_the_layers_are_looked_into_epoch_by_epoch(example):
    page = example
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    card = page.page.locator(".filters-card")
    card.get_by_role("button", name="Feature maps").click()
    page.wait_for(lambda: page.address().get("filter_tab") == "maps")
    card.get_by_role("combobox", name="Layer").select_option("relu3")
    expect(card).to_contain_text("relu3: 64 maps of 7×7")
    image = card.locator(".filters-grid img").first
    newest = image.get_attribute("src")
    card.get_by_role("slider", name="Epoch").press("Home")
    expect(image).not_to_have_attribute("src", newest)
    page.draw(THREE)
    expect(card).to_contain_text("your drawing")


def test_dark_lecture_and_phone_are_drawn(example, artefacts):
    page = example
    for name, scheme, window in (
        ("dark", "dark", DESKTOP),
        ("phone", "light", {"width": 400, "height": 860}),
        ("lecture", "light", DESKTOP),
    ):
        page.page.emulate_media(color_scheme=scheme)
        page.page.set_viewport_size(window)
        if name == "lecture":
            page.page.get_by_role("button", name="Lecture", exact=True).click()
            expect(page.page.locator("html[data-lecture]")).to_have_count(1)
        page.page.wait_for_timeout(500)
        page.page.screenshot(path=artefacts / f"dashboard_{name}.png")
        wide = page.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} scrolls sideways"
    page.page.keyboard.press("Escape")
    expect(page.page.locator("html[data-lecture]")).to_have_count(0)
