"""The learner's own data: paste or upload a table and choose two of its columns."""

import streamlit as st

from core.csv_points import Table, read_table, to_points
from core.errors import InputError
from explorer.linear_regression.lesson import LinearRegression

EXAMPLE = "hours,score\n1,52\n2,58\n3,61\n5,74\n8,88"
LARGEST_MB = 2


@st.dialog("Your own points", width="medium")
def import_dialog(lesson: LinearRegression) -> None:
    """Ask for a table; the points on screen stay until a usable one is confirmed."""
    st.caption("Paste a table or upload a CSV file. Nothing leaves this server.")
    pasted = st.text_area("Table", placeholder=EXAMPLE, height=150, key="linear_regression_pasted")
    upload = st.file_uploader(
        f"or a CSV file, up to {LARGEST_MB} MB",
        type=["csv", "tsv", "txt"],
        max_upload_size=LARGEST_MB,
        key="linear_regression_csv",
    )
    data = upload.getvalue() if upload is not None else pasted
    if not data:
        st.caption("Or close this window and click into the left picture to add points by hand.")
        return
    try:
        choose(lesson, read_table(data, name=upload.name if upload is not None else ""))
    except InputError as error:
        st.error(str(error))


def choose(lesson: LinearRegression, table: Table) -> None:
    """Let the learner choose the columns of x and y, and take the points.

    Raises:
        InputError: The chosen columns hold no usable points.
    """
    columns = table.numeric_columns()
    if len(columns) < 2:
        raise InputError(
            "Two columns of numbers are needed, one for x and one for y; "
            f"this table has {len(columns)}."
        )
    left, right = st.columns(2)
    x = left.selectbox("x", columns, index=0, key="linear_regression_x")
    y = right.selectbox("y", columns, index=1, key="linear_regression_y")
    points, notice = to_points(table, x, y)
    st.caption(notice or f"{len(points)} points.")
    if st.button("Use these points", type="primary", key="linear_regression_use"):
        lesson.use_points(points, notice)
        st.rerun()
