"""The training dashboard: real runs in processes of their own, seen through its messages."""

import time
from base64 import b64encode
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch

from core.images.digits import read_digits
from core.training.state import start
from explorer.components.packing import packed
from explorer.heads import head_message
from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.controls import SLUG, row_message
from explorer.training_dashboard.curves import Sheet, smoothed
from explorer.training_dashboard.digit import Digit, shipped_reader
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import pictures_of, trained
from explorer.training_dashboard.pictures import signed, source, stretched
from explorer.training_dashboard.settings import training_config
from explorer.training_dashboard.stage import stage_message

OWNER = {"type": "hello", "owner": "a" * 24}
QUICK = {"model": "softmax", "epochs": "2", "optimizer": "adam", "rate": "0.01"}


def opened(**settings):
    lesson = TrainingDashboard(settings or QUICK)
    lesson.apply((OWNER,))
    return lesson


def waited(lesson, *states, seconds=90):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = lesson.status()
        if status.state in states:
            return status
        time.sleep(0.05)
    raise AssertionError(f"it is still {lesson.status()}")


def sent(lesson):
    """All messages, as they go to the browser."""
    stage, numbers = stage_message(lesson, None)
    board, more = board_message(lesson, None)
    for header, values in ((stage, numbers), (board, more), (head_message(SLUG, lesson), None)):
        packed(header, values)
    packed(row_message(lesson, None))
    return stage, numbers, {card["kind"]: card for card in board["cards"]}


@pytest.fixture(scope="module")
def finished():
    lesson = opened(**QUICK, seed="7")
    lesson.apply(({"type": "start"},))
    waited(lesson, "finished")
    return lesson


def test_a_run_trains_and_everything_is_read_from_its_directory(finished):
    stage, numbers, cards = sent(finished)
    assert stage["run"]["state"] == "finished"
    assert stage["run"]["share"] == 1
    assert not stage["run"]["live"]
    rows = finished.directory.rows()
    assert len(rows) == 2
    validation = next(one for one in stage["loss"]["series"] if one["label"] == "validation")
    shown = numbers[validation["from"] :][: validation["count"]]
    np.testing.assert_allclose(shown, [row.validation_loss for row in rows], rtol=1e-6)
    accuracy = next(one for one in stage["accuracy"]["series"] if one["label"] == "validation")
    shown = numbers[accuracy["from"] :][: accuracy["count"]]
    np.testing.assert_allclose(shown, [100 * r.validation_accuracy for r in rows], rtol=1e-6)
    assert {"heat", "pictures", "runs", "classes", "filters", "doctor", "editor"} <= cards.keys()


def test_the_matrix_is_what_the_network_says_about_the_validation_pictures(finished):
    """An independent forward pass over the same pictures counts the same."""
    _, _, cards = sent(finished)
    found, config = trained(finished.directory), finished.directory.spec().config
    split = pictures_of(config)
    images = split.validation.images.float() / 255
    mean, std = (torch.tensor(one).view(1, -1, 1, 1) for one in (found.mean, found.std))
    ready = (images - mean) / std
    said = found.model(ready.float()).argmax(1).numpy()
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (split.validation.labels.numpy(), said), 1)
    assert cards["heat"]["counts"] == counts.tolist()
    right = [row["right"] for row in cards["classes"]["rows"]]
    assert right == np.diag(counts).tolist()
    wrong = counts.sum() - np.trace(counts)
    assert cards["pictures"]["foot"].startswith(f"{wrong} of {counts.sum()} wrong")
    assert len(cards["pictures"]["pictures"]) == min(8, wrong)


def test_a_cell_opens_the_pictures_behind_it(finished):
    _, _, cards = sent(finished)
    counts = np.array(cards["heat"]["counts"])
    row, column = np.unravel_index(np.argmax(counts - np.diag(np.diag(counts))), counts.shape)
    finished.apply(({"type": "cell", "row": int(row), "column": int(column)},))
    _, _, cards = sent(finished)
    assert len(cards["pictures"]["pictures"]) == min(8, counts[row, column])
    assert all(
        one["caption"] == f"**{row}** read as **{column}**" for one in cards["pictures"]["pictures"]
    )
    finished.apply(({"type": "cell", "row": int(row), "column": int(column)},))
    assert finished.cell is None


def test_the_same_settings_give_the_same_numbers(finished):
    again = opened(**QUICK, seed="7")
    again.apply(({"type": "start"},))
    waited(again, "finished")
    one, other = (lesson.directory.rows() for lesson in (finished, again))
    assert [row.validation_loss for row in one] == [row.validation_loss for row in other]
    again.apply(({"type": "compare_run", "run": finished.settings.run},))
    stage, _, cards = sent(again)
    assert any(one["side"] == "B" for one in stage["loss"]["series"])
    mine = [one for one in cards["runs"]["runs"] if one["shown"]]
    assert [one["id"] for one in mine] == [again.settings.run]
    again.apply(({"type": "rename_run", "run": again.settings.run, "name": "Second try"},))
    assert again.directory.spec().name == "Second try"
    for _ in range(100):  # The process that has just finished lets go of it in a moment.
        again.apply(({"type": "delete_run", "run": again.settings.run},))
        if again.settings.run is None:
            break
        time.sleep(0.05)
    assert again.settings.run is None, again.notice


def test_a_link_shows_the_run_to_somebody_else_who_may_not_delete_it(finished):
    query = {name: found[0] for name, found in parse_qs(finished.address()).items()}
    other = TrainingDashboard(query)
    other.apply(({"type": "hello", "owner": "b" * 24},))
    assert other.problems == []
    assert other.directory.rows() == finished.directory.rows()
    other.apply(({"type": "delete_run", "run": finished.settings.run},))
    assert "belongs to another browser" in other.notice
    assert finished.directory.exists


def test_pause_rate_stop_and_go_on():
    lesson = opened(model="mlp", epochs="60", optimizer="sgd", rate="0.01", schedule="constant")
    lesson.apply(({"type": "start"},))
    waited(lesson, "running")
    stranger = TrainingDashboard({"run": lesson.settings.run})
    stranger.apply(({"type": "hello", "owner": "b" * 24},))
    for what in ("pause", "stop", "resume"):
        stranger.apply(({"type": what},))
        assert "belongs to another browser" in stranger.notice
    stranger.apply(({"type": "rate", "value": 0.5},))
    assert stranger.settings.rate == 0.5  # For the stranger's own next run.
    assert lesson.status().state == "running"
    lesson.apply(({"type": "pause"},))
    waited(lesson, "paused")
    lesson.apply(({"type": "rate", "value": 0.05},))
    lesson.apply(({"type": "resume"},))
    waited(lesson, "running")
    until = time.monotonic() + 60
    while not lesson.directory.changes() and time.monotonic() < until:
        lesson.status()
        time.sleep(0.05)
    (change,) = lesson.directory.changes()
    assert (change.before, change.learning_rate) == (0.01, 0.05)
    stage, _, _ = sent(lesson)
    assert stage["loss"]["events"][0]["text"] == "λ 0.01 → 0.05"
    lesson.apply(({"type": "stop"},))
    assert waited(lesson, "stopped", "finished").state == "stopped"


def test_the_page_opens_on_the_example_and_reads_a_digit():
    lesson = TrainingDashboard({})
    lesson.apply((OWNER,))
    waited(lesson, "finished")
    stage, _, _ = sent(lesson)
    assert stage["digit"]["probabilities"] is not None
    assert sum(stage["digit"]["probabilities"]) == pytest.approx(1, abs=0.01)
    assert lesson.directory.rows()[-1].validation_accuracy > 0.95


def test_what_is_drawn_is_read_by_the_reader_and_by_a_run(finished):
    digits = read_digits()
    pad = np.kron(digits.images[33, 0].numpy(), np.ones((4, 4), dtype=np.uint8))
    event = {"type": "ink", "size": 112, "pixels": b64encode(pad.tobytes()).decode()}
    finished.apply((event,))
    stage, _, _ = sent(finished)
    assert stage["digit"]["winner"] == int(digits.labels[33])
    finished.apply(({"type": "set", "name": "reader", "value": "run"},))
    stage, _, _ = sent(finished)
    assert "this run" in stage["digit"]["detail"]
    finished.apply(({"type": "set", "name": "reader", "value": "shipped"},))


@pytest.mark.parametrize(
    "event",
    [
        {"type": "ink", "size": 112, "pixels": "%%%"},
        {"type": "ink", "size": 112, "pixels": ""},
        {"type": "ink", "size": 10**9, "pixels": "AAAA"},
        {"type": "photo", "width": 0, "height": 0, "pixels": ""},
        {"type": "photo", "width": -3, "height": 7, "pixels": "AAAA"},
        {"type": "set", "name": "run", "value": "../../etc"},
        {"type": "set", "name": "batch", "value": "0"},
        {"type": "set", "name": "nothing", "value": "0"},
        {"type": "spec", "text": "conv conv conv"},
        {"type": "show_run", "run": "../.."},
        {"type": "delete_run", "run": "20200101-000000-abcdef"},
        {"type": "rate", "value": "nan"},
        {"type": "cell"},
        {"type": "epoch", "epoch": "x"},
    ],
    ids=str,
)
def test_what_makes_no_sense_changes_nothing_and_is_said(event, finished):
    before = finished.address()
    finished.notice = None
    finished.apply((event,))
    assert finished.notice or finished.refused_spec
    assert finished.address() == before
    sent(finished)
    finished.apply(({"type": "spec", "text": "flatten; linear 10"},))
    finished.apply(({"type": "set", "name": "model", "value": "softmax"},))
    for name in ("epochs", "optimizer", "rate"):
        finished.apply(({"type": "set", "name": name, "value": QUICK[name]},))
    finished.apply(({"type": "set", "name": "batch", "value": "64"},))
    finished.apply(({"type": "set", "name": "schedule", "value": "onecycle"},))
    finished.refused_spec = None


def test_own_layers_are_checked_where_they_stand_and_can_be_trained():
    lesson = opened()
    lesson.apply(({"type": "spec", "text": "conv 4 3; linear 10"},))
    _, _, cards = sent(lesson)
    assert any(row["problem"] for row in cards["editor"]["rows"])
    lesson.apply(({"type": "start"},))
    assert lesson.settings.run is None or lesson.status().state in ("failed", "queued", "starting")
    lesson.apply(({"type": "spec", "text": "conv 4 3; relu; flatten; linear 10"},))
    _, _, cards = sent(lesson)
    assert not any(row["problem"] for row in cards["editor"]["rows"])
    model, _ = start(training_config(lesson.settings, 1), (1, 28, 28), 10)
    total = sum(one.numel() for one in model.parameters())
    assert cards["editor"]["totals"]["parameters"] == f"{total:,}"


def test_smoothing_starts_at_the_first_value_and_forgets_it():
    values = np.array([2.0, *[1.0] * 200])
    found = smoothed(values)
    assert found[0] == 2
    assert found[-1] == pytest.approx(1, abs=1e-6)
    by_hand = (0.1 * 0.9 * 2 + 0.1 * 1) / (0.1 * 0.9 + 0.1)
    assert found[1] == pytest.approx(by_hand)


def test_rows_of_numbers_lie_where_the_message_says():
    sheet = Sheet()
    places = [sheet.put(np.arange(3.0)), sheet.put(np.array([9.0]))]
    assert [sheet.numbers()[p["from"] :][: p["count"]].tolist() for p in places] == [[0, 1, 2], [9]]


def test_pictures_are_png_of_the_same_pixels():
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert source(grey).startswith("data:image/png;base64,")
    assert stretched(np.array([[0.0, 2.0]], dtype=np.float32)).tolist() == [[0, 255]]
    assert signed(np.array([[-1.0, 0.0, 1.0]], dtype=np.float32)).tolist() == [[0, 128, 255]]


def test_an_empty_pad_is_no_digit():
    digit = Digit()
    event = {"size": 112, "pixels": b64encode(bytes(112 * 112)).decode()}
    digit.draw(event, shipped_reader())
    assert digit.message(tuple("0123456789"), "x")["probabilities"] is None
