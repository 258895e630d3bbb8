"""The comparison of all learning rates: a chart at rest, drawn on request."""

import numpy as np
import streamlit as st

from core.regression.sweep import descents
from explorer.figures.learning_rates import learning_rates
from explorer.linear_regression.lesson import LinearRegression
from explorer.linear_regression.settings import slider_range
from explorer.theme import palette

STEPS = 50
COUNT = 81


def comparison(lesson: LinearRegression) -> None:
    """Draw the button and, once it was pressed, the chart for what is on screen."""
    with st.container(border=True, key="comparison"):
        st.html("<h3>Every learning rate at once</h3>")
        st.caption(
            f"The same start, {STEPS} steps with all points, once for each of {COUNT} rates: "
            "where does each of them end?"
        )
        if lesson.settings.compare == "no":
            st.button("Run all of them", on_click=lesson.choose_comparison, key="comparison_run")
        else:
            chart(lesson)


def chart(lesson: LinearRegression) -> None:
    """Run the descents and draw where they end."""
    start = lesson.descent.steps[0]
    rates = np.geomspace(*slider_range(lesson.stable, lesson.settings.rate), COUNT).tolist()
    losses = descents(
        lesson.points,
        lesson.settings.loss,
        (start.m, start.b),
        [*rates, lesson.settings.rate],
        STEPS,
    )[-1]
    figure = learning_rates(
        rates,
        losses[:-1],
        label=lesson.loss.label,
        current=(lesson.settings.rate, float(losses[-1])),
        stable=lesson.stable,
        least=lesson.best.loss,
        colours=palette(st.context.theme.type or "light"),
    )
    st.plotly_chart(figure, key="comparison_chart", config={"displayModeBar": False})
