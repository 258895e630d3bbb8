"""The augmentation previewer as a person uses it: order, sliders, draws, upload, link, keys."""

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from .watched import wrong_words

COURSE = "hflip;rotation;jitter:contrast=0,saturation=0;resized_crop"
# Colours cannot be changed any more after Normalise; pictures are mixed at the end.
MIXED = "pipeline=normalise;jitter;resized_crop;mixup"
# The colours of a canvas in a few numbers: the same for the same picture.
PRINT = """canvas => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, at) => (sum * 31 + value * (at % 7 + 1)) % 1000003, canvas.width);
}"""


class Previewer:
    """The page and its parts."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.rows = page.locator(".steps .step")
        self.names = page.locator(".steps .step-name b")
        self.draws = page.locator(".draws .draw")
        self.notice = page.locator(".notice")
        self.way = page.locator(".way")

    def goto(self, query):
        self.page.goto(f"{self.url}/augmentation?{query}", wait_until="commit")
        expect(self.page.locator(".script-card pre")).to_contain_text("v2.Compose")
        expect(self.page.locator(".thumb-picture")).to_have_count(12, timeout=20_000)
        self.settled()
        return self

    def settled(self):
        """Wait until what is painted is what was last computed."""
        root = self.page.locator(".root", has=self.page.locator("section.stage.augmentation"))
        self.page.wait_for_timeout(150)
        self.wait_for(
            lambda: root.get_attribute("data-painted") == root.get_attribute("data-frame")
        )

    def prints(self):
        return self.page.locator(".draw canvas").evaluate_all(f"all => all.map({PRINT})")

    def steps(self):
        return self.names.all_text_contents()

    def address(self):
        return {name: found[0] for name, found in parse_qs(urlsplit(self.page.url).query).items()}

    def wait_for(self, condition):
        for _ in range(200):
            if condition():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it did not come")

    def grip(self, index):
        return self.rows.nth(index).locator(".grip")


@pytest.fixture
def opened(server, kept):
    """A page that several tests share, by the address that it was opened at."""

    def found(query):
        return kept(query, lambda page: Previewer(page, server.url).goto(query))

    return found


@pytest.fixture
def course(opened):
    """The course's pipeline, for tests that open no step; the window is narrow in the last one."""
    return opened("")


@pytest.fixture
def bare(opened):
    """No steps, by a link to an own picture; each test leaves no steps."""
    return opened("pipeline=none&picture=own")


@pytest.fixture
def turned(opened):
    """A six, and a rotation whose settings are open."""
    return opened("pipeline=rotation:degrees%3D0&open=1&picture=six")


def picture_file(size=(60, 40), kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, (10, 160, 40)).save(file, format=kind)
    return {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_the_page_opens_with_sixteen_different_draws_of_the_course_s_pipeline(course):
    page = course
    assert page.steps() == [
        "Horizontal flip",
        "Rotation",
        "Colour jitter",
        "Random resized crop",
    ]
    assert len(set(page.prints())) == 16
    assert wrong_words(page.page) == []


def test_a_step_is_dragged_to_another_place_by_mouse(course):
    page = course
    box = page.grip(0).bounding_box()
    last = page.rows.nth(3).bounding_box()
    page.page.mouse.move(box["x"] + 12, box["y"] + 16)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + 12, last["y"] + last["height"], steps=10)
    expect(page.rows.nth(0)).to_have_class(re.compile("held"))
    page.page.mouse.up()
    page.wait_for(lambda: page.steps()[-1] == "Horizontal flip")
    assert page.steps()[0] == "Rotation"
    page.wait_for(lambda: page.address()["pipeline"].endswith("hflip"))
    assert page.rows.evaluate_all("all => all.map(one => one.style.transform)") == [""] * 4
    page.page.get_by_role("button", name="Undo", exact=True).click()
    page.wait_for(lambda: page.steps()[0] == "Horizontal flip")


def test_a_step_is_moved_by_keyboard_and_keeps_the_focus(course):
    page = course
    page.grip(0).focus()
    page.page.keyboard.press("ArrowDown")
    page.wait_for(lambda: page.steps()[1] == "Horizontal flip")
    expect(page.grip(1)).to_be_focused()
    page.page.keyboard.press("ArrowDown")
    page.wait_for(lambda: page.steps()[2] == "Horizontal flip")
    expect(page.notice).to_contain_text("step 3 of 4")
    page.page.keyboard.press("ArrowUp")
    page.wait_for(lambda: page.steps()[1] == "Horizontal flip")


def test_the_pictures_follow_the_slider_before_it_is_let_go(turned):
    page = turned
    assert len(set(page.prints())) == 1
    box = page.page.get_by_role("slider", name="Angle (°)").bounding_box()
    page.page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10, steps=8)
    page.wait_for(lambda: len(set(page.prints())) == 16)
    page.page.mouse.up()
    page.wait_for(lambda: "degrees=90" in page.address()["pipeline"])


def test_a_link_to_an_own_picture_says_that_it_is_not_in_it(bare):
    page = bare
    expect(page.page.locator(".problems")).to_contain_text("own picture")
    expect(page.page.locator(".original figcaption")).to_contain_text("A cat")


def test_a_step_is_added_switched_off_and_removed(bare):
    page = bare
    page.page.get_by_role("button", name="Add step").click()
    page.page.locator(".add-item[data-name=invert]").click()
    page.wait_for(lambda: page.steps() == ["Invert"])
    page.settled()
    assert len(set(page.prints())) == 2
    page.page.get_by_role("switch", name="Invert is used").click()
    page.wait_for(lambda: page.address()["pipeline"] == "-invert")
    page.wait_for(lambda: len(set(page.prints())) == 1)
    page.page.get_by_role("button", name="Remove Invert").click()
    page.wait_for(lambda: page.address()["pipeline"] == "none")
    expect(page.page.locator(".pipeline")).to_contain_text("No steps yet")


def test_an_impossible_order_is_marked_and_the_doctor_mends_it(opened):
    page = opened(MIXED)
    expect(page.rows.nth(1)).to_have_class(re.compile("impossible"))
    expect(page.rows.nth(1)).to_contain_text("Move it before Normalise")
    page.page.get_by_role("button", name="Move Colour jitter", exact=True).click()
    page.wait_for(lambda: page.steps()[:2] == ["Colour jitter", "Normalise"])
    expect(page.page.locator(".step.impossible")).to_have_count(0)


def test_re_roll_by_button_and_key_and_the_way_back_by_the_seed(course):
    page = course
    seed = page.page.get_by_role("textbox", name="Seed")
    seed.fill("5")
    seed.press("Enter")
    page.wait_for(lambda: page.address()["seed"] == "5")
    page.settled()
    first = page.prints()
    page.page.get_by_role("button", name="Re-roll").click()
    page.wait_for(lambda: page.address()["seed"] == "6")
    page.settled()
    assert not set(first) & set(page.prints())
    page.page.locator("h1").click()
    page.page.keyboard.press("r")
    page.wait_for(lambda: page.address()["seed"] == "7")
    seed.fill("5")
    seed.press("Enter")
    page.wait_for(lambda: page.address()["seed"] == "5")
    page.wait_for(lambda: page.prints() == first)


def test_a_draw_is_looked_into_by_click_and_by_arrow_keys(course):
    page = course
    page.draws.nth(9).click()
    expect(page.way).to_contain_text("Draw 9, step by step")
    page.page.keyboard.press("ArrowUp")
    expect(page.way).to_contain_text("Draw 5, step by step")
    expect(page.draws.nth(5)).to_be_focused()
    page.settled()
    last = page.page.locator(".chain canvas").last.evaluate(PRINT)
    assert last == page.prints()[5]
    page.wait_for(lambda: page.address()["draw"] == "5")


def test_a_copied_link_shows_the_same_pictures_to_somebody_else(course, server, new_page):
    page = course
    page.page.get_by_role("button", name="A stop sign").click()
    page.draws.nth(3).click()
    seed = int(page.address()["seed"])
    page.page.get_by_role("button", name="Re-roll").click()
    page.wait_for(lambda: page.address()["seed"] == str(seed + 1))
    page.wait_for(lambda: page.address()["picture"] == "sign")
    page.wait_for(lambda: page.address()["draw"] == "3")
    page.settled()
    link = urlsplit(page.page.url).query
    again = Previewer(new_page(color_scheme="dark"), server.url).goto(link)
    assert again.prints() == page.prints()
    assert again.address() == page.address()


def test_an_own_picture_is_opened_and_a_file_that_is_none_leaves_it(bare, tmp_path):
    page, before = bare, bare.prints()
    chooser = page.page.locator("input[type=file]")
    chooser.set_input_files(picture_file())
    expect(page.page.locator(".original figcaption")).to_contain_text("60×40")
    page.settled()
    assert not set(before) & set(page.prints())
    chooser.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.page.locator(".original .refused")).to_contain_text("cannot be read")
    expect(page.page.locator(".original figcaption")).to_contain_text("60×40")
    large = tmp_path / "b.png"
    large.write_bytes(bytes(12_000_001))
    chooser.set_input_files(large)
    expect(page.page.locator(".original .refused")).to_contain_text("12 MB")
    page.page.get_by_role("button", name="A stop sign").click()
    expect(page.page.locator(".original figcaption")).to_contain_text("A stop sign")
    expect(page.page.locator(".original .refused")).to_be_hidden()


def test_digits_that_change_their_class_are_shown_before_and_after(turned):
    page = turned
    page.page.get_by_role("slider", name="Angle (°)").press("End")
    page.wait_for(lambda: "degrees=180" in page.address()["pipeline"])
    card = page.page.locator(".safety-card")
    expect(card.locator(".pairs figure")).to_have_count(6)
    expect(card).to_contain_text("is read as")
    page.page.get_by_role("button", name="Safe for digits").click()
    expect(card).to_contain_text("took none for another digit")
    expect(page.page.locator(".commentary")).to_contain_text("Handwriting")


def test_mixup_shows_the_mixed_labels_as_bars(opened):
    page = opened(MIXED)
    card = page.page.locator(".mixed-card")
    expect(card.locator("figure")).to_have_count(4)
    shares = card.locator("figure").first.locator(".mixed-share .number").all_text_contents()
    assert sum(int(text.split()[0]) for text in shares) in (99, 100, 101)


def test_a_question_is_answered_by_the_draws(course):
    page = course
    card = page.page.locator(".question-card")
    card.get_by_role("button", name="4 to 12").click()
    card.get_by_role("button", name="Ask the reader").click()
    expect(card.locator(".answer")).to_contain_text("of sixteen")
    page.wait_for(lambda: page.address()["picture"] == "six")


def test_narrow_pages_do_not_scroll_sideways(course):
    page = course
    for width in (1024, 768, 400):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_timeout(200)
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        stage = page.page.locator("section.stage.augmentation").bounding_box()
        assert stage["x"] >= 0
        assert stage["x"] + stage["width"] <= width
