"""The model card of a model of one's own: what a person should know before using it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.transfer.calibration import calibrated, calibration_error
from core.transfer.judging import Judged
from core.transfer.predictor import Predictor

FEW = 30  # pictures of a class


@dataclass(frozen=True)
class CardFacts:
    """What the card tells that the predictor does not know.

    Attributes:
        counts: How many pictures of each class were learnt from.
        training: How the head or the network was trained, in a sentence.
        made: The day, such as "2026-11-25".
        data: Where the pictures come from and under what licence, in a sentence; empty for
            pictures of the user's own.
    """

    counts: Sequence[int]
    training: str
    made: str
    data: str = ""


def model_card(predictor: Predictor, judged: Judged, facts: CardFacts) -> str:
    """The card as Markdown, in the order of Mitchell et al. (2019).

    Args:
        predictor: What is given away.
        judged: What was said about pictures that had not been seen.
        facts: The rest.
    """
    classes = ", ".join(map(_plain, predictor.classes))
    sections = [
        f"# {classes}\n\nA model that tells {len(predictor.classes)} classes of pictures apart, "
        f"made with the Deep Learning Explorer on {facts.made}.",
        f"## Data\n\n{_data(predictor, facts)}",
        f"## Network\n\n{_network(predictor)}\n\n{facts.training}",
        f"## Results\n\n{_results(predictor, judged)}",
        f"## None of these\n\n{_refusing(predictor)}",
        f"## Use\n\n{_use(predictor)}",
        f"## What it is not for\n\n{_limits(facts)}",
    ]
    return "\n\n".join(sections) + "\n"


def _data(predictor: Predictor, facts: CardFacts) -> str:
    rows = zip(predictor.classes, (f"{count:,}" for count in facts.counts), strict=True)
    origin = facts.data or "Pictures of the user's own; no licence was stated."
    return f"{_table('class', 'pictures', rows)}\n\n{origin}"


def _network(predictor: Predictor) -> str:
    info = predictor.backbone.info
    rows = [
        ("Backbone", f"{info.label} ({info.source})"),
        ("Trained before on", info.pretrained_on),
        ("Licence of its weights", info.licence),
        ("Parameters", f"{sum(p.numel() for p in predictor.backbone.parameters()):,}"),
        ("Features", f"{info.features:,}"),
        ("Head", f"one linear layer, {predictor.head.weight.numel():,} weights"),
        ("Form of a picture", f"{info.side}×{info.side} pixels, cut from the middle"),
    ]
    return _table("part", "value", rows)


def _results(predictor: Predictor, judged: Judged) -> str:
    if not len(judged):
        return f"How well it does on other pictures is not known. {judged.sentence}"
    low, high = (f"{100 * end:.1f}" for end in judged.interval)
    before = calibration_error(judged.logits.softmax(1), judged.targets)
    after = calibration_error(calibrated(judged.logits, predictor.temperature), judged.targets)
    rows = [
        (name, f"{one.right} of {one.of} ({100 * one.low:.0f} to {100 * one.high:.0f} %)")
        for name, one in zip(predictor.classes, judged.per_class(), strict=True)
    ]
    return (
        f"Accuracy on pictures not seen: **{100 * judged.accuracy:.1f} %**, 95 % interval {low} "
        f"to {high} % (Wilson), n = {len(judged):,}. {judged.sentence}\n\n"
        f"{_table('class', 'recognised (95 % interval)', rows)}\n\n"
        f"Confidence is divided by a temperature of {predictor.temperature:.2f} (Guo et al. 2017). "
        f"Expected calibration error on the same pictures: {before:.3f} before, {after:.3f} after."
    )


def _refusing(predictor: Predictor) -> str:
    threshold = predictor.threshold
    if threshold is None:
        return "It always gives one of its classes, whatever the picture shows."
    return (
        f"A picture farther than {threshold.distance:.3f} from its nearest three among those "
        f'learnt from, or with a confidence below {threshold.confidence:.2f}, gets "none of '
        f'these". Of the pictures learnt from, {threshold.kept:.0%} would be kept. A picture of '
        "something else that looks alike can pass."
    )


def _use(predictor: Predictor) -> str:
    info = predictor.backbone.info
    mean, std = (", ".join(f"{v:g}" for v in side) for side in (info.mean, info.std))
    return (
        "`python predict.py picture.jpg` beside the model file. Without it: scale the shorter "
        f"side to {info.shorter} pixels, cut out the middle {info.side}×{info.side}, divide by "
        f"255, take off {mean} and divide by {std}. The ONNX file does that itself and takes the "
        "bytes of a picture of any size."
    )


def _limits(facts: CardFacts) -> str:
    said = (
        "It was made for learning and teaching, not for decisions about people. It knows its "
        "pictures only: another camera, light or background can be enough to mislead it."
    )
    if min(facts.counts, default=0) < FEW:
        said += (
            f" The smallest class has {min(facts.counts, default=0)} pictures, which is few: "
            "numbers above may be off by more than their intervals say."
        )
    return said


def _table(left: str, right: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {_plain(name)} | {_plain(value)} |" for name, value in rows]
    return f"| {left} | {right} |\n|---|---|\n" + "\n".join(lines)


def _plain(text: str) -> str:
    """Text that ends no cell of a table and no line."""
    return " ".join(text.replace("|", r"\|").split())
