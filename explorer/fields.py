"""Settings as controls: of the settings row and of the bar under a stage."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.runs.devices import devices
from explorer.numbers import significant
from explorer.settings import Choice, Number, rules

Field = dict[str, Any]
# As in `TrainingConfig.device`, with what they are called on a button.
DEVICES = {"cpu": "CPU", "cuda": "GPU", "mps": "MPS"} | {
    f"cuda:{at}": f"GPU {at + 1}" for at in range(1, 8)
}
Values = Sequence[float | int | None]


def stepper(name: str, rule: Number, value: Any, enabled: bool = True) -> Field:
    """Return a number with minus and plus."""
    return {
        "name": name,
        "kind": "stepper",
        "label": rule.label,
        "value": value,
        "enabled": enabled,
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "step": rule.step,
        "digits": rule.digits,
        "help": rule.help,
    }


def chosen(
    name: str,
    rule: Choice,
    value: Any,
    kind: str = "select",
    options: Sequence[Sequence[str]] | None = None,
) -> Field:
    """Return one of several named values.

    Args:
        name: The setting.
        rule: Its rule.
        value: What is chosen.
        kind: "select" is the browser's list, "choice" a row of buttons.
        options: What may be chosen, as pairs of value and label; None takes the rule's options.
    """
    listed = options or [[key, label] for key, label in rule.options.items()]
    return {
        "name": name,
        "kind": kind,
        "label": rule.label,
        "options": list(listed),
        "value": value,
        "enabled": True,
        "help": rule.help,
    }


def listed(
    name: str, rule: Number, value: float | int | None, values: Values, nothing: str | None = None
) -> Field:
    """Return a number that is chosen from a list.

    Args:
        name: The setting.
        rule: Its rule.
        value: The present one; it is added to the list.
        values: What the list holds.
        nothing: What None is called, where it may be chosen.
    """
    present = [one for one in (*values, value) if one is not None]
    choices = [] if nothing is None else [["", nothing]]
    choices += [[repr(one), significant(one, 6)] for one in sorted(set(present))]
    shown = "" if value is None else repr(value)
    return {
        "name": name,
        "kind": "select",
        "label": rule.label,
        "options": choices,
        "value": shown,
        "enabled": True,
        "help": rule.help,
    }


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
    if isinstance(rule, Choice):
        return chosen(name, rule, value, options=options)
    assert isinstance(rule, Number)
    if name in lists:
        return listed(name, rule, value, lists[name], nothing.get(name))
    return stepper(name, rule, value)


def device_field(chosen: str) -> Field:
    """Return the choice of the device, with what is there and why the rest is not."""
    found = devices()
    shown = [one for one in found if one.available or one.name == "cuda"]
    shown = [one for one in shown if one.name in DEVICES]
    names = "; ".join(one.label for one in found if one.available)
    missing = " ".join(one.why_not for one in found if one.why_not and one in shown)
    return {
        "name": "device",
        "kind": "choice",
        "label": "Device",
        "options": [[one.name, DEVICES[one.name]] for one in shown],
        "missing": {one.name: one.why_not for one in shown if not one.available},
        "value": chosen,
        "enabled": True,
        "help": f"{names}. {missing}".strip(),
        "end": True,
    }
