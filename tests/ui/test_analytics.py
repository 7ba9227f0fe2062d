"""The Analytics page: what it shows of what happened, and what it says where nothing did."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.objective import Objective
from crewgen_core.storage.tally import Kind
from tests.support.history import MODEL, Made, add_run, count_requests

PAGE = str(Path(__file__).parents[2] / "pages" / "analytics.py")
TODAY = usual_period().last
BRIEF = "Write a brief about churn for the board."


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def captions(app: AppTest) -> str:
    return "\n".join(caption.value.replace("\\", "") for caption in app.caption)


def open_page(app: AppTest, section: str = "Overview") -> AppTest:
    app.session_state["analytics_section"] = section
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def fail(crewgen: Crewgen) -> None:
    with pytest.raises(CrewgenError):
        crewgen.generate(Objective(text="?"))


def test_with_nothing_there_it_says_what_to_do(app: AppTest, crewgen: Crewgen):
    open_page(app)
    assert "Nothing has happened yet." in app.info[0].value
    assert not app.metric


def test_the_headline_has_the_range_before_beside_it(app: AppTest, crewgen: Crewgen):
    with crewgen.database.begin() as connection:
        recent, earlier = TODAY - timedelta(days=3), TODAY - timedelta(days=40)
        failed = Kind("failed", "single", problem="No objective.")
        count_requests(
            connection, [Made(recent), Made(recent), Made(recent), Made(recent, failed), Made(earlier), Made(earlier)]
        )
    open_page(app)
    shown = metrics(app)
    assert shown["Requests"] == "4"
    assert shown["Failed"].replace("\\", "") == "1 (25%)"
    assert shown["Success, actual"] == "none yet"
    assert captions(app).count("before: 2") == 1
    assert "4 requests from" in captions(app)


def test_outcomes_are_shown_as_actual_with_interval_and_number(app: AppTest, crewgen: Crewgen):
    made = crewgen.generate(Objective(text=BRIEF))
    with crewgen.database.begin() as connection:
        for succeeded in (True, True, False):
            add_run(connection, made.crew_id, TODAY, succeeded=succeeded)
    open_page(app)
    assert metrics(app)["Success, actual"] == "67%"
    assert ", 3 runs · before: none yet" in captions(app)
    open_page(app, "Quality")
    assert "2 of 3 runs succeeded (67%)" in captions(app)


def test_spend_is_told_by_model_and_role_and_unknown_prices_are_no_zero(app: AppTest, crewgen: Crewgen):
    made = crewgen.generate(Objective(text=BRIEF))
    agent = made.design.crew.agents[0]
    with crewgen.database.begin() as connection:
        count_requests(connection, [Made(TODAY, Kind("completed", "bulk", MODEL), cost_usd=Decimal("0.25"))])
        count_requests(connection, [Made(TODAY, Kind("completed", "bulk", "x/new"), cost_usd=None)])
        add_run(connection, made.crew_id, TODAY, [(agent.key, MODEL, 1_500_000)])
    open_page(app, "Spend")
    shown = {label: value.replace("\\", "") for label, value in metrics(app).items()}
    assert shown["Generating"] == "$0.25 + 1 of unknown price"
    assert shown["Running"] == "$1.50"
    assert f"{agent.role}: $1.50" in captions(app)


def test_filters_and_range_count(app: AppTest, crewgen: Crewgen):
    with crewgen.database.begin() as connection:
        old = TODAY - timedelta(days=60)
        count_requests(connection, [Made(TODAY), Made(TODAY, Kind("completed", "bulk", MODEL)), Made(old)])
    open_page(app)
    assert metrics(app)["Requests"] == "2"
    app.multiselect(key="analytics_models").set_value([MODEL]).run()
    assert metrics(app)["Requests"] == "1"
    app.multiselect(key="analytics_models").set_value([]).run()
    app.segmented_control(key="analytics_range").set_value("All").run()
    assert metrics(app)["Requests"] == "3"
    app.segmented_control(key="analytics_range").set_value("Custom").run()
    app.date_input(key="analytics_days").set_value((old, old)).run()
    assert metrics(app)["Requests"] == "1"
    assert not app.exception


def test_a_failed_request_leads_to_its_text(app: AppTest, crewgen: Crewgen):
    fail(crewgen)
    open_page(app, "Quality")
    assert any("1 request" in text.value for text in app.markdown)
    [again] = [button for button in app.button if button.label.startswith("Try request")]
    again.click().run()
    assert not app.exception
    assert app.text_area(key="objective_text").value == "?"


def test_names_of_models_are_shown_as_they_are(app: AppTest, crewgen: Crewgen):
    evil = "x/[click](http://evil) <b>:red[a]"
    with crewgen.database.begin() as connection:
        count_requests(connection, [Made(TODAY, Kind("completed", "single", evil, problem=evil, fallback=True))])
    for section in ("Overview", "Spend", "Quality"):
        open_page(app, section)
        for text in (*app.caption, *app.markdown):
            assert "](http" not in text.value
