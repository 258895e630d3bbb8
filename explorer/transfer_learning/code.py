"""This screen as PyTorch: the head with its numbers, or the prediction of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.transfer.export_script import predict_script
from core.transfer.training_script import training_script
from explorer.boards import script_card
from explorer.transfer_learning.taking import predictor_of

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

Card = dict[str, Any]


def code(lesson: TransferLearning) -> Card | None:
    """Return the card with the script of what is shown; None as long as nothing has learnt."""
    model, learning = lesson.model, lesson.learning
    if model is None:
        return None
    predictor = predictor_of(model, lesson.settings.strict)
    if lesson.settings.run is not None:
        source, filename = predict_script(predictor), "predict.py"
    else:
        collection, seed = learning.collection, lesson.settings.seed
        if tuple(one.id for one in collection.samples) != model.samples:
            return None
        source = training_script(predictor, collection, learning.plan(), seed)
        filename = "train.py"
    return script_card(source, filename, 7)
