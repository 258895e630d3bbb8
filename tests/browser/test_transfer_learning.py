"""Transfer learning as a person uses it: draw, upload, film, sort, train, predict, take away."""

import io
import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from .watched import wrong_words

PATIENCE = 60_000
SMALL = "classes=3&per_class=6&epochs=2&batch=8"
FRUIT = "samples=fruit&classes=4&per_class=4&seed=7&view=tsne&lecture=1"


class Lesson:
    """The page and its parts."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.cards = page.locator(".class-card")
        self.bars = page.locator(".predict .bar-row .number")
        self.verdict = page.locator(".predict .verdict")
        self.detail = page.locator(".query-foot .sub")
        self.figures = page.locator(".figures")
        self.train = page.get_by_role("button", name="Train", exact=True)
        self.where = page.locator(".progress .row span").first

    def goto(self, query):
        self.page.goto(f"{self.url}/transfer_learning?{query}", wait_until="commit")
        expect(self.cards.first).to_be_visible(timeout=30_000)
        return self.judged()

    def judged(self):
        expect(self.figures).to_contain_text("held back", timeout=PATIENCE)
        return self

    def address(self):
        return {name: found[0] for name, found in parse_qs(urlsplit(self.page.url).query).items()}

    def counts(self):
        return [int(text) for text in self.page.locator(".class-count").all_text_contents()]

    def shares(self):
        return [float(text.replace(" %", "") or "nan") for text in self.bars.all_text_contents()]

    def wait_for(self, condition):
        for _ in range(400):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it did not come")

    def stroke(self, pad, points):
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.page.mouse.move(*at[0])
        self.page.mouse.down()
        for place in at[1:]:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def open(self, index, way):
        card, well = self.cards.nth(index), self.page.locator(".well")
        if not card.locator(".well").count():
            card.get_by_role("button", name="Add pictures to").click()
        tab = well.get_by_role("button", name=way, exact=True)
        if tab.get_attribute("aria-pressed") != "true":
            tab.click()
        return well

    def setting(self, name):
        return self.page.locator(f"[data-field={name}] select")

    def files(self, label):
        return self.page.get_by_label(label)


@pytest.fixture
def small(server, kept):
    """Three small classes; where a test has changed them, they are taken from the set anew."""
    page = kept("small", lambda page: Lesson(page, server.url).goto(SMALL))
    if page.counts() != [6, 6, 6]:
        page.setting("samples").select_option("symbols")
        page.wait_for(lambda: page.counts() == [6, 6, 6])
        page.judged()
    return page


@pytest.fixture
def fruit(server, kept):
    """Four other classes in a lecture, which no test changes."""
    return kept("fruit", lambda page: Lesson(page, server.url).goto(FRUIT))


def picture_file(number, name=None):
    chance = np.random.default_rng(number)
    file = io.BytesIO()
    Image.fromarray(chance.integers(0, 255, (48, 48, 3), dtype=np.uint8)).save(file, "PNG")
    return {"name": name or f"{number}.png", "mimeType": "image/png", "buffer": file.getvalue()}


SMILE = [(0.3, 0.3), (0.3, 0.35), (0.7, 0.35), (0.7, 0.3), (0.75, 0.6), (0.5, 0.75), (0.25, 0.6)]


def test_the_page_opens_with_classes_a_map_a_prediction_and_its_worth(small):
    page = small
    assert page.counts() == [6, 6, 6]
    assert sum(page.shares()) == pytest.approx(100, abs=0.2)
    expect(page.verdict).to_contain_text(re.compile(r"with [\d.]+ %|None of these"))
    expect(page.figures).to_contain_text("95 % interval")
    expect(page.page.locator(".script-card pre")).to_contain_text("cross_entropy")
    colours = page.page.locator(".map-canvas").evaluate(
        """canvas => {
          const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set();
          for (let at = 0; at < data.length; at += 4) {
            const [red, green, blue] = data.slice(at, at + 3).map((one) => one >> 4);
            if (data[at + 3]) found.add(red * 256 + green * 16 + blue);
          }
          return found.size;
        }"""
    )
    assert colours > 20
    assert wrong_words(page.page) == []


def test_something_else_is_none_of_these(small):
    page = small
    page.page.get_by_role("button", name="Something else").click()
    expect(page.verdict).to_contain_text("None of these")
    expect(page.verdict).to_contain_text("Softmax alone would say")


def test_bars_and_words_follow_the_pen(small):
    page = small
    before = page.verdict.text_content()
    page.page.get_by_role("group", name="Predict from").get_by_text("Draw").click()
    page.stroke(page.page.locator(".predict canvas.pad"), SMILE)
    expect(page.detail).to_contain_text("Your drawing.")
    page.wait_for(lambda: page.verdict.text_content() != before)
    first = page.shares()
    page.stroke(page.page.locator(".predict canvas.pad"), [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9)])
    page.wait_for(lambda: page.shares() != first)


def test_space_trains_and_the_head_is_seen_learning(small):
    page = small
    page.page.locator("h1").click()
    page.page.keyboard.press("Space")
    expect(page.where).to_contain_text("Step", timeout=8000)
    expect(page.where).to_contain_text("learnt from 18 pictures", timeout=PATIENCE)


def test_predict_py_comes_as_a_file(small):
    page = small
    with page.page.expect_download(timeout=PATIENCE) as caught:
        page.page.get_by_role("button", name="Make predict.py", exact=True).click()
    path = Path(caught.value.path())
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["model.safetensors", "model_card.md", "predict.py"]


def test_the_link_shows_the_same_in_another_tab(fruit, new_page):
    first = (fruit.counts(), fruit.figures.text_content())
    other = Lesson(new_page(), fruit.url).goto(urlsplit(fruit.page.url).query)
    assert (other.counts(), other.figures.text_content()) == first


def test_nothing_sticks_out_and_pictures_are_kept(small, fruit, artefacts):
    for name, page, scheme, width in (
        ("dark", small, "dark", 1440),
        ("phone", small, "light", 390),
        ("light", small, "light", 1440),
        ("lecture", fruit, "light", 1440),
    ):
        page.page.emulate_media(color_scheme=scheme)
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_timeout(400)
        page.page.screenshot(path=artefacts / f"transfer_learning_{name}.png")
        wide = page.page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 1, name


def test_a_run_trains_the_backbone_and_stands_beside_the_head(small):
    page = small
    page.setting("method").select_option("last")
    page.wait_for(lambda: page.address()["method"] == "last")
    page.train.click()
    rows = page.page.locator(".runs tbody tr")
    expect(rows).to_have_count(2, timeout=PATIENCE)
    expect(page.where).to_contain_text("finished", timeout=PATIENCE)
    expect(page.figures).to_contain_text("held back", timeout=PATIENCE)
    assert page.address()["run"]
    rows.nth(0).get_by_role("button", name="New head").click()
    page.wait_for(lambda: "run" not in page.address())
    expect(page.where).to_contain_text("New head on Built-in")
    page.setting("method").select_option("head")


def test_three_drawings_teach_a_class_and_undo_takes_them_back(small):
    page = small
    page.page.get_by_role("button", name="Add a class").click()
    expect(page.cards).to_have_count(4)
    name = page.cards.nth(3).locator("input")
    name.fill("waves")
    name.press("Enter")
    well = page.open(3, "Draw")
    for number in range(3):
        shift = 0.06 * number
        page.stroke(
            well.locator("canvas.pad"),
            [(0.1, 0.4 + shift), (0.3, 0.6 + shift), (0.5, 0.4), (0.7, 0.6 + shift), (0.9, 0.4)],
        )
        well.get_by_role("button", name="Add drawing").click()
        page.wait_for(lambda number=number: page.counts()[3:] == [number + 1])
    expect(page.bars).to_have_count(4)
    assert page.address()["samples"] == "own"
    page.page.get_by_role("button", name="Undo").click()
    page.wait_for(lambda: page.counts()[3:] == [2])


def test_files_are_taken_and_each_bad_one_is_named_where_it_happened(small):
    page = small
    page.open(1, "Upload")
    page.files("Pictures or a ZIP archive").set_input_files(
        [
            picture_file(1),
            picture_file(2),
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"},
        ]
    )
    page.wait_for(lambda: page.counts() == [6, 8, 6])
    refused = page.page.locator(".refused-files")
    expect(refused).to_contain_text("notes.txt")
    refused.get_by_role("button", name="Close").click()
    expect(refused).to_be_hidden()


def test_a_large_archive_travels_in_pieces_and_makes_its_classes(small, tmp_path):
    page = small
    path = tmp_path / "own.zip"
    chance = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for label in ("left", "right"):
            for number in range(3):
                data = io.BytesIO()
                noise = chance.integers(0, 255, (485, 485, 3), dtype=np.uint8)
                Image.fromarray(noise).save(data, "PNG")
                archive.writestr(f"{label}/{number}.png", data.getvalue())
    assert path.stat().st_size > 4_000_000  # Three pieces.
    page.open(0, "Upload")
    page.files("Pictures or a ZIP archive").set_input_files(path)
    page.wait_for(lambda: page.counts() == [6, 6, 6, 3, 3])
    names = page.page.locator(".class-name-input").evaluate_all("all => all.map(one => one.value)")
    assert names[3:] == ["left", "right"]


def test_a_picture_dropped_on_another_class_moves_there(small):
    page = small
    sample = page.cards.nth(0).locator(".sample").first
    sample.drag_to(page.cards.nth(1).locator(".class-head"))
    page.wait_for(lambda: page.counts() == [5, 7, 6])
    expect(page.page.locator(".notice")).to_contain_text("Moved to star")


def test_a_picture_opens_with_what_was_said_about_it_and_moves_by_keyboard(small):
    page = small
    page.cards.nth(0).locator(".sample").nth(2).focus()
    page.page.keyboard.press("Enter")
    box = page.page.locator("dialog.sample-box")
    expect(box).to_contain_text("held back")
    assert box.locator("img").nth(1).get_attribute("src").startswith("data:image/")
    box.get_by_label("Move to").select_option(label="house")
    page.wait_for(lambda: page.counts() == [5, 6, 7])
    page.page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_own_pictures_are_there_after_a_reload_and_a_page_switch(small):
    page = small
    page.cards.nth(0).locator(".sample").first.drag_to(page.cards.nth(1).locator(".class-head"))
    page.wait_for(lambda: page.counts() == [5, 7, 6])
    page.wait_for(lambda: page.address().get("samples") == "own")
    page.page.reload(wait_until="commit")
    expect(page.cards).to_have_count(3, timeout=30_000)
    page.wait_for(lambda: page.counts() == [5, 7, 6])
    page.page.get_by_role("link", name="Augmentation", exact=True).click()
    expect(page.page.locator("section.stage.augmentation")).to_be_visible(timeout=30_000)
    page.page.get_by_role("link", name="Transfer learning", exact=True).click()
    page.wait_for(lambda: page.counts() == [5, 7, 6])


def test_the_camera_fills_a_class_and_is_predicted_live(small):
    page = small
    well = page.open(2, "Webcam")
    expect(well.locator("video")).to_be_visible()
    page.wait_for(lambda: well.locator("video").evaluate("video => video.videoWidth") > 0)
    well.get_by_role("button", name="One shot").click()
    page.wait_for(lambda: page.counts() == [6, 6, 7])
    hold = well.get_by_role("button", name="Hold to record")
    box = hold.bounding_box()
    page.page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.page.mouse.down()
    page.wait_for(lambda: page.counts()[2] >= 10)
    page.page.mouse.up()
    page.page.wait_for_timeout(400)
    stopped = page.counts()[2]
    page.page.wait_for_timeout(500)
    assert page.counts()[2] == stopped
    page.page.get_by_role("group", name="Predict from").get_by_text("Webcam").click()
    expect(page.detail).to_contain_text("Live from the camera", timeout=PATIENCE)
