"""The card of the race: settings, curves side by side, the gap, and the verdict."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any

import numpy as np

from core.augmentation.race import Verdict
from core.images.finding import available
from core.training.events import EpochEnded
from explorer.augmentation.race import GUESSES, Race
from explorer.augmentation.settings import FEW, MOST_SEEDS, SET, Settings
from explorer.numbers import fixed
from explorer.settings import rules
from explorer.training_dashboard.curves import Sheet

if TYPE_CHECKING:
    from explorer.augmentation.lesson import Augmentation

Card = dict[str, Any]
TITLES = ("Without", "With the pipeline")
SEEDS = (3, 5, MOST_SEEDS)
EPOCHS = (20, 40, 80)
STARTS = (90.0, 80.0, 50.0)  # where an axis of accuracies may begin
SURE = 200  # validation pictures from which on a race is worth its name


def race_card(lesson: Augmentation, sheet: Sheet) -> Card:
    """Return the card; its curves go into the sheet."""
    race = lesson.race
    live = race.live
    rows = (race.rows(0), race.rows(1))
    span = _range(rows, live)
    result = race.result
    return {
        "kind": "augment_race",
        "span": 12,
        "title": "Does it help?",
        "note": _progress(race, live),
        "fields": [_field(lesson, name) for name in ("race", "few", "epochs", "seeds")],
        "live": live,
        "share": race.done,
        "action": "Race again" if race.laps else "Race",
        "guess": race.guess,
        "guesses": [[name, text] for name, text in GUESSES.items()],
        "guessable": not live and result is None,
        "plots": [_plot(race, side, rows[side], span, sheet) for side in (0, 1)],
        "gaps": [_gap(rows[side]) for side in (0, 1)],
        "axis": f"axis starts at {fixed(span[0], 0)} %" if span[0] else "",
        "verdict": None if result is None else _verdict(race, result),
        "trouble": race.trouble,
        "stale": bool(race.laps) and race.text != lesson.handing.text,
        "links": lesson.handing.links(),
    }


def _field(lesson: Augmentation, name: str) -> dict[str, Any]:
    now = getattr(lesson.settings, name)
    rule = rules(Settings)[name]
    listed = {"few": FEW, "seeds": SEEDS, "epochs": EPOCHS}
    if name == "race":
        options = [[key, label] for key, label in rule.options.items() if _there(lesson, key)]  # type: ignore[attr-defined]
    else:
        options = [[str(one), f"{one:,}"] for one in sorted({*listed[name], now})]
    return {
        "name": name,
        "label": rule.label,
        "help": rule.help,  # type: ignore[attr-defined]
        "options": options,
        "value": str(now),
    }


def _there(lesson: Augmentation, name: str) -> bool:
    if name == SET:
        return lesson.taking.pictures is not None
    return name == lesson.settings.race or available(name)


def _progress(race: Race, live: bool) -> str:
    if not race.laps:
        return "the same small network, from the same first weights"
    said = f"{race.data}, {2 * len(race.laps)} runs"
    if not live:
        return said
    now = sum(len(rows) == race.epochs for side in (0, 1) for rows in race.rows(side))
    return f"run {min(now + 1, 2 * len(race.laps))} of {2 * len(race.laps)}"


def _mean(rows: list[list[EpochEnded]], name: str) -> list[float]:
    """The mean over the seeds that have begun, as far as all of them have come; in percent."""
    begun = [one for one in rows if one]
    return [100 * fmean(getattr(row, name) for row in at) for at in zip(*begun, strict=False)]


def _range(rows: tuple[list[list[EpochEnded]], ...], live: bool) -> list[float]:
    """One range for both plots; while runs go on it holds still."""
    late = [
        100 * row.validation_accuracy
        for side in rows
        for one in side
        for row in one[len(one) // 2 :]
    ]
    if live or not late:
        return [0.0, 100.0]
    return [next((start for start in STARTS if min(late) > start), 0.0), 100.0]


def _plot(
    race: Race, side: int, rows: list[list[EpochEnded]], span: list[float], sheet: Sheet
) -> dict[str, Any]:
    series = [
        _series("", "seed", [100 * row.validation_accuracy for row in one], sheet)
        for one in rows
        if one
    ]
    for label in ("training", "validation"):
        values = _mean(rows, f"{label}_accuracy")
        if values:
            series.append(_series(label, label, values, sheet))
    return {
        "title": TITLES[side],
        "x": {"from": 0, "count": 0},
        "series": series,
        "shown": None,
        "xLabel": "epoch",
        "log": False,
        "percent": True,
        "plan": race.epochs or 40,
        "range": span,
        "events": [],
    }


def _series(label: str, style: str, values: list[float], sheet: Sheet) -> dict[str, Any]:
    x = sheet.put(np.arange(1, len(values) + 1, dtype=float))
    place = sheet.put(np.array(values))
    return {"label": label, "style": style, "side": None, "x": x, "marks": False} | place


def _gap(rows: list[list[EpochEnded]]) -> str:
    """The gap between training and validation at the end, in words."""
    training, validation = (_mean(rows, f"{one}_accuracy") for one in ("training", "validation"))
    if not validation:
        return ""
    gap = training[-1] - validation[-1]
    return (
        f"Gap **{_points(gap)}**: {fixed(training[-1], 1)} % of the training pictures, as the "
        f"network saw them, and {fixed(validation[-1], 1)} % of the validation pictures."
    )


def _points(value: float) -> str:
    return f"{fixed(value, 1)} points"


def _verdict(race: Race, result: Verdict) -> dict[str, Any]:
    without, along = race.finals()
    return {
        "word": result.word,
        "text": _sentence(race, result),
        "detail": _detail(race, result),
        "mean": result.mean,
        "low": max(-100.0, result.low),
        "high": min(100.0, result.high),
        "each": [b - a for a, b in zip(without, along, strict=True)],
    }


def _sentence(race: Race, result: Verdict) -> str:
    difference = _points(abs(result.mean))
    if result.word == "open":
        more = "more" if result.mean >= 0 else "fewer"
        said = (
            f"**No clear difference.** With the pipeline {difference} {more} of the validation "
            "pictures are read right on average, but the interval contains 0: these seeds cannot "
            "tell it from chance."
        )
    else:
        verb = "It helps" if result.word == "helps" else "It hurts"
        more = "more" if result.word == "helps" else "fewer"
        said = f"**{verb}.** {difference} {more} of the validation pictures are read right."
    if race.guess is None:
        return said
    came = "That is what came out." if race.guess == result.word else "It came out differently."
    return f"{said} You guessed: {GUESSES[race.guess]}. {came}"


def _detail(race: Race, result: Verdict) -> str:
    if result.seeds == 1:
        return "One seed gives no interval yet."
    few = race.watched and race.watched < SURE
    small = f" Only {race.watched} validation pictures: each weighs much." if few else ""
    return (
        f"Paired over {result.seeds} seeds, 95 % t interval from {fixed(result.low, 1)} to "
        f"{fixed(result.high, 1)} points.{small}"
    )
