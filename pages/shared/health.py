"""What was examined, and what to do where something is missing."""

import streamlit as st

from crewgen_core.app import Crewgen
from pages.shared.plain_text import plain, plain_hint

_MARKS = {
    "ok": ":green[:material/check_circle:]",
    "optional": ":blue[:material/info:]",
    "fault": ":red[:material/error:]",
}


def show_health(crewgen: Crewgen) -> None:
    """Show one line for each thing that was examined, and its hint."""
    checks = crewgen.examine()
    faults = sum(check.status == "fault" for check in checks)
    if faults:
        st.error(f"{faults} of {len(checks)} things keep crewgen from working fully.", icon=":material/error:")
    else:
        st.success("Everything that crewgen needs is there.", icon=":material/check_circle:")
    for check in checks:
        hint = f"  \n:small[:gray[{plain_hint(check.hint)}]]" if check.hint else ""
        st.markdown(f"{_MARKS[check.status]} **{plain(check.name)}** — {plain(check.message)}{hint}")
    st.markdown(":small[The same on a terminal: `python -m crewgen_core doctor`]")
