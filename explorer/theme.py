"""The colours of the theme for figures, read from the one file that holds them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CONFIG = Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml"


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean; see the tokens of the design.

    Attributes:
        page: Background.
        text: Text, minimum, arrows.
        muted: Labels and ticks.
        grid: Lines of the grid.
        accent: What the hand moves.
        training: Training, and positive numbers.
        validation: Validation, and negative numbers.
        test: Test, and what is well.
        error: Limits and failures.
        classes: Eight colours for classes.
    """

    page: str
    text: str
    muted: str
    grid: str
    accent: str
    training: str
    validation: str
    test: str
    error: str
    classes: tuple[str, ...]


@cache
def palette(mode: str) -> Palette:
    """Return the colours of the light or the dark theme.

    Args:
        mode: "light" or "dark"; anything else counts as light.
    """
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"]
    colours = theme["dark" if mode == "dark" else "light"]
    return Palette(
        page=colours["backgroundColor"],
        text=colours["textColor"],
        muted=colours["grayTextColor"],
        grid=colours["borderColor"],
        accent=colours["primaryColor"],
        training=colours["blueColor"],
        validation=colours["orangeColor"],
        test=colours["greenColor"],
        error=colours["redColor"],
        classes=tuple(colours["chartCategoricalColors"]),
    )
