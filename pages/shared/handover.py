"""Ways from page to page: an objective on its way to the Generate page, and links to stored crews."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from crewgen_core.models.objective import Objective

GENERATE = Path(__file__).resolve().parents[1] / "generate.py"
VALIDATE = GENERATE.with_name("validate.py")

_OBJECTIVE = "objective_for_generate"


def start_generating(objective: Objective) -> NoReturn:
    """Open the Generate page with this objective, its context and its limits filled in."""
    st.session_state[_OBJECTIVE] = objective
    st.switch_page(GENERATE)


def take_objective() -> Objective | None:
    """Return the objective that another page sent, once; None when there is none."""
    return st.session_state.pop(_OBJECTIVE, None)


def open_crew(crew_id: int) -> NoReturn:
    """Open a stored crew on the Generate page."""
    st.switch_page(GENERATE, query_params={"crew": str(crew_id)})
