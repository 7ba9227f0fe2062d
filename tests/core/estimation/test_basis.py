"""Every constant that moves a figure of an estimate is named in its basis: each is changed, one by one."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from crewgen_core.catalog.constants import Constant, Constants, Range, load_constants
from crewgen_core.catalog.model_facts import ModelFact, ModelTable
from crewgen_core.estimation.estimate import estimate
from crewgen_core.estimation.models import facts_for
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.estimate import Estimate
from tests.support.estimation import small_catalog

CATALOG = small_catalog()
TABLE = ModelTable(
    models=(
        ModelFact(name="scored", label="Scored", eci=156.4),
        ModelFact(name="weak", label="Weak", eci=140, reasons=False),
        ModelFact(name="timed", label="Timed", eci=150, metr_minutes=200),
    )
)
FIGURES = {"success", "cost_usd", "duration_s", "critical_path_s", "tokens", "by_task", "by_agent"}
SKILLED = (SkillLevel(name="market_research"),)


def crew(model: str | None = None, tools: tuple[str, ...] = (), delegates: bool = False, **changes: Any) -> Crew:
    maker = Agent(key="a", role="R", backstory="x" * 100, skills=SKILLED, tools=tools, model=model)
    tasks = (
        Task(key="t", name="T", agent="a", description="d" * 3_000, skills=("market_research",), human_minutes=60),
        Task(key="u", name="U", agent="b", skills=("churn_analysis",), depends_on=("t",)),
    )
    parts = {
        "oversight": "moderate",
        "coordination": "parallel",
        "agents": (maker.model_copy(update={"allow_delegation": delegates}), Agent(key="b", role="B", skills=SKILLED)),
        "tasks": tasks,
    }
    return Crew.model_validate(parts | changes)


PLAIN = crew()
CREWS = {
    "plain": PLAIN,
    "with a tool": crew(tools=("web_search",)),
    "with many tools": crew(tools=("web_search", "read_file") * 2),
    "with a prompt that is just long enough for the cache": crew(
        tools=("web_search",),
        tasks=[task.model_copy(update={"description": "d" * 3_500}) for task in PLAIN.tasks],
    ),
    "that delegates": crew(delegates=True),
    "that a person reviews": crew(tasks=[task.model_copy(update={"human_input": True}) for task in PLAIN.tasks]),
    "with checks": crew(tasks=(*PLAIN.tasks, Task(key="v", name="Verify it", agent="b", depends_on=("u",)))),
    "of a manager": crew(process="hierarchical"),
    "of a manager with a persona": crew(process="hierarchical", manager=Manager(role="Head")),
    "of short tasks": crew(tasks=[task.model_copy(update={"human_minutes": 0}) for task in PLAIN.tasks]),
    "on a weak model": crew(model="weak"),
    "on a measured model": crew(model="timed"),
    "on an unknown model": crew(model="nobody knows it"),
}


def paths_of(part: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(part, Constant):
        yield path
    elif not isinstance(part, Range):  # how far inputs may be off moves no figure
        inner = part if isinstance(part, dict) else {name: getattr(part, name) for name in type(part).model_fields}
        for name, value in inner.items():
            yield from paths_of(value, (*path, name))


def raised(part: Any, path: tuple[str, ...]) -> Any:
    """The constants with the one at the path 7 % higher."""
    if isinstance(part, Constant):
        return part.model_copy(update={"value": part.value * 1.07 or 0.07})
    if isinstance(part, dict):
        return part | {path[0]: raised(part[path[0]], path[1:])}
    return part.model_copy(update={path[0]: raised(getattr(part, path[0]), path[1:])})


def estimate_with(crew: Crew, constants: Constants) -> Estimate:
    def price_of(name: str) -> ModelPrice:
        dollar = Decimal("0.000001")
        return ModelPrice(model=name, provider="p", input_usd=dollar, output_usd=dollar * 5, cache_read_usd=dollar / 10)

    names = ("scored", *(agent.model for agent in crew.agents if agent.model))
    profiles = {name: facts_for(name, TABLE, price_of, constants) for name in names}
    return estimate(crew, profiles, CATALOG, default_model="scored", constants=constants)


@pytest.mark.parametrize("kind", CREWS)
def test_no_constant_moves_a_figure_without_being_named(kind: str) -> None:
    constants = load_constants()
    before = estimate_with(CREWS[kind], constants)
    silent: list[str] = []
    for path in paths_of(constants):
        after = estimate_with(CREWS[kind], raised(constants, path))
        moved = after.model_dump(include=FIGURES) != before.model_dump(include=FIGURES)
        if moved and after.basis == before.basis:
            silent.append(".".join(path))
    assert silent == []
