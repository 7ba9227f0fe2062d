"""The whole job in one sentence: an objective becomes a crew that is checked and priced."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.at_once import start_levels
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.composer import Composer
from crewgen_core.estimation.computation.explain import explain_estimate
from crewgen_core.estimation.estimate import estimate
from crewgen_core.estimation.models import ModelProfile, models_of
from crewgen_core.learning.calibration import Calibration
from crewgen_core.learning.correction import apply
from crewgen_core.learning.lines import add_correction
from crewgen_core.limits import add_limits
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.change import Change, Effect, apply_change
from crewgen_core.models.computation import Computation
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design, Draft
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.standard import Standard
from crewgen_core.validation.mending import apply_next_fix
from crewgen_core.validation.texts import shorten
from crewgen_core.validation.validate import validate

MOST_FIXES = 200
"""Most fixes applied at once: more than a crew of a sensible size needs, and an end where fixes call for more fixes."""

Tell = Callable[[str], None]
"""Told what happens next, in a few words, for whoever is watching."""


@dataclass(frozen=True)
class Knowledge:
    """What designing rests on beside the objective."""

    catalog: Catalog
    profile_of: Callable[[str], ModelProfile]
    """Quality, price and speed of a model."""
    run_model: str
    """Model that agents without one of their own are priced with."""
    environment: frozenset[str] = frozenset()
    """Names of the environment variables that are set: they decide which tools can work."""
    calibration: Calibration | None = None
    """What own outcomes taught; None corrects nothing."""


def _tell_nobody(_: str) -> None:
    pass


async def design(objective: Objective, composer: Composer, knowledge: Knowledge, tell: Tell = _tell_nobody) -> Design:
    """Turn an objective into a crew that is checked and priced.

    Raises UnusableObjective when there is nothing to plan from.
    """
    started = perf_counter()
    tell("Reading the objective")
    analysis = analyze(objective, knowledge.catalog)
    tell("Composing the crew")
    draft = await composer.compose(analysis)
    tell("Checking the crew")
    draft, report = await _settle(draft, analysis, composer, knowledge, tell)
    crew = keep_deadline(draft.crew, analysis, knowledge)
    if crew != draft.crew:
        draft, report = draft.model_copy(update={"crew": crew}), _validate(crew, analysis, knowledge)
    tell("Estimating cost, duration and success")
    figures = price(draft.crew, knowledge, analysis.domain, objective.template)
    report = add_limits(report, draft.crew, analysis.constraints, figures)
    provenance = draft.provenance.model_copy(
        update={
            "seconds": round(perf_counter() - started, 4),
            "cautions": tuple(_warn_of_tools(draft.crew, analysis, knowledge.catalog)),
        }
    )
    return Design(
        objective=objective,
        analysis=analysis,
        crew=draft.crew,
        report=report,
        estimate=figures,
        provenance=provenance,
    )


def keep_deadline(crew: Crew, analysis: Analysis, knowledge: Knowledge) -> Crew:
    """Return the crew, its independent tasks at the same time where only that keeps the deadline in a typical run.

    Composition leaves in a row what costs success at the same time, and knows no durations. A deadline that cannot be
    kept either way is no reason to succeed less often.
    """
    minutes = analysis.constraints.deadline_minutes
    if minutes is None or crew.coordination != "sequential":
        return crew
    together = start_levels(crew).model_copy(update={"coordination": "parallel"})
    in_a_row, at_once = (price(it, knowledge, *origin_of(analysis)).duration_s.p50 / 60 for it in (crew, together))
    return together if at_once <= minutes < in_a_row else crew


async def _settle(
    draft: Draft, analysis: Analysis, composer: Composer, knowledge: Knowledge, tell: Tell
) -> tuple[Draft, Report]:
    """Return a crew without errors; a model's only when it is no worse than the built-in one, else the built-in one."""
    draft, report, short = _check(draft, analysis, knowledge)
    if not short:
        return draft, report
    tell("Repairing the crew")
    draft, report, short = _check(await composer.repair(draft, analysis, report), analysis, knowledge)
    if short and draft.provenance.engine == "model":
        crew = draft.built_in or CatalogComposer(knowledge.catalog).build(analysis)
        reason = f"The crew of {draft.provenance.label} was worse than the built-in one. {short[0]}"
        draft = Draft(crew=crew, provenance=draft.provenance.fall_back(reason))
        report = _validate(crew, analysis, knowledge)
    return draft, report


def _check(draft: Draft, analysis: Analysis, knowledge: Knowledge) -> tuple[Draft, Report, tuple[str, ...]]:
    """Check a draft, a model's against the built-in crew; return it as far as it could be mended, and what it lacks."""
    if draft.built_in is None:
        report = _validate(draft.crew, analysis, knowledge)
        return draft, report, tuple(finding.message for finding in report.errors)
    standard = Standard(draft.built_in, analysis, knowledge.catalog, knowledge.environment)
    crew, report, notes = standard.lift(draft.crew)
    provenance = draft.provenance.model_copy(update={"notes": (*draft.provenance.notes, *notes)})
    mended = draft.model_copy(update={"crew": crew, "provenance": provenance})
    return mended, report, standard.find_shortfalls(report)


def _validate(crew: Crew, analysis: Analysis | None, knowledge: Knowledge) -> Report:
    return validate(crew, knowledge.catalog, analysis, knowledge.environment)


def _warn_of_tools(crew: Crew, analysis: Analysis, catalog: Catalog) -> Iterator[str]:
    """Say of each high-risk tool who may use it, what it can do, and why it was granted."""
    users: dict[str, list[str]] = {}
    for task in crew.tasks:
        for tool in task.tools:
            users.setdefault(tool, []).append(f"“{shorten(task.name)}”")
    for agent in crew.agents:
        for tool in agent.tools:
            users.setdefault(tool, [f"“{shorten(agent.role)}”"])
    for key, parts in users.items():
        tool = catalog.tools.get(key)
        if tool is not None and tool.risk == "high":
            reason = "The objective asks for it." if key in analysis.tools else "The work needs it."
            yield f"{tool.name} is a high-risk tool, granted for {' and '.join(parts)}. {tool.risk_reason} {reason}"


def assess(crew: Crew, analysis: Analysis | None, knowledge: Knowledge) -> tuple[Report, Estimate]:
    """Check and price a crew that is there already; without an analysis, only what the crew itself says is checked."""
    report = _validate(crew, analysis, knowledge)
    figures = price(crew, knowledge, *origin_of(analysis))
    return add_limits(report, crew, analysis.constraints if analysis else None, figures), figures


def mend(crew: Crew, analysis: Analysis | None, knowledge: Knowledge) -> tuple[Crew, tuple[Change, ...]]:
    """Apply one fix, the gravest first, check again, and repeat; return the crew and the changes in their order.

    A fix that does not fit, or that leads back to a state the crew was in before, is left out.
    """
    states, changes = [crew], list[Change]()
    while len(changes) < MOST_FIXES:
        report = _validate(states[-1], analysis, knowledge)
        step = apply_next_fix(states, report.findings)
        if step is None:
            break
        crew, _, fix = step
        states.append(crew)
        changes.append(fix)
    return states[-1], tuple(changes)


def foresee(
    crew: Crew, change: Change, knowledge: Knowledge, domain: str | None, template: str | None = None
) -> Change:
    """Return a change with its effect on the estimate of the crew. Raises ChangeDoesNotFit."""
    after = price(apply_change(crew, change), knowledge, domain, template)
    return change.model_copy(update={"effect": Effect.of(after)})


def price(crew: Crew, knowledge: Knowledge, domain: str | None, template: str | None = None) -> Estimate:
    """Estimate one run of the crew with every model it names, corrected by own outcomes.

    ``template`` is the key of the template that the crew was made from.
    """
    raw = price_raw(crew, knowledge, domain)
    return apply(raw, knowledge.calibration, template=template) if knowledge.calibration else raw


def price_raw(crew: Crew, knowledge: Knowledge, domain: str | None) -> Estimate:
    """Estimate one run of the crew without any correction: what outcomes are compared with."""
    profiles = _profiles_of(crew, knowledge)
    return estimate(crew, profiles, knowledge.catalog, default_model=knowledge.run_model, domain=domain)


def work_out(crew: Crew, analysis: Analysis | None, knowledge: Knowledge) -> Computation:
    """Say how the estimate of a crew is computed, and what moves it most; slower than the estimate itself."""
    limits = analysis.constraints if analysis else None
    minutes = limits.deadline_minutes if limits else None
    computation = explain_estimate(
        crew,
        _profiles_of(crew, knowledge),
        knowledge.catalog,
        default_model=knowledge.run_model,
        domain=analysis.domain if analysis else None,
        budget_usd=float(limits.budget_usd) if limits and limits.budget_usd is not None else None,
        deadline_s=None if minutes is None else minutes * 60,
    )
    learned = knowledge.calibration
    if learned is None:
        return computation
    domain, template = origin_of(analysis)
    raw = price_raw(crew, knowledge, domain)
    return add_correction(computation, raw, apply(raw, learned, template=template), learned, template)


def origin_of(analysis: Analysis | None) -> tuple[str | None, str | None]:
    """Return domain and template of what a crew is for."""
    return (analysis.domain, analysis.objective.template) if analysis else (None, None)


def _profiles_of(crew: Crew, knowledge: Knowledge) -> dict[str, ModelProfile]:
    return {name: knowledge.profile_of(name) for name in models_of(crew, knowledge.run_model)}
