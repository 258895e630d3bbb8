import threading

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import tv_tensors
from torchvision.transforms import v2

from core.augmentation.draws import chain, draws, milliseconds, outcome
from core.augmentation.fitting import compose
from core.augmentation.histograms import histograms
from core.augmentation.mixing import mixed
from core.augmentation.pipeline import Pipeline
from core.augmentation.presets import PRESETS
from core.augmentation.script import batch_code, checksum, compose_code, script
from core.augmentation.text import parse
from core.errors import InputError

LONG = (
    "hflip;rotation;jitter:0.8,hue=0.1;blur:0.5;elastic:0.5,sigma=2;noise:0.5;"
    "resized_crop:size=32;trivial;augmix:0.5;normalise;erasing;vflip"
)
TEXTS = [LONG, *(preset.text for preset in PRESETS.values())]


def test_a_draw_does_not_depend_on_how_many_are_made(colour):
    pipeline = parse(LONG)
    many = draws(colour, pipeline, 8, seed=4)
    (third,) = draws(colour, pipeline, 1, seed=4, first=3)
    assert np.array_equal(many[3], third)
    for first, again in zip(many, draws(colour, pipeline, 5, seed=4), strict=False):
        assert np.array_equal(first, again)
    assert len({one.tobytes() for one in many}) == 8
    other = draws(colour, pipeline, 8, seed=5)
    assert not {one.tobytes() for one in many} & {one.tobytes() for one in other}


@pytest.mark.parametrize("text", TEXTS)
def test_a_draw_is_torchvisions_compose_after_the_seed(text, colour, as_torchvision_draws):
    """Bit for bit, for the raw result; the seed of draw k is 1,000 × seed + k."""
    made = compose(parse(text), colour.shape[:2])
    image = tv_tensors.Image(torch.from_numpy(colour.transpose(2, 0, 1).copy()))
    for draw in range(3):
        expected = as_torchvision_draws(7000 + draw, made, image)
        assert torch.equal(outcome(colour, parse(text), 7, draw), expected)


@pytest.mark.parametrize("text", TEXTS)
def test_the_chain_ends_where_the_draw_ends(text, colour):
    pipeline = parse(text)
    for draw in range(3):
        stages = chain(colour, pipeline, 2, draw)
        (last,) = draws(colour, pipeline, 1, seed=2, first=draw)
        assert [stage.at for stage in stages] == list(range(len(pipeline)))
        assert np.array_equal(stages[-1].picture, last)


def test_the_chain_says_which_steps_acted(colour):
    stages = chain(colour, parse("hflip:1;vflip:0;-invert:1;invert:1;normalise"), 1)
    assert [(stage.at, stage.acted) for stage in stages] == [
        (0, True),
        (1, False),
        (3, True),
        (4, True),
    ]
    assert np.array_equal(stages[0].picture, colour[:, ::-1])
    assert np.array_equal(stages[2].picture, 255 - colour[:, ::-1])
    assert np.array_equal(stages[3].picture, stages[2].picture)  # shown as it was before


def test_without_steps_the_picture_stays(colour, grey):
    assert np.array_equal(draws(colour, Pipeline(), 1, seed=0)[0], colour)
    assert np.array_equal(draws(grey, Pipeline(), 1, seed=0)[0], np.stack([grey] * 3, -1))


def test_the_given_picture_is_not_written_to(colour):
    kept = colour.copy()
    draws(colour, parse(LONG), 3, seed=1)
    assert np.array_equal(colour, kept)


def test_threads_do_not_disturb_each_other_nor_others_chance(colour):
    """Several sessions draw while another thread uses the global generator all the time."""
    pipeline, results, stop = parse(LONG), {}, threading.Event()
    alone = [draws(colour, pipeline, 4, seed) for seed in range(4)]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(11)
        expected = torch.rand(20_000)
        torch.manual_seed(11)
        taken = []

        def other():
            while not stop.is_set() or len(taken) < 200:
                if len(taken) < 20_000:
                    taken.append(torch.rand(1))

        def session(seed):
            results[seed] = draws(colour, pipeline, 4, seed)

        threads = [threading.Thread(target=session, args=(seed,)) for seed in range(4)]
        disturber = threading.Thread(target=other)
        for thread in (disturber, *threads):
            thread.start()
        for thread in threads:
            thread.join()
        stop.set()
        disturber.join()
        single = torch.cat(taken)
        torch.manual_seed(11)
        assert torch.equal(single, torch.cat([torch.rand(1) for _ in taken]))
    assert len(expected) == 20_000
    for seed in range(4):
        for one, again in zip(alone[seed], results[seed], strict=True):
            assert np.array_equal(one, again)


@pytest.mark.parametrize(
    ("picture", "count", "seed", "complaint"),
    [
        (np.zeros((3, 3)), 1, 0, "is bytes of shape"),
        (np.zeros((3, 3, 4), np.uint8), 1, 0, "is bytes of shape"),
        (np.zeros((0, 3), np.uint8), 1, 0, "is bytes of shape"),
        (np.zeros((1, 3000), np.uint8), 1, 0, "at most 2,048 pixels"),
        (np.zeros((3, 3), np.uint8), 101, 0, "At most 100 draws"),
        (np.zeros((3, 3), np.uint8), 1, -1, "A seed goes from 0"),
    ],
)
def test_unusable_input_is_named(picture, count, seed, complaint):
    with pytest.raises(InputError, match=complaint):
        draws(picture, parse("hflip"), count, seed)


def test_the_time_grows_with_the_work(colour):
    little = milliseconds(parse("hflip"), colour)
    much = milliseconds(parse(";".join(["elastic:sigma=2"] * 8)), colour)
    assert 0 < little < much < 2000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (LONG, "colour"),
        (LONG, "grey"),
        (PRESETS["digits"].text, "grey"),
        ("elastic:sigma=10;hflip:1", "grey"),
        ("", "colour"),
    ],
)
def test_the_script_makes_the_same_picture(text, kind, request, fresh_python):
    given = request.getfixturevalue(kind)
    text = text.replace("normalise", "normalise:statistics=half") if kind == "grey" else text
    code = script(parse(text), given, seed=6, draw=2)
    printed = said(fresh_python.printed(code))
    expected = outcome(given, parse(text), 6, 2)
    assert printed["shape"] == str(tuple(expected.shape))
    assert float(printed["mean"]) == expected.double().mean().item()
    assert printed["sha256"] == checksum(expected)


def test_the_script_of_a_file(tmp_path, colour, fresh_python):
    path = tmp_path / 'a "strange" name.png'
    Image.fromarray(colour).save(path)
    source = script(parse(LONG), str(path), seed=3, size=colour.shape[:2], classes=4)
    printed = said(fresh_python.printed(source))
    assert printed["sha256"] == checksum(outcome(colour, parse(LONG), 3))


def said(text):
    return dict(line.split(" ", 1) for line in text.splitlines())


def test_the_code_says_what_is_left_out():
    code = compose_code(parse("elastic:sigma=10;hflip;-invert"), (28, 28))
    assert "# Elastic is left out: with these settings it needs pictures of at least 41×41" in code
    assert "RandomInvert" not in code
    assert max(map(len, compose_code(PRESETS["digits"].pipeline, (28, 28)).splitlines())) <= 88
    assert batch_code(parse("hflip"), 3) == ""
    assert batch_code(parse("cutmix"), 3).startswith("mix = v2.CutMix(alpha=1.0, num_classes=3)")


def test_mixed_labels_are_the_shares_of_the_pictures():
    """Black, grey and white pictures: the mean of the result is the mix of the labels."""
    levels = np.array([0, 128, 255])
    pictures = [np.full((16, 16, 3), level, np.uint8) for level in levels]
    for text in ("mixup", "cutmix", "mixup;cutmix"):
        for seed in range(4):
            result = mixed(pictures, [0, 1, 2], parse(text), seed, 3)
            assert torch.allclose(result.labels.sum(1), torch.ones(3))
            means = result.batch.mean((1, 2, 3)) * 255
            wanted = result.labels @ torch.tensor(levels, dtype=torch.float32)
            assert torch.allclose(means, wanted, atol=0.02)
            assert [one.shape for one in result.pictures] == [(16, 16, 3)] * 3


def test_mixup_is_torchvisions_after_the_seed(colour, as_torchvision_draws):
    pictures = [colour, colour[::-1].copy()]
    result = mixed(pictures, [1, 0], parse("mixup:alpha=0.4"), 5, 2)
    batch = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2).copy()).float() / 255
    expected = as_torchvision_draws(
        5999, v2.MixUp(alpha=0.4, num_classes=2), batch, torch.tensor([1, 0])
    )
    assert torch.allclose(result.batch, expected[0], atol=1e-6)
    assert torch.equal(result.labels, expected[1])


def test_without_mixing_the_labels_are_their_own(colour):
    result = mixed([colour], [2], parse("hflip:1;normalise"), 0, 4)
    assert result.labels.tolist() == [[0, 0, 1, 0]]
    assert np.array_equal(result.pictures[0], colour[:, ::-1])


def test_a_batch_needs_one_size_and_a_label_each(colour, grey):
    with pytest.raises(InputError, match="have one size"):
        mixed([colour, colour[:10]], [0, 1], parse("mixup"), 0, 2)
    with pytest.raises(InputError, match="one label from 0 to 1"):
        mixed([colour], [2], parse("mixup"), 0, 2)


def test_histograms_count_every_pixel_and_know_the_mean(colour):
    before, after = histograms(colour, parse("normalise"), 0)
    values = colour.reshape(-1, 3) / 255
    assert [sum(one) for one in before.counts] == [2000] * 3
    assert np.allclose(before.means, values.mean(0), atol=1e-6)
    assert np.allclose(before.deviations, values.std(0), atol=1e-5)
    expected, _ = np.histogram(values[:, 1].astype(np.float32), 64, (0, 1))
    assert list(before.counts[1]) == expected.tolist()
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    assert np.allclose(after.means, ((values - mean) / std).mean(0), atol=1e-4)
    assert np.allclose(after.deviations, (values / std).std(0), atol=1e-4)
    assert [sum(one) for one in after.counts] == [2000] * 3
    assert histograms(colour, parse("hflip"), 0)[1] is None
