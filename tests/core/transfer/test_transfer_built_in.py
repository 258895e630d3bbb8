import json
import re
from statistics import mean

import pytest
import torch
from torch import Generator

from benchmarks.from_scratch import from_scratch, squares
from core.images.finding import SMALL_CIFAR, found
from core.transfer.availability import SHIPPED
from core.transfer.backbones import BUILT_IN, load_backbone
from core.transfer.embed import embed
from core.transfer.pretraining.pools import HELD_OUT, photos
from core.transfer.weights_file import header
from core.transfer.worth import (
    chosen,
    digit_pictures,
    few_shot,
    judged,
    pictures_of,
    symbol_pictures,
)

CARD = SHIPPED.with_name("model_card.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def backbone():
    return load_backbone(BUILT_IN)


@pytest.fixture(scope="module")
def untrained():
    return load_backbone(BUILT_IN, weights="random", generator=Generator().manual_seed(0))


def on_the_card(task, column):
    """A figure of the card's table, as a share; its columns are those of the benchmark."""
    row = next(line for line in CARD.splitlines() if line.startswith(f"| {task}"))
    return float(re.findall(r"(\d+\.\d) %", row)[column]) / 100


def test_it_is_small_and_says_how_it_was_made(backbone):
    assert SHIPPED.stat().st_size < 4_000_000
    assert f"{SHIPPED.stat().st_size:,} bytes" in CARD
    assert f"{sum(value.numel() for value in backbone.parameters()):,} parameters" in CARD
    assert header(SHIPPED)["architecture"] == BUILT_IN
    assert json.loads(header(SHIPPED)["recipe"])["cycles"]
    assert all(torch.isfinite(value).all() for value in backbone.state_dict().values())


@pytest.mark.parametrize(
    ("task", "pictures", "random_is"),
    [("handwritten digits", digit_pictures, 0.9), ("drawn symbols", symbol_pictures, 0.6)],
)
def test_the_figures_of_the_card_come_out_again(backbone, untrained, task, pictures, random_is):
    shown, targets = pictures()
    accuracy = mean(few_shot(embed(backbone, shown), targets))
    assert accuracy == pytest.approx(on_the_card(task, 0), abs=0.006)
    # Other weights of the same network, on the same pictures: far behind.
    half = embed(untrained, shown[::2])
    assert mean(few_shot(half, targets[::2], seeds=3)) < random_is < accuracy


def test_ten_pictures_go_further_than_from_scratch(backbone):
    """Four of the symbols, to be quick; the benchmark has all twenty, and digits."""
    shown, targets = symbol_pictures(each=25)
    shown, targets = shown[:100], targets[:100]
    few, others = chosen(targets, 10, 0)
    cut = squares(shown, backbone.info.side, backbone.info.shorter)
    given = (cut[few], targets[few], cut[others], targets[others])
    features = embed(backbone, shown)
    frozen = judged(features[few], targets[few], features[others], targets[others])
    assert frozen > from_scratch(*given, epochs=12, flips=False, seed=0) + 0.05


@pytest.mark.skipif(found(SMALL_CIFAR) is None, reason="CIFAR-10 is not on this machine")
def test_photos_that_judge_were_not_learnt_from(backbone):
    learnt, held = photos()
    assert len(held) == HELD_OUT
    seen = {one.numpy().tobytes() for one in learnt.images}
    assert not any(one.numpy().tobytes() in seen for one in held.images)
    few = chosen(learnt.labels, 60, 0)[0]
    features = [
        embed(backbone, pictures_of(part)[0]) for part in (learnt.take(few), held.take(range(300)))
    ]
    # Ten classes: 0.1 by guessing.
    accuracy = judged(features[0], learnt.labels[few], features[1], held.labels[:300])
    assert accuracy > 0.4
