"""Where many learning rates end up after the same number of steps."""

import math
from collections.abc import Sequence
from importlib import import_module

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from explorer.numbers import fixed, significant
from explorer.theme import Palette

HIGHEST = 1e6


def learning_rates(
    rates: Sequence[float],
    losses: NDArray[np.float64],
    *,
    label: str,
    current: tuple[float, float],
    stable: float | None,
    least: float,
    colours: Palette,
) -> go.Figure:
    """Return the final loss over the learning rate, both on log axes.

    Args:
        rates: R learning rates, rising, above 0.
        losses: Their losses after the last step, shape (R,); infinite where it exploded.
        label: Name of the loss, for the axis.
        current: The rate in use and the loss it ends at.
        stable: The largest rate that settles, or None if the loss has none.
        least: The smallest possible loss.
        colours: The palette of the theme in use.

    Returns:
        A figure with one line, a marker for the rate in use, and the limit.
    """
    # Plotly looks into pandas once a thread has begun to import it; this waits until it is whole.
    import_module("pandas")
    shown = np.where(np.isfinite(losses) & (losses < HIGHEST), np.maximum(losses, 1e-12), np.nan)
    figure = go.Figure()
    figure.add_scatter(
        x=list(rates),
        y=shown,
        mode="lines",
        name=label,
        line={"color": colours.training, "width": 2.25},
        hovertemplate="λ %{x:.3g}: " + label + " %{y:.4g}<extra></extra>",
    )
    rate, loss = current
    figure.add_scatter(
        x=[rate],
        y=[min(max(loss, 1e-12), HIGHEST) if math.isfinite(loss) else HIGHEST],
        mode="markers+text",
        name="your λ",
        text=[f"your λ {significant(rate)}"],
        textposition="top center",
        marker={"color": colours.page, "size": 12, "line": {"color": colours.accent, "width": 3}},
        hovertemplate="λ %{x:.3g}: " + label + " %{y:.4g}<extra></extra>",
    )
    if least > 1e-12:
        figure.add_hline(y=least, line={"color": colours.text, "width": 1.5, "dash": "dot"})
    if stable is not None:
        _limit(figure, stable, rates[-1], colours)
    _layout(figure, label, colours)
    return figure


def _limit(figure: go.Figure, stable: float, last: float, colours: Palette) -> None:
    figure.add_vrect(
        x0=stable, x1=max(last, stable), fillcolor=colours.error, opacity=0.08, line_width=0
    )
    figure.add_vline(
        x=stable,
        line={"color": colours.error, "width": 2},
        annotation={
            "text": f"stable below {fixed(stable, 3)}",
            "font": {"color": colours.text},
            "xanchor": "right",
        },
    )


def _layout(figure: go.Figure, label: str, colours: Palette) -> None:
    axis = {"type": "log", "gridcolor": colours.grid, "exponentformat": "power", "dtick": 1}
    figure.update_layout(
        height=300,
        margin={"l": 56, "r": 16, "t": 24, "b": 48},
        showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": colours.muted},
    )
    figure.update_xaxes(title_text="learning rate λ", **axis)
    figure.update_yaxes(title_text=f"{label} after the last step", **axis)
