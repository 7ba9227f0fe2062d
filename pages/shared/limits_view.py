"""The limits of a day: how much of each is used, on Settings, and beside the buttons that use it up."""

from datetime import UTC, datetime

import streamlit as st

from crewgen_core.day_limits import measure_standing, name_standing
from crewgen_core.numbers import format_seconds
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown
from pages.shared.session import front_door


def show_limits() -> None:
    """Show what is used today of each limit; to administrators, of each provider's budget too."""
    st.subheader("Limits", anchor=False)
    with problems_shown():
        standings = front_door().limits.describe()
        now = datetime.now(UTC)
        left = format_seconds(max(0.0, 86_400 - (now - now.replace(hour=0, minute=0, second=0)).total_seconds()))
        st.caption(f"What you and your tokens use. A day ends at midnight UTC, in {left}.")
        for standing in standings:
            if standing.kind == "requests":  # counted by the process that answers programs, and told with each answer
                st.markdown(f"Requests of programs: at most {standing.limit:,f} within a minute")
                continue
            label = plain(f"{name_standing(standing)}: {measure_standing(standing)}")
            if standing.limit is None:
                st.markdown(label)
            else:
                st.progress(standing.share, text=label, width=480)


def show_near_limits() -> None:
    """Say which limits of today are nearly used up; nothing where none is."""
    with problems_shown():
        for standing in front_door().limits.list_near():
            told = f"{name_standing(standing)}: {measure_standing(standing)}."
            until = format_seconds(max(1.0, (standing.resets_at - datetime.now(UTC)).total_seconds()))
            st.caption(plain(f"{told} It is free again in {until}."))
