"""The launcher: what `streamlit run` serves.

The pages are reached through ``pages/router.py`` only. It is the script of the server, so that Streamlit's discovery of
a folder named ``pages`` beside the script finds nothing: otherwise a visitor could open a page around the router.
"""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).resolve().parent / "pages" / "router.py")
