"""Streamlit's entry script: page settings, navigation, then the chosen page."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # `streamlit run` puts only this folder on the path.
    sys.path.insert(0, str(ROOT))

from explorer import shell  # noqa: E402

shell.run()
