import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms import v2

from core.augmentation.fitting import batch_transform, compose, fit
from core.augmentation.pipeline import MAX_STEPS, Pipeline, Step
from core.augmentation.presets import PRESETS, preset_named
from core.augmentation.table import TRANSFORMS
from core.augmentation.text import parse, write
from core.errors import InputError


def settings(parameter):
    if parameter.kind == "switch":
        return st.booleans()
    if parameter.kind == "choice":
        return st.sampled_from([key for key, _ in parameter.choices])
    if parameter.kind == "number":
        return st.floats(parameter.minimum, parameter.maximum, allow_nan=False)
    most = int((parameter.maximum - parameter.minimum) // parameter.step)
    return st.integers(0, most).map(lambda k: int(parameter.minimum + k * parameter.step))


@st.composite
def steps(draw):
    transform = draw(st.sampled_from(list(TRANSFORMS.values())))
    values = draw(
        st.fixed_dictionaries({}, optional={p.name: settings(p) for p in transform.parameters})
    )
    never = transform.probability is None
    chance = None if never else draw(st.none() | st.floats(0, 1, allow_nan=False))
    return Step(transform.name, values, chance, draw(st.booleans()))


pipelines = st.lists(steps(), max_size=MAX_STEPS).map(lambda found: Pipeline(tuple(found)))


@given(pipelines)
def test_what_is_written_is_read_again(pipeline):
    assert parse(write(pipeline)) == pipeline


@given(st.text(max_size=80) | st.text("hflip:rotation=.,;-0123456789degs", max_size=80))
def test_any_text_is_refused_or_means_a_pipeline(text):
    with contextlib.suppress(InputError):
        pipeline = parse(text)
        assert parse(write(pipeline)) == pipeline


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("hflip;nonsense", 'Step 2: There is no transform "nonsense"'),
        ("hflip:2", "Step 1: A probability goes from 0 to 1"),
        ("hflip:0.5,0.5", "one probability"),
        ("rotation:degrees=1e9", 'Angle is a number such as 0.5, not "1e9"'),
        ("rotation:degrees=nan", "is a number"),
        ("rotation:degrees=１５", "is a number"),
        ("rotation:degrees=5,degrees=6", "given twice"),
        ("rotation:__class__=5", "no setting"),
        ("resize:0.5", "takes no probability"),
        (";".join(["hflip"] * 21), "at most 20 steps"),
        ("h" * 5000, "at most 4,000 characters"),
        ("augmix:all_ops=true", "on or off"),
    ],
)
def test_what_is_wrong_with_a_text_is_said(text, complaint):
    with pytest.raises(InputError, match=complaint):
        parse(text)


def test_the_text_of_the_documentation():
    pipeline = parse("hflip:0.5; rotation:degrees=15 ;-jitter:brightness=0.2,hue=0.1;")
    assert [step.name for step in pipeline.steps] == ["hflip", "rotation", "jitter"]
    assert [step.on for step in pipeline.steps] == [True, True, False]
    assert pipeline.steps[2].values["hue"] == 0.1
    assert write(pipeline) == "hflip;rotation;-jitter:hue=0.1"


def test_steps_are_added_moved_switched_changed_and_removed():
    pipeline = parse("hflip;rotation;blur")
    assert write(pipeline.move(0, 2)) == "rotation;blur;hflip"
    assert write(pipeline.move(2, 0)) == "blur;hflip;rotation"
    assert write(pipeline.switch(1, False)) == "hflip;-rotation;blur"
    assert write(pipeline.remove(1)) == "hflip;blur"
    assert write(pipeline.add("grey", 1)) == "hflip;grey;rotation;blur"
    changed = pipeline.change(1, {"degrees": 40}).change(1, {"fill": 9}, 0.5)
    assert write(changed) == "hflip;rotation:0.5,degrees=40,fill=9;blur"
    assert write(pipeline) == "hflip;rotation;blur"
    for act in (lambda: pipeline.move(0, 3), lambda: pipeline.remove(-1)):
        with pytest.raises(InputError, match="There is no step"):
            act()
    with pytest.raises(InputError, match="at most 20"):
        Pipeline((Step("hflip"),) * 20).add("hflip")


def test_a_new_step_goes_where_it_can_act():
    pipeline = parse("hflip;normalise;mixup")
    assert write(pipeline.add("jitter")) == "hflip;jitter;normalise;mixup"
    assert write(pipeline.add("erasing")) == "hflip;normalise;erasing;mixup"
    assert write(pipeline.add("cutmix")) == "hflip;normalise;mixup;cutmix"
    for name in TRANSFORMS:
        assert name == "normalise" or not parse("hflip;normalise;mixup").add(name).problems


@pytest.mark.parametrize(
    ("text", "at", "complaint"),
    [
        ("normalise;jitter", 1, "Move it before Normalise"),
        ("normalise;normalise", 1, "normalised already"),
        ("normalise;rotation:fill=9", 1, "fill with 0"),
        ("mixup;hflip", 1, "before MixUp"),
    ],
)
def test_an_impossible_order_is_named(text, at, complaint):
    pipeline = parse(text)
    assert complaint in pipeline.problems[at]
    with pytest.raises(InputError, match=f"Step {at + 1}"):
        compose(pipeline)
    assert not pipeline.switch(at, False).problems


def test_compose_has_the_steps_that_are_on_and_converts_before_normalising():
    made = compose(parse("hflip;-vflip;normalise;erasing;mixup"))
    kinds = [type(one) for one in made.transforms]
    assert kinds == [v2.RandomHorizontalFlip, v2.ToDtype, v2.Normalize, v2.RandomErasing]
    assert isinstance(compose(Pipeline()).transforms[0], v2.Identity)


def test_steps_that_do_not_fit_a_picture_are_left_out_with_a_reason():
    fitted = fit(parse("blur:kernel_size=23;hflip;elastic"), (11, 30))
    assert [at for at, _ in fitted.calls] == [1]
    assert "at least 12×12 pixels" in fitted.notes[0]
    assert "at least 21×21" in fitted.notes[2]
    assert not fit(parse("blur:kernel_size=23"), (12, 12)).notes
    grown = fit(parse("zoom_out:side_max=4;zoom_out:side_max=4;resize;zoom_out"), (200, 300))
    assert list(grown.notes) == [1]
    assert "is grey" in fit(parse("normalise"), (28, 28), 1).notes[0]
    assert not fit(parse("normalise:statistics=mnist"), (28, 28), 1).notes


def test_of_two_batch_transforms_one_is_chosen():
    assert batch_transform(parse("hflip"), 3) is None
    assert isinstance(batch_transform(parse("mixup"), 3), v2.MixUp)
    both = batch_transform(parse("mixup;cutmix"), 3)
    assert isinstance(both, v2.RandomChoice)
    assert both.transforms[1].num_classes == 3


@pytest.mark.parametrize("name", PRESETS)
def test_presets_can_act_as_they_are(name):
    preset = preset_named(name)
    assert not preset.pipeline.problems
    assert write(preset.pipeline)
    assert preset.commentary.endswith(".")


def test_the_courses_preset_is_the_courses_code():
    assert [step.code for step in preset_named("course").pipeline.steps] == [
        "v2.RandomHorizontalFlip(p=0.5)",
        "v2.RandomRotation(15)",
        "v2.ColorJitter(brightness=0.2)",
        "v2.RandomResizedCrop(224, scale=(0.8, 1.0))",
    ]
