"""Ways to other pages: to Generate with an objective or a stored crew, to Optimize and Runs with one, to Bulk."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from crewgen_core.models.objective import Objective
from pages.shared.objective_form import begin_at_once, fill_form

GENERATE = Path(__file__).resolve().parents[1] / "generate.py"
OPTIMIZE = GENERATE.with_name("optimize.py")
BULK = GENERATE.with_name("bulk.py")
RUNS = GENERATE.with_name("runs.py")
TEMPLATES = GENERATE.with_name("templates.py")
VALIDATE = GENERATE.with_name("validate.py")
SETTINGS = GENERATE.with_name("settings.py")

CREW_TABS = "tab"
"""Key of the tabs on a crew's page, and their name in the address: what it holds is the open tab's name."""

EXPORT_TAB, REPORT_TAB = "Export", "Report"


def start_generating(objective: Objective) -> NoReturn:
    """Open the Generate page with this objective, its context and its limits filled in."""
    fill_form(objective)
    st.switch_page(GENERATE, query_params={})


def design_at_once(objective: Objective) -> NoReturn:
    """Open the Generate page with this objective, and design its crew there without another click."""
    begin_at_once()
    start_generating(objective)


def open_generating() -> NoReturn:
    """Open the Generate page, which follows the generation that runs."""
    st.switch_page(GENERATE, query_params={})


def open_crew(crew_id: int) -> NoReturn:
    """Open a stored crew on the Generate page."""
    st.switch_page(GENERATE, query_params={"crew": str(crew_id)})


def open_tab(crew_id: int, tab: str) -> NoReturn:
    """Open a stored crew on the Generate page, with one of its tabs in front."""
    st.switch_page(GENERATE, query_params={"crew": str(crew_id), CREW_TABS: tab})


def open_optimizing(crew_id: int) -> NoReturn:
    """Open a stored crew on the Optimize page."""
    st.switch_page(OPTIMIZE, query_params={"crew": str(crew_id)})


def open_template(key: str) -> NoReturn:
    """Open a template on its page."""
    st.switch_page(TEMPLATES, query_params={"template": key})


def open_running(crew_id: int) -> NoReturn:
    """Open a stored crew on the Runs page, to run its newest version."""
    st.switch_page(RUNS, query_params={"crew": str(crew_id)})
