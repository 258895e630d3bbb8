"""The learning rate, the segments, the relief, and the settings row."""

import math

import pytest
from playwright.sync_api import expect

from .lesson_page import TWO_POINTS


def test_the_largest_stable_rate_is_marked_where_it_is(again):
    lesson = again(TWO_POINTS)
    # 2 / λmax of the Hessian ((5, 3), (3, 2)) of these two points.
    stable = 2 / ((7 + math.sqrt(45)) / 2)
    expect(lesson.stage.get_by_text("stable below")).to_contain_text(f"{stable:.3f}")
    track = lesson.track("Learning rate λ")
    box, mark = track.bounding_box(), track.locator(".mark").bounding_box()
    share = math.log(stable / 0.001) / math.log(4 / 0.001)
    at = (mark["x"] + mark["width"] / 2 - box["x"]) / box["width"]
    assert at == pytest.approx(share, abs=0.01)
    lesson.choose("Loss", "MAE")
    expect(track.locator(".mark")).to_be_hidden()


def test_the_learning_rate_is_live_while_it_is_dragged(again):
    lesson = again(TWO_POINTS)
    step, doctor = lesson.formulas()[3], lesson.doctor.inner_text()
    track = lesson.track("Learning rate λ")
    box = track.bounding_box()
    middle = box["y"] + box["height"] / 2
    thumb = track.locator(".thumb").bounding_box()
    lesson.hold((thumb["x"] + thumb["width"] / 2, middle), (box["width"] * 0.2, 0))
    lesson.wait_for(lambda: lesson.formulas()[3] != step, "another update in the formulas")
    expect(lesson.doctor).not_to_have_text(doctor)
    expect(lesson.doctor).to_contain_text("above the largest stable rate")
    assert lesson.query()["rate"] == "0.1"  # The address waits for the hand to be empty.
    lesson.release()
    lesson.wait_address(rate=track.get_attribute("aria-valuenow"))


def test_batches_and_how_residuals_are_drawn(again):
    lesson = again()
    size = lesson.page.get_by_label("Batch size", exact=True)
    expect(size).to_have_count(0)
    for text, value, count in (("Mini", "mini", 4), ("One", "one", 1), ("Full batch", "full", 9)):
        lesson.choose("Points used for each step", text)
        lesson.wait_address(batch=value)
        lesson.wait_for(
            lambda value=value: lesson.chosen("Points used for each step") == value, value
        )
        expect(lesson.page.locator(".formulas .numbers").nth(1)).to_contain_text(f"/{count} ·")
        expect(size).to_have_count(1 if value == "mini" else 0)
    squares, lines = (lesson.page.locator(f"svg.data .{kind}") for kind in ("square", "residual"))
    expect(squares).to_have_count(9)
    lesson.choose("Residuals drawn as", "Lines")
    expect(squares).to_have_count(0)
    expect(lines).to_have_count(9)
    lesson.wait_address(residuals="lines")


def test_every_set_of_points_can_be_chosen_and_a_seed_repeats_it(again):
    lesson = again()
    for text, value in (
        ("Two points", "two_points"),
        ("Outlier", "outlier"),
        ("Clusters", "clusters"),
    ):
        rows = lesson.rows()
        lesson.choose("Data", text)
        lesson.wait_address(data=value)
        lesson.wait_for(lambda rows=rows: lesson.rows() != rows, "other points")
        lesson.wait_for(lambda value=value: lesson.chosen("Data") == value, value)
    rows = lesson.rows()
    lesson.button("More: Seed").click()
    lesson.wait_for(lambda: lesson.rows() != rows, "other points")
    lesson.wait_address(seed="8")
    lesson.button("Less: Seed").click()
    lesson.wait_for(lambda: lesson.rows() == rows, "the old points")


def test_a_change_of_the_loss_keeps_the_line_and_says_what_was_reset(again):
    lesson = again()
    lesson.button("10 steps").click()
    expect(lesson.step_reading).to_have_text("Step 10")
    lesson.wait_address(path="0.15x10")
    place = lesson.place()
    lesson.choose("Loss", "MAE")
    expect(lesson.notice).to_contain_text("the line stays")
    expect(lesson.step_reading).to_have_text("Step 0")
    assert lesson.place() == place


def test_the_relief_is_turned_by_dragging_and_the_address_knows(again):
    lesson = again()
    flat = lesson.picture()
    lesson.choose("Surface drawn as", "3-D")
    lesson.wait_for(lambda: lesson.picture() != flat, "a relief")
    lesson.wait_address(surface="relief", turn="330,38")
    before = lesson.picture()
    box = lesson.page.locator("canvas.surface").bounding_box()
    corner = box["x"] + 20, box["y"] + 30
    lesson.hold(corner, (60, 20))
    lesson.wait_for(lambda: lesson.picture() != before, "a turned relief")
    lesson.release()
    lesson.wait_address(turn="0,45")
    assert lesson.query()["start"] == "-1,5"
    dot = lesson.middle(lesson.dot)
    lesson.hold(dot, (40, 0))
    lesson.wait_for(lambda: lesson.place() != (-1, 5), "another line")
    assert lesson.middle(lesson.dot)[0] == pytest.approx(dot[0] + 40, abs=6)
    lesson.release()
