"""Whose things are: every question of the front door, asked by everybody, about everything that belongs to somebody.

``ASKED`` is the table: what is asked, and what it does. A new question of the front door that is in neither table fails
the test at the end.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError, EditConflict, NotAllowed, NotFound
from crewgen_core.front.analytics import Analytics, usual_period
from crewgen_core.front.audit import Audit
from crewgen_core.front.bulk import Bulk
from crewgen_core.front.checking import Checking
from crewgen_core.front.crews import Crews
from crewgen_core.front.deletions import Deletions
from crewgen_core.front.house import House
from crewgen_core.front.model_register import ModelRegister
from crewgen_core.front.optimizing import Optimizing
from crewgen_core.front.outcomes import Outcomes
from crewgen_core.front.reports import Reports
from crewgen_core.front.run_reports import RunReports
from crewgen_core.front.running import Running
from crewgen_core.front.searching import Searching
from crewgen_core.front.templates import Templates
from crewgen_core.models.analytics import Scope
from crewgen_core.models.deletion import Deletable
from crewgen_core.models.found import Found
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import OutcomeEntry, OutcomeQuery, OutsideRun
from crewgen_core.models.person import Role
from crewgen_core.models.run import RunSettings
from crewgen_core.models.template import TemplateQuery
from crewgen_core.settings import Settings
from crewgen_core.storage import requests, run_records
from tests.support.ended_runs import add_run
from tests.support.jobs import work_on_all
from tests.support.templates import market_template

OBJECTIVE = Objective(text="Write a report about electric bikes for the board.")
GOOD = OutcomeEntry(succeeded=True)
NUMBERS = count(1)


@dataclass(frozen=True)
class Things:
    """Things of one person, by what the front door knows them by."""

    maker: Crewgen
    crew: int = 9_999_999
    request: int = 9_999_999
    job: int = 9_999_999
    item: int = 9_999_999
    template: str = "no-such-template"
    run: int = 9_999_999
    question: int = 9_999_999
    outcome: int = 9_999_999
    optimization: int = 9_999_999

    def newest(self, door: Crewgen) -> int:
        """The newest version of the crew, as an edit names it."""
        return door.crews.get(self.crew).newest

    def file(self) -> bytes:
        return f"crew,succeeded,comment\n{self.crew},yes,{next(NUMBERS)}\n".encode()

    def spare_template(self) -> str:
        """A template like the one, to be deleted; where there is none, the one that is not there."""
        if self.template == "no-such-template":
            return self.template
        like = self.maker.templates.get(self.template)
        spare = self.maker.templates.create(like.template.model_copy(update={"key": f"spare-{next(NUMBERS)}"}))
        return self.maker.templates.share(spare.template.key, like.shared).template.key

    def spare_outcome(self) -> int:
        if self.crew == 9_999_999:
            return self.crew
        return self.maker.outcomes.record_outside(OutsideRun(crew_id=self.crew, succeeded=True)).id


@dataclass(frozen=True)
class World:
    house: Crewgen
    askers: dict[str, Crewgen]
    private: Things
    shared: Things
    open: Things
    """Made without login."""
    missing: Things


def make_things(door: Crewgen) -> Things:
    """Make one of each, as this person."""
    made = door.generate(OBJECTIVE, "")
    job = door.bulk.start_items(NewJob(name="Bikes"), [NewItem(0, OBJECTIVE.text)])
    work_on_all(door, job.id)
    item = door.bulk.list_items(job.id).items[0]
    template = door.templates.create(market_template(key=f"market-{next(NUMBERS)}"))
    stored = door.crews.get(made.crew_id)
    with door.database.begin() as connection:
        outputs = {task.key: "A result." for task in stored.crew.tasks}
        run = add_run(connection, stored, outputs, RunSettings(judge="checks"), owner_id=door.person.id)
        question = run_records.ask(connection, run, stored.crew.tasks[0].key, "A draft.")
    return Things(
        maker=door,
        crew=made.crew_id,
        request=made.request_id,
        job=job.id,
        item=item.id,
        template=template.template.key,
        run=run,
        question=question,
        outcome=door.outcomes.record_run(run, GOOD).id,
        optimization=door.optimizing.optimize_stored(made.crew_id, "cost").row.id,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    house = Crewgen(Settings(database_url=f"sqlite:///{folder / 'crewgen.db'}", log_level="ERROR"), {})

    def enter(name: str, role: Role) -> Crewgen:
        return house.acting_for(house.people.sign_in(name, f"{name}@example.org", name, role))

    ada, ben = enter("Ada", Role.EDITOR), enter("Ben", Role.EDITOR)
    askers = {"owner": ada, "other": ben, "viewer": enter("Vera", Role.VIEWER), "admin": enter("Root", Role.ADMIN)}
    shared = make_things(ada)
    ada.crews.share(shared.crew, True)
    ada.bulk.share(shared.job, True)
    ada.templates.share(shared.template, True)
    yield World(
        house, askers | {"without login": house}, make_things(ada), shared, make_things(house), Things(maker=house)
    )
    house.database.close()


Ask = Callable[[Crewgen, Things], object]

LOOK: dict[str, Ask] = {
    "crews.get": lambda it, of: it.crews.get(of.crew),
    "crews.versions": lambda it, of: it.crews.versions(of.crew),
    "crews.compare_versions": lambda it, of: it.crews.compare_versions(of.crew, 1, 1),
    "get_request": lambda it, of: it.get_request(of.request),
    "audit.list_of_crew": lambda it, of: it.audit.list_of_crew(of.crew),
    "bulk.get": lambda it, of: it.bulk.get(of.job),
    "bulk.progress": lambda it, of: it.bulk.progress(of.job),
    "bulk.list_items": lambda it, of: it.bulk.list_items(of.job),
    "bulk.list_domains": lambda it, of: it.bulk.list_domains(of.job),
    "bulk.spread": lambda it, of: it.bulk.spread(of.job),
    "bulk.compare": lambda it, of: it.bulk.compare([of.item, of.item]),
    "bulk.export csv": lambda it, of: it.bulk.export(of.job, "csv"),
    "bulk.export jsonl": lambda it, of: it.bulk.export(of.job, "jsonl"),
    "bulk.export zip": lambda it, of: it.bulk.export(of.job, "crewgen"),
    "templates.get": lambda it, of: it.templates.get(of.template),
    "templates.versions": lambda it, of: it.templates.versions(of.template),
    "templates.compare_versions": lambda it, of: it.templates.compare_versions(of.template, 1, 1),
    "templates.preview": lambda it, of: it.templates.preview(of.template),
    "templates.write_objective": lambda it, of: it.templates.write_objective(of.template),
    "templates.measure": lambda it, of: it.templates.measure(of.template),
    "templates.propose_from_crew": lambda it, of: it.templates.propose_from_crew(of.crew),
    "templates.export": lambda it, of: it.templates.export(of.template),
    "running.preflight": lambda it, of: it.running.preflight(of.crew),
    "running.get": lambda it, of: it.running.get(of.run),
    "running.progress": lambda it, of: it.running.progress(of.run),
    "run_reports.foresee": lambda it, of: it.run_reports.foresee(of.crew, None, RunSettings()),
    "run_reports.list_placeholders": lambda it, of: it.run_reports.list_placeholders(of.crew),
    "run_reports.read_crew": lambda it, of: it.run_reports.read_crew(of.run),
    "run_reports.compare": lambda it, of: it.run_reports.compare(of.run),
    "run_reports.export": lambda it, of: it.run_reports.export(of.run),
    "outcomes.get": lambda it, of: it.outcomes.get(of.outcome),
    "outcomes.check_run": lambda it, of: it.outcomes.check_run(of.run),
    "reports.describe_crew": lambda it, of: it.reports.describe_crew(of.crew),
    "reports.describe_job": lambda it, of: it.reports.describe_job(of.job),
    "reports.crew": lambda it, of: it.reports.crew(of.crew),
    "reports.job": lambda it, of: it.reports.job(of.job),
    "searching.star": lambda it, of: it.searching.star("crew", of.crew),
    "searching.note_opened": lambda it, of: it.searching.note_opened("job", of.job),
    "optimizing.get": lambda it, of: it.optimizing.get(of.optimization),
}
"""Seen by the owner and administrators, by everybody once it is shared or where it was made without login."""

USE: dict[str, Ask] = {
    "crews.copy": lambda it, of: it.crews.copy(of.crew),
    "bulk.follow_up": lambda it, of: it.bulk.follow_up(of.job, NewJob(name="Again", kind="validate")),
    "templates.use": lambda it, of: it.templates.use(of.template, model=""),
    "templates.duplicate": lambda it, of: it.templates.duplicate(of.template),
    "templates.create_from_crew": lambda it, of: it.templates.create_from_crew(of.crew),
    "running.start": lambda it, of: it.running.start(of.crew, settings=RunSettings(dry=True, budget_usd=None)),
    "running.again": lambda it, of: it.running.again(of.run),
    "running.go_on": lambda it, of: it.running.go_on(of.run),
}
"""Makes something of one's own out of what may be seen."""

CHANGE: dict[str, Ask] = {
    "crews.save_version": lambda it, of: it.crews.save_version(
        of.crew, it.crews.get(of.crew).crew, "Edited", of.newest(it)
    ),
    "crews.revert": lambda it, of: it.crews.revert(of.crew, 1, of.newest(it)),
    "crews.refine": lambda it, of: it.crews.refine(of.crew, "add a reviewer who checks the report", ""),
    "crews.share": lambda it, of: it.crews.share(of.crew, it.crews.get(of.crew).shared),
    "bulk.pause": lambda it, of: it.bulk.pause(of.job),
    "bulk.resume": lambda it, of: it.bulk.resume(of.job),
    "bulk.cancel": lambda it, of: it.bulk.cancel(of.job),
    "bulk.retry": lambda it, of: it.bulk.retry(of.job),
    "bulk.set_budget": lambda it, of: it.bulk.set_budget(of.job, None),
    "bulk.share": lambda it, of: it.bulk.share(of.job, it.bulk.get(of.job).shared),
    "templates.edit": lambda it, of: _edit_template(it, of),
    "templates.revert": lambda it, of: it.templates.revert(of.template, 1, it.templates.get(of.template).newest),
    "templates.archive": lambda it, of: it.templates.archive(of.spare_template()),
    "templates.restore": lambda it, of: it.templates.restore(of.template),
    "templates.share": lambda it, of: it.templates.share(of.template, it.templates.get(of.template).shared),
    "templates.delete": lambda it, of: it.templates.delete(of.spare_template()),
    "running.stop": lambda it, of: it.running.stop(of.run),
    "running.answer": lambda it, of: it.running.answer(of.question),
    "outcomes.record_run": lambda it, of: it.outcomes.record_run(of.run, GOOD),
    "outcomes.record_outside": lambda it, of: it.outcomes.record_outside(OutsideRun(crew_id=of.crew, succeeded=True)),
    "outcomes.change": lambda it, of: it.outcomes.change(of.outcome, GOOD),
    "outcomes.delete": lambda it, of: it.outcomes.delete(of.spare_outcome()),
    "outcomes.judge_run": lambda it, of: it.outcomes.judge_run(_forget_outcome(of)),
    "deletions.delete": lambda it, of: it.deletions.delete("template", of.spare_template()),
    "optimizing.optimize_stored": lambda it, of: it.optimizing.optimize_stored(of.crew, "speed"),
    "optimizing.apply": lambda it, of: it.optimizing.apply(of.optimization, (), of.newest(it)),
}
"""For the owner and administrators; for every editor where it was made without login."""

LISTS: dict[str, Callable[[Crewgen, Things], tuple[object, object]]] = {
    "crews.list": lambda it, of: (of.crew, [row.id for row in it.crews.list(limit=1_000)]),
    "crews.list searched": lambda it, of: (of.crew, [row.id for row in it.crews.list("electric bikes", 1_000)]),
    "crews.list of two letters": lambda it, of: (of.crew, [row.id for row in it.crews.list("el", 1_000)]),
    "list_requests": lambda it, of: (of.request, [row.id for row in it.list_requests(1_000)]),
    "list_requests completed": lambda it, of: (of.request, [row.id for row in it.list_requests(99, state="completed")]),
    "bulk.list_jobs": lambda it, of: (of.job, [job.id for job in it.bulk.list_jobs(1_000)]),
    "templates.list": lambda it, of: (of.template, [row.key for row in it.templates.list(EVERY, 1_000)]),
    "templates.is_there": lambda it, of: (of.template, [of.template] * it.templates.is_there(of.template)),
    "templates.suggest": lambda it, of: (of.template, [row.key for row in it.templates.suggest(BRIEF, 1_000)]),
    "running.list_runs": lambda it, of: (of.run, [run.id for run in it.running.list_runs(limit=1_000)]),
    "running.list_runs of the crew": lambda it, of: (of.run, [run.id for run in it.running.list_runs(of.crew)]),
    "searching.search crews": lambda it, of: (str(of.crew), _keys(it.searching.search("electric bikes", 50).crews)),
    "searching.search jobs": lambda it, of: (str(of.job), _keys(it.searching.search("bikes", 50).jobs)),
    "searching.search templates": lambda it, of: (of.template, _keys(it.searching.search("market", 50).templates)),
    "searching.search runs": lambda it, of: (str(of.run), _keys(it.searching.search("electric bikes", 50).runs)),
    "run_reports.list_crews": lambda it, of: (of.crew, it.run_reports.list_crews()),
    "outcomes.find_of_run": lambda it, of: (of.outcome, [_id(it.outcomes.find_of_run(of.run))]),
    "outcomes.list_outcomes": lambda it, of: (of.outcome, [one.id for one in it.outcomes.list_outcomes(limit=1_000)]),
    "optimizing.list_of": lambda it, of: (of.optimization, [row.id for row in it.optimizing.list_of(of.crew, 1_000)]),
}
"""Lists that hold what may be seen. Requests, and what is somebody's alone, are in nobody else's list."""

EVERY = TemplateQuery(archived=None)
BRIEF = "Size the market for electric cargo bikes and write a brief for the board."

COUNTS: dict[str, Callable[[Crewgen], tuple[int, int]]] = {
    "crews.count": lambda it: (it.crews.count(), len(it.crews.list(limit=1_000))),
    "crews.count searched": lambda it: (it.crews.count("bikes"), len(it.crews.list("bikes", 1_000))),
    "count_everything": lambda it: (it.count_everything().crews, len(it.crews.list(limit=1_000))),
    "requests counted": lambda it: (sum(it.count_everything().requests.values()), len(it.list_requests(1_000))),
    "versions counted": lambda it: (
        it.count_everything().versions,
        sum(len(it.crews.versions(row.id)) for row in it.crews.list(limit=1_000)),
    ),
    "templates.count": lambda it: (it.templates.count(EVERY), len(it.templates.list(EVERY, 1_000))),
    "running.count_runs": lambda it: (it.running.count_runs(), len(it.running.list_runs(limit=1_000))),
    "outcomes.count": lambda it: (it.outcomes.count(), len(it.outcomes.list_outcomes(limit=1_000))),
}

ADMINS: dict[str, Callable[[Crewgen], object]] = {
    "models.correct": lambda it: it.models.correct(
        ModelCorrection(model="openai/gpt-5-mini", input_usd=Decimal(1), source="x")
    ),
    "models.forget": lambda it: it.models.forget("openai/gpt-5-mini"),
    "audit.list_events": lambda it: it.audit.list_events(),
}

ELSEWHERE = {
    # makes something of one's own, or only computes with what is given
    *(
        "acting_for",
        "open",
        "reads_at_once",
        "count_changes",
        "catalog",
        "analyze",
        "generate",
        "generate_async",
        "begin_generating",
        "alternatives",
    ),
    *("review", "explain_estimate", "mend", "effect_of", "refine", "refine_async", "explain", "list_reasons", "craft"),
    *("crews.save", "export", "export_table", "read_crew", "examine", "rules", "failure_study", "prevented"),
    *("list_causes", "knowledge", "database", "end_abandoned", "close"),
    *(f"bulk.{it}" for it in ("inspect", "sample", "encodings", "forecast", "start", "start_items", "find_unfinished")),
    *("bulk.open_workplace", "bulk.close_workplace", "bulk.expect_work"),
    *(f"templates.{it}" for it in ("database", "check", "preview_template", "create", "create_empty", "rebuild")),
    *(f"templates.{it}" for it in ("find_free_key", "read", "import_file", "list_labels", "compare_all")),
    *("running.available", "running.speak_for_owner", "outcomes.sample", "outcomes.predict", "outcomes.calibration"),
    *("outcomes.report_calibration", "outcomes.import_file", "outcomes.list_templates"),
    *(f"optimizing.{it}" for it in ("optimize", "find_frontier", "read_stated")),
    *(f"searching.{it}" for it in ("is_starred", "list_starred", "list_opened")),
    *(f"deletions.{it}" for it in ("restore", "list", "purge")),
    *(f"analytics.{it}" for it in ("choices", "find_span", "overview", "spending", "quality")),
    *(f"models.{it}" for it in ("lookup", "read", "list_models", "fault", "profile_of", "list_providers")),
    *("models.find_candidates", "models.suggest"),
    *(f"checking.{it}" for it in ("check", "split", "check_one", "mend", "export_table", "export_crews")),
}
"""Questions about nobody's things, or that have tests of their own below."""

PARTS = {
    "crews": Crews,
    "bulk": Bulk,
    "templates": Templates,
    "running": Running,
    "run_reports": RunReports,
    "outcomes": Outcomes,
    "optimizing": Optimizing,
    "analytics": Analytics,
    "models": ModelRegister,
    "checking": Checking,
    "reports": Reports,
    "audit": Audit,
    "deletions": Deletions,
    "searching": Searching,
}
OTHERS_PARTS = {"people", "limits", "backups", "repeats", "operating", "demo", "tour"}
"""Parts about people and the house, with tests of their own."""


def _edit_template(door: Crewgen, of: Things) -> object:
    stored = door.templates.get(of.template)
    return door.templates.edit(of.template, stored.template, "Edited", stored.newest)


def _forget_outcome(of: Things) -> int:
    """Return a run that nobody judged yet, like the one."""
    if of.crew == 9_999_999:
        return of.run
    stored = of.maker.crews.get(of.crew)
    outputs = {task.key: "A long result that says what was found, in full." for task in stored.crew.tasks}
    with of.maker.database.begin() as connection:
        return add_run(connection, stored, outputs, RunSettings(judge="checks"), owner_id=of.maker.person.id)


def _keys(found: Iterable[Found]) -> list[str]:
    return [one.key for one in found]


def _id(found: Any) -> int | None:
    return found.id if found else None


def tell(ask: Callable[[], object]) -> str:
    """Return what came of a question; other faults than of persons come after these were looked at."""
    try:
        ask()
    except NotFound:
        return "not found"
    except NotAllowed:
        return "not allowed"
    except CrewgenError:
        return "allowed"
    return "allowed"


@pytest.mark.parametrize("name", LOOK)
def test_what_is_not_shared_is_not_there_for_others_and_what_is_shared_is_there_for_everybody(world: World, name: str):
    told = {
        whose: {who: tell(lambda door=door, of=of: LOOK[name](door, of)) for who, door in world.askers.items()}
        for whose, of in (("private", world.private), ("shared", world.shared), ("open", world.open))
    }
    everybody = dict.fromkeys(world.askers, "allowed")
    assert told == {
        "private": everybody | {"other": "not found", "viewer": "not found"},
        "shared": everybody,
        "open": everybody,
    }


@pytest.mark.parametrize("name", USE)
def test_who_may_make_things_may_use_what_they_see(world: World, name: str):
    told = {
        whose: {who: tell(lambda door=door, of=of: USE[name](door, of)) for who, door in world.askers.items()}
        for whose, of in (("private", world.private), ("shared", world.shared), ("open", world.open))
    }
    viewers = {told[whose].pop("viewer") for whose in ("shared", "open")}
    assert viewers <= {"not allowed", "allowed"}  # allowed is what ends before it would store: no CrewAI is here
    assert told["private"].pop("viewer") in ("not allowed", "not found")
    makers = dict.fromkeys(("owner", "other", "admin", "without login"), "allowed")
    assert told == {"private": makers | {"other": "not found"}, "shared": makers, "open": makers}


@pytest.mark.parametrize("name", CHANGE)
def test_only_who_owns_a_thing_changes_it(world: World, name: str):
    told = {
        whose: {who: tell(lambda door=door, of=of: CHANGE[name](door, of)) for who, door in world.askers.items()}
        for whose, of in (("private", world.private), ("shared", world.shared), ("open", world.open))
    }
    assert told["private"].pop("viewer") in ("not allowed", "not found")
    assert {told[whose].pop("viewer") for whose in ("shared", "open")} == {"not allowed"}
    makers = dict.fromkeys(("owner", "other", "admin", "without login"), "allowed")
    assert told == {
        "private": makers | {"other": "not found"},
        "shared": makers | {"other": "not allowed"},
        "open": makers,
    }


@pytest.mark.parametrize("who", ["other", "viewer"])
@pytest.mark.parametrize("name", [*LOOK, *USE, *CHANGE])
def test_what_may_not_be_seen_is_told_like_what_is_not_there(world: World, name: str, who: str):
    ask, door = (LOOK | USE | CHANGE)[name], world.askers[who]
    kinds = (
        NotFound if who == "other" else (NotFound, NotAllowed)
    )  # of some, viewers are told first that they only look
    told = list[str]()
    for of in (replace(world.private, maker=world.askers["owner"]), world.missing):
        with pytest.raises(kinds) as fault:
            ask(door, of)
        sentence = f"{fault.type.__name__} {fault.value} {fault.value.hint}"
        told.append(re.sub(r"\d+|market-\d+|spare-\d+|no-such-template", "#", sentence))
    assert told[0] == told[1]


@pytest.mark.parametrize("name", LISTS)
def test_lists_hold_what_may_be_seen(world: World, name: str):
    held = {
        whose: {who for who, door in world.askers.items() for one, all_ in [LISTS[name](door, of)] if one in all_}  # type: ignore[operator]
        for whose, of in (("private", world.private), ("shared", world.shared), ("open", world.open))
    }
    insiders, everybody = {"owner", "admin", "without login"}, set(world.askers)
    of_person = name.startswith("list_requests")
    assert held == {"private": insiders, "shared": insiders if of_person else everybody, "open": everybody}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_of_what_is_listed(world: World, name: str):
    for who, door in world.askers.items():
        counted, listed = COUNTS[name](door)
        assert counted == listed, who


@pytest.mark.parametrize("name", ADMINS)
def test_only_administrators_do_what_holds_for_everybody(world: World, name: str):
    told = {who: tell(lambda door=door: ADMINS[name](door)) for who, door in world.askers.items()}
    refused = dict.fromkeys(("owner", "other", "viewer"), "not allowed")
    assert told | {"without login": "", "admin": ""} == refused | {"without login": "", "admin": ""}
    assert "not allowed" not in (told["admin"], told["without login"])


def test_pages_of_a_list_leave_nothing_out_and_show_nothing_twice(world: World):
    ben = world.askers["other"]
    seen, before = list[int](), None
    while page := ben.crews.list(limit=2, before=before):
        seen += [row.id for row in page]
        before = seen[-1]
    assert seen == [row.id for row in ben.crews.list(limit=1_000)]


def test_a_person_who_only_looks_makes_nothing(world: World):
    vera = world.askers["viewer"]
    for ask in (
        lambda: vera.generate(OBJECTIVE, ""),
        lambda: vera.crews.save(vera.crews.get(world.shared.crew).crew),
        lambda: vera.bulk.start_items(NewJob(name="Mine"), [NewItem(0, OBJECTIVE.text)]),
        lambda: vera.templates.create_empty("Mine"),
        lambda: vera.outcomes.import_file("runs.csv", world.shared.file()),
    ):
        with pytest.raises(NotAllowed, match="may look"):
            ask()


@pytest.mark.parametrize("thing", ["crew", "job", "run", "outcome"])
def test_what_was_deleted_comes_back_for_whoever_may_change_it(world: World, thing: Deletable):
    ada, askers = world.askers["owner"], world.askers
    things = make_things(ada)
    ada.crews.share(things.crew, True)
    ada.bulk.share(things.job, True)
    key = str(getattr(things, thing))
    for who in ("other", "viewer"):
        with pytest.raises(NotAllowed):
            askers[who].deletions.delete(thing, key)
    ada.deletions.delete(thing, key)
    seen = {who for who, door in askers.items() if (thing, key) in [(it.thing, it.key) for it in door.deletions.list()]}
    assert seen == {"owner", "admin", "without login"}
    for who, fault in (("other", NotFound), ("viewer", NotAllowed)):
        with pytest.raises(fault):
            askers[who].deletions.restore(thing, key)
    assert ada.deletions.restore(thing, key).key == key


def test_rows_of_a_file_about_crews_of_others_are_left_out(world: World):
    ben, ada = world.askers["other"], world.askers["owner"]
    of_private = ben.outcomes.import_file("runs.csv", world.private.file())
    of_shared = ben.outcomes.import_file("runs.csv", world.shared.file())
    of_missing = ben.outcomes.import_file("runs.csv", world.missing.file())
    assert [it.recorded for it in (of_private, of_shared, of_missing)] == [0, 0, 0]
    reasons = [re.sub(r"\d+", "#", it.bad_rows[0].reason) for it in (of_private, of_missing)]
    assert reasons[0] == reasons[1]
    assert "belongs to somebody else" in of_shared.bad_rows[0].reason
    assert ada.outcomes.import_file("runs.csv", world.private.file()).recorded == 1


def test_what_was_answered_to_somebody_else_is_not_given_away(world: World):
    made = world.askers["owner"].get_request(world.private.request)
    assert made.design
    with world.askers["owner"].database.begin() as connection:
        request_id = requests.create(connection, OBJECTIVE, "openai/gpt-5-mini")
        requests.complete(connection, request_id, made.design, "the same key")
    found = {}
    for who, door in world.askers.items():
        with door.database.read() as connection:
            found[who] = requests.find_answered(connection, "the same key") is not None
    assert found == {"owner": True, "other": False, "viewer": False, "admin": True, "without login": True}


def test_rows_of_a_job_use_only_templates_that_its_owner_sees(world: World):
    ben = world.askers["other"]
    rows = [NewItem(0, BRIEF, requirements={"template": of.template}) for of in (world.private, world.shared)]
    job = ben.bulk.start_items(NewJob(name="Markets"), rows)
    work_on_all(world.house, job.id)
    refused, made = ben.bulk.list_items(job.id).items
    assert (refused.state, made.state) == ("failed", "completed")
    assert refused.failure_reason == f"There is no template {world.private.template}."


def test_what_a_job_makes_belongs_to_who_started_it_even_after_they_may_only_look(world: World):
    house = world.house
    cleo = house.people.sign_in("Cleo", "cleo@example.org", "Cleo", Role.EDITOR)
    job = house.acting_for(cleo).bulk.start_items(NewJob(name="Cleo's"), [NewItem(0, OBJECTIVE.text)])
    house.people.set_role(cleo.id or 0, Role.VIEWER)
    work_on_all(house, job.id)
    looker = house.acting_for(cleo.model_copy(update={"role": Role.VIEWER}))
    item = looker.bulk.list_items(job.id).items[0]
    assert looker.crews.get(item.crew_id or 0).owner_name == "Cleo"
    assert looker.get_request(item.request_id or 0).owner_id == cleo.id
    assert tell(lambda: world.askers["other"].crews.get(item.crew_id or 0)) == "not found"


def test_sharing_a_job_shares_its_crews_and_those_still_to_come(world: World):
    ada, ben = world.askers["owner"], world.askers["other"]
    job = ada.bulk.start_items(NewJob(name="Later"), [NewItem(0, OBJECTIVE.text)])
    ada.bulk.share(job.id, True)
    work_on_all(world.house, job.id)
    crew_id = ben.bulk.list_items(job.id).items[0].crew_id or 0
    assert ben.crews.get(crew_id).shared
    ada.bulk.share(job.id, False)
    assert tell(lambda: ben.crews.get(crew_id)) == "not found"


def test_a_run_of_a_shared_crew_is_of_who_started_it(world: World):
    ada, ben = world.askers["owner"], world.askers["other"]
    crew = ada.crews.copy(world.shared.crew)
    ada.crews.share(crew.crew_id, True)
    with ben.database.begin() as connection:
        run = add_run(connection, crew, {task.key: "Done." for task in crew.crew.tasks}, owner_id=ben.person.id)
    assert ben.running.get(run).may_change
    assert not ada.running.get(run).may_change
    assert tell(lambda: ada.outcomes.record_run(run, GOOD)) == "not allowed"
    ada.crews.share(crew.crew_id, False)
    assert tell(lambda: ben.crews.get(crew.crew_id)) == "not found"
    assert ben.running.progress(run).run.owner_name == "Ben"
    assert ben.outcomes.record_run(run, GOOD).run_id == run
    assert ben.outcomes.list_outcomes(OutcomeQuery(crew_id=crew.crew_id))


def test_a_copy_is_ones_own_and_keeps_what_it_is_for(world: World):
    ada, ben = world.askers["owner"], world.askers["other"]
    copy, original = ben.crews.copy(world.shared.crew, 1), ada.crews.get(world.shared.crew, 1)
    assert (copy.owner_name, copy.shared, copy.may_change) == ("Ben", False, True)
    assert (copy.crew, copy.objective) == (original.crew, original.objective)
    assert copy.note == f"Copied from version 1 of crew {world.shared.crew}"
    assert ben.crews.get(copy.crew_id).crew == copy.crew


def test_of_two_edits_at_once_one_is_stored_and_the_other_is_told_who_was_first(world: World):
    ada, root = world.askers["owner"], world.askers["admin"]
    crew = ada.crews.copy(world.private.crew)
    edits = [crew.crew.model_copy(update={"name": name}) for name in ("Of Ada", "Of Root")]
    ada.crews.save_version(crew.crew_id, edits[0], "First", 1)
    with pytest.raises(EditConflict, match=r'by Ada as "First"; your edit started from 1'):
        root.crews.save_version(crew.crew_id, edits[1], "Second", 1)
    after = root.crews.save_version(crew.crew_id, edits[1], "Second, after a look", 2)
    assert [(row.note, row.made_by_name) for row in ada.crews.versions(crew.crew_id)][:2] == [
        ("Second, after a look", "Root"),
        ("First", "Ada"),
    ]
    assert after.crew == edits[1]


def test_a_crew_has_a_history_of_who_did_what(world: World):
    ada, ben = world.askers["owner"], world.askers["other"]
    crew = ada.crews.copy(world.private.crew)
    ada.crews.share(crew.crew_id, True)
    ada.crews.share(crew.crew_id, True)
    ada.crews.save_version(crew.crew_id, crew.crew, "Looked over", 1)
    told = [(event.person_name, event.action) for event in ben.audit.list_of_crew(crew.crew_id)]
    assert told == [("Ada", "changed"), ("Ada", "shared"), ("Ada", "created")]


def test_templates_of_others_have_no_name_in_analytics(world: World):
    ada, ben = world.askers["owner"], world.askers["other"]
    ada.templates.use(world.private.template, model="")
    scope = Scope(period=usual_period())
    for door, sees in ((ada, True), (ben, False), (world.askers["admin"], True)):
        shares = {share.template for share in door.analytics.overview(scope).templates}
        assert (world.private.template in shares) == sees
        assert (world.private.template in door.analytics.choices().templates) == sees
    sums = [door.analytics.overview(scope).now for door in (ada, ben)]
    assert sums[0] == sums[1]


def test_every_question_of_the_front_door_is_in_a_table():
    asked = {name.split()[0] for table in (LOOK, USE, CHANGE, LISTS, COUNTS, ADMINS) for name in table} - {
        "requests",
        "versions",
    }
    public = {name for name in {*vars(House), *vars(Crewgen)} if not name.startswith("_")} - PARTS.keys() - OTHERS_PARTS
    public |= {f"{part}.{name}" for part, kind in PARTS.items() for name in vars(kind) if not name.startswith("_")}
    assert public - asked - ELSEWHERE == set()
    assert (asked | ELSEWHERE) - public == set()


def test_a_person_is_told_whose_things_are(world: World):
    ben = world.askers["other"]
    (row,) = [row for row in ben.crews.list(limit=1_000) if row.id == world.shared.crew]
    assert (row.owner_name, row.shared, row.may_change) == ("Ada", True, False)
    job, template = ben.bulk.get(world.shared.job), ben.templates.get(world.shared.template)
    assert [(it.owner_name, it.may_change) for it in (job, template)] == [("Ada", False)] * 2
    assert ben.crews.get(world.open.crew).may_change and not ben.crews.get(world.open.crew).owner_name
