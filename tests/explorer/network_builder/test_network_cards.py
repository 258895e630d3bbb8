"""The cards: numbers by another way, the doctor's remedies, scripts and files that are right."""

import base64
from itertools import islice, pairwise

import numpy as np
import onnxruntime
import pytest
import torch
from network_gestures import OWN, SMALL, do, layer, paint, put, usable, walk
from safetensors.torch import load
from sklearn.metrics import confusion_matrix

from core.networks.from_scratch import SEED, initial_weights, numpy_losses
from core.networks.model import build
from core.networks.probes import wilson
from explorer.network_builder.cards import board_message, confusion_card, doctor, lines
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.scratch import TOTAL
from explorer.network_builder.units import layers_card, unit_card
from explorer.numbers import fixed

REMEDY = {"type": "remedy"}


def card(lesson, kind):
    header, _ = board_message(lesson, None)
    (found,) = [one for one in header["cards"] if one["kind"] == kind]
    return found


def said(text):
    """A number on a card as a number."""
    return float(text.replace("−", "-"))


# -- learning curve ------------------------------------------------------------------


@pytest.mark.parametrize("curve", ["loss", "accuracy"])
def test_the_curve_shows_every_epoch(curve):
    lesson = walk(put(NetworkBuilder(SMALL), "curve", curve), 7)
    shown, numbers = lines(lesson)
    rows = lesson.side.training.rows
    scale = 100 if curve == "accuracy" else 1
    assert shown["shown"] == 7
    assert numbers[: shown["x"]["count"]].tolist() == list(range(8))
    for one in shown["series"]:
        column = numbers[one["from"] : one["from"] + one["count"]].tolist()
        assert column == [scale * getattr(row, f"{one['style']}_{curve}") for row in rows]


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    lesson = NetworkBuilder({"points": "12", "layers": "none"})
    lesson.side.training.advance_epochs(700)
    shown, numbers = lines(lesson)
    epochs = numbers[: shown["x"]["count"]]
    assert (epochs[0], epochs[-1], len(epochs)) == (0, 700, 300)
    one = shown["series"][0]
    column = numbers[one["from"] : one["from"] + one["count"]]
    rows = lesson.side.training.rows
    assert column.tolist() == [rows[int(epoch)].training_loss for epoch in epochs]


def test_every_card_finds_its_numbers_in_the_message():
    lesson = do(walk(NetworkBuilder(SMALL), 3), {"type": "scratch", "action": "play"})
    lesson.scratch.advance(0.02)
    header, numbers = board_message(lesson, None)
    parts = [card["x"] for card in header["cards"] if card["kind"] == "lines"]
    for one in header["cards"]:
        series = one.get("series") or []
        parts += series.values() if isinstance(series, dict) else series
    ranges = sorted((part["from"], part["from"] + part["count"]) for part in parts)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == len(numbers)
    assert all(end == start for (_, end), (start, _) in pairwise(ranges))


# -- unit, confusion, layers ---------------------------------------------------------


@pytest.mark.parametrize("place", ["1.2", "2.1", "3.0"])
@pytest.mark.parametrize(
    "layers", ["4:tanh;2:relu", f"4:={OWN};2:softplus:0.3", "4:tanh:n;2:gelu:n"]
)
def test_the_selected_unit_is_substituted_right(place, layers):
    lesson = walk(NetworkBuilder({"unit": place, "layers": layers, "probe": "1.5,-2", **SMALL}), 3)
    found, model = unit_card(lesson), lesson.side.training.model
    column, unit = map(int, place.split("."))
    model.eval()
    with torch.no_grad():
        x = torch.tensor([[1.5, -2.0]])
        for hidden in list(model.hidden)[: column - 1]:
            x = hidden(x)
        linear = model.linears()[column - 1]
        total = linear(x)[0, unit].item()
        end = torch.sigmoid(linear(x)) if column == 3 else model.hidden[column - 1](x)
    model.train()
    assert [one["value"] for one in found["weights"]] == linear.weight[unit].tolist()
    assert found["bias"] == linear.bias[unit].item()
    assert fixed(total) in found["numbers"]
    assert found["result"] == fixed(end[0, unit].item(), 3)


def test_an_input_has_no_weights():
    lesson = NetworkBuilder({"features": "x2,product", "unit": "0.1", "probe": "1.5,-2", **SMALL})
    found = unit_card(lesson)
    assert found["weights"] == []
    assert "it is −3.000" in found["empty"]


@pytest.mark.parametrize("data", ["moons", "spirals"])
@pytest.mark.parametrize("which", ["validation", "training"])
def test_the_confusion_matrix_is_that_of_scikit_learn(data, which):
    lesson = walk(NetworkBuilder({"data": data, "classes": "3", "points": "120"}), 5)
    found = confusion_card(put(lesson, "matrix", which))
    training = lesson.side.training
    points = getattr(training, which)
    with torch.no_grad():
        z = training.model(torch.tensor(points.x))
    answers = (z[:, 0] > 0).long() if z.shape[1] == 1 else z.argmax(1)
    assert found["counts"] == confusion_matrix(points.y, answers).tolist()
    right = int((answers.numpy() == points.y).sum())
    low, high = wilson(right, len(points))
    assert (
        f"{right} of {len(points)} right, **{fixed(100 * right / len(points), 1)} %**"
        in (found["reading"])
    )
    assert f"{fixed(100 * low, 1)}–{fixed(100 * high, 1)} %" in found["reading"]


def test_there_is_no_confusion_without_classes_and_no_validation_without_points():
    kinds = [
        one["kind"] for one in board_message(NetworkBuilder({"data": "plane"}), None)[0]["cards"]
    ]
    assert "confusion" not in kinds
    found = confusion_card(NetworkBuilder({"share": "0", **SMALL}))
    assert [tab for tab, _ in found["tabs"]] == ["training"]
    assert sum(map(sum, found["counts"])) == 40


def test_the_layers_have_gradients_of_the_whole_loss():
    lesson = walk(NetworkBuilder({"layers": "5:tanh;3:relu", **SMALL}), 2)
    training = lesson.side.training
    loss = training.objective.value(
        training.model(torch.tensor(training.training.x)), training.examples.targets
    )
    rows = layers_card(lesson)["rows"]
    assert [row["linear"] for row in rows] == [
        *("nn.Linear(2, 5)", "nn.Linear(5, 3)", "nn.Linear(3, 1)"),
    ]
    for row, linear in zip(rows, training.model.linears(), strict=True):
        parts = torch.autograd.grad(loss, [linear.weight, linear.bias], retain_graph=True)
        wanted = torch.cat([part.flatten() for part in parts]).norm().item()
        assert row["gradient"] == pytest.approx(wanted, rel=1e-4)


# -- the doctor ----------------------------------------------------------------------


def test_the_remedy_against_divergence_starts_anew_until_it_holds():
    given = {"data": "plane", "layers": "none", "optimizer": "sgd", "learning_rate": "10"}
    lesson = walk(NetworkBuilder({**given, **SMALL}), 20)
    for rate in (1, 0.1, 0.01):
        if not lesson.side.training.diverged:
            break
        assert "diverged" in doctor(lesson)["text"]
        do(lesson, REMEDY)
        assert (lesson.side.config.learning_rate, lesson.side.training.epoch) == (rate, 0)
        walk(lesson, 20)
    assert "diverged" not in doctor(lesson)["text"]
    assert lesson.side.replayable


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"initialisation": "zero"}, "alike"),
        ({"layers": "4:=log(x)"}, "no finite number"),
        ({"layers": ";".join(["4:sigmoid"] * 8)}, "vanishes"),
        ({"layers": "4:relu"}, "say 0"),
        ({"layers": "4:tanh"}, "flat ends"),
    ],
)
def test_a_remedy_takes_the_finding_away(given, word):
    lesson = NetworkBuilder({**given, **SMALL})
    if word in ("say 0", "flat ends"):
        value = -50 if word == "say 0" else 100
        do(lesson, *[{"type": "bias", "layer": 0, "to": k, "value": value} for k in range(4)])
    before = lesson.side.config
    assert word in doctor(lesson)["text"]
    assert doctor(lesson)["remedy"]
    do(lesson, REMEDY)
    assert lesson.side.config != before
    if word != "flat ends":  # That one takes its time.
        assert word not in doctor(lesson)["text"]
    usable(walk(lesson, 1))


def test_a_remedy_against_learning_by_heart_and_one_against_too_few_units():
    lesson = NetworkBuilder({"layers": "8:tanh;8:tanh", "points": "60", "noise": "0.4"})
    lesson.side.training.advance_epochs(150)
    assert "by heart" in doctor(lesson)["text"]
    do(lesson, REMEDY)
    assert lesson.side.config.l2 == 0.003
    lesson = NetworkBuilder({"layers": "none", "points": "100"})
    lesson.side.training.advance_epochs(60)
    assert "too small" in doctor(lesson)["text"]
    do(lesson, REMEDY)
    assert [one.units for one in lesson.side.config.layers] == [6]


def test_classes_out_of_balance_and_few_points_are_named():
    lesson = NetworkBuilder({"share": "0", **SMALL})
    paint(lesson, 0, *[(0.1 * k, 0) for k in range(60)])
    assert "80, 20 training points" in doctor(lesson)["text"]
    assert "Only 12 points" in doctor(NetworkBuilder({"points": "24"}))["text"]
    do(lesson, REMEDY)  # There is none.
    assert lesson.side.training.epoch == 0


def test_to_look_at_the_page_changes_no_run():
    given = {"layers": "4:tanh:0.4;3:relu:n", **SMALL}
    watched, alone = NetworkBuilder(given), NetworkBuilder(given)
    for _ in range(4):
        walk(watched, 1)
        walk(alone, 1)
        usable(watched)
    assert watched.side.weights() == alone.side.weights()


# -- from scratch --------------------------------------------------------------------

TRUE = {0: 0.283190, 2000: 2.7393e-4, 4000: 1.1045e-4, 6000: 6.7161e-5, 8000: 4.7693e-5}


def test_the_network_of_the_course_has_the_true_losses():
    lesson = do(NetworkBuilder(SMALL), {"type": "scratch", "action": "play"})
    ticks = 0
    while lesson.scratch.running:
        do(lesson, {"type": "scratch", "action": "tick"})
        ticks += 1
        assert ticks < 2000
    found = card(lesson, "scratch")
    assert (found["epoch"], found["running"]) == (TOTAL, False)
    rows = {row["epoch"]: row for row in found["rows"]}
    for epoch, loss in TRUE.items():
        assert rows[epoch]["numpy"] == pytest.approx(loss, rel=2e-5)
        assert rows[epoch]["torch"] == pytest.approx(rows[epoch]["numpy"], abs=1e-9)
    assert lesson.scratch.largest < 1e-9
    assert said(found["difference"].replace("e−", "e-")) < 1e-9
    for kind in ("numpy", "torch"):
        answers = [round(one[kind], 3) for one in found["predictions"]]
        assert answers == [0.004, 0.995, 0.993, 0.007]
    assert [one["target"] for one in found["predictions"]] == [0, 1, 1, 0]
    assert f"scratch={TOTAL}" in lesson.address()
    do(lesson, {"type": "scratch", "action": "play"})
    assert lesson.scratch.epoch == 0


def test_a_link_plays_the_course_to_its_epoch_and_names_it_meanwhile():
    lesson = NetworkBuilder({"scratch": "120", **SMALL})
    assert "scratch=120" in lesson.address()
    while lesson.scratch.running:
        do(lesson, {"type": "scratch", "action": "tick"})
    assert lesson.scratch.epoch == 120
    do(lesson, {"type": "scratch", "action": "reset"})
    assert "scratch=0" in lesson.address()


def test_paused_it_waits():
    lesson = do(NetworkBuilder(SMALL), {"type": "scratch", "action": "play"})
    do(lesson, {"type": "scratch", "action": "tick"}, {"type": "scratch", "action": "pause"})
    epoch = lesson.scratch.epoch
    assert epoch > 0
    do(lesson, {"type": "scratch", "action": "tick"})
    assert (lesson.scratch.epoch, lesson.scratch.running) == (epoch, False)


def test_on_the_stage_the_network_of_the_course_learns_alike():
    lesson = do(walk(NetworkBuilder(SMALL), 1), {"type": "scratch", "action": "load"})
    training = lesson.side.training
    assert lesson.settings.data == "xor_exact"
    assert training.now.training_loss == pytest.approx(TRUE[0], rel=1e-3)
    training.advance_epochs(500)
    weights = initial_weights(np.random.RandomState(SEED), 4)
    by_hand = next(islice(numpy_losses(weights), 500, None))
    assert by_hand.epoch == 500
    assert training.now.training_loss == pytest.approx(by_hand.loss, rel=1e-3)


# -- scripts and files ---------------------------------------------------------------


def lessons():
    """Lessons in states of every kind."""

    def made(**given):
        return NetworkBuilder({**SMALL, **given})

    weight = {"type": "weight", "layer": 0, "to": 0, "source": 1, "value": 2.5}
    yield walk(made(), 6)
    yield made()
    yield do(walk(made(), 4), weight)
    yield walk(do(walk(made(), 4), weight), 2)
    yield walk(put(walk(made(), 3), "optimizer", "sgd"), 3)
    yield walk(made(data="spirals", classes="3", layers="5:relu:0.2:n", schedule="cosine"), 4)
    yield walk(paint(made(), 3, (1, 1), (2, 0)), 4)
    yield walk(made(data="multi_gauss", loss="huber", l1="0.01"), 4)
    yield walk(layer(walk(made(), 2), 1, expression=OWN, batchNorm=True), 2)
    yield walk(made(layers=f"4:={OWN}:0.3", features="x2,sin_x1"), 3)
    yield walk(put(made(), "mode", "batch"), 3)
    yield walk(put(made(), "mode", "example"), 25)
    yield do(walk(made(), 6), {"type": "go_to", "epoch": 2})
    yield do(walk(do(made(), {"type": "compare"}), 2), weight)
    yield walk(made(share="0", data="xor_exact"), 5)


def test_every_script_prints_the_losses_on_screen(fresh_python):
    shown = list(lessons())
    sources = [card(lesson, "script")["source"] for lesson in shown]
    printed = fresh_python.each(sources)
    for number, (lesson, text) in enumerate(zip(shown, printed, strict=True)):
        now = lesson.side.training.now
        losses = [float(line.split(" = ")[1]) for line in text.splitlines()]
        wanted = [now.training_loss, now.validation_loss][: len(losses)]
        assert losses == pytest.approx(wanted, abs=1e-5), number
        assert len(losses) == 1 + (len(lesson.side.training.validation) > 0)


def test_the_script_of_a_network_without_numbers_is_python_all_the_same():
    lesson = layer(walk(NetworkBuilder(SMALL), 2), 0, expression="exp(exp(x))")
    do(walk(put(lesson, "learning_rate", 10), 5), {"type": "rest"})
    source = card(lesson, "script")["source"]
    compile(source, "script.py", "exec")
    assert "nan" not in source


def exported(lesson, name):
    do(lesson, {"type": "export", "name": name})
    items = {one["name"]: one for one in card(lesson, "take")["items"]}
    return items[name], base64.b64decode(items[name]["file"]["base64"])


def test_the_weights_make_the_same_network_somewhere_else():
    lesson = walk(layer(NetworkBuilder(SMALL), 1, dropout=0.2, batchNorm=True), 3)
    item, data = exported(lesson, "safetensors")
    training = lesson.side.training
    fresh = build(training.config, 1, torch.Generator(), "sigmoid")
    fresh.load_state_dict(load(data))
    fresh.eval()
    training.model.eval()
    x = torch.tensor(training.training.x)
    assert torch.equal(fresh(x), training.model(x))
    training.model.train()
    assert lesson.exports.made["safetensors"][0].largest_difference < 1e-5
    assert "largest difference" in item["note"]
    assert "made at" not in item["note"]
    walk(lesson, 1)
    items = {one["name"]: one for one in card(lesson, "take")["items"]}
    assert "made at step 6" in items["safetensors"]["note"]


def test_a_file_from_before_an_edit_says_so():
    lesson = NetworkBuilder(SMALL)
    exported(lesson, "safetensors")
    do(lesson, {"type": "bias", "layer": 0, "to": 0, "value": 1})
    items = {one["name"]: one for one in card(lesson, "take")["items"]}
    assert "before the last edit" in items["safetensors"]["note"]


def test_the_whole_network_runs_without_pytorch():
    lesson = walk(NetworkBuilder({"layers": "4:gelu;3:relu", **SMALL}), 3)
    _, data = exported(lesson, "onnx")
    assert lesson.exports.made["onnx"][0].largest_difference < 1e-5
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    training = lesson.side.training
    (scores,) = session.run(None, {"inputs": training.training.x})
    with torch.no_grad():
        wanted = training.model(torch.tensor(training.training.x)).numpy()
    assert np.abs(scores - wanted).max() < 1e-5
