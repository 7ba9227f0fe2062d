"""The Bulk page: what is given is read, told and kept; jobs are started, followed, steered, and their results found."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest
from streamlit.util import AttributeDictionary

from crewgen_core.app import Crewgen
from crewgen_core.models.job import ItemQuery, Job, NewItem, NewJob
from crewgen_core.models.objective import MAX_CONTEXT_CHARACTERS, Objective
from crewgen_core.storage import jobs
from crewgen_core.storage.tables import job_tables
from tests.support.finished_jobs import REASON, finish_rows

HEADER = "objective,name,budget_usd,team\n"


def row(number: int, budget: str = "2") -> str:
    return f"Write a brief about churn in region {number} for the board.,Brief {number},{budget},north\n"


def table(good: int, bad: int = 0) -> bytes:
    """A file with good rows and, after them, bad ones."""
    return (HEADER + "".join(row(at) for at in range(good)) + "".join(row(at, "lots") for at in range(bad))).encode()


def open_page(app: AppTest, **parameters: object) -> AppTest:
    app.run()
    for name, value in parameters.items():
        app.query_params[name] = str(value)
    return app.switch_page("job.py" if "job" in parameters else "bulk.py").run()


def give(app: AppTest, content: bytes, name: str = "spring.csv", engine: str = "Built-in") -> AppTest:
    open_page(app)
    app.session_state["bulk_engine"] = engine
    return app.file_uploader[0].upload(name, content).run()


def paste(app: AppTest, *lines: str) -> AppTest:
    open_page(app)
    app.get("button_group")[0].set_value("Paste objectives").run()
    return app.text_area(key="bulk_lines").set_value("\n".join(lines)).run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def linked(app: AppTest) -> list[str]:
    """The names on the links to jobs."""
    return [link.proto.label for link in app.get("page_link") if link.proto.page == "job"]


def click(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def metric(app: AppTest, label: str) -> str:
    return next(one.value for one in app.metric if one.label == label)


def said(app: AppTest) -> str:
    """Everything that is told in words, as it is shown."""
    kinds: Iterable[Iterable[object]] = (app.markdown, app.caption, app.warning, app.error, app.info)
    return "\n".join(str(one.value) for kind in kinds for one in kind).replace("\\", "").replace("\u2060", "")  # type: ignore[attr-defined]


def sole_job(crewgen: Crewgen) -> Job:
    (job,) = crewgen.bulk.list_jobs()
    return job


def start_job(crewgen: Crewgen, rows: int = 4, name: str = "Spring", **fields: object) -> int:
    """A job whose rows nobody works on."""
    items = [
        NewItem(at + 2, f"Write a brief about churn in region {at} for the board.", f"Brief {at}") for at in range(rows)
    ]
    return crewgen.bulk.start_items(NewJob.model_validate({"name": name} | fields), items).id


def select(app: AppTest, rows: list[int]) -> AppTest:
    """Select rows of the table of results, as clicks do."""
    key = app.dataframe[0].proto.id.partition("-bulk_table")
    app.session_state[f"bulk_table{key[2]}"] = AttributeDictionary(
        {"selection": AttributeDictionary({"rows": rows, "columns": [], "cells": []})}
    )
    return app.run()


# --- giving objectives ------------------------------------------------------------------------------------------------


def test_bad_rows_are_told_with_number_column_value_and_reason(app: AppTest) -> None:
    give(app, table(5, bad=2))
    assert [metric(app, label) for label in ("Rows", "Can be used", "Cannot be used")] == ["7", "5", "2"]
    words = said(app)
    assert "Row 7" in words
    assert "budget_usd" in words
    assert "“lots”" in words
    assert "Start 5 rows" in labels(app)
    assert "bulk_job_budget" not in [box.key for box in app.number_input]  # without a model there is nothing to pay


def test_many_bad_rows_are_in_a_table(app: AppTest) -> None:
    give(app, table(1, bad=30))
    bad = app.dataframe[0].value
    assert len(bad) == 30
    assert list(bad.columns) == ["Row", "Column", "Value", "What is wrong"]


def test_the_good_rows_become_a_job_that_the_page_then_shows(app: AppTest, crewgen: Crewgen) -> None:
    give(app, table(5, bad=2))
    click(app, "Start 5 rows")
    job = sole_job(crewgen)
    assert (job.name, job.file_name, job.total) == ("spring", "spring.csv", 5)
    assert app.query_params["job"] == str(job.id)
    assert app.title[0].value == "spring"
    assert metric(app, "Pending") == "5"
    assert crewgen.bulk.list_items(job.id).items[0].extra == {"team": "north"}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"objective\n", b"colour,size\nred,3\n", b"PK\x03\x04broken", b"\xff\xfe\xff"]
)
def test_what_is_no_table_of_objectives_gets_a_sentence_and_stays(app: AppTest, content: bytes) -> None:
    give(app, content)
    assert not app.exception
    assert len(app.error) == 1
    assert "Another file" in labels(app)
    assert not any(label.startswith("Start") for label in labels(app))
    click(app, "Another file")
    assert len(app.file_uploader) == 1
    assert len(app.error) == 0


def test_a_column_can_be_chosen_where_none_is_recognised(app: AppTest, crewgen: Crewgen) -> None:
    give(app, b"was,farbe\nWrite a brief about churn for the board.,red\n")
    choice = next(box for box in app.selectbox if box.label.startswith("Objective"))
    choice.select("was").run()
    assert len(app.error) == 0
    click(app, "Start 1 row")
    (item,) = crewgen.bulk.list_items(sole_job(crewgen).id).items
    assert item.objective == "Write a brief about churn for the board."
    assert item.extra == {"farbe": "red"}


def test_another_meaning_of_a_column_is_read_at_once(app: AppTest, crewgen: Crewgen) -> None:
    give(app, table(2))
    next(box for box in app.selectbox if box.label == "Tags").select("team").run()
    next(box for box in app.selectbox if box.label == "Budget (USD per run)").select("—").run()
    click(app, "Start 2 rows")
    item = crewgen.bulk.list_items(sole_job(crewgen).id).items[0]
    assert item.tags == "north"
    assert item.extra == {"budget_usd": "2"}
    assert item.requirements == {}


def test_the_encoding_can_be_chosen_and_a_wrong_one_holds_nothing_up(app: AppTest) -> None:
    give(app, "objective\nPrüfe die Verträge mit unseren Lieferanten.\n".encode("cp1252"))
    assert "Windows\\-1252" in app.expander[0].label
    box = next(box for box in app.selectbox if box.label == "Encoding")
    box.select("UTF-8").run()
    assert len(app.error) == 1
    next(box for box in app.selectbox if box.label == "Encoding").select("Found out").run()
    assert len(app.error) == 0
    assert "Start 1 row" in labels(app)


def test_pasted_lines_become_rows(app: AppTest, crewgen: Crewgen) -> None:
    paste(app, 'Write a brief about "churn", for the board.', "", "Compare five payroll providers.")
    click(app, "Start 2 rows")
    items = crewgen.bulk.list_items(sole_job(crewgen).id).items
    assert [item.objective for item in items] == [
        'Write a brief about "churn", for the board.',
        "Compare five payroll providers.",
    ]


def test_a_bad_pasted_line_is_told_by_its_number(app: AppTest) -> None:
    paste(app, "Write a brief about churn for the board.", "!!!")
    assert "Row 2" in said(app)


def test_duplicates_can_be_left_out(app: AppTest, crewgen: Crewgen) -> None:
    give(app, (HEADER + row(1) + row(2) + row(1)).encode())
    assert metric(app, "Duplicates") == "1"
    next(box for box in app.checkbox if box.label.startswith("Leave out")).check().run()
    click(app, "Start 2 rows")
    assert sole_job(crewgen).total == 2


def test_what_is_shared_holds_for_rows_that_say_nothing_else(app: AppTest, crewgen: Crewgen) -> None:
    give(app, (HEADER + row(1) + row(2, "")).encode())
    app.text_area(key="bulk_context").set_value("We sell bottles.").run()
    app.number_input(key="bulk_budget_usd").set_value(7.5).run()
    click(app, "Start 2 rows")
    first, second = crewgen.bulk.list_items(sole_job(crewgen).id).items
    assert first.requirements["context"] == second.requirements["context"] == "We sell bottles."
    assert (first.requirements["budget_usd"], second.requirements["budget_usd"]) == (2, 7.5)


def test_shared_words_that_are_too_long_get_a_sentence_and_stay(app: AppTest) -> None:
    give(open_page(app), table(2))
    app.text_area(key="bulk_context").set_value("a" * (MAX_CONTEXT_CHARACTERS + 1)).run()
    assert "The context has 20,001 characters" in app.error[0].value
    assert len(app.text_area(key="bulk_context").value or "") == MAX_CONTEXT_CHARACTERS + 1
    assert "start_job" not in [button.key for button in app.button]
    app.text_area(key="bulk_context").set_value("We sell tea.").run()
    assert not app.error
    assert app.button(key="start_job")


def test_a_template_that_is_shared_is_what_rows_start_from(app: AppTest, crewgen: Crewgen) -> None:
    give(app, table(good=2))
    app.selectbox(key="bulk_template").set_value("market-entry-brief").run()
    click(app, "Start 2 rows")
    items = crewgen.bulk.list_items(sole_job(crewgen).id).items
    assert {item.requirements.get("template") for item in items} == {"market-entry-brief"}


def test_with_a_model_there_are_a_budget_and_a_way_out(app: AppTest, crewgen: Crewgen) -> None:
    give(app, table(3), engine="openai/gpt-4o-mini")
    app.number_input(key="bulk_job_budget").set_value(4.0).run()
    app.checkbox(key="bulk_fall_back").check().run()
    click(app, "Start 3 rows")
    job = sole_job(crewgen)
    assert (job.model, job.budget_usd, job.settings.fall_back) == ("openai/gpt-4o-mini", Decimal(4), True)


def test_an_unknown_model_gets_a_sentence_and_nothing_is_lost(app: AppTest) -> None:
    give(app, table(3), engine="no such model")
    assert len(app.error) == 1
    app.selectbox(key="bulk_engine").set_value("Built-in").run()
    assert len(app.error) == 0
    assert "Start 3 rows" in labels(app)


def test_what_was_given_is_there_after_a_visit_to_another_page(app: AppTest) -> None:
    give(app, table(3))
    app.switch_page("settings.py").run()
    app.switch_page("bulk.py").run()
    assert "Start 3 rows" in labels(app)


# --- following and steering a job -------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["7", "x", "-1", "1" * 40, "1 OR 1=1", "٣"])
def test_a_job_that_is_not_there_gets_a_sentence(app: AppTest, address: str) -> None:
    open_page(app, job=address)
    assert not app.exception
    assert "There is no job" in said(app)


def test_the_list_leads_to_a_job(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen, name="Spring [campaign](x)")
    open_page(app)
    (link,) = [link.proto for link in app.get("page_link") if link.proto.page == "job"]
    assert (link.label, link.query_string) == ("**Spring \\[campaign\\]\\(x\\)**", f"job={job_id}")
    open_page(app, job=job_id)
    assert app.title[0].value == "Spring \\[campaign\\]\\(x\\)"


def test_older_jobs_are_on_further_pages(app: AppTest, crewgen: Crewgen) -> None:
    for number in range(10):
        start_job(crewgen, rows=1, name=f"Job {number}")
    open_page(app)
    assert "**Job 9**" in linked(app)
    assert "**Job 0**" not in linked(app)
    click(app, "Older")
    assert "**Job 0**" in linked(app)
    click(app, "Newer")
    assert "**Job 9**" in linked(app)


def test_a_job_is_paused_resumed_and_cancelled(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    open_page(app, job=job_id)
    click(app, "Pause")
    assert crewgen.bulk.get(job_id).state == "paused"
    click(app, "Resume")
    assert crewgen.bulk.get(job_id).state == "running"
    click(app, "Cancel the job")
    assert crewgen.bulk.get(job_id).state == "cancelled"
    assert metric(app, "Cancelled") == "4"
    click(app, "Try 4 cancelled rows again")
    assert crewgen.bulk.get(job_id).pending == 4


def test_a_job_that_was_just_started_says_that_workers_are_coming(app: AppTest, crewgen: Crewgen) -> None:
    open_page(app, job=start_job(crewgen))
    assert "Workers are starting" in said(app)
    assert len(app.warning) == 0


def test_without_a_worker_an_older_job_says_that_rows_wait_until_it_is_resumed(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    with crewgen.database.begin() as connection:
        earlier = datetime.now(UTC) - timedelta(minutes=1)
        connection.execute(update(job_tables.jobs).where(job_tables.jobs.c.id == job_id).values(created_at=earlier))
    open_page(app, job=job_id)
    assert "No worker is alive" in said(app)
    click(app, "Pause")
    click(app, "Resume")
    assert "Workers are starting" in said(app)


def test_a_job_that_used_up_its_budget_says_so_and_goes_on_with_another_one(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen, model="openai/gpt-4o-mini", budget_usd=3)
    with crewgen.database.begin() as connection:
        jobs.set_state(connection, job_id, "paused", "The budget of $3.00 is used up.")
    open_page(app, job=job_id)
    assert "The budget of $3.00 is used up." in said(app)
    app.number_input(key=f"raised_budget_{job_id}").set_value(9.5).run()
    click(app, "Set the budget and resume")
    job = crewgen.bulk.get(job_id)
    assert (job.state, job.budget_usd) == ("running", Decimal("9.5"))


def test_reasons_of_failures_lead_to_their_rows_which_can_be_tried_again(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    finish_rows(crewgen, job_id, failing=(2, 3))
    open_page(app, job=job_id)
    assert f"**2** × {REASON}" in said(app)
    assert "*no*" not in "".join(str(one.value) for one in app.markdown)  # shown, not obeyed
    click(app, "Show rows")
    assert list(app.dataframe[0].value["Row"]) == [3, 4]
    select(app, [1])
    click(app, "Try 1 selected row again")
    job = crewgen.bulk.get(job_id)
    assert (job.failed, job.pending, job.state) == (1, 1, "running")


def test_an_action_that_comes_too_late_gets_a_sentence(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    open_page(app, job=job_id)
    crewgen.bulk.cancel(job_id)
    click(app, "Pause")
    assert not app.exception
    assert "cancelled" in str([one.value for one in app.error])


# --- results ----------------------------------------------------------------------------------------------------------


def test_results_are_searched_filtered_and_sorted(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    finish_rows(crewgen, job_id, failing=(4,))
    open_page(app, job=job_id)
    assert len(app.dataframe[0].value) == 4
    assert list(app.dataframe[0].value["State"])[-1] == "✗ failed"
    app.text_input(key=f"bulk_search_{job_id}").set_value("region 1").run()
    assert list(app.dataframe[0].value["Crew"]) == ["Brief 1"]
    app.text_input(key=f"bulk_search_{job_id}").set_value("nowhere").run()
    assert "No row is like that." in said(app)
    app.text_input(key=f"bulk_search_{job_id}").set_value("").run()
    app.selectbox(key=f"bulk_order_{job_id}").select("name").run()
    app.toggle(key=f"bulk_turned_{job_id}").set_value(True).run()
    assert list(app.dataframe[0].value["Crew"]) == ["Brief 3", "Brief 2", "Brief 1", "Brief 0"]
    app.number_input(key=f"bulk_cost_{job_id}").set_value(0.0).run()
    assert "No row is like that." in said(app)


def test_selected_crews_are_opened_and_compared(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    finish_rows(crewgen, job_id)
    open_page(app, job=job_id)
    select(app, [0, 2])
    words = said(app)
    assert "2 rows selected" in words
    assert "Coordination" in list(app.table[0].value[""])
    assert app.table[0].value.shape[1] == 3
    assert len([link for link in app.get("page_link") if link.proto.page == "crew"]) == 2


def test_cells_are_no_formulas(app: AppTest, crewgen: Crewgen) -> None:
    items = [NewItem(2, "=HYPERLINK(1) writes a brief for the board", "=1+1")]
    job_id = crewgen.bulk.start_items(NewJob(name="Formulas"), items).id
    open_page(app, job=job_id)
    shown = app.dataframe[0].value.iloc[0]
    assert shown["Crew"] == "'=1+1"
    assert shown["Objective"].startswith("'=HYPERLINK")


def test_all_or_selected_crews_go_on_as_a_further_job(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    finish_rows(crewgen, job_id, failing=(4,))
    open_page(app, job=job_id)
    click(app, "Check the crews")
    checking = crewgen.bulk.list_jobs()[0]
    assert (checking.kind, checking.total, checking.source_job_id) == ("validate", 3, job_id)
    assert app.query_params["job"] == str(checking.id)

    open_page(app, job=job_id)
    select(app, [0, 1])
    next(group for group in app.get("button_group") if group.label == "Work").set_value("Optimize").run()
    app.number_input(key="follow_up_success").set_value(40).run()
    app.checkbox(key="follow_up_apply").check().run()
    click(app, "Optimize the crews")
    optimizing = crewgen.bulk.list_jobs()[0]
    assert (optimizing.kind, optimizing.total) == ("optimize", 2)
    assert optimizing.settings.goal == "cost"
    assert optimizing.settings.limits.least_success == 0.4
    assert optimizing.settings.apply


def test_downloads_hold_what_is_selected_or_all(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen)
    finish_rows(crewgen, job_id)
    open_page(app, job=job_id)
    click(app, "CrewAI projects (JSON)")
    assert any(str(button.label).startswith("Download") for button in app.get("download_button"))
    assert not app.exception


def test_a_page_of_results_that_is_gone_is_not_stayed_on(app: AppTest, crewgen: Crewgen) -> None:
    job_id = start_job(crewgen, rows=60)
    open_page(app, job=job_id)
    assert len(app.dataframe[0].value) == 50
    app.get("pagination")[0].set_value(2).run()
    assert len(app.dataframe[0].value) == 10
    assert len(crewgen.bulk.list_items(job_id, ItemQuery(), 1_000).items) == 60


def test_home_lists_the_latest_jobs(app: AppTest, crewgen: Crewgen) -> None:
    crewgen.generate(Objective(text="Write a brief about churn for the board."))
    start_job(crewgen, name="Spring")
    app.run()
    assert "Bulk jobs" in [header.value for header in app.subheader]
    assert "running" in said(app)
