"""The house behind the front door: what everybody who asks shares, and what is theirs."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Self

from crewgen_core.alternatives.compare import Composed, compose_alternatives
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.day_limits import read_day_limits
from crewgen_core.errors import CrewgenError
from crewgen_core.front.generating import Generating
from crewgen_core.front.model_register import ModelFacts, ModelRegister
from crewgen_core.front.operating import CallMemory
from crewgen_core.front.outcomes import Outcomes
from crewgen_core.front.shelf import Shelf
from crewgen_core.learning.calibration import Calibration
from crewgen_core.logs import configure_logs, get_log
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import LOCAL, SYSTEM, Person
from crewgen_core.pipeline import Knowledge
from crewgen_core.request_rate import RequestRate
from crewgen_core.settings import Settings, load_settings
from crewgen_core.storage import purge, requests
from crewgen_core.storage.database import Database, is_there

MOST_COMPOSED = 64
"""Objectives whose built-in alternatives are kept in the process; the one asked for longest ago goes first."""

MOST_ANALYZED = 64
"""Objectives whose analyses are kept in the process, likewise."""

MOST_PEOPLE = 256
"""People whose front doors are kept in the process, likewise."""

ABANDONED_AFTER_S = 600.0
"""A request that is still open after ten minutes belongs to a program that stopped: no generation takes that long."""


class House:
    """What every question rests on: settings, who asks, the database, knowledge, and what is kept in memory.

    Cheap to make: the catalog, the prices and the database are opened when first needed.
    """

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str] = os.environ,
        person: Person = LOCAL,
        house: Self | None = None,
    ) -> None:
        """Take the settings; ``environment`` says which keys are set (names only are looked at).

        ``person`` is who asks; ``house`` is the one whose database and knowledge it shares (``acting_for``).
        """
        self.settings = settings
        self.person = person
        self._environment = environment
        self._house: Self = house or self
        self._log = get_log("app")

    def acting_for(self, person: Person) -> Self:
        """Return the front door as this person may use it: they see and change what is theirs to see and change."""
        return self._house if person == self._house.person else self._house._open_door(person.model_dump_json())

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """Read the settings where none are given, set up the logs, and return the front door."""
        settings = settings or load_settings()
        configure_logs(settings.log_level, settings.log_format)
        return cls(settings)

    @cached_property
    def catalog(self) -> Catalog:
        """What crewgen knows about work."""
        return load_catalog() if self._house is self else self._house.catalog

    @cached_property
    def database(self) -> Database:
        """The database, up to date; requests that a stopped program left open are closed with the reason."""
        if self._house is not self:
            return self._house.database.acting_for(self.person)
        database = Database.open(self.settings.database_url).acting_for(self.person)
        _end_abandoned(database)
        _purge(database)
        return database

    @property
    def reads_at_once(self) -> bool:
        """Whether a look into the database waits for nobody: it is open, and a file on this machine."""
        return "database" in self._house.__dict__ and self._house.database.is_file

    def count_changes(self) -> int | None:
        """Return a number that is another one once anything was stored, by anybody; None where that is not known."""
        return self._house.database.count_changes()

    @cached_property
    def models(self) -> ModelRegister:
        """What can be asked about models; whoever only reads about them makes no database."""
        return ModelRegister(self._find_database, lambda: self.database, self._environment)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What can be asked about what came of runs, and what is learned from it."""
        return Outcomes(
            lambda: self.knowledge,
            self._understand,
            lambda: self.database,
            self._find_database,
            self._generating.ask_model,
        )

    @property
    def knowledge(self) -> Knowledge:
        """What designing and reviewing rest on: learned from everybody, and the same for everybody."""
        if self._house is not self:
            return self._house.knowledge
        return Knowledge(
            catalog=self.catalog,
            profile_of=self.models.lookup(),
            run_model=self.settings.run_model,
            environment=frozenset(name for name, value in self._environment.items() if value),
            calibration=self.outcomes.calibration(),
        )

    def end_abandoned(self) -> int:
        """Close requests that a killed program left open, with the reason, and return how many there were."""
        database = self._find_database()
        return _end_abandoned(database) if database else 0

    @cached_property
    def _shelf(self) -> Shelf:
        """The templates as they are stored."""
        return Shelf(lambda: self.database)

    @cached_property
    def _generating(self) -> Generating:
        """Who designs a crew and keeps the request."""
        return Generating(self.settings, self._shelf, self.catalog, lambda: self.knowledge)

    @cached_property
    def _open_door(self) -> Callable[[str], Self]:
        """The front door of a person (as JSON); kept, since pages and programs come again and again."""

        @lru_cache(MOST_PEOPLE)
        def open_door(person: str) -> Self:
            return type(self)(self.settings, self._environment, Person.model_validate_json(person), self)

        return open_door

    @cached_property
    def _analyze_again(self) -> Callable[[str], Analysis]:
        """What is understood of an objective (as JSON); kept, since it is held against each state of a crew."""
        if self._house is not self:
            return self._house._analyze_again

        @lru_cache(MOST_ANALYZED)
        def understand(objective: str) -> Analysis:
            return analyze(Objective.model_validate_json(objective), self.catalog)

        return understand

    @cached_property
    def _compose_alternatives(self) -> Callable[[str, ModelFacts, Calibration], Composed]:
        """The built-in crews of an objective (as JSON), priced by the facts about models and what outcomes taught;
        kept, since a page asks for them again after each edit."""
        if self._house is not self:
            return self._house._compose_alternatives

        @lru_cache(MOST_COMPOSED)
        def compose(objective: str, facts: ModelFacts, learned: Calibration) -> Composed:
            knowledge = replace(self.knowledge, profile_of=facts.profile_of, calibration=learned)
            return compose_alternatives(Objective.model_validate_json(objective), knowledge)

        return compose

    @cached_property
    def _request_rate(self) -> RequestRate:
        """The requests of everybody within the last minute."""
        if self._house is not self:
            return self._house._request_rate
        per_minute = self.settings.requests_per_minute
        return RequestRate(per_minute, read_day_limits(self.settings).of_token(per_minute))

    @cached_property
    def _call_memory(self) -> CallMemory:
        return CallMemory()

    def _find_database(self) -> Database | None:
        """Return the database, None as long as there is none: who only reads does not make one."""
        opened = "database" in self._house.__dict__
        return self.database if opened or is_there(self.settings.database_url) else None

    def _understand(self, objective: Objective | None) -> Analysis | None:
        """Return what is understood of an objective; None where there is none that can be used."""
        try:
            return self._analyze_again(objective.model_dump_json()) if objective else None
        except CrewgenError:
            return None


def _end_abandoned(database: Database) -> int:
    with database.begin() as connection:
        return requests.mark_interrupted(connection, older_than_s=ABANDONED_AFTER_S)


def _purge(database: Database) -> None:
    """Delete for good what was deleted long ago; only where there is something, so that a reader writes nothing."""
    with database.read() as connection:
        due = purge.is_due(connection)
    if due:
        with database.acting_for(SYSTEM).begin() as connection:
            purge.purge(connection)
