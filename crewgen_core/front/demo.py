"""The front door's part for the demo: four scenarios to look at, put in and taken out in one step."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.composer import Composer
from crewgen_core.exports.parts import take_apart
from crewgen_core.logs import get_log
from crewgen_core.models.demo import DemoRemoval, DemoSummary, KeptThing, SimulatedRun
from crewgen_core.models.design import Design
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.run import Prediction
from crewgen_core.models.template import StoredTemplate, Template
from crewgen_core.pipeline import Knowledge, Tell, design
from crewgen_core.scenarios.reading import read_briefs, read_scenarios
from crewgen_core.scenarios.scenario import BRIEFS_FILE, JOB_DAYS_AGO, JOB_NAME, DemoObjective, DemoTemplate
from crewgen_core.scenarios.simulating import simulate_run
from crewgen_core.storage import demo, templates
from crewgen_core.storage.database import Database
from crewgen_core.storage.demo import DemoCrew, DemoJob
from crewgen_core.storage.documents import write_limits
from crewgen_core.templates.composer import TemplateComposer
from crewgen_core.templates.proposing import propose_template

_OFFICE_HOURS = (8, 17)
"""Hours of the day, UTC, at which crews and runs of the demo are dated."""


def _tell_nobody(_: str) -> None:
    pass


class Demo:
    """Everything that can be asked about the demo."""

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        database: Callable[[], Database],
        find_database: Callable[[], Database | None],
    ) -> None:
        """``find_database`` returns None as long as there is no database; nothing is opened before it is needed."""
        self._knowledge = knowledge
        self._database = database
        self._find_database = find_database
        self._log = get_log("demo")

    def load(self, tell: Tell = _tell_nobody) -> DemoSummary:
        """Put the demo in, and return what is there; loading a loaded one changes nothing.

        Everything is designed first, by the built-in engine and without what own outcomes taught, and then stored at
        once: whoever stops it leaves nothing behind. It belongs to who asks and is shared with everybody. ``tell`` is
        told each step. Raises NotAllowed.
        """
        with self._database().begin() as connection:  # who may not write is told before the work
            present = demo.read_summary(connection)
        if present.is_loaded:
            return present
        now = datetime.now(UTC)
        making = _Making(replace(self._knowledge(), calibration=None), now, self._find_free_key)
        with asyncio.Runner() as runner:
            crews, made_of = runner.run(making.make_scenarios(tell))
            job = runner.run(making.make_job(tell))
        tell("Storing everything")
        with self._database().begin() as connection:
            is_new = demo.put_in(connection, crews, made_of, job)
            loaded = demo.read_summary(connection)
        if is_new:
            self._log.info("demo loaded", crews=loaded.crews, runs=loaded.runs)
        return loaded

    def remove(self) -> DemoRemoval:
        """Take the demo out, and return what is gone and what stays because somebody made it their own.

        A crew that was changed, run, optimized or used by a job stays, and so do jobs and templates that others were
        made of; they are then like any other. Removing what is not loaded changes nothing. Raises NotAllowed.
        """
        with self._database().begin() as connection:
            removed = demo.take_out(connection)
        self._log.info("demo removed", crews=removed.removed.crews, kept=len(removed.kept))
        return removed

    def summary(self) -> DemoSummary:
        """Return what of the demo is loaded; cheap enough for every page."""
        database = self._find_database()
        if database is None:
            return DemoSummary(loaded_at=None)
        with database.read() as connection:
            return demo.read_summary(connection)

    def is_loaded(self) -> bool:
        """Tell whether a demo is loaded."""
        return self.summary().is_loaded

    def list_kept(self) -> tuple[KeptThing, ...]:
        """Return what would stay if the demo were removed now, each with the reason."""
        with self._database().read() as connection:
            return demo.find_kept(connection)

    def _find_free_key(self, key: str) -> str:
        """Return a key for a template that no other has: one of an earlier demo may have become somebody's own."""
        free, number = key, 2
        with self._database().read() as connection:
            while templates.is_there(connection, free):
                free, number = f"{key}-{number}", number + 1
        return free


class _Making:
    """Designs what the demo consists of; nothing is stored here."""

    def __init__(self, knowledge: Knowledge, now: datetime, find_free_key: Callable[[str], str]) -> None:
        self._find_free_key = find_free_key
        self._knowledge = knowledge
        self._now = now
        self._built_in: Composer = CatalogComposer(knowledge.catalog)

    @property
    def _catalog(self) -> Catalog:
        return self._knowledge.catalog

    async def make_scenarios(self, tell: Tell) -> tuple[list[DemoCrew], list[tuple[Template, str]]]:
        """Return the crews of all scenarios, the oldest first, and their templates, each with its note."""
        crews, made_of = list[DemoCrew](), list[tuple[Template, str]]()
        for scenario in read_scenarios():
            tell(f"Designing the crews for “{scenario.name}”")
            made = [await self._make_crew(wanted, self._built_in) for wanted in scenario.crews]
            if scenario.template:
                template = self._make_template(scenario.template, made[0].design)
                made_of.append((template, f"Made from the demo crew “{made[0].design.crew.name}”"))
                made.append(await self._use_template(scenario.template, template))
            crews += made
        return sorted(crews, key=lambda crew: crew.at), made_of

    async def make_job(self, tell: Tell) -> DemoJob:
        """Return the bulk job, with a crew for every row."""
        briefs = read_briefs()
        tell(f"Designing a crew for each of {len(briefs)} rows of a file")
        designs = [await design(brief.objective, self._built_in, self._knowledge) for brief in briefs]
        items = [
            NewItem(
                line=brief.line,
                text=brief.objective.text,
                name=brief.name,
                requirements=write_limits(brief.objective),
                tags=brief.tags,
            )
            for brief in briefs
        ]
        new = NewJob(name=JOB_NAME, file_name=BRIEFS_FILE)
        return DemoJob(new, items, designs, self._date(JOB_DAYS_AGO, "job"))

    async def _make_crew(self, wanted: DemoObjective, composer: Composer) -> DemoCrew:
        made = await design(wanted.objective, composer, self._knowledge)
        figures = made.estimate
        predicted = Prediction(
            success=figures.success.p50,
            cost_usd=None if figures.cost_usd is None else figures.cost_usd.p50,
            duration_s=figures.duration_s.p50,
            tokens=figures.tokens.p50,
        )
        at = self._date(wanted.days_ago, made.crew.name)
        return DemoCrew(made, at, predicted, self._simulate(made, wanted))

    async def _use_template(self, wanted: DemoTemplate, template: Template) -> DemoCrew:
        stored = StoredTemplate(
            template=template,
            number=1,
            newest=1,
            note="",
            uses=0,
            archived=False,
            shipped=False,
            created_at=self._now,
        )
        objective = wanted.use.objective.model_copy(update={"template": template.key, "template_number": 1})
        use = wanted.use.model_copy(update={"objective": objective})
        made = await self._make_crew(use, TemplateComposer(stored, self._catalog))
        named = made.design.crew.model_copy(update={"name": wanted.crew_name})
        return replace(made, design=made.design.model_copy(update={"crew": named}))

    def _make_template(self, wanted: DemoTemplate, origin: Design) -> Template:
        objective, subject = origin.objective.text, origin.analysis.subject
        proposed = propose_template(origin.crew, self._find_free_key(wanted.key), wanted.name, objective, subject)
        return proposed.model_copy(update={"description": wanted.description, "category": wanted.category, "tags": ()})

    def _simulate(self, made: Design, wanted: DemoObjective) -> Sequence[SimulatedRun]:
        """Return runs spread evenly over the days since the crew is dated, the newest a day ago."""
        parts = take_apart(made.crew, self._catalog)
        asynchronous = [task.key in parts.asynchronous for task in parts.tasks]
        runs = list[SimulatedRun]()
        for number in range(1, wanted.runs + 1):
            days_ago = max(1, round(wanted.days_ago * (1 - number / (wanted.runs + 1))))
            seed = f"{made.crew.name}, run {number}"
            began = self._date(days_ago, seed)
            runs.append(simulate_run(made.crew, made.estimate, parts.tasks, asynchronous, began, seed))
        return runs

    def _date(self, days_ago: int, seed: str) -> datetime:
        """Return a moment of an office day so long ago, always the same one for a seed."""
        minutes = Random(seed).randrange(*(60 * hour for hour in _OFFICE_HOURS))  # noqa: S311 a demo, no secret
        day = (self._now - timedelta(days=days_ago)).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(minutes=minutes)
