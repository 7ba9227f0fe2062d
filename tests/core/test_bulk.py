"""The front door's part for bulk, on a real database: uploads, jobs, and what came of them."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotFound, UnreadableUpload, UnusableJob
from crewgen_core.jobs.chunk import OUT_OF_BUDGET
from crewgen_core.models.job import ItemQuery, JobSettings, NewItem, NewJob
from crewgen_core.models.upload import SharedRequirements
from crewgen_core.settings import Settings
from tests.support.jobs import list_all, work_on_all
from tests.support.model_server import GOOD_ANSWER, ModelServer, refuse, say

FILE = (
    b"objective;name;budget_usd;model;team\n"
    b"Write a market report on electric bikes for the board.;Bikes;2,50;;Berlin\n"
    b"Compare the prices of three competitors in a table.;Prices;;;=HYPERLINK(1)\n"
    b";Nothing;;;\n"
    b"Compare the prices of three competitors in a table.;Again;;;=HYPERLINK(1)\n"
)

MODEL = "openai/gpt-5-mini"


@pytest.fixture
def crewgen(tmp_path: Path) -> Crewgen:
    return Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR"))


def test_good_rows_become_crews_and_bad_ones_are_told_and_left_out(crewgen: Crewgen):
    report = crewgen.bulk.inspect("rows.csv", FILE)
    assert (report.rows, report.good, report.bad, report.duplicates) == (4, 3, 1, 1)
    assert (report.bad_rows[0].row, report.bad_rows[0].column) == (4, "objective")

    job = crewgen.bulk.start("rows.csv", FILE, NewJob(name="Reports"))
    assert (job.total, job.state, job.file_name) == (3, "running", "rows.csv")
    work_on_all(crewgen, job.id)

    done = crewgen.bulk.get(job.id)
    assert (done.state, done.completed, done.failed) == ("completed", 3, 0)
    bikes, *_ = items = list_all(crewgen, job.id)
    assert [item.line for item in items] == [2, 3, 5]
    assert bikes.requirements == {"budget_usd": 2.5} and bikes.extra == {"team": "Berlin"}
    stored = crewgen.crews.get(bikes.crew_id or 0)
    assert stored.objective is not None and stored.objective.budget_usd == Decimal("2.5")
    assert bikes.figures is not None and bikes.figures.success == stored.estimate.success.p50
    assert crewgen.get_request(bikes.request_id or 0).state == "completed"


def test_duplicates_are_left_out_where_wanted(crewgen: Crewgen):
    assert crewgen.bulk.start("rows.csv", FILE, NewJob(name="Reports"), keep_duplicates=False).total == 2


def test_a_job_without_a_good_row_is_refused_and_nothing_of_it_is_kept(crewgen: Crewgen):
    with pytest.raises(UnusableJob, match="no row"):
        crewgen.bulk.start("rows.csv", b"objective,name\n,a\n,b\n", NewJob(name="Empty"))
    assert crewgen.bulk.list_jobs() == ()


def test_a_file_without_a_known_column_tells_which_ones_could_be_chosen(crewgen: Crewgen):
    content = b"what,who\nWrite a report on bikes for the board.,me\n"
    with pytest.raises(UnreadableUpload) as told:
        crewgen.bulk.inspect("rows.csv", content)
    assert told.value.columns == ("what", "who")
    assert crewgen.bulk.start("rows.csv", content, NewJob(name="x"), mapping={"objective": "what"}).total == 1


def test_the_sample_file_can_be_started_as_it_is(crewgen: Crewgen):
    sample = crewgen.bulk.sample()
    report = crewgen.bulk.inspect(sample.name, sample.content)
    assert report.bad == 0
    assert crewgen.bulk.start(sample.name, sample.content, NewJob(name="Sample")).total == report.good


def test_a_forecast_says_what_it_rests_on(crewgen: Crewgen):
    free = crewgen.bulk.forecast(crewgen.bulk.inspect("rows.csv", FILE))
    assert (free.rows, free.model_rows, free.cost_usd) == (3, 0, 0)
    assert 0 < free.seconds_low <= free.seconds <= free.seconds_high
    assert "designed just now" in free.basis[0]

    asked = crewgen.bulk.forecast(crewgen.bulk.inspect("rows.csv", FILE, shared=SharedRequirements(model=MODEL)))
    assert asked.model_rows == 3
    assert asked.cost_low_usd is not None and asked.cost_usd is not None and asked.cost_high_usd is not None
    assert 0 < asked.cost_low_usd < asked.cost_usd < asked.cost_high_usd
    assert any("LiteLLM" in sentence for sentence in asked.basis)


@pytest.mark.parametrize(
    ("workers", "said"),
    [
        (0, "1 worker process takes all rows."),  # where none is started here, time is that of one
        (1, "1 worker process takes all rows."),
        (2, "2 worker processes share the rows."),
    ],
)
def test_a_forecast_says_how_many_processes_it_counts_with(tmp_path: Path, workers: int, said: str):
    door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", workers=workers), environment={})
    told = door.bulk.forecast(door.bulk.inspect("rows.csv", FILE))
    assert said in told.basis[0]
    one = door.bulk.forecast(door.bulk.inspect("rows.csv", FILE.splitlines(keepends=True)[0] + b"Write a poem;;;;\n"))
    assert one.basis[0].startswith("1 of these rows was designed just now")
    door.database.close()


def test_a_forecast_without_a_known_price_says_so(crewgen: Crewgen):
    shared = SharedRequirements(model="openai/a-model-of-our-own")
    told = crewgen.bulk.forecast(crewgen.bulk.inspect("rows.csv", FILE, shared=shared))
    assert told.cost_usd is None
    assert any("cost is not known" in sentence for sentence in told.basis)


def test_a_budget_without_a_known_price_is_refused(crewgen: Crewgen):
    shared = SharedRequirements(model="openai/a-model-of-our-own")
    with pytest.raises(UnusableJob, match="price of openai/a-model-of-our-own"):
        crewgen.bulk.start("rows.csv", FILE, NewJob(name="x", budget_usd=Decimal(1)), shared=shared)
    assert crewgen.bulk.list_jobs() == ()


def test_rows_are_generated_with_their_model_and_what_it_cost_is_told(crewgen: Crewgen, model_server: ModelServer):
    model_server.script = (say(GOOD_ANSWER),)
    job = crewgen.bulk.start("rows.csv", FILE, NewJob(name="x"), shared=SharedRequirements(model=MODEL))
    work_on_all(crewgen, job.id)
    done = crewgen.bulk.get(job.id)
    assert done.completed + done.failed == 3
    assert done.spent_usd == sum(item.spent_usd for item in list_all(crewgen, job.id)) > 0


def test_a_row_whose_model_fails_for_good_fails_with_the_reason_and_can_be_tried_again(
    crewgen: Crewgen, model_server: ModelServer
):
    model_server.script = (refuse(401),)
    rows = [NewItem(2, "Write a market report on electric bikes for the board.", model=MODEL)]
    job = crewgen.bulk.start_items(NewJob(name="x"), rows)
    work_on_all(crewgen, job.id)
    (item,) = list_all(crewgen, job.id)
    assert item.state == "failed" and "did not accept the key" in item.failure_reason
    assert crewgen.bulk.progress(job.id).failures[0].count == 1
    assert crewgen.bulk.progress(job.id).recent == (), "it has ended"

    assert crewgen.bulk.retry(job.id) == 1
    assert crewgen.bulk.get(job.id).state == "running"
    work_on_all(crewgen, job.id)
    assert crewgen.bulk.get(job.id).failed == 1


def test_the_built_in_crew_is_taken_where_the_model_fails_and_that_was_wanted(
    crewgen: Crewgen, model_server: ModelServer
):
    model_server.script = (refuse(401),)
    rows = [NewItem(2, "Write a market report on electric bikes for the board.", model=MODEL)]
    job = crewgen.bulk.start_items(NewJob(name="x", settings=JobSettings(fall_back=True)), rows)
    work_on_all(crewgen, job.id)
    (item,) = list_all(crewgen, job.id)
    assert (item.state, item.engine) == ("completed", "Built-in")
    assert "did not accept the key" in item.notice


def test_a_job_pauses_before_its_budget_is_overspent_and_goes_on_when_it_is_raised(
    crewgen: Crewgen, model_server: ModelServer
):
    model_server.script = (say(GOOD_ANSWER),)
    rows = [NewItem(n, f"Write a market report on electric bikes for board {n}.", model=MODEL) for n in range(2, 6)]
    job = crewgen.bulk.start_items(NewJob(name="x", budget_usd=Decimal("0.001")), rows)
    work_on_all(crewgen, job.id)
    stopped = crewgen.bulk.get(job.id)
    assert (stopped.state, stopped.state_reason) == ("paused", OUT_OF_BUDGET)
    assert stopped.spent_usd <= Decimal("0.001") and stopped.pending == 4 and model_server.requests == []

    assert crewgen.bulk.set_budget(job.id, Decimal(1)).state == "running"
    work_on_all(crewgen, job.id)
    assert crewgen.bulk.get(job.id).pending == 0


def test_crews_of_a_job_are_checked_and_mended_by_a_further_job(crewgen: Crewgen):
    first = crewgen.bulk.start("rows.csv", FILE, NewJob(name="x"))
    work_on_all(crewgen, first.id)
    again = crewgen.bulk.follow_up(first.id, NewJob(name="Check", kind="validate"))
    assert (again.total, again.source_job_id) == (3, first.id)
    work_on_all(crewgen, again.id)
    made, checked = list_all(crewgen, first.id), list_all(crewgen, again.id)
    assert [item.crew_id for item in checked] == [item.crew_id for item in made]
    assert all(
        item.state == "completed" and item.figures == was.figures for item, was in zip(checked, made, strict=True)
    )
    assert all(item.version_number == 1 for item in checked)


def test_crews_of_a_job_are_optimized_by_a_further_job_and_say_what_changed(crewgen: Crewgen):
    first = crewgen.bulk.start("rows.csv", FILE, NewJob(name="x"))
    work_on_all(crewgen, first.id)
    one = list_all(crewgen, first.id)[0]
    settings = JobSettings(goal="cost", apply=True)
    job = crewgen.bulk.follow_up(
        first.id, NewJob(name="Cheaper", kind="optimize", settings=settings), ItemQuery(ids=(one.id,))
    )
    work_on_all(crewgen, job.id)
    (item,) = list_all(crewgen, job.id)
    assert item.state == "completed" and item.before == one.figures and item.notice
    assert item.figures is not None and item.before is not None
    stored = crewgen.crews.get(one.crew_id or 0)
    assert stored.estimate.success.p50 == item.figures.success
    assert stored.number == item.version_number
    kept = crewgen.optimizing.list_of(stored.crew_id)
    assert len(kept) == 1
    if stored.number == 2:
        assert item.figures.cost_usd is not None and item.before.cost_usd is not None
        assert item.figures.cost_usd < item.before.cost_usd
        assert kept[0].applied_number == 2


def test_a_further_job_needs_crews(crewgen: Crewgen):
    job = crewgen.bulk.start("rows.csv", FILE, NewJob(name="x"))
    with pytest.raises(UnusableJob):
        crewgen.bulk.follow_up(job.id, NewJob(name="Check", kind="validate"))
    with pytest.raises(NotFound):
        crewgen.bulk.follow_up(99, NewJob(name="Check", kind="validate"))


def test_results_are_downloaded_as_table_lines_and_projects(crewgen: Crewgen):
    job = crewgen.bulk.start("rows.csv", FILE, NewJob(name="My reports"))
    work_on_all(crewgen, job.id)
    table = crewgen.bulk.export(job.id, "csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [row["row"] for row in rows] == ["2", "3", "5"]
    assert rows[1]["team"] == "'=HYPERLINK(1)"
    lines = [json.loads(line) for line in crewgen.bulk.export(job.id, "jsonl").content.splitlines()]
    assert lines[1]["extra"] == {"team": "=HYPERLINK(1)"}
    archive = zipfile.ZipFile(io.BytesIO(crewgen.bulk.export(job.id, "crewai-json").content))
    assert sum(name.endswith("crew.jsonc") for name in archive.namelist()) == 3


def test_crews_of_a_job_are_set_side_by_side(crewgen: Crewgen):
    job = crewgen.bulk.start("rows.csv", FILE, NewJob(name="x"))
    waiting = list_all(crewgen, job.id)
    with pytest.raises(UnusableJob, match="Row 1 has no crew"):
        crewgen.bulk.compare([item.id for item in waiting])
    work_on_all(crewgen, job.id)
    compared = crewgen.bulk.compare([item.id for item in waiting[:2]])
    assert all(len(fact.values) == 2 for fact in compared.facts)


def test_what_is_asked_of_a_job_that_is_not_there_is_told(crewgen: Crewgen):
    for ask in (
        crewgen.bulk.get,
        crewgen.bulk.pause,
        crewgen.bulk.progress,
        crewgen.bulk.retry,
        crewgen.bulk.list_items,
    ):
        with pytest.raises(NotFound, match="There is no job 7"):
            ask(7)


def test_a_cancelled_job_keeps_what_is_done_and_its_other_rows_can_be_worked_on_again(crewgen: Crewgen):
    job = crewgen.bulk.start("rows.csv", FILE, NewJob(name="x"))
    cancelled = crewgen.bulk.cancel(job.id)
    assert (cancelled.state, cancelled.cancelled) == ("cancelled", 3)
    work_on_all(crewgen, job.id)
    assert {item.state for item in list_all(crewgen, job.id)} == {"cancelled"}
    with pytest.raises(UnusableJob):
        crewgen.bulk.resume(job.id)
    assert crewgen.bulk.retry(job.id) == 3
    work_on_all(crewgen, job.id)
    assert crewgen.bulk.get(job.id).completed == 3
