"""How a run learns, as sets of settings to start from: careful ways, and the course's mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from core.errors import InputError
from explorer.transfer_learning.settings import Settings

OTHER = "other"


@dataclass(frozen=True)
class Recipe:
    """Settings that belong together.

    Attributes:
        label: What a person reads in the list of choices.
        sentence: What to expect of it.
        values: The settings.
    """

    label: str
    sentence: str
    values: Mapping[str, Any]


def _recipe(label: str, sentence: str, **values: Any) -> Recipe:
    return Recipe(label, sentence, MappingProxyType(values))


RECIPES = {
    "careful": _recipe(
        "Careful",
        "A small rate, smaller still further down: what the backbone knows stays.",
        rate=0.001,
        layer_decay=0.3,
        schedule="cosine",
    ),
    "bold": _recipe(
        "Bold",
        "Three times the rate, the same for all blocks: faster, and riskier with few pictures.",
        rate=0.003,
        layer_decay=1.0,
        schedule="cosine",
    ),
    "too_high": _recipe(
        "Rate too high",
        "The course's experiment: 0.01 on everything wipes out what the backbone knew.",
        method="all",
        rate=0.01,
        layer_decay=1.0,
        schedule="constant",
    ),
}


def recipe_of(settings: Settings) -> str:
    """Return the name of the recipe that the settings are; "other" if they are none."""
    for name, recipe in RECIPES.items():
        if all(getattr(settings, key) == value for key, value in recipe.values.items()):
            return name
    return OTHER


def with_recipe(settings: Settings, name: str) -> Settings:
    """Return the settings with those of a recipe.

    Raises:
        InputError: There is no such recipe.
    """
    if name == OTHER:
        return settings
    if name not in RECIPES:
        raise InputError("There is no such recipe.")
    return replace(settings, **RECIPES[name].values)


def recipe_field(settings: Settings) -> dict[str, Any]:
    """Return the control that chooses a recipe."""
    now = recipe_of(settings)
    options = [[name, one.label] for name, one in RECIPES.items()]
    sentences = " ".join(f"{one.label}: {one.sentence}" for one in RECIPES.values())
    return {
        "name": "recipe",
        "kind": "select",
        "label": "Recipe",
        "options": options + ([[OTHER, "Own"]] if now == OTHER else []),
        "value": now,
        "enabled": True,
        "help": sentences,
    }
