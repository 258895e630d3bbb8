"""What an exported model has to say about itself, in every format."""

from __future__ import annotations

import json
import math
from typing import Any

from core.transfer.backbone_info import architecture_of
from core.transfer.predictor import Predictor

NONE = "none of these"


def facts_of(predictor: Predictor) -> dict[str, Any]:
    """Names and numbers that go with the weights, as JSON has them.

    A distance of null is never reached: without a threshold nothing is refused.
    """
    info, threshold = predictor.backbone.info, predictor.threshold
    return {
        "classes": list(predictor.classes),
        "backbone": architecture_of(info),
        "side": info.side,
        "shorter": info.shorter,
        "mean": list(info.mean),
        "std": list(info.std),
        "temperature": predictor.temperature,
        "distance": None if threshold is None else _finite(threshold.distance),
        "confidence": 0.0 if threshold is None else threshold.confidence,
        "kept": 1.0 if threshold is None else threshold.kept,
    }


def metadata(predictor: Predictor) -> dict[str, str]:
    """The same as texts, for formats that hold texts only."""
    facts = facts_of(predictor)
    return {name: json.dumps(value, ensure_ascii=False) for name, value in facts.items()}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
