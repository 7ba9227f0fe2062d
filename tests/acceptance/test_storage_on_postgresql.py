"""Requests, runs, outcomes, templates and their figures on PostgreSQL: the same as on SQLite."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, insert, make_url, select

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.analytics import Scope
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import OutcomeEntry, OutsideRun
from crewgen_core.models.template import TemplateQuery
from crewgen_core.settings import Settings
from crewgen_core.storage.crew_search import INDEX
from crewgen_core.storage.database import Database
from crewgen_core.storage.engine import make_engine
from crewgen_core.storage.migration import MIGRATIONS
from crewgen_core.storage.tables.schema import metadata
from tests.support.runs import ask, begin, end, finish, put_finished_run, put_run
from tests.support.templates import market_template

OBJECTIVES = ("Write a brief about churn for the board.", "Plan a wedding for 80 guests in June.")
MEASURED = {"median_s", "p90_s"}
"""What differs from time to time."""


@pytest.fixture
def on_postgresql(postgresql_url: str) -> Iterator[Crewgen]:
    yield from open_door(postgresql_url)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Crewgen]:
    yield from open_door(f"sqlite:///{tmp_path / 'crewgen.db'}")


def open_door(url: str) -> Iterator[Crewgen]:
    crewgen = Crewgen(Settings(database_url=url))
    yield crewgen
    crewgen.database.close()


def live(crewgen: Crewgen) -> None:
    """Do a bit of everything: ask, fail, run, judge, and make crews from a template."""
    brief, wedding = (crewgen.generate(Objective(text=text)).crew_id for text in OBJECTIVES)
    with pytest.raises(CrewgenError):
        crewgen.generate(Objective(text="?"))
    crewgen.templates.create(market_template())
    used = crewgen.templates.use("market-brief", {"product": "cargo bikes", "reader": "team"}).crew_id
    runs = [put_finished_run(crewgen, crew_id) for crew_id in (brief, brief, wedding, used)]
    put_finished_run(crewgen, wedding, dry=True)
    failed = put_run(crewgen, wedding)
    end(crewgen, failed, "failed", "The model did not answer.")
    for at, run_id in enumerate(runs):
        crewgen.outcomes.record_run(run_id, OutcomeEntry(succeeded=at != 1, rating=at + 1, comment="Good."))
    crewgen.outcomes.record_outside(OutsideRun(crew_id=brief, succeeded=False, duration_s=40.0, tokens=9_000))
    waiting = put_run(crewgen, brief)
    task = crewgen.running.progress(waiting).tasks[0].key
    begin(crewgen, waiting, task)
    crewgen.running.answer(ask(crewgen, waiting, task), "Shorter.")
    finish(crewgen, waiting, task)


def tell(crewgen: Crewgen) -> dict[str, Any]:
    """Return everything that analytics, runs, outcomes and templates say."""
    period = usual_period()
    told: dict[str, Any] = {"choices": crewgen.analytics.choices()}
    for name, scope in {
        "all": Scope(period=period),
        "template": Scope(period=period, templates=("market-brief",)),
        "built-in": Scope(period=period, models=("",), origins=("single",), states=("completed",)),
    }.items():
        for part in ("overview", "spending", "quality"):
            told[f"{part}, {name}"] = getattr(crewgen.analytics, part)(scope)
    told = {name: drop_measured(value.model_dump(mode="json")) for name, value in told.items()}
    told["runs"] = [(run.state, run.tasks_done, run.usage) for run in crewgen.running.list_runs()]
    told["crews of runs"] = list(crewgen.run_reports.list_crews().items())
    told["outcomes"] = [(it.succeeded, it.rating, it.run_id) for it in crewgen.outcomes.list_outcomes()]
    learned = crewgen.outcomes.calibration()
    told["learned"] = learned.success, learned.cost
    told["crews found"] = [row.name for row in crewgen.crews.list("CHURN")]
    told["templates"] = [(row.key, row.uses) for row in crewgen.templates.list(TemplateQuery(search="MARKET brief"))]
    told["compared"] = crewgen.templates.compare_all()
    told["counts"] = crewgen.count_everything()
    return told


def drop_measured(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: drop_measured(it) for name, it in value.items() if name not in MEASURED}
    return [drop_measured(it) for it in value] if isinstance(value, list) else value


def test_the_same_history_gives_the_same_figures_as_on_sqlite(on_postgresql: Crewgen, on_sqlite: Crewgen) -> None:
    live(on_postgresql)
    live(on_sqlite)
    here, there = tell(on_postgresql), tell(on_sqlite)
    assert here["overview, all"]["now"]["actual"]["runs"] == 5
    for name, value in there.items():
        assert here[name] == value, name


def test_migrations_make_exactly_the_tables_that_the_code_names(on_postgresql: Crewgen) -> None:
    with on_postgresql.database.read() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith((INDEX, "dbos"))}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_rows_from_before_runs_and_templates_are_counted_and_found(
    on_postgresql: Crewgen, older_postgresql_url: str
) -> None:
    for text in OBJECTIVES:
        on_postgresql.generate(Objective(text=text))
    with pytest.raises(CrewgenError):
        on_postgresql.generate(Objective(text="?"))
    make_older(older_postgresql_url, on_postgresql.database, "0005")
    for door in open_door(older_postgresql_url):
        scope = Scope(period=usual_period())
        seen = [it.analytics.overview(scope).now for it in (door, on_postgresql)]
        assert (seen[0].completed, seen[0].failed) == (2, 1)
        assert seen[0] == seen[1]
        assert [row.name for row in door.crews.list("CHURN")] == [row.name for row in on_postgresql.crews.list("CHURN")]


def make_older(url: str, database: Database, revision: str) -> None:
    """Make a database as it was with an earlier migration, and copy the rows of another one as far as it has room."""
    engine = make_engine(make_url(url), 5, for_migration=True)
    with engine.begin() as connection:
        settings = Config()
        settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
        older = MetaData()
        older.reflect(connection)
        with database.read() as reading:
            for table in older.sorted_tables:
                if table.name not in metadata.tables:
                    continue
                newer = metadata.tables[table.name]
                rows = reading.execute(select(*(newer.c[column.name] for column in table.c))).mappings().all()
                if rows:
                    connection.execute(insert(table), [dict(row) for row in rows])
