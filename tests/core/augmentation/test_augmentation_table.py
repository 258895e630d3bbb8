import itertools
import random

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import tv_tensors
from torchvision.transforms import v2

from core.augmentation.chance import drawing_from
from core.augmentation.draws import draws
from core.augmentation.pipeline import Pipeline, Step
from core.augmentation.spec import DATA_KINDS
from core.augmentation.table import GROUPS, TRANSFORMS, transform_named
from core.errors import InputError

SINGLE = [one for one in TRANSFORMS.values() if one.group != "batch"]
SIZES = ((1, 1), (2, 3), (28, 28), (224, 224))
every = pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=lambda one: one.name)
every_single = pytest.mark.parametrize("transform", SINGLE, ids=lambda one: one.name)


def values_of(parameter):
    if parameter.kind == "switch":
        return [False, True]
    if parameter.kind == "choice":
        return [key for key, _ in parameter.choices]
    return [parameter.minimum, parameter.maximum]


def ends(transform):
    """All at the least, all at the greatest, and each alone at each of its ends."""
    names = [one.name for one in transform.parameters]
    spans = [values_of(one) for one in transform.parameters]
    yield {}
    for side in (0, -1):
        yield dict(zip(names, (span[side] for span in spans), strict=True))
    for name, span in zip(names, spans, strict=True):
        yield from ({name: value} for value in span)


def corners(transform):
    """All combinations of ends."""
    names = [one.name for one in transform.parameters]
    for chosen in itertools.product(*map(values_of, transform.parameters)):
        yield dict(zip(names, chosen, strict=True))


def picture(size, channels, seed=1):
    shape = size if channels == 1 else (*size, 3)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def only(transform, values):
    return Pipeline((Step(transform.name, values, None if transform.probability is None else 1.0),))


@every
def test_every_declaration_is_complete(transform):
    assert transform.group in GROUPS
    assert transform.sentence.endswith(".")
    names = [one.name for one in transform.parameters]
    assert len(set(names)) == len(names)
    for one in transform.parameters:
        assert one.help.endswith((".", "…"))
        assert one.checked(one.default) == one.default
        assert (
            type(one.default)
            is {
                "number": float,
                "integer": int,
                "choice": str,
                "switch": bool,
            }[one.kind]
        )
    for one in transform.breaks:
        assert set(one.data) <= set(DATA_KINDS)
        assert {name for name, _ in one.beyond + one.below} <= set(names)


@every_single
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_end_of_a_range_fails_on_any_picture(transform, size, channels):
    given = picture(size, channels)
    # Large pictures are slow, and what breaks there breaks at 28 pixels too.
    chosen = list(ends(transform))[:3] if size == (224, 224) else ends(transform)
    for values in chosen:
        (made,) = draws(given, only(transform, values), 1, seed=3)
        assert made.dtype == np.uint8
        assert made.shape[2] == 3
        if transform.fixes:
            side = only(transform, values).steps[0].values[transform.fixes]
            assert made.shape == (side, side, 3)
        elif transform.name != "zoom_out":
            assert made.shape[:2] == size


@every
def test_the_code_makes_the_same_transform(transform, as_torchvision_draws):
    image = tv_tensors.Image(torch.from_numpy(picture((48, 60), 3).transpose(2, 0, 1).copy()))
    if transform.works_on == ("float",):
        image = image / 255
    for number, values in enumerate(ends(transform)):
        chances = (None, 0.5) if transform.probability is not None else (None,)
        for chance in chances:
            code = transform.code(values, chance)
            made, written = transform.make(values, chance), eval(code, {"v2": v2, "torch": torch})
            assert repr(made) == repr(written)
            if transform.group != "batch" and number < 3:
                assert torch.equal(
                    as_torchvision_draws(number, made, image),
                    as_torchvision_draws(number, written, image),
                )


@every_single
def test_drawing_from_a_generator_is_drawing_from_the_global_seed(transform, as_torchvision_draws):
    """The oracle is torchvision itself after torch.manual_seed."""
    image = tv_tensors.Image(torch.from_numpy(picture((45, 60), 3).transpose(2, 0, 1).copy()))
    image = image / 255 if transform.works_on == ("float",) else image
    made = transform.make({}, None if transform.probability is None else 0.7)
    python, numpy = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    for seed in range(6):
        with drawing_from(torch.Generator().manual_seed(seed)):
            drawn = made(image)
        assert torch.equal(drawn, as_torchvision_draws(seed, made, image))
    assert random.getstate() == python
    assert np.random.get_state()[1].tolist() == numpy  # noqa: NPY002


@pytest.mark.parametrize("transform", [one for one in SINGLE if one.probability is not None])
def test_probability_zero_is_never_and_one_is_always(transform, as_torchvision_draws):
    image = tv_tensors.Image(torch.from_numpy(picture((45, 60), 3).transpose(2, 0, 1).copy()))
    never = transform.make({}, 0.0)
    assert all(torch.equal(as_torchvision_draws(seed, never, image), image) for seed in range(20))
    if transform.own_p:
        always = transform.make({}, 1.0)
        assert always.p == 1
    else:
        assert "RandomApply" not in transform.code({}, 1.0)
        assert "RandomApply" in transform.code({}, 0.9)


@pytest.mark.parametrize("transform", SINGLE, ids=lambda one: one.name)
def test_the_kinds_of_picture_are_those_that_work(transform):
    array = picture((48, 48), 3)
    tensor = torch.from_numpy(array.transpose(2, 0, 1).copy())
    kinds = {"pil": Image.fromarray(array), "uint8": tensor, "float": tensor / 255}
    made = transform.make({}, None if transform.probability is None else 1.0)
    for kind, given in kinds.items():
        if kind in transform.works_on:
            with drawing_from(torch.Generator().manual_seed(1)):
                made(given)
        else:
            with (
                drawing_from(torch.Generator().manual_seed(1)),
                pytest.raises((TypeError, ValueError, AttributeError)),
            ):
                made(given)


def test_all_corners_of_the_settings_of_a_crop():
    given = picture((5, 9), 3)
    for name in ("crop", "resized_crop", "erasing", "blur"):
        for values in corners(transform_named(name)):
            draws(given, only(transform_named(name), values), 1, seed=2)


@pytest.mark.parametrize(
    ("name", "values", "complaint"),
    [
        ("rotation", {"degrees": 181}, "Angle goes from 0 to 180°, not 181"),
        ("rotation", {"degrees": float("nan")}, "Angle goes from 0"),
        ("rotation", {"degrees": True}, "Angle goes from 0"),
        ("rotation", {"angle": 3}, 'no setting "angle"'),
        ("rotation", {"interpolation": "cubic"}, "one of nearest, bilinear"),
        ("blur", {"kernel_size": 4}, "steps of 2"),
        ("augmix", {"all_ops": 1}, "on or off"),
        ("hflip", {"degrees": 3}, "It has no settings"),
    ],
)
def test_settings_out_of_range_are_named(name, values, complaint):
    with pytest.raises(InputError, match=complaint):
        transform_named(name).make(values)


def test_a_probability_is_checked():
    with pytest.raises(InputError, match="from 0 to 1"):
        transform_named("hflip").make({}, 1.5)
    with pytest.raises(InputError, match="takes no probability"):
        transform_named("resize").make({}, 0.5)
    with pytest.raises(InputError, match="There are: hflip"):
        transform_named("nonsense")
