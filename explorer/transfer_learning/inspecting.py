"""One picture of the collection shown large, with what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InputError
from explorer.numbers import fixed
from explorer.transfer_learning.pictures import large, seen

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

ORIGINS = {
    "upload": "uploaded",
    "webcam": "from the camera",
    "drawing": "drawn here",
    "set": "from a set",
    "shared": "from another page",
}


def inspected(lesson: TransferLearning) -> dict[str, Any] | None:
    """Return the picture that was opened, or None."""
    wanted = lesson.collecting.inspected
    if wanted is None:
        return None
    collection = lesson.collecting.collection
    try:
        sample, label = collection.sample(wanted), collection.label_of(wanted)
    except InputError:
        return None
    height, width = sample.picture.shape[:2]
    words, detail, answer, cam = _said(lesson, wanted)
    parts = [sample.name, f"{width}×{height} pixels", ORIGINS[sample.origin]]
    return {
        "id": sample.id,
        "label": label.name,
        "label_id": label.id,
        "src": large(sample.picture),
        "cam": cam,
        "answer": answer,
        "words": words or f"**{label.name}**",
        "detail": detail,
        "where": ", ".join(part for part in parts if part),
    }


def _said(lesson: TransferLearning, sample: str) -> tuple[str, str, str | None, str | None]:
    """Return what was said while it was held back, and where the model looks now."""
    model = lesson.model
    if model is None or sample not in model.samples:
        return "", "The model has not learnt from this picture.", None, None
    at = model.samples.index(sample)
    picture = lesson.collecting.collection.sample(sample).picture
    places = (model.judged.numbers == at).nonzero()[:, 0].tolist()
    info = model.backbone.info
    said = model.say([picture], lesson.settings.strict)[0]
    cam = seen(picture, model.cam(picture, said.winner), info.side, info.shorter)
    now = model.classes[said.winner]
    if not places:
        return "", "It was never held back, so nothing is known about it.", now, cam
    shares = (model.judged.logits[places[0]] / model.temperature).softmax(0)
    held = int(shares.argmax())
    target = int(model.judged.targets[places[0]])
    right = "right" if held == target else f"taken for **{model.classes[held]}**"
    words = f"**{model.classes[target]}**, {right} with {fixed(100 * float(shares[held]), 1)} %"
    return (
        words,
        "Said while the picture was held back. The heat is that of the full model.",
        (now),
        cam,
    )
