"""The register of models: what is known about them now, of shipped facts, what people entered and own calls measured.

Kept in the process and looked up anew by every operation, so that a correction counts at once, whoever made it.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from time import monotonic

from crewgen_core.catalog.constants import load_constants
from crewgen_core.catalog.model_facts import ModelTable, load_model_facts
from crewgen_core.errors import StorageFault, UnusableCorrection
from crewgen_core.estimation.candidates import find_candidates
from crewgen_core.estimation.corrected import correct_facts, correct_price, correct_prices
from crewgen_core.estimation.known_models import list_known_models
from crewgen_core.estimation.models import ModelProfile, facts_for
from crewgen_core.estimation.speed import OwnSpeed
from crewgen_core.llm.prices import ModelPrice, load_prices, price_of
from crewgen_core.llm.providers import PROVIDERS, Provider, configured_providers
from crewgen_core.logs import get_log
from crewgen_core.models.known_model import KnownModel, MeasuredSpeed
from crewgen_core.models.model_correction import EnteredCorrection, ModelCorrection
from crewgen_core.storage import corrections
from crewgen_core.storage.database import Database
from crewgen_core.storage.speeds import measure_speeds

MEASURED_EVERY_S = 60.0
"""Seconds for which measured speeds are kept: a median does not change with one call, and asking takes longer than
reading the corrections."""

TRIED_AGAIN_AFTER_S = 60.0
"""Seconds for which a database that failed is left alone, so that estimates do not wait for it each time."""


@dataclass(frozen=True)
class ModelFacts:
    """Everything known about models at one moment; equal facts share their profiles."""

    today: datetime.date
    entered: tuple[EnteredCorrection, ...] = ()
    measured: tuple[MeasuredSpeed, ...] = ()
    fault: str = ""
    """Why only the shipped facts are there; empty when nothing is missing."""
    _profiles: dict[str, ModelProfile] = field(default_factory=dict[str, ModelProfile], compare=False)

    @cached_property
    def table(self) -> ModelTable:
        """Capability and horizon, with what people entered."""
        return correct_facts(load_model_facts(), self.entered)

    @cached_property
    def prices(self) -> Mapping[str, ModelPrice]:
        """Prices by LiteLLM name, with what people entered."""
        return correct_prices(load_prices(), self.entered)

    @cached_property
    def speeds(self) -> dict[str, OwnSpeed]:
        """What people entered and own calls measured, by LiteLLM name."""
        entered = {one.correction.model: one for one in self.entered}
        measured: dict[str, MeasuredSpeed] = {}
        for one in sorted(self.measured, key=lambda speed: speed.calls):  # of two spellings, the one asked more often
            measured[full_name(one.model)] = one
        return {name: OwnSpeed(entered.get(name), measured.get(name)) for name in {**entered, **measured}}

    def price_of(self, name: str) -> ModelPrice | None:
        """Return what a model costs, as far as it is known."""
        return price_of(name, self.prices)

    def profile_of(self, name: str) -> ModelProfile:
        """Return quality, price and speed of a model, as far as they are known."""
        if name not in self._profiles:
            own = self.speeds.get(full_name(name))
            profile = facts_for(name, self.table, self.price_of, own_speed=own, today=self.today)
            told = (*profile.unknowns, self.fault) if self.fault else profile.unknowns
            self._profiles[name] = profile.model_copy(update={"unknowns": told})
        return self._profiles[name]


class ModelRegister:
    """Everything that can be asked about models."""

    def __init__(
        self,
        find_database: Callable[[], Database | None],
        database: Callable[[], Database],
        environment: Mapping[str, str],
    ) -> None:
        """``find_database`` returns None where there is no database yet, ``database`` makes one then.

        ``environment`` says which providers' keys are set.
        """
        self._find_database = find_database
        self._database = database
        self._environment = environment
        self._facts = ModelFacts(_tell_today())
        self._measured_at = self._failed_at = float("-inf")
        self._log = get_log("models")

    def lookup(self) -> Callable[[str], ModelProfile]:
        """Return a lookup of profiles for one operation: it reads when first asked, and sees one state to its end."""
        read_once = cache(self.read)
        return lambda name: read_once().profile_of(name)

    def read(self) -> ModelFacts:
        """Return what is known now, equal to what was before as long as no estimate would change by it.

        Only the shipped facts, and why, when the database cannot be read.
        """
        now, before = monotonic(), self._facts
        if now - self._failed_at < TRIED_AGAIN_AFTER_S:
            return self._keep(ModelFacts(_tell_today(), fault=before.fault))
        fresh = now - self._measured_at < MEASURED_EVERY_S
        try:
            database = self._find_database()
            if database is None:
                return self._keep(ModelFacts(_tell_today()))
            with database.read() as connection:
                entered = corrections.list_corrections(connection)
                measured = before.measured if fresh else measure_speeds(connection, _usual_wait_s())
        except StorageFault as fault:
            self._failed_at = now
            self._log.warning("model facts unreadable", reason=str(fault))
            sentence = f"What was entered and measured about models is left out. {fault}"
            return self._keep(ModelFacts(_tell_today(), fault=sentence))
        if not fresh:
            self._measured_at = now
        return self._keep(ModelFacts(_tell_today(), entered, measured))

    def list_models(self) -> tuple[KnownModel, ...]:
        """Return every model with facts, shipped or added, the strongest first; speeds are measured afresh."""
        self._measured_at = self._failed_at = float("-inf")
        facts = self.read()
        return list_known_models(facts.table, load_model_facts(), facts.price_of, facts.speeds, facts.today)

    @property
    def fault(self) -> str:
        """Why only shipped facts were there when they were last read; empty when nothing was missing."""
        return self._facts.fault

    def profile_of(self, model: str) -> ModelProfile:
        """Return quality, price and speed of a model, as far as they are known."""
        return self.read().profile_of(model)

    def list_providers(self) -> tuple[tuple[Provider, bool], ...]:
        """Return the known providers of models, and whether what each needs is set."""
        ready = configured_providers(self._environment)
        return tuple((provider, provider in ready) for provider in PROVIDERS)

    def find_candidates(self, providers: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return LiteLLM names of models that a crew could use, the strongest first, each model once.

        All have a known price and a capability score, and none is switched off. ``providers`` are first parts of
        LiteLLM names ("openai"); None takes those whose keys are set, or all when there are none.
        """
        if providers is None:
            with_key = [provider.prefix for provider in configured_providers(self._environment) if provider.needs]
            providers = with_key or None
        facts = self.read()
        return find_candidates(facts.table, facts.prices, providers, facts.today)

    def suggest(self, typed: str) -> tuple[str, ...]:
        """Return LiteLLM names that may be meant by what was typed; empty for a name that has a price."""
        return suggest_names(typed)

    def correct(self, correction: ModelCorrection) -> str:
        """Store what a person knows better about a model, in the place of what was entered before; return its name.

        It counts from the next estimate on. Raises UnusableCorrection.
        """
        checked = check_correction(correction)
        with self._database().begin() as connection:
            corrections.save(connection, checked)
        self._log.info("model corrected", model=checked.model, figures=checked.figures)
        return checked.model

    def forget(self, name: str) -> None:
        """Forget what was entered about a model; the shipped facts count again. Raises NotFound."""
        with self._database().begin() as connection:
            corrections.remove(connection, full_name(name))

    def _keep(self, facts: ModelFacts) -> ModelFacts:
        """Keep the facts that are new; for equal ones return those with their profiles."""
        if facts != self._facts:
            self._facts = facts
        return self._facts


def check_correction(correction: ModelCorrection) -> ModelCorrection:
    """Return the correction under the name by which its model is known.

    Raises UnusableCorrection for a name that LiteLLM cannot call, and for prices that are none.
    """
    name = full_name(correction.model)
    if "/" not in name and name not in load_prices() and load_model_facts().find(name) is None:
        near = suggest_names(name, 3)
        example = f"Did you mean {' or '.join(near)}?" if near else f"For a server of your own: openai/{name}."
        raise UnusableCorrection(
            f"LiteLLM knows no model {name}, and the name says no provider.",
            f"Choose a name from the list, or put the provider in front. {example}",
        )
    named = correction.model_copy(update={"model": name})
    if correction.input_usd is not None or correction.output_usd is not None or correction.cache_read_usd is not None:
        entered = EnteredCorrection(correction=named, entered_at=datetime.datetime.now(datetime.UTC))
        correct_price(price_of(name), entered)
    return named


def suggest_names(typed: str, most: int = 8) -> tuple[str, ...]:
    """Return names of the price map that may be meant: those with all typed words, the shortest first, else near ones.

    Empty for a name that the price map has.
    """
    if price_of(typed) is not None:
        return ()
    words = typed.lower().split()
    found = [name for name in load_prices() if all(word in name.lower() for word in words)]
    return tuple(
        sorted(found, key=lambda name: (len(name), name))[:most] or get_close_matches(typed, load_prices(), most)
    )


def full_name(name: str) -> str:
    """Return the name by which the price map has a model ("gpt-5" for "openai/gpt-5"); any other as it is."""
    price = price_of(name)
    return price.model if price else name


def _usual_wait_s() -> float:
    return load_constants().speed.base_latency.value


def _tell_today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
