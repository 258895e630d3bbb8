"""The window for pictures of one's own: a table, or an archive with a folder for each class."""

import streamlit as st

from core.errors import InputError
from core.training.intake import LONGEST_NAME, take_in
from explorer.training_dashboard.lesson import TrainingDashboard

LARGEST_MB = 100
SIDES = (28, 32, 48, 64, 96)


@st.dialog("Pictures of your own", width="medium")
def import_dialog(lesson: TrainingDashboard) -> None:
    """Ask for a file; the data on screen stay until the new pictures are kept."""
    st.caption(
        "A ZIP archive with one folder of pictures for each class, or a table such as that of "
        "Sign Language MNIST: a header with label and pixel1 to pixel784, one picture in each "
        "row. Nothing leaves this server."
    )
    upload = st.file_uploader(
        f"ZIP or CSV, up to {LARGEST_MB} MB",
        type=["zip", "csv", "gz"],
        max_upload_size=LARGEST_MB,
        key="training_dashboard_upload",
    )
    if upload is None:
        st.caption("Or close this window: what you have chosen is still there.")
        return
    usual = upload.name.split(".")[0].replace("_", " ").replace("-", " ")[:LONGEST_NAME]
    label = st.text_input(
        "Name", value=usual, max_chars=LONGEST_NAME, key=f"training_dashboard_name_{upload.file_id}"
    )
    side, grey = SIDES[1], False
    if upload.name.lower().endswith(".zip"):
        left, right = st.columns(2)
        side = left.selectbox(
            "Pixels a side", SIDES, index=0, key="training_dashboard_side", help="More is slower."
        )
        grey = right.checkbox("In grey", value=True, key="training_dashboard_grey")
    if st.button("Keep these pictures", type="primary", key="training_dashboard_keep"):
        _keep(lesson, upload.getvalue(), label, side, grey)


def _keep(lesson: TrainingDashboard, data: bytes, label: str, side: int, grey: bool) -> None:
    """Read the file in a process of its own, and choose what was read."""
    bar = st.progress(0.0, text="Starting to read …")

    def moved(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"{done:,} of {total:,} pictures")

    try:
        taken = take_in(data, label, lesson.data.prefix, moved, side=side, grey=grey)
    except InputError as error:
        bar.empty()
        st.error(str(error))
        return
    lesson.data.take(taken.dataset)
    lesson.notice = (
        f"{taken.pictures:,} pictures in {len(taken.classes)} classes are kept. {taken.notice}"
    ).strip()
    st.rerun()
