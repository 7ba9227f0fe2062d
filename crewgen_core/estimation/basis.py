"""What an estimate rests on: every constant that took part, with its source; and what is not known."""

from collections.abc import Iterator, Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constant, Constants
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.success import coordination_of, team_effect
from crewgen_core.estimation.work import Work
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import BasisItem

NO_OUTCOMES = "No outcomes of own runs yet: the figures rest on published data and assumptions only."
"""What is said of every estimate until own outcomes correct it (``crewgen_core.learning``)."""

GENERAL = "general"
"""Catalog key that an analysis gives when nothing points to a domain."""

NamedConstant = tuple[str, Constant]


def describe_basis(
    crew: Crew,
    works: Sequence[Work],
    profiles: Sequence[ModelProfile],
    domain: str | None,
    catalog: Catalog,
    constants: Constants,
) -> tuple[BasisItem, ...]:
    """Return the facts about the models, the domain's difficulty, and the constants that took part."""
    named = (
        *_success_constants(works, constants),
        *_style_constants(crew, works, constants),
        *_token_constants(crew, works, constants),
        *_time_constants(constants),
    )
    return (
        *(item for profile in profiles for item in profile.basis),
        _difficulty_item(domain, catalog, constants),
        *(describe_constant(name, constant) for name, constant in named),
    )


def difficulty_of(domain: str | None, catalog: Catalog, constants: Constants) -> float:
    """Return the domain's multiplier on human minutes; the default where no domain of the catalog is given."""
    known = catalog.domains.get(domain or "")
    return known.difficulty if known else constants.success.default_difficulty.value


def describe_unknowns(profiles: Sequence[ModelProfile], domain: str | None, catalog: Catalog) -> Iterator[str]:
    """Say in sentences what is not known about models, domain and calibration."""
    for profile in profiles:
        yield from profile.unknowns
    if domain == GENERAL or domain not in catalog.domains:
        yield "The domain is not known: a middling difficulty is assumed, which may be three times too high or too low."
    yield NO_OUTCOMES


def _difficulty_item(domain: str | None, catalog: Catalog, constants: Constants) -> BasisItem:
    default = constants.success.default_difficulty
    known = catalog.domains.get(domain or "")
    if known is None or known.difficulty == default.value:
        return describe_constant("Difficulty of the domain", default)
    return BasisItem(
        name=f"Difficulty of the domain ({known.name})",
        value=f"{known.difficulty:g}",
        unit="benchmark minutes per real minute",
        source="Published human times against benchmark difficulty (Epoch EDI), by domain: docs/estimator.md",
        status="derived",
    )


def _success_constants(works: Sequence[Work], constants: Constants) -> Iterator[NamedConstant]:
    horizon, success, review = constants.horizon, constants.success, constants.review
    reference = f"{horizon.reference_eci.value:g}"
    yield f"Horizon of a model of ECI {reference}", horizon.reference_minutes
    yield f"Horizon per ECI point above {reference}", horizon.doublings_per_point_above
    yield f"Horizon per ECI point below {reference}", horizon.doublings_per_point_below
    yield "Longest horizon", horizon.cap_minutes
    yield "Medium instead of top effort", horizon.effort_shift
    yield "Slope of success over difficulty", success.slope
    yield "Discount for real use", success.discount
    yield "Uncertainty of success", success.sigma
    if any(work.profile.horizon_sd for work in works):
        yield "Uncertainty of a model without a score", horizon.prior_sd
    if any(work.task.human_minutes < success.least_minutes.value for work in works):
        yield "Least minutes of a task", success.least_minutes
    if not all(work.specialist for work in works):
        yield "Load of an agent without the skill", success.generalist
    if any(work.helpful_tools for work in works):
        yield "Gain of a helpful tool", success.tool_gain
        yield "Most helpful tools counted", success.tools_counted
    if any(work.review == "model" for work in works):
        yield "Review by a model", review.model
    if any(work.review == "human" for work in works):
        yield "Review by a person", review.human
    if any(work.may_come_back for work in works):
        yield "Correct work sent back", review.false_alarm
        yield "Wrong work sent back", review.detection


def _style_constants(crew: Crew, works: Sequence[Work], constants: Constants) -> Iterator[NamedConstant]:
    if any(work.may_delegate for work in works):
        yield "Questions to coworkers", constants.team.delegations
    measured = team_effect(works, coordination_of(crew), constants)
    if measured:
        yield f"Effect of a {coordination_of(crew)} team", measured
        yield "Weight of a team's effect", constants.team.weight
        yield "Success from which teams no longer help", constants.team.saturation


def _token_constants(crew: Crew, works: Sequence[Work], constants: Constants) -> Iterator[NamedConstant]:
    prompt = constants.prompt
    yield "Characters per token", prompt.characters_per_token
    yield "CrewAI's words around a role", prompt.role_playing
    yield "CrewAI's words around a task", prompt.task
    yield "CrewAI's words around the expected output", prompt.expected_output
    if any(work.sources for work in works):
        yield "CrewAI's words around context", prompt.context
    managed = crew.process == "hierarchical"
    delegating = any(work.may_delegate for work in works)
    taking_turns = delegating or any(work.tools or work.task.human_input for work in works)
    if any(work.tools for work in works):
        yield "Description of a tool", prompt.tool_schema
    if taking_turns:
        yield "A tool's result", prompt.tool_result
        yield "A call of a tool, as CrewAI keeps it", prompt.tool_call
    if taking_turns or managed:
        yield "An agent's words when it uses a tool", prompt.tool_turn_output
    if managed and crew.manager is None:
        yield "A manager's persona", prompt.manager_persona
    if managed or delegating:
        yield "Description of the delegation tools", prompt.delegation_schemas
    activities = {work.activity for work in works}
    yield from ((f"Result of a task to {name}", it) for name, it in constants.output.items() if name in activities)
    with_tools = {work.activity for work in works if work.tools}
    yield from ((f"Calls for an hour to {name}", it) for name, it in constants.calls.items() if name in with_tools)


def _time_constants(constants: Constants) -> Iterator[NamedConstant]:
    yield "Wait for an answer without thinking", constants.speed.base_latency
    yield "Time of a tool call", constants.speed.tool_seconds
    yield "Spread between runs of a task", constants.spread.task
    yield "Spread that all tasks of a run share", constants.spread.common
    yield "Spread of calls and time", constants.spread.calls


def describe_constant(name: str, constant: Constant) -> BasisItem:
    """Return a constant as a figure that an estimate rests on."""
    return BasisItem(
        name=name,
        value=f"{constant.value:g}",
        unit=constant.unit,
        source=f"{constant.source} ({constant.date})",
        status=constant.status,
    )
