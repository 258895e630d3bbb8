"""A run as a script: run elsewhere, it prints the same numbers."""

import gzip
import io
import json
import re
import tarfile
from dataclasses import replace

import numpy as np
import pytest
import torch
from recorded_runs import record_run

from core.errors import InputError
from core.images.image_set import ImageSet
from core.training.config import OPTIMIZER_NAMES, SCHEDULES, TrainingConfig
from core.training.data import prepared_for, sets_of, store
from core.training.events import EpochEnded
from core.training.loop import train
from core.training.script import script
from core.training.state import start

RUN_ALL = """
import contextlib, io, json, sys, warnings
warnings.simplefilter("error")
def printed(source):
    space = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "script.py", "exec"), space)
    return out.getvalue(), list(space["model"].state_dict())
print(json.dumps([printed(source) for source in json.load(sys.stdin)]))
"""
NUMBERS = re.compile(r"(training loss|validation loss|accuracy) ([^,\n]+)")
BASE = TrainingConfig(
    model="softmax", validation_share=0.2, epochs=2, learning_rate=0.01, seed=3, threads=1
)
FEW = replace(BASE, train_size=200, batch_size=32, epochs=3)
FEWER = replace(FEW, train_size=96, epochs=2)
RESIDUAL = "conv 4 3 2; skip(conv 8 3 2; bn; relu); gap; skip(linear 12); bn; dropout 0.1; gelu"
AUGMENTED = {
    "the course's": "hflip;rotation:degrees=15;jitter:contrast=0,saturation=0;"
    "resized_crop:size=224,scale_min=0.8",
    "safe for digits": "affine:degrees=10,translate=0.08;elastic:0.5,alpha=20,sigma=4",
    "behind normalise": "resized_crop:size=224,scale_min=0.35;hflip;normalise;rotation:0.5;erasing",
    "one by one": "zoom_out:1;jitter:hue=0.2;trivial;blur;noise:0.5;crop:size=24",
    "mixed": "rotation;mixup",
    "mixed by two": "crop:size=28,padding=2;mixup:alpha=0.4;cutmix",
}
CASES = {
    "softmax": BASE,
    "mlp": replace(BASE, model="mlp", train_size=500, learning_rate=0.001),
    "fast_cnn": replace(FEW, model="fast_cnn", optimizer="adamw", schedule="onecycle"),
    **{name: replace(FEW, optimizer=name, weight_decay=0.01) for name in OPTIMIZER_NAMES},
    **{name: replace(FEW, schedule=name) for name in SCHEDULES},
    "cycled momentum": replace(FEW, schedule="onecycle", optimizer="nesterov"),
    "cycled rmsprop": replace(FEW, schedule="onecycle", optimizer="rmsprop"),
    "smoothed and clipped": replace(FEW, label_smoothing=0.2, gradient_clip=0.3),
    "residual, a batch of one": replace(FEW, model=RESIDUAL, train_size=33, batch_size=8),
    "lenet5, channels first": replace(FEW, model="lenet5", channels_last=False),
    "no validation": replace(FEW, validation_share=0.0),
    **{name: replace(FEWER, augment=text) for name, text in AUGMENTED.items()},
    "augmented, channels first, dropout": replace(
        FEW, model="conv 4 3; relu; dropout 0.3; gap", channels_last=False, augment="affine;cutmix"
    ),
    "other pooling": replace(FEW, model="maxpool 3 2; avgpool 2; conv 3 5 2 0; silu; flatten"),
}


@pytest.fixture(scope="module")
def image_folder(tmp_path_factory):
    """Small sets of noise in the files of MNIST's relatives and CIFAR-10, and one of one's own."""
    root = tmp_path_factory.mktemp("data")
    chance = np.random.default_rng(0)
    for folder, packed in (("FashionMNIST", True), ("KMNIST", False)):
        raw = root / folder / "raw"
        raw.mkdir(parents=True)
        for part, count in (("train", 90), ("t10k", 20)):
            pixels = chance.integers(0, 256, (count, 28, 28), dtype=np.uint8)
            labels = np.arange(count, dtype=np.uint8) % 10
            for kind, values in (("images-idx3", pixels), ("labels-idx1", labels)):
                head = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes()
                data = head + values.tobytes()
                end, data = (".gz", gzip.compress(data)) if packed else ("", data)
                (raw / f"{part}-{kind}-ubyte{end}").write_bytes(data)
    with tarfile.open(root / "cifar-10-binary.tar.gz", "w:gz") as archive:
        for name in (*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"):
            records = chance.integers(0, 256, (20, 3073), dtype=np.uint8)
            records[:, 0] = np.arange(20) % 10
            about = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            about.size = records.nbytes
            archive.addfile(about, io.BytesIO(records.tobytes()))
    return root


@pytest.fixture
def printed(fresh_python):
    def ran(sources):
        said = json.loads(fresh_python.printed(RUN_ALL, stdin=json.dumps(sources)))
        return [(rows(text), names) for text, names in said]

    return ran


def rows(text):
    return [
        {name: float(value) for name, value in NUMBERS.findall(line)} for line in text.splitlines()
    ]


def trained(config, sets=None):
    prepared = prepared_for(config, sets)
    model, state = start(config, prepared.shape, len(prepared.classes))
    events = train(model, prepared, config, state)
    return model, [event for event in events if isinstance(event, EpochEnded)]


def as_printed(row):
    wanted = {"training loss": row.training_loss}
    if row.validation_loss == row.validation_loss:
        wanted |= {"validation loss": row.validation_loss, "accuracy": row.validation_accuracy}
    return wanted


def test_every_script_prints_the_numbers_of_its_run_to_the_last_bit(digits, printed):
    runs = {name: trained(config, digits) for name, config in CASES.items()}
    found = printed([script(config, config.epochs) for config in CASES.values()])
    for (name, (model, told)), (said, layers) in zip(runs.items(), found, strict=True):
        assert said == [as_printed(row) for row in told], name
        assert layers == list(model.state_dict()), name


def test_changes_of_the_rate_by_hand_and_epochs_that_are_still_to_come(digits, tmp_path, printed):
    configs = [replace(FEW, schedule=name, epochs=4) for name in ("constant", "cosine", "onecycle")]
    runs = [
        record_run(tmp_path / config.schedule, config, digits, rates={1: 0.03, 2: 0.002})
        for config in configs
    ]
    assert [len(run.changes()) for run in runs] == [2, 2, 2]
    unfinished = 3
    sources = [script(c, 4, r.changes()) for c, r in zip(configs, runs, strict=True)]
    *found, (said, _) = printed(
        [*sources, script(configs[-1], unfinished, runs[-1].changes())],
    )
    assert said == [as_printed(row) for row in runs[-1].rows()[:unfinished]]
    for run, (said, _) in zip(runs, found, strict=True):
        assert said == [as_printed(row) for row in run.rows()]


def test_other_data_sets_are_read_and_dealt_out_alike(image_folder, monkeypatch, tmp_path, printed):
    monkeypatch.setenv("EXPLORER_DATA_DIR", str(image_folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    chance = torch.Generator().manual_seed(1)
    pictures = torch.randint(256, (60, 3, 9, 8), generator=chance, dtype=torch.uint8)
    own = ImageSet(pictures, torch.arange(60) % 3, ("a", "b", "c"), "Own")
    small = replace(FEW, train_size=31, batch_size=8, epochs=2)
    names = ["fashion_mnist", "kmnist", "cifar10", store(own, "mine")]
    configs = [replace(small, dataset=name) for name in names]
    told = [trained(config, sets_of(config.dataset))[1] for config in configs]
    before = sorted(image_folder.rglob("*"))
    found = printed([script(config, 2) for config in configs])
    for config, events, (said, _) in zip(configs, told, found, strict=True):
        assert said == [as_printed(row) for row in events], config.dataset
    assert before == sorted(image_folder.rglob("*"))  # nothing is unpacked beside the files


def test_a_script_reads_like_a_training_loop():
    for name, config in CASES.items():
        source = script(config, 2)
        changed = bool(config.augment)  # then there are the functions that change batches, too
        assert max(map(len, source.splitlines())) <= (100 if changed else 88), name
        order = ["# forward", "# loss", "zero_grad()", "# backward", "# update"]
        assert sorted(order, key=source.index) == order
        assert "from core" not in source
        assert len(source.splitlines()) < (350 if changed else 200)
    plain = script(BASE, 2)
    for word in (
        "Skip",
        "cycle",
        "fewer",
        "clip_grad",
        "smoothing",
        "step +=",
        "autocast",
        "augment",
    ):
        assert word not in plain


def test_on_a_graphics_card_a_script_computes_there_in_mixed_precision():
    config = replace(BASE, device="cuda:1", mixed_precision=True, gradient_clip=1.0)
    source = script(config, 1)
    compile(source, "script.py", "exec")
    assert 'DEVICE = "cuda:1"' in source
    for word in ("autocast", "scaler.unscale_(optimizer)", "scaler.update()", "fused=True"):
        assert word in source
    assert "fused" not in script(replace(config, optimizer="adagrad"), 1)
    # nn.Dropout draws in another way there: the script brings the one of the run.
    dropping = replace(config, model="mlp")
    assert "class Dropout(nn.Dropout)" in script(dropping, 1)
    assert "=nn.Dropout" not in script(dropping, 1)
    assert "=nn.Dropout" in script(replace(dropping, device="cpu"), 1)
    assert "autocast" not in script(replace(config, device="mps"), 1)


@pytest.mark.parametrize(
    ("config", "epochs", "says"),
    [
        (BASE, 0, "1 epoch or more"),
        (replace(BASE, model="conv 4 3; linear 10"), 1, "put Flatten before it"),
        (replace(BASE, dataset="stored:gone"), 1, "Upload it again"),
    ],
)
def test_what_cannot_be_told_is_said(config, epochs, says):
    with pytest.raises(InputError, match=says):
        script(config, epochs)
