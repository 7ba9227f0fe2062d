"""Puts an estimate together: read the crew, share out the work, weigh the whole, simulate the runs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.basis import describe_basis, describe_unknowns, difficulty_of
from crewgen_core.estimation.duration import critical_path
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.shares import share_out
from crewgen_core.estimation.success import coordination_of, crew_load, logit_of, probability, spread_of, with_team
from crewgen_core.estimation.work import Work, describe_gaps, read_crew
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.value import Quantiles, UsdQuantiles

ZERO = Quantiles(p10=0, p50=0, p90=0)
ZERO_USD = UsdQuantiles(p10=Decimal(0), p50=Decimal(0), p90=Decimal(0))


def estimate(
    crew: Crew,
    profiles: Mapping[str, ModelProfile],
    catalog: Catalog,
    *,
    default_model: str,
    domain: str | None = None,
    constants: Constants | None = None,
) -> Estimate:
    """Estimate one run of the crew, from published figures and assumptions; ``learning`` corrects it by own outcomes.

    ``profiles`` holds every model of ``models_of(crew, default_model)`` (see ``models.profiles_for``); agents without
    a model think with the default. ``domain`` is a catalog key. ``constants`` are the shipped ones unless given.
    A crew without tasks costs and takes nothing and cannot succeed. Raises KeyError for a model without profile.
    """
    constants = constants or load_constants()
    works = read_crew(crew, profiles, catalog, default_model)
    manager = profiles[(crew.manager and crew.manager.model) or default_model]
    models = _models_at_work(crew, works, manager)
    unknowns = (*describe_gaps(crew), *describe_unknowns(models, domain, catalog))
    if not works:
        return _estimate_nothing(unknowns)
    from crewgen_core.estimation.totals import simulate  # here, because it imports numpy (0.2 s)

    difficulty = difficulty_of(domain, catalog, constants)
    totals = simulate(crew, share_out(crew, works, manager, difficulty, constants), manager, constants)
    typical = [task.duration_s.p50 for task in totals.by_task]
    return Estimate(
        success=estimate_success(crew, works, difficulty, constants),
        cost_usd=totals.cost_usd,
        duration_s=totals.duration_s,
        critical_path_s=critical_path([work.sources for work in works], typical),
        tokens=totals.tokens,
        by_task=totals.by_task,
        by_agent=totals.by_agent,
        basis=describe_basis(crew, works, models, domain, catalog, constants),
        unknowns=tuple(dict.fromkeys(unknowns)),
    )


def estimate_success(crew: Crew, works: Sequence[Work], difficulty: float, constants: Constants) -> Quantiles:
    """Return the chance that the whole objective is met by a crew with at least one task, with its interval."""
    logit = logit_of(crew_load(works, difficulty, constants), constants)
    with_effect = with_team(logit, works, coordination_of(crew), constants)
    return probability(with_effect, spread_of(works, difficulty, constants))


def _models_at_work(crew: Crew, works: Sequence[Work], manager: ModelProfile) -> tuple[ModelProfile, ...]:
    """Return the models that take part, each once."""
    used = [work.profile for work in works]
    if works and crew.process == "hierarchical":
        used.append(manager)
    return tuple({profile.name: profile for profile in used}.values())


def _estimate_nothing(unknowns: tuple[str, ...]) -> Estimate:
    return Estimate(
        success=ZERO,
        cost_usd=ZERO_USD,
        duration_s=ZERO,
        critical_path_s=0,
        tokens=ZERO,
        by_task=(),
        by_agent=(),
        basis=(),
        unknowns=unknowns,
    )
