"""The model card of a run: what a person should know before using the network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from core.images.registry import IMAGE_SETS
from core.networks.probes import wilson
from core.runs.directory import RunDirectory
from core.training.config import TrainingConfig
from core.training.events import EpochEnded, RateChanged
from core.training.finished import FinalAccuracy, Finished
from core.training.maps import count_parameters
from core.vision.shapes import shown
from core.vision.trace import totals, trace

_TEXT_WIDTH = 3  # digits behind the point of a loss
_NOT_FOR = {
    "digits": "forms, cheques or votes",
    "mnist": "forms, cheques or votes",
    "fashion_mnist": "photos of clothes as cameras make them",
    "kmnist": "whole pages of old script",
    "cifar10": "photos of another size or with other things on them",
}


def model_card(run: RunDirectory, one: Finished, test: FinalAccuracy | None = None) -> str:
    """The card of a run as Markdown, in the order of Mitchell et al. (2019).

    Args:
        run: The run.
        one: The epoch that is given away.
        test: What `core.training.finished.test_accuracy` said, if it was asked; a number of
            another epoch is left out.

    Raises:
        InputError: The settings of the run are damaged.
    """
    spec = run.spec()
    row = next((row for row in run.rows() if row.epoch == one.epoch), None)
    made = datetime.fromtimestamp(spec.created, UTC).date().isoformat()
    count = len(one.prepared.classes)
    sections = [
        f"# {' '.join(spec.name.split())}\n\nA network that tells {count} classes of pictures "
        f"apart, trained with the Deep Learning Explorer on {made}.",
        f"## Data\n\n{_data(one)}",
        f"## Network\n\n{_network(one)}",
        f"## Training\n\n{_training(one, run.rows(), run.changes())}",
        f"## Results\n\n{_results(one, row, test)}",
        f"## Use\n\n{_use(one)}",
        f"## What it is not for\n\n{_limits(one)}",
    ]
    return "\n\n".join(sections) + "\n"


def _data(one: Finished) -> str:
    about = IMAGE_SETS.get(one.config.dataset)
    sizes = one.prepared.train, one.prepared.validation, one.prepared.test
    train, validation, test = (f"{len(part):,}" for part in sizes)
    own = "Pictures of the user's own"
    rows = [
        ("Data set", about.label if about else own),
        ("Licence", about.licence if about else "that of the pictures; none was stated"),
        ("Source", f"<{about.source}>" if about else "uploaded"),
        ("Pictures", f"{train} to learn from, {validation} for validation, {test} for the test"),
        ("Classes", ", ".join(one.prepared.classes)),
        ("Form", f"{shown(one.prepared.shape)} (channels, height, width)"),
    ]
    return _table(rows)


def _network(one: Finished) -> str:
    layers = trace(one.model.spec, one.model.input_shape)
    work = totals(layers)
    rows = [("Parameters", f"{count_parameters(one.model):,}")]
    if work is not None:
        rows.append(("Multiply-adds for a picture", f"{work[1]:,}"))
    lines = "\n".join(
        f"| {'· ' * layer.depth}{layer.text} | {shown(layer.output or ())} | "
        f"{layer.parameters or 0:,} |"
        for layer in layers
    )
    head = "| layer | output | parameters |\n|---|---|---|"
    return f"{_table(rows)}\n\n{head}\n{lines}"


def _training(one: Finished, rows: list[EpochEnded], changes: list[RateChanged]) -> str:
    config = one.config
    settings = [
        ("Epochs", f"{one.epoch} of {config.epochs} planned"),
        ("Batch", f"{config.batch_size} pictures"),
        ("Optimizer", f"{config.optimizer}, learning rate {config.learning_rate:g}"),
        ("Schedule", config.schedule),
        ("Regularisation", _regularisation(config)),
        ("Augmentation", f"`{config.augment}`" if config.augment else "none"),
        ("Seed", str(config.seed)),
        ("Device", _device(config)),
    ]
    before = [row for row in rows if row.epoch <= one.epoch]
    settings.append(("Time", f"{sum(row.seconds for row in before):.0f} s"))
    done = [change for change in changes if change.epoch < one.epoch]
    for change in done:
        said = f"from {change.before:.3g} to {change.learning_rate:.3g} at update {change.step:,}"
        settings.append(("Learning rate changed by hand", said))
    return _table(settings)


def _regularisation(config: TrainingConfig) -> str:
    found = [f"weight decay {config.weight_decay:g}"] if config.weight_decay else []
    if config.label_smoothing:
        found.append(f"label smoothing {config.label_smoothing:g}")
    if config.gradient_clip is not None:
        found.append(f"gradient clipped to {config.gradient_clip:g}")
    if config.patience is not None:
        found.append(f"early stopping with patience {config.patience}")
    return ", ".join(found) or "none besides that of the layers"


def _device(config: TrainingConfig) -> str:
    if config.device == "cpu":
        return f"cpu, {config.threads} thread{'s' if config.threads > 1 else ''}"
    return f"{config.device}{', mixed precision' if config.mixed_precision else ''}"


def _results(one: Finished, row: EpochEnded | None, test: FinalAccuracy | None) -> str:
    said = [_validation(one, row)]
    if test is not None and test.epoch == one.epoch:
        said.append(
            f"Test accuracy: {_share(test.right, test.total, test.interval)}. The test set was "
            "touched when this number was asked for, and at no other time."
        )
    else:
        said.append("The test set has not been asked.")
    return "\n\n".join(said)


def _validation(one: Finished, row: EpochEnded | None) -> str:
    total = len(one.prepared.validation)
    if row is None or not total:
        return "There was no validation set: how well it does on other pictures is not known."
    right = round(row.validation_accuracy * total)
    return (
        f"Validation accuracy: {_share(right, total, wilson(right, total))}; cross-entropy "
        f"{row.validation_loss:.{_TEXT_WIDTH}f}. If settings were chosen by these pictures, the "
        "number is somewhat too good."
    )


def _share(right: int, total: int, interval: tuple[float, float]) -> str:
    low, high = (f"{100 * end:.2f}" for end in interval)
    return (
        f"**{100 * right / total:.2f} %**, 95 % interval {low} to {high} % (Wilson), n = {total:,}"
    )


def _use(one: Finished) -> str:
    train = one.prepared.train
    mean, std = (", ".join(f"{v:.6f}" for v in side.tolist()) for side in (train.mean, train.std))
    return (
        "Bring a picture to the form above, divide its bytes by 255, take the mean off each "
        f"channel ({mean}) and divide by the standard deviation ({std}). The ONNX file does that "
        "itself. The outputs are scores; softmax makes probabilities of them."
    )


def _limits(one: Finished) -> str:
    what = _NOT_FOR.get(one.config.dataset, "anything but pictures like those it learnt from")
    return (
        "It was made for learning and teaching. It is not for decisions about people, nor for "
        f"{what}. A picture of anything else gets one of the classes too, often with great "
        "certainty, and the probabilities have not been calibrated."
    )


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = [f"| {name} | {_plain(value)} |" for name, value in rows]
    return "| | |\n|---|---|\n" + "\n".join(lines)


def _plain(text: str) -> str:
    """Text that ends no cell of a table."""
    return text.replace("|", r"\|").replace("\n", " ")
