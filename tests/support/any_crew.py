"""Any crew, for tests of laws that hold for all of them: sound or broken, with no agent or with fifty."""

from hypothesis import strategies as st

from crewgen_core.models.crew import Agent, Coordination, Crew, Manager, SkillLevel, Task
from tests.support.estimation import SKILLS

KEYS = st.sampled_from([f"t{at}" for at in range(8)])
AGENT_KEYS = st.sampled_from(["a0", "a1", "a2", "a49", "ghost"])
PLAIN = tuple(Agent(key=f"a{at}", role="Somebody") for at in range(3, 50))
"""Agents that fill a crew up to fifty."""

COORDINATIONS: list[Coordination] = ["solo", "sequential", "parallel", "hierarchical", "collaborative"]


@st.composite
def agents(draw: st.DrawFn, key: str) -> Agent:
    """Any agent."""
    return Agent(
        key=key,
        role=draw(st.text(max_size=20)),
        backstory=draw(st.text(max_size=200)),
        skills=tuple(SkillLevel(name=name) for name in draw(st.lists(st.sampled_from(list(SKILLS)), max_size=2))),
        tools=tuple(draw(st.lists(st.sampled_from(["web_search", "FileReadTool", "unheard of"]), max_size=3))),
        model=draw(st.sampled_from([None, "m", "n"])),
        allow_delegation=draw(st.booleans()),
        max_iter=draw(st.integers(1, 1_000)),
    )


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Any task."""
    return Task(
        key=draw(KEYS),
        name=draw(st.sampled_from(["Verify it", "Write it", "Something", ""])),
        description=draw(st.text(max_size=100)),
        agent=draw(st.none() | AGENT_KEYS),
        depends_on=tuple(draw(st.lists(KEYS, max_size=3))),
        skills=tuple(draw(st.lists(st.sampled_from([*SKILLS, "unknown skill"]), max_size=2))),
        tools=tuple(draw(st.lists(st.sampled_from(["web_search", "read_file"]), max_size=2))),
        human_minutes=draw(st.floats(0, 100_000)),
        human_input=draw(st.booleans()),
        async_execution=draw(st.booleans()),
    )


@st.composite
def crews(draw: st.DrawFn, least_tasks: int = 0) -> Crew:
    """Any crew, sound or not: cycles, ghosts, keys that are there twice, nobody to work."""
    plain = draw(st.sampled_from(((), PLAIN)))
    return Crew(
        process=draw(st.sampled_from(["sequential", "hierarchical"])),
        coordination=draw(st.sampled_from(COORDINATIONS)),
        oversight=draw(st.sampled_from(["none", "light", "moderate", "intensive"])),
        manager=draw(st.none() | st.just(Manager(model="n"))),
        agents=(*(draw(agents(f"a{at}")) for at in range(draw(st.integers(0, 3)))), *plain),
        tasks=tuple(draw(st.lists(tasks(), min_size=least_tasks, max_size=8))),
    )
