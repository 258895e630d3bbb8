"""Settings as controls of the settings row, for pages that train on pictures."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.runs.devices import devices
from explorer.numbers import significant
from explorer.settings import Choice, Number, rules

Field = dict[str, Any]
Values = Sequence[float | int | None]


def field(
    settings: Any,
    name: str,
    *,
    lists: Mapping[str, Values],
    nothing: Mapping[str, str],
    options: Sequence[Sequence[str]] | None = None,
) -> Field:
    """Return one setting as a list of choices, or as a number with minus and plus.

    Args:
        settings: A settings dataclass.
        name: The setting.
        lists: Numbers that are chosen from a list, by setting; the present one is added.
        nothing: What None is called, by setting.
        options: What may be chosen, as pairs of value and label; None takes the rule's options.
    """
    rule, value = rules(type(settings))[name], getattr(settings, name)
    common: Field = {"name": name, "label": rule.label, "enabled": True, "kind": "select"}
    if isinstance(rule, Choice):
        listed = options or [[key, label] for key, label in rule.options.items()]
        return {**common, "options": list(listed), "value": value, "help": rule.help}
    assert isinstance(rule, Number)
    if name in lists:
        numbers: list[Any] = [one for one in lists[name] if one is not None]
        numbers = sorted({*numbers, *([] if value is None else [value])})
        choices = [["", nothing[name]]] if name in nothing else []
        choices += [[repr(one), significant(one, 6)] for one in numbers]
        shown = "" if value is None else repr(value)
        return {**common, "options": choices, "value": shown, "help": rule.help}
    return {
        **common,
        "kind": "stepper",
        "value": value,
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "step": rule.step,
        "digits": rule.digits,
        "help": rule.help,
    }


def device_field(chosen: str) -> Field:
    """Return the choice of the device, with what is there and why the rest is not."""
    found = devices()
    shown = [one for one in found if one.available or one.name == "cuda"]
    names = "; ".join(one.label for one in found if one.available)
    missing = " ".join(one.why_not for one in found if one.why_not and one in shown)
    words = {"cpu": "CPU", "cuda": "GPU"}
    return {
        "name": "device",
        "kind": "choice",
        "label": "Device",
        "options": [[one.name, words.get(one.name, one.name.upper())] for one in shown],
        "missing": {one.name: one.why_not for one in shown if not one.available},
        "value": chosen,
        "enabled": True,
        "help": f"{names}. {missing}".strip(),
        "end": True,
    }
