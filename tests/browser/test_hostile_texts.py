"""Text that would be a script, a picture or a link elsewhere is text on every page, whoever wrote it and wherever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Request, expect

from crewgen_core.app import Crewgen
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import OutcomeEntry
from crewgen_core.models.template import Blank, Template
from crewgen_core.settings import Settings
from tests.browser.conftest import RunDashboard
from tests.support.finished_jobs import finish_rows
from tests.support.pages import wait_until_idle
from tests.support.runs import ask, begin, put_finished_run, put_run

SIGN = "pwned"
HOSTILE = (
    f"<img src=x onerror=\"document.title='{SIGN}'\"><script>document.title='{SIGN}'</script>"
    f"[press](javascript:document.title='{SIGN}') ![p](http://outside.invalid/p.png) <svg onload=alert(1)> $x^2$"
)
"""What a page that renders HTML or Markdown would run, follow or fetch."""

LINKS = (
    "/",
    "/crew?crew={crew}",
    "/generate?template=hostile",
    "/bulk",
    "/job?job={job}",
    "/templates",
    "/template?template=hostile",
    "/validate",
    "/optimize?crew={crew}",
    "/runs",
    "/run?run={finished}",
    "/run?run={waiting}",
    "/analytics",
    "/settings",
)
"""Every page, and every view of one that shows what somebody wrote."""


def write_crew() -> Crew:
    """A crew that says it in every text, and does work that can be checked and run."""
    agent = Agent(
        key="writer",
        role=HOSTILE,
        goal=HOSTILE,
        backstory=HOSTILE,
        skills=(SkillLevel(name=HOSTILE[:80], proficiency=5),),
        model=HOSTILE[:100],
    )
    tasks = tuple(
        Task(key=key, name=HOSTILE, description=HOSTILE, expected_output=HOSTILE, agent="writer", depends_on=needs)
        for key, needs in (("first", ()), ("second", ("first",)))
    )
    return Crew(name=HOSTILE, objective=HOSTILE, agents=(agent,), tasks=tasks)


def fill(crewgen: Crewgen) -> dict[str, int]:
    """Write it into everything that a person, a file or a model can fill; return the ids of what was made."""
    objective = Objective(text=f"Write a report. {HOSTILE}", context=HOSTILE)
    crewgen.generate(objective, "")
    stored = crewgen.crews.save(write_crew(), objective, HOSTILE)
    crewgen.crews.save_version(stored.crew_id, stored.crew.model_copy(update={"name": HOSTILE + "2"}), HOSTILE, 1)
    runnable = crewgen.generate(objective, "").crew_id
    finished = put_finished_run(crewgen, runnable, [HOSTILE] * 40)
    crewgen.outcomes.record_run(finished, OutcomeEntry(succeeded=True, rating=3, comment=HOSTILE))
    waiting = put_run(crewgen, runnable)
    task = crewgen.running.progress(waiting).tasks[0].key
    begin(crewgen, waiting, task)
    ask(crewgen, waiting, task, HOSTILE)
    item = NewItem(2, f"Write a report. {HOSTILE}", name=HOSTILE, tags=HOSTILE, extra={HOSTILE: HOSTILE}, model="")
    job = crewgen.bulk.start_items(NewJob(name=HOSTILE, file_name=HOSTILE), [item, item._replace(line=3)])
    finish_rows(crewgen, job.id, failing=[2])
    crewgen.templates.create(
        Template(
            key="hostile",
            name=HOSTILE,
            description=HOSTILE,
            category=HOSTILE[:90],
            tags=(HOSTILE[:40],),
            objective=f"[[what]] {HOSTILE}",
            blanks=(Blank(name="what", label=HOSTILE[:90], help=HOSTILE[:200], default=HOSTILE),),
            crew=write_crew(),
        ),
        HOSTILE,
    )
    crewgen.models.correct(ModelCorrection(model="openai/gpt-5", label=HOSTILE[:60], source=HOSTILE[:100]))
    crewgen.people.make_token(HOSTILE[:90], "read")
    return {"crew": stored.crew_id, "job": job.id, "finished": finished, "waiting": waiting}


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, run_dashboard: RunDashboard
) -> Iterator[tuple[str, dict[str, int]]]:
    """The address of a dashboard that is full of it, and the ids."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{folder / 'crewgen.db'}"), {})
    ids = fill(crewgen)
    crewgen.database.close()
    with run_dashboard(folder, {"CREWGEN_WORKERS": "0"}) as address:
        yield address, ids


@pytest.mark.parametrize("link", LINKS)
def test_no_page_runs_follows_or_fetches_what_somebody_wrote(
    hostile: tuple[str, dict[str, int]], page: Page, link: str
) -> None:
    address, ids = hostile
    outside: list[str] = []
    dialogs: list[str] = []

    def note(request: Request) -> None:
        if "outside.invalid" in request.url or request.url.endswith("/x"):
            outside.append(request.url)

    def refuse(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", note)
    page.on("dialog", refuse)
    page.goto(address + link.format(**ids))
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("heading").first).to_be_visible()
    wait_until_idle(page)
    for at in range(main.get_by_role("tab").count()):
        main.get_by_role("tab").nth(at).click()
        wait_until_idle(page)
    if "{" in link:
        expect(main).to_contain_text(HOSTILE[:10])  # it is shown, as text
    for sign in ("img[src='x']", "img[src*='outside']", "a[href^='javascript']", "svg[onload]", "script", ".katex"):
        assert main.locator(sign).count() == 0, sign
    assert (SIGN in page.title(), outside, dialogs) == (False, [], [])
