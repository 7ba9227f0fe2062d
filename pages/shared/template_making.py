"""A template to be made of a stored crew: what it will be, before it is made."""

import streamlit as st

from pages.shared.address import CREW, TEMPLATE, leave_thing, read_number
from pages.shared.crew_actions import show_crew_actions
from pages.shared.handover import ONE_TEMPLATE, lead_to
from pages.shared.plain_text import plain
from pages.shared.session import front_door, may_write
from pages.shared.template_gallery import attempt


def show_making() -> None:
    """Show the template that the crew of the address would become, and make it on a click. Raises NotFound."""
    st.button("All templates", key="all_templates", icon=":material/arrow_back:", type="tertiary", on_click=leave_thing)
    crew_id = read_number(CREW, "Choose one on Home.")
    assert crew_id is not None  # noqa: S101 the address has it
    proposed = front_door().templates.propose_from_crew(crew_id)
    st.title(plain(f"A template of crew {crew_id}"), anchor=False)
    show_crew_actions(crew_id, without=("Template",))
    st.markdown(
        "Names, places, numbers and the subject of the crew become blanks that can be filled anew; everything can be "
        "edited afterwards."
    )
    name = st.text_input("Name", proposed.name, key=f"made_template_name_{crew_id}", max_chars=200)
    st.text(proposed.objective)
    for blank in proposed.blanks:
        st.caption(plain(f"[[{blank.name}]] {blank.title}, here “{blank.default}”"))
    st.button(
        "Make the template",
        key="make_of_crew",
        type="primary",
        icon=":material/dashboard_customize:",
        disabled=not may_write(),
        on_click=_make,
        args=(crew_id, name or ""),
    )


def _make(crew_id: int, name: str) -> None:
    made = attempt(front_door().templates.create_from_crew, crew_id, name.strip())
    if made is not None:
        lead_to(ONE_TEMPLATE, {TEMPLATE: made.template.key})
