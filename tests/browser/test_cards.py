"""Predict first, the doctor's remedy, and this screen as PyTorch."""

import subprocess
import sys

import pytest
from playwright.sync_api import expect

from .lesson_page import number


def test_a_prediction_is_answered_by_the_run(again):
    lesson = again()
    card = lesson.question
    options = card.get_by_role("group", name="Your prediction").get_by_role("button")
    expect(card).to_contain_text("Choose first.")
    action = card.locator(".foot button")
    expect(action).to_be_disabled()
    rows = lesson.rows()
    options.nth(1).click()
    expect(options.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(card.locator(".option.right")).to_have_count(0)
    action.click()
    right = card.locator(".option.right")
    expect(right).to_have_count(1)
    expect(right.locator("svg")).to_be_visible()
    expect(card.locator(".answer")).to_contain_text("→")
    lesson.wait_for(lambda: lesson.rows() != rows, "the run's answer on the stage")
    expect(options.first).to_be_disabled()
    text = card.locator("p").first.inner_text()
    card.get_by_role("button", name="Next question").click()
    expect(card.locator("p").first).not_to_have_text(text)
    expect(card).to_contain_text("Choose first.")


def test_one_question_after_the_other_is_answered(again):
    lesson = again()
    lesson.choose("Data", "Outlier")
    lesson.wait_address(data="outlier")
    card, asked = lesson.question, set()
    total = int(card.locator("header .end").inner_text().split("of")[1])
    assert total >= 2
    for _ in range(min(total, 3)):  # Of each of them the answer is tried in test_questions.py.
        asked.add(card.locator("p").first.inner_text())
        card.locator(".option").first.click()
        card.locator(".foot button").first.click()
        expect(card.locator(".option.right")).to_have_count(1)
        assert len(card.locator(".answer").inner_text()) > 40
        card.get_by_role("button", name="Next question").click()
        expect(card.locator(".option.right")).to_have_count(0)
    assert len(asked) >= 3


def test_the_script_is_copied_downloaded_and_prints_the_same_numbers(visit, tmp_path):
    lesson = visit(
        "seed=3&batch=mini&size=4&rate=0.05&start=-1,5&path=0.1x7;0.05x6",
        permissions=["clipboard-read", "clipboard-write"],
    )
    source, card = lesson.script.inner_text(), lesson.page.locator(".script-card")
    lesson.button("Code").click()
    expect(lesson.script).to_be_in_viewport()
    card.get_by_role("button", name="Copy", exact=True).click()
    expect(card.get_by_text("Copied")).to_be_visible()
    assert lesson.page.evaluate("navigator.clipboard.readText()") == source
    with lesson.page.expect_download() as download:
        card.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "linear_regression.py"
    path = tmp_path / "linear_regression.py"
    download.value.save_as(path)
    assert path.read_text(encoding="utf-8") == source
    answer = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    printed = dict(line.split(" = ") for line in answer.stdout.splitlines())
    printed = {name: float(value) for name, value in printed.items()}
    assert {name: round(printed[name], 4) for name in ("MSE", "RMSE")} == lesson.totals()
    assert round(printed["MSE"], 3) == lesson.loss()
    assert (printed["m"], printed["b"]) == pytest.approx(lesson.place(), abs=0.006)


def test_script_and_curve_follow_what_is_on_screen(again):
    lesson = again()
    expect(lesson.script).to_contain_text("F.mse_loss")
    expect(lesson.page.locator(".curve-card circle.mark")).to_have_count(1)
    lesson.choose("Loss", "Huber")
    expect(lesson.script).to_contain_text("F.huber_loss")
    lesson.button("10 steps").click()
    expect(lesson.script).to_contain_text("range(10)")
    expect(lesson.page.locator(".curve-card circle.mark")).to_have_count(11)
    label = lesson.page.locator(".curve-card .series-label").text_content()
    assert number(label) == pytest.approx(lesson.loss(), rel=0.01)


def test_terms_explain_themselves(again):
    lesson = again()
    note = lesson.page.locator(".term-note")
    for kind in ("button.term", "button.help"):
        anchor = lesson.page.locator(kind).first
        anchor.click()
        expect(note).to_be_visible()
        assert len(note.inner_text()) > 20
        lesson.page.mouse.move(0, 0)
        anchor.blur()
        expect(note).to_have_count(0)


def test_the_comparison_of_all_rates_is_drawn_on_request(again):
    lesson = again()
    press = lesson.button("Run all of them")
    words = lesson.page.get_by_text("The same start, 50 steps").bounding_box()
    assert press.bounding_box()["y"] >= words["y"] + words["height"], "it lies on the words"
    press.click()
    expect(lesson.page.locator(".js-plotly-plot .plot-container")).to_be_visible()
    lesson.wait_for(lambda: lesson.query()["compare"] != "no", "the comparison in the address")
