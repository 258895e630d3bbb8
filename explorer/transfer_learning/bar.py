"""The bar under the stage: what is going on, how good it is, and the bar for strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from explorer.numbers import fixed, significant
from explorer.settings import Number, rules
from explorer.training_dashboard.managing import place
from explorer.transfer_learning.help import STRICT
from explorer.transfer_learning.settings import METHODS, Settings

if TYPE_CHECKING:
    from explorer.transfer_learning.lesson import TransferLearning

LIVE = ("queued", "starting", "running")


def bar_message(lesson: TransferLearning) -> dict[str, Any]:
    """Return the bar."""
    rule = rules(Settings)["strict"]
    assert isinstance(rule, Number)
    shown = _run(lesson) if lesson.settings.run is not None else _head(lesson)
    return {
        **shown,
        "enabled": shown["state"] != "embedding" and lesson.learning.problem is None,
        "figures": figures(lesson),
        "strict": lesson.settings.strict,
        "limits": [rule.minimum, rule.maximum],
        "help": STRICT,
    }


def figures(lesson: TransferLearning) -> list[list[str]]:
    """Return the accuracy with its interval."""
    model = lesson.settled
    again = lesson.settings.run is None and lesson.learning.judging
    if model is None or not len(model.judged):
        return [["…", "is being judged"]] if again else []
    judged = model.judged
    low, high = judged.interval
    interval = f"{fixed(100 * low, 0)} to {fixed(100 * high, 0)} %"
    return [
        [
            f"{fixed(100 * judged.accuracy, 1)} %",
            "judging again…" if again else f"right of {len(judged)}, held back",
        ],
        [interval, "95 % interval"],
    ]


def _head(lesson: TransferLearning) -> dict[str, Any]:
    learning = lesson.learning
    total = len(learning.collection.samples)
    done = total - learning.missing
    live = {"live": learning.busy or lesson.loading, "soon": learning.busy}
    if learning.missing:
        state = "embedding" if learning.busy else "stopped"
        where = f"Features: {done} of {total} pictures"
        return {"state": state, "where": where, "left": "", "share": done / total, **live}
    if learning.shown is not None:
        step = learning.shown
        where = f"Step {step.step}: training loss {significant(step.training_loss, 3)}"
        share = min(1.0, step.step / max(1, learning.planned))
        return {"state": "running", "where": where, "left": "", "share": share, **live}
    if learning.problem is not None or learning.model is None:
        where = "Nothing to learn yet"
        return {"state": "finished", "where": where, "left": "", "share": 0.0, **live}
    where = f"**{learning.model.name}** learnt from {total} pictures".replace("**", "")
    left = f"in {significant(learning.seconds, 2)} s"
    return {"state": "finished", "where": where, "left": left, "share": 1.0, **live}


def _run(lesson: TransferLearning) -> dict[str, Any]:
    status = lesson.status()
    assert status is not None
    name = lesson.tuning.name or METHODS[lesson.settings.method]
    state = status.state
    share = status.epoch / max(1, status.epochs)
    if state == "running":
        where = f"{name}: epoch {status.epoch + 1} of {status.epochs}"
    elif state == "queued":
        where = f"{name}: {place(status.ahead)}"
    else:
        where = f"{name}: {state}"
    live = state in LIVE
    left = f"{status.epoch} epochs" if not live else ""
    return {
        "state": state,
        "where": where,
        "left": left,
        "share": share,
        "live": live,
        "soon": False,
    }
