"""The learner's own table: two columns for the plane, one with the classes."""

from dataclasses import replace

import numpy as np
import streamlit as st

from core.csv_points import Table, read_table
from core.errors import InputError
from core.networks.csv_classes import to_plane
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.points import as_points, owned

EXAMPLE = "height,weight,kind\n1.2,3.4,cat\n2.1,0.5,dog\n-1.5,2.2,cat\n0.3,-2.0,dog"
LARGEST_MB = 2


@st.dialog("Your own points", width="medium")
def import_dialog(lesson: NetworkBuilder) -> None:
    """Ask for a table; the points on screen stay until a usable one is confirmed."""
    st.caption("Paste a table or upload a CSV file. Nothing leaves this server.")
    pasted = st.text_area("Table", placeholder=EXAMPLE, height=150, key="network_builder_pasted")
    upload = st.file_uploader(
        f"or a CSV file, up to {LARGEST_MB} MB",
        type=["csv", "tsv", "txt"],
        max_upload_size=LARGEST_MB,
        key="network_builder_csv",
    )
    data = upload.getvalue() if upload is not None else pasted
    if not data:
        st.caption("Or close this window and paint points on the map.")
        return
    try:
        choose(lesson, read_table(data, name=upload.name if upload is not None else ""))
    except InputError as error:
        st.error(str(error))


def choose(lesson: NetworkBuilder, table: Table) -> None:
    """Let the learner choose the columns, and take the points.

    Raises:
        InputError: The chosen columns hold no usable points.
    """
    numeric = table.numeric_columns()
    if len(numeric) < 2 or len(table.columns) < 3:
        raise InputError("Two columns of numbers and one with classes are needed.")
    others = [name for name in table.columns if name not in numeric] or list(table.columns)
    left, middle, right = st.columns(3)
    x1 = left.selectbox("x₁", numeric, index=0, key="network_builder_x1")
    x2 = middle.selectbox("x₂", numeric, index=1, key="network_builder_x2")
    kinds = [*others, *(name for name in numeric if name not in others)]
    kind = right.selectbox("class", kinds, index=0, key="network_builder_kind")
    points, names, notice = to_plane(table, x1, x2, kind)
    st.caption(notice or f"{len(points)} points in {len(names)} classes.")
    if st.button("Use these points", type="primary", key="network_builder_use"):
        settings = replace(lesson.settings, classes=len(names))
        nothing = points.take(np.empty(0, dtype=np.int64))
        lesson.names = names
        lesson.use(owned(settings, as_points(points, nothing)))
        st.rerun()
