"""The guided tour over the pages, and a crew or a job in large type for a projector."""

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.objective import Objective
from pages.shared.plain_text import plain
from tests.support.finished_jobs import REASON, finish_rows

OBJECTIVE = Objective(text="Write a two-page brief about tea for the board.")


def shown(app: AppTest) -> str:
    return "\n".join(text.value for text in app.main.markdown)


def test_the_tour_leads_over_the_pages_and_is_not_offered_again(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = crewgen.generate(OBJECTIVE, "").crew_id
    app.run()
    app.button(key="take_tour_sidebar").click().run()
    for number in range(1, 5):
        assert f"Tour, {number} of 5" in shown(app)
        app.button(key="tour_next").click().run()
        assert not app.exception
    assert "Tour, 5 of 5" in shown(app) and app.query_params["crew"] == str(crew_id)
    assert not crewgen.tour.is_done()
    app.button(key="tour_finish").click().run()
    assert "Tour," not in shown(app) and crewgen.tour.is_done()


def test_a_step_is_opened_by_its_address_and_the_tour_is_left_at_any_time(app: AppTest, crewgen: Crewgen) -> None:
    app.query_params["tour"] = "4"
    app.run()
    assert "Tour, 4 of 5" in shown(app)
    app.button(key="tour_back").click().run()
    assert "Tour, 3 of 5" in shown(app)
    app.button(key="tour_leave").click().run()
    assert "Tour," not in shown(app) and "tour" not in app.query_params and crewgen.tour.is_done()


@pytest.mark.parametrize(
    ("page", "name", "value"),
    [("home", "", ""), ("crew", "crew", "999"), ("job", "job", "x"), ("run", "run", "0"), ("runs", "", "")],
)
def test_the_sidebar_is_shown_however_a_page_ends(app: AppTest, page: str, name: str, value: str) -> None:
    app.run()
    if name:
        app.query_params[name] = value
    app.switch_page(f"{page}.py").run()
    assert not app.exception and bool(app.error) == bool(name)
    assert {"search", "take_tour_sidebar"} <= {button.key for button in app.sidebar.button}


@pytest.mark.parametrize("step", ["0", "6", "x", ""])
def test_an_address_that_names_no_step_shows_none(app: AppTest, crewgen: Crewgen, step: str) -> None:
    app.query_params["tour"] = step
    app.run()
    assert not app.exception and "Tour," not in shown(app)


def test_a_crew_is_presented_without_controls_by_one_click_and_by_its_address(app: AppTest, crewgen: Crewgen) -> None:
    crew_id = crewgen.generate(OBJECTIVE, "").crew_id
    app.query_params["crew"] = str(crew_id)
    app.switch_page("crew.py").run()
    app.button(key="present_crew").click().run()
    assert not app.exception and app.query_params["present"] == "1"
    crew = crewgen.crews.get(crew_id).crew
    titles = [title.value for title in (*app.title, *app.header, *app.subheader)]
    assert {
        plain(crew.name),
        "How it works",
        "The team",
        "The plan",
        "What to expect",
        plain(crew.agents[0].role),
    } <= set(titles)
    assert [button.label for button in app.button] == ["Leave"]
    app.button(key="leave_presentation").click().run()
    assert "present" not in app.query_params and len(app.tabs) > 5


def test_a_job_is_presented_with_the_figures_of_its_page_and_report(app: AppTest, crewgen: Crewgen) -> None:
    rows = [
        NewItem(line, f"Write a report about {subject} <b>") for line, subject in enumerate(("tea", "oak", "ash"), 2)
    ]
    job = crewgen.bulk.start_items(NewJob(name="Ideas <b>"), rows)
    finish_rows(crewgen, job.id, failing=[2])
    app.query_params["job"] = str(job.id)
    app.switch_page("job.py").run()
    on_page = {metric.label: metric.value for metric in app.metric}
    app.button(key="present_job").click().run()
    assert not app.exception and app.query_params["present"] == "1"
    assert [button.label for button in app.button] == ["Leave"]
    assert {metric.label: metric.value for metric in app.metric} == on_page
    assert plain(REASON) in shown(app)
    titles = [title.value for title in (*app.title, *app.header, *app.subheader)]
    crew = crewgen.crews.list(limit=1)[0]
    assert {plain("Ideas <b>"), "What to expect of these crews", "The crews", plain(crew.name)} <= set(titles)
    report = crewgen.reports.job(job.id).content.decode()
    assert all(label in report for label in on_page)
    app.button(key="leave_presentation").click().run()
    assert "present" not in app.query_params and app.button(key="present_job")
