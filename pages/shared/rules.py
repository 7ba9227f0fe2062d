"""The rules that a crew is checked against, by what they are about."""

import streamlit as st

from crewgen_core.app import Crewgen
from pages.shared.failure_modes_view import say_prevented, say_source
from pages.shared.plain_text import plain

_GROUPS = {
    "CG1": ("Structure", "Can CrewAI run this crew as it is?"),
    "CG2": ("Coverage", "Does the crew have the skills, tools and results that the work asks for?"),
    "CG3": ("Substance", "Will the crew do the work well, at a sensible price, with due care?"),
}
"""Title and question of each group, by the beginning of its codes."""

_COLORS = {"error": "red", "warning": "orange", "advice": "blue"}


def show_rules(crewgen: Crewgen) -> None:
    """Show code, severity, title and reason of each rule and what it prevents, in groups that open."""
    rules, prevented = crewgen.rules(), crewgen.prevented()
    st.markdown(
        f":small[{len(rules)} rules. An :red-badge[error] keeps a crew from running or breaks a limit that you set, a "
        ":orange-badge[warning] will probably hurt, and :blue-badge[advice] is worth a look.]",
        help=say_source(),
    )
    for start, (title, question) in _GROUPS.items():
        group = [rule for rule in rules if rule.code.startswith(start)]
        with st.expander(f"**{title}** · {len(group)} rules — {question}", expanded=start == "CG1"):
            for rule in group:
                badge = f":{_COLORS[rule.severity]}-badge[{rule.severity}]"
                reason = plain(rule.reason.replace("``", ""))  # names of code are marked in docstrings
                modes = prevented.get(rule.code)
                prevents = f"  \n:small[:gray[{say_prevented(modes)}]]" if modes else ""
                st.markdown(f"`{rule.code}` **{plain(rule.title)}** {badge}  \n:small[{reason}]{prevents}")
