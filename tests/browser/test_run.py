"""Play, pause, steps, reset, the path, and the numbers that belong to them."""

import pytest
from playwright.sync_api import expect

from .lesson_page import TWO_POINTS, number
from .watched import wrong_words


def test_the_first_second_is_alive(visit):
    lesson = visit()
    lesson.page.wait_for_function(
        "track => Number(track.getAttribute('aria-valuenow')) >= 4",
        arg=lesson.page.locator(".path .track").element_handle(),
        timeout=1500,
    )
    # It stops by itself, in the address too.
    expect(lesson.play).to_contain_text("Play")
    lesson.wait_address(path=f"0.15x{lesson.step()}")


def test_play_pause_and_reset(again):
    lesson = again()
    before = lesson.shown()
    lesson.play.click()
    expect(lesson.play).to_contain_text("Pause")
    losses = []
    for steps in (2, 4, 6):
        lesson.wait_for(lambda steps=steps: lesson.step() >= steps, f"{steps} steps")
        losses.append(lesson.loss())
    assert losses == sorted(losses, reverse=True)
    lesson.play.click()
    expect(lesson.play).to_contain_text("Play")
    lesson.wait_for(lambda: lesson.query()["path"] == f"0.15x{lesson.step()}", "the path")
    at = lesson.step()
    lesson.page.wait_for_timeout(300)
    assert lesson.step() == at
    lesson.button("Back to the start").click()
    expect(lesson.step_reading).to_have_text("Step 0")
    lesson.wait_for(lambda: lesson.shown() == before, "what was shown at first")  # Cards follow.


def test_playing_again_gives_the_same_numbers(again):
    lesson = again()
    lesson.choose("Points used for each step", "One")
    lesson.wait_address(batch="one")
    lesson.button("10 steps").click()
    expect(lesson.step_reading).to_have_text("Step 10")
    lesson.wait_address(path="0.15x10")  # The cards have followed.
    first = lesson.shown()
    lesson.button("Back to the start").click()
    expect(lesson.step_reading).to_have_text("Step 0")
    lesson.wait_address(path="")
    lesson.button("10 steps").click()
    expect(lesson.step_reading).to_have_text("Step 10")
    lesson.wait_address(path="0.15x10")  # The cards have followed.
    assert lesson.shown() == first


def test_ten_and_a_hundred_steps(again):
    lesson = again()
    lesson.button("10 steps").click()
    expect(lesson.step_reading).to_have_text("Step 10")
    lesson.button("100 steps").click()
    expect(lesson.step_reading).to_have_text("Step 110")
    lesson.wait_address(path="0.15x110")


def test_an_address_with_a_path_does_not_run_on_and_its_slider_rewinds_it(visit):
    lesson = visit("start=-1,5&path=0.05x20&rate=0.05")
    expect(lesson.step_reading).to_have_text("Step 20")
    lesson.page.wait_for_timeout(700)  # Longer than the opening waits.
    assert lesson.step() == 20
    equation, track = lesson.equation.inner_text(), lesson.track("Path").bounding_box()
    middle = track["y"] + track["height"] / 2
    lesson.hold((track["x"] + track["width"] - 1, middle), (1 - track["width"] / 2, 0))
    expect(lesson.step_reading).to_have_text("Step 10 of 20")
    expect(lesson.equation).not_to_have_text(equation)
    lesson.hold_on((2 - track["width"] / 2, 0))
    expect(lesson.step_reading).to_have_text("Step 0 of 20")
    lesson.wait_for(lambda: lesson.place() == (-1, 5), "the start")
    lesson.hold_on((30, 0))
    lesson.wait_for(lambda: lesson.step() > 0, "some steps")
    lesson.release()
    lesson.wait_address(path=f"0.05x{lesson.step()}")
    at = lesson.step()
    lesson.track("Path").blur()
    lesson.page.keyboard.press("ArrowLeft")
    expect(lesson.step_reading).to_have_text(f"Step {at - 1} of 20")
    lesson.wait_address(path=f"0.05x{at - 1}")
    lesson.page.keyboard.press("ArrowRight")
    lesson.wait_address(path=f"0.05x{at}")


def test_the_numbers_in_the_formulas_are_true(again):
    lesson = again(TWO_POINTS)
    rows = lesson.formulas()
    assert [number(row[2]) for row in rows] == [2.5, -3, -1, -0.7, 5.1]
    for (symbols, numbers, result), loss in zip(rows, ("MSE", "MSE", "MSE", "m", "b"), strict=True):
        assert loss in symbols
        sum_ = numbers.lstrip("= ").replace("−", "-").replace("·", "*")
        assert eval(sum_, {}) == pytest.approx(number(result), abs=0.002)
    assert lesson.totals() == {"MSE": 2.5, "RMSE": 1.5811}
    assert lesson.loss() == 2.5
    assert lesson.place() == (-1, 5)
    assert [row[2:] for row in lesson.rows()] == [[4, 1, 1], [3, -2, 4]]
    lesson.button("One step").click()
    lesson.wait_for(lambda: lesson.place() == (-0.7, 5.1), "what the formulas said")


def test_every_loss_shows_its_own_numbers(again):
    lesson = again(TWO_POINTS)
    for loss, value in (("MAE", 1.5), ("Huber", 1.0), ("MSE", 2.5)):
        lesson.choose("Loss", loss)
        expect(lesson.reading).to_contain_text(loss)
        lesson.wait_address(loss=loss.lower())
        assert lesson.loss() == value
        lesson.wait_for(lambda: lesson.totals() == {loss: value, "RMSE": 1.5811}, "the totals")  # noqa: B023


def test_a_rate_that_is_too_large_is_explained_and_mended(visit):
    lesson = visit("data=two_points&start=-1,5&path=&rate=2")
    expect(lesson.doctor).to_contain_text("λ = 2")
    lesson.play.click()
    expect(lesson.doctor).to_contain_text("diverged", timeout=15000)
    expect(lesson.play).to_be_disabled()
    expect(lesson.play).to_contain_text("Play")
    expect(lesson.button("One step")).to_be_disabled()
    assert wrong_words(lesson.page) == []
    lesson.page.keyboard.press(" ")  # A disabled run is not started by a key either.
    expect(lesson.play).to_contain_text("Play")
    lesson.wait_for(lambda: lesson.query()["path"].startswith("2.0x"), "the path")
    copy = lesson.page.url.split("?")[1]
    lesson.button("Back to the start").click()
    expect(lesson.play).to_be_enabled()
    assert lesson.place() == (-1, 5)
    lesson.goto(copy)  # The remedy, on the same run opened by its link.
    expect(lesson.doctor).to_contain_text("diverged")
    assert wrong_words(lesson.page) == []
    lesson.doctor.locator(".button").click()
    expect(lesson.play).to_be_enabled()
    assert lesson.place() == (-1, 5)
    lesson.wait_for(lambda: float(lesson.query()["rate"]) < 0.3, "a smaller rate")
    lesson.button("100 steps").click()
    lesson.wait_for(lambda: lesson.loss() < 2.5, "a smaller loss")


def test_nothing_is_greyed_out_during_play(again):
    lesson = again()
    lesson.play.click()
    lesson.wait_for(lambda: lesson.step() >= 1, "the first step")
    opacities, frames = lesson.stage.evaluate(
        """async (stage) => {
          const up = (node) => node.parentElement ?? node.getRootNode().host ?? null;
          const seen = new Set();
          const frames = new Set();
          const began = performance.now();
          while (performance.now() - began < 1000) {
            for (let node = stage; node; node = up(node)) seen.add(getComputedStyle(node).opacity);
            frames.add(stage.parentElement.dataset.frame);
            await new Promise(requestAnimationFrame);
          }
          return [[...seen], frames.size];
        }"""
    )
    assert opacities == ["1"]
    assert frames >= 4
    lesson.play.click()
    expect(lesson.play).to_contain_text("Play")
