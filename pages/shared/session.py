"""What outlives a rerun: the front door of the process, and the keys of the session's state."""

import streamlit as st

from crewgen_core.app import Crewgen


@st.cache_resource(show_spinner=False)
def front_door() -> Crewgen:
    """Return crewgen, one for the whole process."""
    return Crewgen.open()
