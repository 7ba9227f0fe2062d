"""One search over everything, and everybody's own favourites and latest."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotFound
from crewgen_core.models.found import Findings
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import Role
from crewgen_core.settings import Settings
from crewgen_core.storage.bookmarks import MOST_OPENED
from tests.support.ended_runs import add_run
from tests.support.templates import market_template

OBJECTIVE = Objective(text="Write a report about electric bikes for the board.")


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR"), {})
    yield crewgen
    crewgen.database.close()


def test_a_search_finds_crews_jobs_templates_and_runs_group_by_group(crewgen: Crewgen):
    crew_id = crewgen.generate(OBJECTIVE).crew_id
    with crewgen.database.begin() as connection:
        run_id = add_run(connection, crewgen.crews.get(crew_id))
    job = crewgen.bulk.start_items(NewJob(name="Electric things", kind="generate"), [NewItem(2, OBJECTIVE.text)])
    key = crewgen.templates.create(market_template(name="ELECTRIC markets", key="electric")).template.key
    found = crewgen.searching.search("electric")
    keys = [[one.key for one in group] for group in (found.crews, found.jobs, found.templates, found.runs)]
    assert keys == [[str(crew_id)], [str(job.id)], [key], [str(run_id)]]
    assert found.crews[0].about == OBJECTIVE.text
    assert found.jobs[0].about.startswith("running · 1 row · ")
    assert crewgen.searching.search("  ") == crewgen.searching.search('100% "never" \x00 written') == Findings()
    crewgen.deletions.delete("crew", crew_id)
    crewgen.deletions.delete("template", key)
    left = crewgen.searching.search("electric")
    assert (left.crews, left.runs, left.templates, len(left.jobs)) == ((), (), (), 1)


def test_favourites_and_the_latest_are_everybodys_own_and_leave_out_what_is_gone(crewgen: Crewgen):
    first, second = crewgen.generate(OBJECTIVE).crew_id, crewgen.generate(OBJECTIVE).crew_id
    vera = crewgen.acting_for(crewgen.people.sign_in("vera", "vera@example.org", "Vera", Role.VIEWER))
    for door in (crewgen, vera):
        door.searching.star("crew", first)
        door.searching.note_opened("crew", second)
        door.searching.note_opened("crew", first)
    crewgen.searching.star("crew", first, starred=False)
    assert (crewgen.searching.is_starred("crew", first), vera.searching.is_starred("crew", first)) == (False, True)
    assert [one.key for one in crewgen.searching.list_opened()] == [str(first), str(second)]
    crewgen.deletions.delete("crew", first)
    assert vera.searching.list_starred() == ()
    assert [one.key for one in vera.searching.list_opened()] == [str(second)]
    crewgen.deletions.restore("crew", first)
    assert [one.key for one in vera.searching.list_starred()] == [str(first)]
    with pytest.raises(NotFound):
        vera.searching.star("template", "no-such")


def test_only_the_latest_are_remembered(crewgen: Crewgen):
    template = crewgen.templates.create(market_template())
    crewgen.searching.star("template", template.template.key)
    for number in range(MOST_OPENED + 2):
        crewgen.templates.create(market_template(key=f"m-{number}"))
        crewgen.searching.note_opened("template", f"m-{number}")
    crewgen.searching.note_opened("template", "m-1")
    opened = [one.key for one in crewgen.searching.list_opened(100)]
    assert (len(opened), opened[:2], "m-3" in opened) == (MOST_OPENED, ["m-1", f"m-{MOST_OPENED + 1}"], True)
    assert len(crewgen.searching.list_starred()) == 1
