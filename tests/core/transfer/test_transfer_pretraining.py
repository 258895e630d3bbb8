import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Generator

from core.transfer.backbones import BUILT_IN, load_backbone
from core.transfer.pretraining.glyphs import Glyph
from core.transfer.pretraining.learning import Batches, Course
from core.transfer.pretraining.palette import SIDE, noise
from core.transfer.pretraining.pools import Made, Pool, generated
from core.transfer.pretraining.recipe import Cycle, Recipe
from core.transfer.pretraining.scenes import Scene
from core.transfer.pretraining.textures import KINDS, Texture
from core.transfer.pretraining.things import Thing
from core.transfer.pretraining.views import FREEDOMS, cut_mixed, views

NOWHERE = torch.empty(0, 3, 1, 1, dtype=torch.uint8)


def seeded(seed=0):
    return Generator().manual_seed(seed)


def striped(count=40, side=28):
    """Two classes that can be told apart: stripes across, stripes down."""
    lines = (torch.arange(side) // 4 % 2 * 255).byte()
    across = lines[:, None].expand(side, side)
    images = torch.stack([across if at % 2 else across.T for at in range(count)])[:, None]
    return Pool("stripes", "ink", images.contiguous(), torch.arange(count) % 2, 2)


def tiny(steps, share=1.0):
    return Recipe((Cycle(steps, 16, 0.003, ((0.5, 24), (1.0, 32)), {"stripes": share}),))


@pytest.mark.parametrize("fall", [0.5, 1.0, 1.6])
def test_noise_has_the_spectrum_that_it_is_asked_for(fall):
    side, chance = 128, np.random.default_rng(0)
    power = sum(np.abs(np.fft.fft2(noise(chance, fall, side=side))) ** 2 for _ in range(20))
    frequency = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None])
    inside = (frequency > 0.02) & (frequency < 0.4)
    slope, _ = np.polyfit(np.log(frequency[inside]), np.log(power[inside]), 1)
    assert slope == pytest.approx(-2 * fall, abs=0.05)


@pytest.mark.parametrize("kind", [Glyph, Texture, Thing, Scene])
def test_a_recipe_is_its_seed_and_its_pictures_differ(kind):
    one, same, other = (kind.drawn(np.random.default_rng(seed)) for seed in (1, 1, 2))
    first, again = (recipe.picture(np.random.default_rng(5)) for recipe in (one, same))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, one.picture(np.random.default_rng(6)))
    assert not np.array_equal(first, other.picture(np.random.default_rng(5)))
    assert first.shape[:2] == (SIDE, SIDE)
    assert first.min() >= 0
    assert first.max() <= 1


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_surface_has_something_on_it(kind):
    chance = np.random.default_rng(3)
    for _ in range(5):
        drawn = Texture.drawn(chance)
        one = Texture(kind, drawn.colours, drawn.scale, drawn.angle, drawn.knobs).picture(chance)
        assert one.shape == (SIDE, SIDE, 3)
        assert np.isfinite(one).all()
        assert one.std((0, 1)).max() > 0.01


def test_generated_pools_have_as_many_of_each_class():
    made = Made(3, 2)
    pools = generated(made, 0)
    assert [pool.name for pool in pools] == ["glyphs", "textures", "things", "scenes"]
    for pool in pools:
        assert len(pool.images) == 6
        assert pool.images.dtype == torch.uint8
        assert Counter(pool.labels.tolist()) == {0: 2, 1: 2, 2: 2}
        assert pool.classes == 3
        assert pool.kind in FREEDOMS


@pytest.mark.parametrize("kind", list(FREEDOMS))
def test_views_are_pictures_that_depend_on_their_chance_only(kind):
    channels = 1 if kind in ("ink", "clothes", "grey") else 3
    images = torch.randint(0, 256, (6, channels, 30, 30), generator=seeded(), dtype=torch.uint8)
    pool = Pool("x", kind, images, torch.arange(6), 6)
    which = torch.tensor([0, 0, 5])
    one, same, other = (views(pool, which, 40, NOWHERE, seeded(seed)) for seed in (1, 1, 2))
    assert one.shape == (3, 3, 40, 40)
    assert one.min() >= 0
    assert one.max() <= 1
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert not torch.equal(one[0], one[1])  # the same picture looks different each time


def test_what_is_cut_in_has_the_share_that_is_said():
    images = torch.arange(8.0).view(8, 1, 1, 1).expand(8, 3, 40, 40)
    for seed in range(5):
        mixed, other, share = cut_mixed(images, seeded(seed))
        own = mixed == images
        foreign = mixed == images[other]
        assert (own | foreign).all()
        moved = other != torch.arange(8)
        assert own[moved].double().mean().item() == pytest.approx(share)


def test_the_rate_rises_once_and_falls_to_zero_in_every_cycle():
    recipe = replace(Recipe(), cycles=Recipe().cycles * 2)
    rates = []
    for step in range(recipe.steps):
        cycle, place = recipe.at(step)
        rates.append(cycle.rate(place))
    first = recipe.cycles[0].steps
    middle = recipe.cycles[0].learning_rate * (0.5 + 0.5 * math.cos(math.pi / 2))
    assert rates[first // 2] == pytest.approx(middle)
    assert max(rates) <= recipe.cycles[0].learning_rate
    assert rates[first - 1] < 1e-6 < rates[first + 100]
    assert rates[-1] < 1e-6
    for cycle in recipe.cycles:
        assert sum(cycle.shares.values()) == pytest.approx(1)
        assert cycle.side(cycle.steps - 1) == 64
    with pytest.raises(ValueError, match="ended"):
        recipe.at(recipe.steps)


def test_a_batch_depends_on_its_number_only():
    info = load_backbone(BUILT_IN, weights="random", generator=seeded()).info
    early, late = (Batches([striped()], info, tiny(6), first) for first in (0, 4))
    assert torch.equal(list(early)[4].images, next(iter(late)).images)
    assert early.at(0).images.shape == (16, 3, 24, 24)
    assert early.at(5).images.shape == (16, 3, 32, 32)


def course(path, steps):
    backbone = load_backbone(BUILT_IN, weights="random", generator=seeded())
    return Course(backbone, [striped()], tiny(steps), path)


def test_a_training_that_was_left_goes_on_with_the_same_numbers(tmp_path):
    whole = course(tmp_path / "whole.pt", 6)
    wanted = [learnt.losses for learnt in whole.run(6)]
    first = [learnt.losses for learnt in course(tmp_path / "parts.pt", 6).run(3)]
    rest = course(tmp_path / "parts.pt", 6)
    assert rest.step == 3
    assert [*first, *(learnt.losses for learnt in rest.run(6))] == wanted
    assert all(torch.equal(rest.averaged[key], value) for key, value in whole.averaged.items())
    assert [path.name for path in tmp_path.iterdir() if "part." in path.name] == []


def test_it_learns_what_can_be_learnt(tmp_path):
    losses = [learnt.losses["stripes"] for learnt in course(tmp_path / "x.pt", 40).run(40)]
    assert np.mean(losses[:4]) > 0.6  # two classes: 0.69 by guessing
    assert np.mean(losses[-8:]) < 0.55  # 0.20 is the least with this label smoothing
