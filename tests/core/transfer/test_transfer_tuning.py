"""Training a backbone on: what learns, at which rate, and that runs can be resumed."""

import copy
import dataclasses
import math
import time

import pytest
import torch
import torch.nn.functional as F

from core.errors import InputError
from core.images.image_set import ImageSet
from core.runs.local import LocalRunner
from core.training.config import TrainingConfig
from core.training.data import prepared_for, split_for, store
from core.training.events import EpochEnded
from core.training.finished import finished
from core.training.loop import train
from core.training.script import script
from core.training.state import State
from core.training.tuned import begin, scores_of, tuned
from core.transfer.backbones import load_backbone
from core.transfer.classifier import EVERY, Classifier
from core.transfer.preprocess import to_square
from core.transfer.sets import sample_set

CONFIG = TrainingConfig(
    dataset="stored:symbols",
    model="backbone:built_in",
    tuning="head",
    validation_share=0.25,
    epochs=3,
    batch_size=8,
    learning_rate=0.003,
    seed=5,
    threads=1,
)


@pytest.fixture(scope="module")
def symbols():
    collection = sample_set("symbols", 8, 3, ["heart", "star", "house"])
    squares = [torch.from_numpy(to_square(one, 64)) for one in collection.pictures()]
    images = torch.stack(squares).permute(0, 3, 1, 2).contiguous()
    return ImageSet(images, collection.targets(), collection.classes, "Symbols")


def ran(symbols, **changes):
    config = dataclasses.replace(CONFIG, **changes)
    prepared = prepared_for(config, (symbols, None))
    model, state = begin(config, prepared)
    before = copy.deepcopy(model.state_dict())
    events = list(train(model, prepared, config, state))
    return model, before, [one for one in events if isinstance(one, EpochEnded)], events[-1]


def changed(model, before):
    """The blocks (and the head) with a weight or a running statistic that is not what it was."""
    now = model.state_dict()
    names = {key.removeprefix("backbone.stages.").split(".")[0] for key in now}
    moved = {
        key.removeprefix("backbone.stages.").split(".")[0]
        for key, value in now.items()
        if not torch.equal(value, before[key])
    }
    assert moved <= names
    return moved


def blocks():
    return [name for name, _ in load_backbone("built_in").blocks]


def test_no_picture_of_ones_own_is_spared_for_a_test(symbols):
    dealt = split_for(CONFIG, (symbols, None))
    assert [len(one) for one in (dealt.train, dealt.validation, dealt.test)] == [18, 6, 0]


def test_with_the_head_alone_the_backbone_stays_as_it_was_to_the_last_bit(symbols):
    model, before, rows, _ = ran(symbols)
    assert changed(model, before) == {"fc"}
    assert rows[-1].training_loss < 0.7 * math.log(3)


def test_the_first_answer_is_an_even_one(symbols):
    prepared = prepared_for(CONFIG, (symbols, None))
    model, _ = begin(CONFIG, prepared)
    images, labels = prepared.train.batch(torch.arange(len(prepared.train)))
    with torch.no_grad():
        loss = F.cross_entropy(model.eval()(images), labels)
    assert float(loss) == pytest.approx(math.log(3), abs=1e-6)


def test_features_are_standardised_by_the_pictures_to_learn_from(symbols):
    prepared = prepared_for(CONFIG, (symbols, None))
    model, _ = begin(CONFIG, prepared)
    images, _ = prepared.train.batch(torch.arange(len(prepared.train)))
    with torch.no_grad():
        rows = (model.backbone.eval()(images) - model.mean) / model.std
    assert rows.mean(0).abs().max() < 1e-4
    spread = rows.std(0, correction=0)
    assert torch.all(((spread - 1).abs() < 1e-3) | (spread < 1e-3))


@pytest.mark.parametrize("tuning", ["last", "all"])
def test_only_what_is_let_learns(symbols, tuning):
    model, before, _, _ = ran(symbols, tuning=tuning, epochs=1)
    wanted = {"fc", *(blocks()[-1:] if tuning == "last" else blocks())}
    assert changed(model, before) == wanted


def test_gradual_lets_one_more_block_learn_every_other_epoch(symbols):
    names = blocks()
    for epochs, count in ((EVERY, 0), (EVERY + 1, 1), (2 * EVERY + 1, 2)):
        model, before, _, _ = ran(symbols, tuning="gradual", epochs=epochs)
        assert changed(model, before) == {"fc", *names[len(names) - count :]}


def test_a_step_of_sgd_moves_each_block_by_its_share_of_the_rate(symbols):
    config = dataclasses.replace(
        CONFIG, tuning="all", layer_decay=0.5, optimizer="sgd", learning_rate=0.1,
        batch_size=64, epochs=1, validation_share=0.0,
    )  # fmt: skip
    prepared = prepared_for(config, (symbols, None))
    model, state = begin(config, prepared)
    # With zeros in the head no gradient would reach the backbone in the first step.
    torch.nn.init.normal_(model.fc.weight, 0, 0.1, torch.Generator().manual_seed(0))
    oracle = copy.deepcopy(model).train()
    before = copy.deepcopy(model.state_dict())
    order = torch.randperm(len(prepared.train), generator=torch.Generator().manual_seed(5))
    images, labels = prepared.train.batch(order)
    F.cross_entropy(oracle(images), labels).backward()
    list(train(model, prepared, config, state))
    names = [*reversed(blocks())]
    for depth, name in enumerate(["fc", *names]):
        for key, parameter in oracle.named_parameters():
            if key.removeprefix("backbone.stages.").split(".")[0] == name:
                moved = before[key] - model.state_dict()[key]
                wanted = 0.1 * 0.5**depth * parameter.grad
                assert torch.allclose(moved, wanted, rtol=2e-3, atol=1e-6), key


def test_a_resumed_run_is_the_undisturbed_one_to_the_last_bit(symbols):
    config = dataclasses.replace(CONFIG, tuning="gradual", epochs=5, augment="hflip;mixup")
    prepared = prepared_for(config, (symbols, None))
    whole, state = begin(config, prepared)
    snapshot = None
    for event in train(whole, prepared, config, state):
        if isinstance(event, EpochEnded) and event.epoch == 3:
            snapshot = state.capture(whole)
    again, resumed = begin(config, prepared)
    resumed.restore(snapshot, again)
    list(train(again, prepared, config, resumed))
    assert [row.validation_loss for row in resumed.rows] == [
        row.validation_loss for row in state.rows
    ]
    for key, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[key]), key


def test_a_rate_too_high_on_everything_wipes_out_what_the_backbone_knew(symbols):
    careful = ran(symbols, tuning="all", layer_decay=0.3, learning_rate=0.001, epochs=4)[2]
    reckless = ran(symbols, tuning="all", learning_rate=0.01, epochs=4)[2]  # As the page has it.
    assert careful[-1].validation_accuracy > 0.9
    assert reckless[-1].validation_loss > 5 * careful[-1].validation_loss
    assert reckless[-1].validation_accuracy < 0.6


def test_batch_normalisation_keeps_its_statistics_unless_it_begins_from_scratch(symbols):
    for model, kept in (("backbone:built_in", True), ("scratch:built_in", False)):
        network, before, _, _ = ran(symbols, model=model, tuning="all", epochs=1)
        now = network.state_dict()
        means = [key for key in now if key.endswith("running_mean")]
        assert means
        assert all(torch.equal(now[key], before[key]) == kept for key in means)


def test_fine_tuning_begins_where_the_features_left_off(symbols):
    rows = ran(symbols, tuning="all", layer_decay=0.3, learning_rate=0.001, epochs=2)[2]
    assert rows[0].training_loss < 1.5 * math.log(3)


def test_from_scratch_the_weights_come_from_the_seed(symbols):
    one, other = (
        begin(dataclasses.replace(CONFIG, model="scratch:built_in", seed=seed), prepared)[0]
        for seed in (1, 2)
        for prepared in [prepared_for(CONFIG, (symbols, None))]
    )
    assert isinstance(one, Classifier)
    assert one.tuning == "all"
    first = next(one.backbone.parameters())
    assert not torch.equal(first, next(other.backbone.parameters()))


def test_pictures_of_another_size_are_refused_with_both_sizes(symbols):
    small = ImageSet(symbols.images[:, :, ::2, ::2], symbols.labels, symbols.classes, "Small")
    with pytest.raises(InputError, match=r"64×64 pixels.*32×32"):
        begin(CONFIG, prepared_for(CONFIG, (small, None)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tuning": "half"}, "There is no tuning 'half'"),
        ({"layer_decay": 0.0}, "rate by depth"),
        ({"model": "backbone:../x"}, "There is no backbone"),
    ],
)
def test_settings_that_make_no_sense_are_named(changes, words):
    with pytest.raises(InputError, match=words):
        dataclasses.replace(CONFIG, **changes)


def test_settings_survive_a_round_trip():
    assert TrainingConfig.from_json(CONFIG.to_json()) == CONFIG


def test_a_run_in_a_process_of_its_own_is_opened_as_backbone_and_head(
    symbols, tmp_path, monkeypatch
):
    monkeypatch.setenv("EXPLORER_RUNS_DIR", str(tmp_path / "runs"))
    store(symbols, "symbols")
    runner = LocalRunner(tmp_path / "runs", threads=1)
    try:
        name = runner.submit(CONFIG, "me", "Head alone")
        until = time.monotonic() + 90
        while runner.status(name).state not in ("finished", "failed"):
            assert time.monotonic() < until, runner.status(name)
            time.sleep(0.05)
        assert runner.status(name).message == ""
        run = runner.directory(name)
        one = tuned(run)
        rows = run.rows()
        assert one.epoch == min(rows, key=lambda row: row.validation_loss).epoch
        scores, labels = one.held_back
        row = rows[one.epoch - 1]
        assert float(F.cross_entropy(scores, labels)) == pytest.approx(row.validation_loss)
        images, _ = one.prepared.validation.batch(torch.arange(len(labels)))
        with torch.no_grad():
            apart = one.head.logits(one.backbone(images))
        assert torch.allclose(apart, scores, atol=1e-5)
        with pytest.raises(InputError, match="transfer-learning page"):
            finished(run)
        with pytest.raises(InputError, match="transfer-learning page"):
            script(run.spec().config, 1)
    finally:
        runner.close()


def test_no_picture_has_no_scores():
    model = Classifier(load_backbone("built_in"), 4, "head")
    config = dataclasses.replace(CONFIG, validation_share=0.0)
    pictures = torch.zeros(4, 3, 64, 64, dtype=torch.uint8)
    data = ImageSet(pictures, torch.arange(4), ("a", "b", "c", "d"), "Black")
    prepared = prepared_for(config, (data, None))
    assert scores_of(model, prepared.validation).shape == (0, 4)
    assert isinstance(State.fresh(model, config), State)
