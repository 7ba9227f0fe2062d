"""Ways to other pages: to Generate with an objective, to Optimize and Runs with a crew, to the page of one thing."""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import streamlit as st

from crewgen_core.models.objective import Objective
from pages.shared.address import CREW, JOB, RUN, TEMPLATE
from pages.shared.objective_form import begin_at_once, fill_form

GENERATE = Path(__file__).resolve().parents[1] / "generate.py"
OPTIMIZE = GENERATE.with_name("optimize.py")
BULK = GENERATE.with_name("bulk.py")
RUNS = GENERATE.with_name("runs.py")
TEMPLATES = GENERATE.with_name("templates.py")
VALIDATE = GENERATE.with_name("validate.py")
SETTINGS = GENERATE.with_name("settings.py")
HOME = GENERATE.with_name("home.py")

ONE_CREW = GENERATE.with_name("crew.py")
ONE_JOB = GENERATE.with_name("job.py")
ONE_RUN = GENERATE.with_name("run.py")
ONE_TEMPLATE = GENERATE.with_name("template.py")

CREW_TABS = "tab"
"""Key of the tabs on a crew's page, and their name in the address: what it holds is the open tab's name."""

EXPORT_TAB, REPORT_TAB = "Export", "Report"


_LEAD = "leads_to"
"""Key of the session's state: the page that a callback opens, and what its address asks for."""


def lead_to(page: Path, query: Mapping[str, str] | None = None) -> NoReturn:
    """Open a page from within a callback, where no page can be opened yet: the router does it."""
    st.session_state[_LEAD] = page, query or {}
    st.rerun()


def follow_lead() -> None:
    """Open the page that a callback leads to, where one does."""
    page, query = st.session_state.pop(_LEAD, (None, {}))
    if page is not None:
        st.switch_page(page, query_params=query)


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


def open_crew(crew_id: int, tab: str = "") -> NoReturn:
    """Open a stored crew, with one of its tabs in front where one is named."""
    st.switch_page(ONE_CREW, query_params={CREW: str(crew_id)} | ({CREW_TABS: tab} if tab else {}))


def open_template(key: str) -> NoReturn:
    """Open a template."""
    st.switch_page(ONE_TEMPLATE, query_params={TEMPLATE: key})


def open_running(crew_id: int, number: int | None = None) -> NoReturn:
    """Open a stored crew on the Runs page, to run a version of it: the newest where none is named."""
    version = {} if number is None else {"version": str(number)}
    st.switch_page(RUNS, query_params={CREW: str(crew_id), **version})


def open_job(job_id: int) -> NoReturn:
    """Open a job."""
    st.switch_page(ONE_JOB, query_params={JOB: str(job_id)})


def open_run(run_id: int) -> NoReturn:
    """Open a run."""
    st.switch_page(ONE_RUN, query_params={RUN: str(run_id)})
