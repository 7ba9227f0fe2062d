"""The front door's part for generating: a request with its crew, from Built-in, a model, or its earlier answer."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any

from crewgen_core.answer_key import answer_key
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.composer import Composer
from crewgen_core.composition.earlier import EarlierComposer
from crewgen_core.day_limits import read_day_limits
from crewgen_core.errors import CrewgenError, StorageFault
from crewgen_core.exports.design_document import design_document
from crewgen_core.front.shelf import Shelf
from crewgen_core.jobs.gate import AskModel, Gate, Limits
from crewgen_core.llm.call import Answer, Request
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.logs import get_log, request_context
from crewgen_core.models.design import Design, Draft
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, design
from crewgen_core.settings import Settings
from crewgen_core.storage import requests, usage

if TYPE_CHECKING:
    from crewgen_core.composition.names import Glossary
    from crewgen_core.llm.client import ModelClient


LOOKED_UP_EVERY_S = 3.0
"""Seconds after which a correction of a model's facts counts for rows of jobs that run."""


@dataclass(frozen=True)
class Generated:
    """A finished request: where its crew is stored, and everything about it."""

    request_id: int
    crew_id: int
    design: Design

    def document(self) -> dict[str, Any]:
        """Return it all as plain values, which every reader of crew files can read too."""
        return design_document(self.design, self.request_id, self.crew_id)


class Generating:
    """Designs crews and keeps the requests for them."""

    def __init__(
        self,
        settings: Settings,
        shelf: Shelf,
        catalog: Catalog,
        knowledge: Callable[[], Knowledge],
    ) -> None:
        """``knowledge`` is what is known at the moment of a request; the database is opened when first needed."""
        self._settings = settings
        self._shelf = shelf
        self._database = shelf.open
        self._catalog = catalog
        self._knowledge = knowledge
        self._row_knowledge: Knowledge | None = None
        self._looked_up_at = float("-inf")
        self._log = get_log("app")

    async def generate(
        self,
        objective: Objective,
        model: str,
        tell: Callable[[str], None],
        fresh: bool,
        opened: Callable[[int], None] = lambda _: None,
    ) -> Generated:
        """Design a crew and store it with its request, which is kept whatever happens; see ``Crewgen.generate``.

        ``model`` is a LiteLLM name, "" for Built-in; ``opened`` is told the number of the request as soon as it is
        stored. Raises CrewgenError.
        """
        objective, unusable = self._choose_template(objective)
        usable = bool(model) and unusable is None
        key = answer_key(objective, model, self._address, self._read_template(objective)) if usable else None
        earlier = None if fresh or key is None else self._find_earlier(key)
        with self._database().begin() as connection:
            usage.take_generation(connection, read_day_limits(self._settings))
            request_id = requests.create(connection, objective, model or None)
        opened(request_id)
        with request_context(request_id):
            try:
                with self._database().begin() as connection:
                    requests.start(connection, request_id)
                if unusable:
                    raise unusable
                composer = EarlierComposer(earlier) if earlier else self._composer(model, objective)
                made = await design(objective, composer, self._knowledge(), tell)
                kept = key if made.provenance.reusable else None
                with self._database().begin() as connection:
                    crew_id = requests.complete(connection, request_id, made, kept).crew_id
            except (Exception, asyncio.CancelledError) as fault:
                self._fail(request_id, fault)
                raise
            self._log.info(
                "crew designed",
                crew=crew_id,
                engine=made.provenance.label,
                seconds=made.provenance.seconds,
                fallback=made.provenance.fallback_reason,
                earlier=made.provenance.cached_from,
            )
            return Generated(request_id, crew_id, made)

    async def design_row(self, objective: Objective, model: str, ask: AskModel | None) -> Design:
        """Design a crew and store nothing; ``ask`` asks the model ("": Built-in). Raises UnusableObjective.

        What is known about models is looked up every few seconds only: rows follow each other in milliseconds.
        """
        if monotonic() - self._looked_up_at > LOOKED_UP_EVERY_S:
            self._row_knowledge, self._looked_up_at = self._knowledge(), monotonic()
        objective, unusable = self._choose_template(objective)
        if unusable:
            raise unusable
        return await design(objective, self._composer(model, objective, ask), self._row_knowledge or self._knowledge())

    async def ask_model(self, request: Request) -> Answer:
        """Ask a model for somebody who waits: before the jobs, but within the limits of its provider."""
        settings = self._settings
        limits = Limits(settings.calls_at_once, settings.calls_per_minute, read_day_limits(settings))
        gate = Gate(self._database(), self.client.ask, limits, settings.model_deadline_seconds, price_of=self.price_of)
        return await gate.ask(request)

    def price_of(self, model: str) -> ModelPrice | None:
        """Return what a model costs, also where only a person knows it."""
        return self._knowledge().profile_of(model).price

    def count_generation(self) -> None:
        """Count a crew that is asked for. Raises LimitReached."""
        with self._database().begin() as connection:
            usage.take_generation(connection, read_day_limits(self._settings))

    def prepare_calls(self) -> None:
        """Load what calls models; where that fails, each call says so."""
        from crewgen_core.llm.door import open_litellm

        with suppress(Exception):
            _ = self.client, open_litellm()

    async def call_model(self, request: Request) -> Answer:
        """Ask a model once, for a worker; one that meets no row with a model never waits for openai."""
        client = await asyncio.to_thread(lambda: self.client)
        return await client.ask(request)

    @property
    def client(self) -> "ModelClient":
        """What calls models."""
        # late: what asks a model brings openai, half a second that those without a model need not wait
        from crewgen_core.llm.client import ModelClient

        return ModelClient(self._settings.model_deadline_seconds, self._settings.model_base_url or None)

    @property
    def _address(self) -> str:
        """Where the server of models named "openai/…" is; "" for OpenAI's own."""
        return self._settings.model_base_url or os.environ.get("OPENAI_BASE_URL", "")

    def _choose_template(self, objective: Objective) -> tuple[Objective, CrewgenError | None]:
        """Return the objective with the version of its template, and why the template cannot be used."""
        if objective.template is None:
            return objective, None
        try:
            number = self._shelf.get_usable(objective.template, objective.template_number).number
        except CrewgenError as fault:
            return objective, fault
        return objective.model_copy(update={"template_number": number}), None

    def _read_template(self, objective: Objective) -> str:
        """Return the text of the objective's template; "" without one."""
        if objective.template is None:
            return ""
        return self._shelf.get(objective.template, objective.template_number).template.model_dump_json()

    def _composer(self, model: str, objective: Objective, ask: AskModel | None = None) -> Composer:
        built_in: Composer = CatalogComposer(self._catalog)
        template = objective.template
        if template is not None:
            from crewgen_core.templates.composer import TemplateComposer

            built_in = TemplateComposer(self._shelf.get(template, objective.template_number), self._catalog)
        if not model:
            return built_in
        from crewgen_core.composition.model import ModelComposer

        return ModelComposer(self._catalog, built_in, ask or self.ask_model, model, self._glossary)

    @cached_property
    def _glossary(self) -> "Glossary":
        from crewgen_core.composition.names import Glossary

        return Glossary(self._catalog)

    def _find_earlier(self, key: str) -> Draft | None:
        """Return the crew that a model made for the same request before; None when there is none that can be read."""
        try:
            with self._database().read() as connection:
                earlier = requests.find_answered(connection, key)
        except StorageFault as fault:  # a damaged row must not keep anybody from asking the model
            self._log.warning("earlier answer unreadable", reason=str(fault))
            return None
        if earlier is None or earlier.design is None or earlier.completed_at is None:
            return None
        provenance = earlier.design.provenance.reuse(earlier.id, earlier.completed_at)
        return Draft(crew=earlier.design.crew, provenance=provenance)

    def _fail(self, request_id: int, fault: BaseException) -> None:
        """Keep the reason with the request; what is no fault of ours is named without its inner words."""
        reason = "The program failed while it designed the crew."
        if isinstance(fault, CrewgenError):
            reason = str(fault)
        elif isinstance(fault, asyncio.CancelledError):
            reason = "It was stopped before the crew was ready."
        self._log.error("request failed", reason=reason, kind=type(fault).__name__)
        with self._database().begin() as connection:
            requests.fail(connection, request_id, reason)
