"""A model taken away says what the page says: in a clean process, by another program, as CSV."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch
from PIL import Image
from safetensors import safe_open

from core.errors import InputError
from core.transfer.backbones import load_backbone
from core.transfer.embed import embed
from core.transfer.export_card import CardFacts, model_card
from core.transfer.export_csv import harmless, results_csv
from core.transfer.export_onnx import onnx_probabilities, onnx_session, to_onnx
from core.transfer.export_script import ONNX_FILE, WEIGHTS_FILE, predict_script
from core.transfer.export_weights import from_safetensors, to_safetensors
from core.transfer.folds import plan_for
from core.transfer.head import fit_head
from core.transfer.judging import cross_validated
from core.transfer.network_source import _CUT
from core.transfer.predictor import Predictor, predictor_for
from core.transfer.preprocess import to_square


def striped(count, seed=0):
    """Pictures of many sizes: horizontal stripes, vertical ones, and checks, in any colours."""
    chance = np.random.default_rng(seed)
    made = []
    for at in range(count):
        height, width = (int(side) for side in chance.integers(40, 160, 2))
        rows, columns = np.indices((height, width)) // int(chance.integers(6, 12)) % 2
        on = (rows, columns, rows ^ columns)[at % 3][..., None]
        light, dark = chance.integers(150, 256, 3), chance.integers(0, 100, 3)
        noise = chance.integers(-10, 11, (height, width, 3))
        made.append(np.clip(np.where(on, light, dark) + noise, 0, 255).astype(np.uint8))
    return made


@pytest.fixture(scope="module")
def pictures():
    return striped(30)


@pytest.fixture(scope="module")
def made(pictures):
    """A predictor of three classes on a backbone that has learnt nothing, and its judgement."""

    def on(name):
        chance = torch.Generator().manual_seed(0)
        backbone = load_backbone(name, weights="random", generator=chance)
        features, targets = embed(backbone, pictures), torch.arange(30) % 3
        head = fit_head(features, targets, 3)
        judged = cross_validated(features, targets, 3, plan_for(targets, 3, chance))
        classes = ("rows", "columns, not rows", '=checks "so called"')
        return predictor_for(backbone, head, classes, features, judged), judged

    return on


@pytest.fixture(scope="module")
def built_in(made):
    return made("built_in")


@pytest.fixture(scope="module")
def exported(built_in, pictures):
    return to_onnx(built_in[0], pictures)


def odd_pictures():
    """Sizes that the page takes as well: tiny, long, large."""
    chance = np.random.default_rng(5)
    sizes = [(1, 1), (20, 90), (90, 30), (64, 64), (500, 700)]
    return [chance.integers(0, 256, (*size, 3), dtype=np.uint8) for size in sizes]


def ran(folder, *arguments):
    """What a script prints in a process that knows nothing of this project."""
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "predict.py", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


def saved(folder, pictures):
    names = [f"{at}.png" for at in range(len(pictures))]
    for name, picture in zip(names, pictures, strict=True):
        Image.fromarray(picture).save(folder / name)
    return names


def check_lines(lines, names, predictor, pictures):
    for name, line, wanted in zip(names, lines, predictor.predict(pictures), strict=True):
        said = json.loads(line)
        assert said["picture"] == name
        assert list(said["probabilities"]) == list(predictor.classes)
        shares = list(said["probabilities"].values())
        assert np.allclose(shares, wanted.calibrated, atol=3e-4)
        assert said["distance"] == pytest.approx(wanted.distance, abs=2e-4)
        assert said["answer"] == ("none of these" if wanted.rejected else wanted.name)


def test_predict_py_says_what_the_page_says(built_in, pictures, tmp_path, fresh_python):
    predictor, _ = built_in
    (tmp_path / WEIGHTS_FILE).write_bytes(to_safetensors(predictor))
    source = predict_script(predictor)
    (tmp_path / "predict.py").write_text(source, encoding="utf-8")
    assert "import core" not in source
    assert "from core" not in source
    shown = [*pictures[:3], *odd_pictures()]
    names = saved(tmp_path, shown)
    said = fresh_python.printed(tmp_path / "predict.py", "--json", *names)
    check_lines(said.splitlines(), names, predictor, shown)


def test_predict_py_with_onnx_needs_no_pytorch(built_in, exported, pictures, tmp_path):
    predictor, _ = built_in
    (tmp_path / ONNX_FILE).write_bytes(exported.data)
    source = predict_script(predictor, "onnx")
    (tmp_path / "predict.py").write_text(source, encoding="utf-8")
    assert "torch" not in source
    shown = [*pictures[:3], *odd_pictures()]
    names = saved(tmp_path, shown)
    said = ran(tmp_path, "--json", *names).stdout
    check_lines(said.splitlines(), names, predictor, shown)


def test_predict_py_reads_a_turned_jpeg_upright_and_names_what_it_cannot_read(
    built_in, exported, pictures, tmp_path
):
    predictor, _ = built_in
    (tmp_path / ONNX_FILE).write_bytes(exported.data)
    (tmp_path / "predict.py").write_text(predict_script(predictor, "onnx"), encoding="utf-8")
    turned = Image.fromarray(np.rot90(pictures[1]))
    tags = Image.Exif()
    tags[0x0112] = 6  # "turn me clockwise"
    turned.save(tmp_path / "turned.png", exif=tags)
    (tmp_path / "text.jpg").write_text("not a picture")
    done = ran(tmp_path, "--json", "turned.png", "text.jpg", "missing.png")
    shares = list(json.loads(done.stdout)["probabilities"].values())
    assert np.allclose(shares, predictor.predict(pictures[1:2])[0].calibrated, atol=3e-4)
    assert "text.jpg" in done.stderr
    assert "missing.png" in done.stderr
    plain = ran(tmp_path, "turned.png").stdout
    assert plain.startswith("turned.png: ")


@pytest.mark.parametrize("name", sorted(_CUT))
def test_every_backbone_of_torchvision_is_rebuilt_by_the_script(name, tmp_path):
    """The lines of the script make a model that takes the exported weights and agrees."""
    if name in ("vit_b_16", "convnext_tiny", "resnet50", "efficientnet_b0"):
        pytest.skip("hundreds of megabytes, made by the same lines as the small ones")
    from core.transfer.export_weights import plain_weights
    from core.transfer.network_source import network_source, source_imports

    backbone = load_backbone(name, weights="random", generator=torch.Generator().manual_seed(1))
    source = f"import torch\nfrom torch import nn\n{source_imports(backbone.info)}"
    source += network_source(backbone.info)
    space = {}
    exec(compile(source, "network", "exec"), space)
    space["model"].load_state_dict(plain_weights(backbone))
    images = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.allclose(space["model"].eval()(images), backbone(images), rtol=1e-4, atol=1e-5)


def test_the_onnx_file_says_what_the_page_says(built_in, exported, pictures):
    assert exported.pictures == len(pictures)
    assert exported.largest_difference < 3e-4  # features of random weights hardly differ
    strange = odd_pictures()
    ours = np.stack([one.calibrated for one in built_in[0].predict(strange)])
    assert np.allclose(onnx_probabilities(exported.data, strange), ours, atol=3e-4)


def test_the_onnx_file_takes_bytes_of_any_size_and_says_how_to_use_it(built_in, exported):
    predictor, _ = built_in
    model = onnx.load_from_string(exported.data)
    onnx.checker.check_model(model)
    (picture,) = onnx_session(exported.data).get_inputs()
    assert picture.type == "tensor(uint8)"
    assert [isinstance(side, str) for side in picture.shape] == [True, True, False]
    facts = {one.key: json.loads(one.value) for one in model.metadata_props}
    assert facts["classes"] == list(predictor.classes)
    assert facts["distance"] == predictor.threshold.distance


def test_the_pixels_within_the_onnx_file_are_those_of_pillow(built_in):
    from core.transfer.export_onnx import _FromPicture

    predictor, _ = built_in
    graph, info = _FromPicture(predictor), predictor.backbone.info
    for picture in odd_pictures():
        ours = graph.square(torch.from_numpy(picture)).permute(1, 2, 0).numpy()
        assert np.array_equal(ours, to_square(picture, info.side, info.shorter))


def test_safetensors_hold_everything_and_come_back(built_in, pictures, tmp_path):
    predictor, _ = built_in
    data = to_safetensors(predictor)
    again = from_safetensors(data)
    for one, other in zip(predictor.predict(pictures), again.predict(pictures), strict=True):
        assert np.allclose(one.calibrated, other.calibrated, atol=1e-5)
        assert one.distance == pytest.approx(other.distance, abs=1e-5)
    file = tmp_path / "model.safetensors"
    file.write_bytes(data)
    with safe_open(file, "pt") as weights:
        assert json.loads(weights.metadata()["classes"]) == list(predictor.classes)
        assert weights.get_tensor("weight").shape == (3, predictor.backbone.info.features)


@pytest.mark.parametrize("cut", [0, 7, 100, -1000])
def test_a_damaged_file_is_said(built_in, cut):
    data = to_safetensors(built_in[0])
    with pytest.raises(InputError, match="damaged"):
        from_safetensors(data[:cut])


def test_a_backbone_that_does_not_fit_the_head_is_said(built_in):
    with pytest.raises(InputError, match="does not fit"):
        replace(built_in[0], classes=("one", "two"))


def test_predictions_agree_with_their_features_and_say_why(built_in, pictures):
    predictor, judged = built_in
    said = predictor.predict(pictures)
    logits = predictor.head.logits(embed(predictor.backbone, pictures))
    assert np.allclose([one.probabilities for one in said], logits.softmax(1), atol=1e-6)
    warm = (logits / predictor.temperature).softmax(1)
    assert np.allclose([one.calibrated for one in said], warm, atol=1e-6)
    assert all(one.nearest[0] == at for at, one in enumerate(said))  # itself
    assert all(not one.rejected for one in said if one.confidence > 0.5)
    assert judged.accuracy > 0.5
    grey = np.full((50, 50, 3), 128, np.uint8)
    (plain,) = predictor.predict([grey])
    strict = replace(predictor.threshold, distance=0.9 * plain.distance)
    (other,) = replace(predictor, threshold=strict).predict([grey])
    assert other.rejected
    assert "unlike all pictures" in other.why
    always = Predictor(predictor.backbone, predictor.head, predictor.classes)
    assert not always.predict([grey])[0].rejected


def test_between_two_classes_it_is_not_certain(built_in):
    predictor, _ = built_in
    threshold = replace(predictor.threshold, distance=2.0, confidence=0.99)
    careful = replace(predictor, temperature=20.0, threshold=threshold)
    (one,) = careful.predict(odd_pictures()[4:])
    assert one.rejected
    assert "for certain" in one.why


def test_the_table_is_read_back_and_holds_no_formula(built_in, pictures):
    predictor, _ = built_in
    names = ["=HYPERLINK(1)", "+1.png", 'a,"b".png', " -2.png", "plain.png"]
    said = predictor.predict(pictures[:5])
    rows = list(csv.reader(io.StringIO(results_csv(names, said, predictor.classes))))
    assert rows[0][:3] == ["picture", "answer", "confidence"]
    assert [row[0] for row in rows[1:]] == [
        "'=HYPERLINK(1)",
        "'+1.png",
        'a,"b".png',
        "' -2.png",
        "plain.png",
    ]
    assert not any(cell[:1] in "=+-@" for row in rows for cell in row if cell)
    for row, one in zip(rows[1:], said, strict=True):
        assert [float(cell) for cell in row[3:6]] == pytest.approx(one.calibrated, abs=1e-4)
        wanted = "none of these" if one.rejected else harmless(one.name)
        assert row[1] == wanted


def test_the_card_tells_what_was_measured(built_in):
    predictor, judged = built_in
    facts = CardFacts((10, 10, 10), "A head was fitted on features.", "2026-11-25")
    card = model_card(predictor, judged, facts)
    low, high = judged.interval
    assert f"**{100 * judged.accuracy:.1f} %**" in card
    assert f"{100 * low:.1f} to {100 * high:.1f} %" in card
    assert f"n = {len(judged)}" in card
    assert predictor.backbone.info.licence in card
    assert f"{predictor.temperature:.2f}" in card
    assert "10 pictures, which is few" in card
    silent = model_card(replace(predictor, threshold=None), judged, facts)
    assert "always gives one of its classes" in silent


@pytest.mark.parametrize("name", ["built_in", "squeezenet1_1"])
def test_weights_that_a_person_gave_are_exported_as_their_architecture(made, pictures, name):
    predictor, _ = made(name)
    backbone = predictor.backbone
    given = backbone.info
    try:
        backbone.info = replace(given, name=f"own:{name}-0123456789abcdef")
        source = predict_script(predictor)
        again = from_safetensors(to_safetensors(predictor))
    finally:
        backbone.info = given
    assert source == predict_script(predictor)
    assert again.backbone.info == given
    ours, theirs = (one.predict(pictures[:3]) for one in (predictor, again))
    for one, other in zip(ours, theirs, strict=True):
        assert np.allclose(one.calibrated, other.calibrated, atol=1e-4)
