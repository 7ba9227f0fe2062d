"""Crews for tests of exports and imports: hand-made ones, hostile ones, and any that hypothesis thinks of."""

from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import DATA, load_catalog
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task

HOSTILE = (
    "'''\"\"\"",
    "{{ 7 * 7 }} {% for x in y %} {topic} {not a name} ${HOME} $(id) `id`",
    "key: value\n- item\n&anchor *alias !!python/object/apply:os.system ['id']",
    "# not a comment // nor this /* or this */ , }",
    "../../etc/passwd\\..\\windows C:\\x",
    "line\r\nbreak\ttab \u2028 \u0085 \u202e <script>alert(1)</script> \U0001f600",
    "\\ \\n \\u0041 %s {0}",
    "null",
    "2024-01-01",
    "  spaces around  ",
)
"""Texts that mean something to YAML, JSON with comments, Python, Jinja, shells, file systems or HTML."""


def tools_catalog() -> Catalog:
    """The catalog's tools without any field of work, so that these tests do not depend on the fields."""
    with TemporaryDirectory() as folder:
        for name in ("tools.yaml", "language.yaml"):
            copy(DATA / name, folder)
        return load_catalog(Path(folder))


def sequential_crew() -> Crew:
    """Three agents hand results on; the tasks are listed in the wrong order."""
    return Crew(
        name="Churn brief",
        objective="Find out why churn rose in Q3 and write a two-page brief.",
        agents=(
            Agent(
                key="analyst",
                role="Retention Analyst",
                goal="Explain churn.",
                backstory="You use cohorts.",
                skills=(SkillLevel(name="churn analysis", proficiency=9),),
                tools=("csv_search",),
            ),
            Agent(key="writer", role="Brief Writer", goal="Write briefly.", backstory="You cut.", max_iter=12),
            Agent(key="reviewer", role="Quality Reviewer", goal="Check figures.", backstory="You recount."),
        ),
        tasks=(
            Task(
                key="check_brief",
                name="Check the brief",
                description="Recount.",
                expected_output="A verdict.",
                agent="reviewer",
                depends_on=("write_brief", "find_drivers"),
                human_input=True,
                why="Figures go wrong.",
            ),
            Task(
                key="find_drivers",
                name="Find what drives churn",
                description="Compare cohorts.",
                expected_output="Three drivers.",
                agent="analyst",
                tools=("csv_search",),
                human_minutes=90,
            ),
            Task(
                key="write_brief",
                name="Write the brief",
                description="Two pages on {topic}.",
                expected_output="Markdown.",
                agent="writer",
                depends_on=("find_drivers",),
            ),
        ),
    )


def hierarchical_crew() -> Crew:
    """A manager assigns one of the two tasks."""
    return Crew(
        name="Launch",
        process="hierarchical",
        coordination="hierarchical",
        manager=Manager(key="lead", role="Launch Lead", goal="Launch in time.", backstory="You ask once."),
        agents=(
            Agent(key="planner", role="Planner", goal="Plan.", backstory="You plan.", tools=("web_search",)),
            Agent(key="manager", role="Channel Manager", goal="Book.", backstory="You book.", allow_delegation=True),
        ),
        tasks=(
            Task(key="plan", name="Plan the launch", description="Plan.", expected_output="A plan.", agent="planner"),
            Task(
                key="book",
                name="Book the channels",
                description="Book.",
                expected_output="Bookings.",
                depends_on=("plan",),
            ),
        ),
    )


def parallel_crew() -> Crew:
    """Two researchers at the same time, one of them told to wait for the other although both are asynchronous."""
    agents = tuple(Agent(key=key, role=key.title(), goal="Find.", backstory="You dig.") for key in ("left", "right"))
    tasks = (
        Task(key="one", name="Search left", agent="left", async_execution=True, tools=("web_search",)),
        Task(key="two", name="Search right", agent="right", async_execution=True),
        Task(key="three", name="Search further", agent="right", depends_on=("two",), async_execution=True),
        Task(key="join", name="Join", agent="left", depends_on=("one", "three")),
        Task(
            key="post", name="Post", agent="left", depends_on=("join",), async_execution=True, tools=("slack_messages",)
        ),
        Task(
            key="mail", name="Mail", agent="right", depends_on=("join",), async_execution=True, tools=("gmail_mailbox",)
        ),
    )
    return Crew(name="Two sides", coordination="parallel", agents=agents, tasks=tasks)


def hostile_crew() -> Crew:
    """Every text and key means something to somebody's parser."""
    agents = tuple(
        Agent(key=text[:100], role=text, goal=text, backstory=text, tools=("wait",))
        for text in (*HOSTILE, "class", "agents")
    )
    tasks = tuple(
        Task(
            key=text[:100],
            name=text,
            description=text,
            expected_output=text,
            agent=text[:100],
            depends_on=(HOSTILE[i - 1][:100],) if i else (),
        )
        for i, text in enumerate(HOSTILE)
    )
    return Crew(name=HOSTILE[0] + HOSTILE[4] + "\n", objective="\n".join(HOSTILE), agents=agents, tasks=tasks)


def crew_with_every_tool(catalog: Catalog) -> Crew:
    """One agent for each tool of the catalog."""
    agents = tuple(
        Agent(key=f"user_of_{key}", role=key, goal="Use it.", backstory="You use it.", tools=(key,))
        for key in catalog.tools
    )
    return Crew(name="Every tool", agents=agents, tasks=(Task(key="try", name="Try", agent=agents[0].key),))


TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))
_NAMES = st.from_regex(r"[a-z][a-z0-9]{2,8}_[a-z]{2,8}", fullmatch=True)


@st.composite
def crews(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Crew:
    """Sound crews of any shape: tasks depend on earlier ones only, every task has an agent that exists."""
    names = draw(st.lists(_NAMES, min_size=2, max_size=7, unique=True))
    at = draw(st.integers(1, min(3, len(names) - 1)))
    tools = st.lists(
        st.sampled_from(("web_search", "market_data_search", "database_query", "wait")), unique=True, max_size=3
    )
    agents = tuple(
        Agent(
            key=key,
            role=draw(texts),
            goal=draw(texts),
            backstory=draw(texts),
            tools=tuple(draw(tools)),
            skills=tuple(
                SkillLevel(name=f"skill {n}", proficiency=n) for n in draw(st.lists(st.integers(1, 10), max_size=2))
            ),
            allow_delegation=draw(st.booleans()),
            max_iter=draw(st.integers(1, 50)),
            why=draw(texts),
        )
        for key in names[:at]
    )
    tasks: list[Task] = []
    for key in names[at:]:
        tasks.append(
            Task(
                key=key,
                name=key.replace("_", " ").capitalize(),
                description=draw(texts),
                expected_output=draw(texts),
                agent=draw(st.sampled_from(names[:at])),
                depends_on=tuple(draw(st.lists(st.sampled_from([t.key for t in tasks]), unique=True))) if tasks else (),
                tools=tuple(draw(tools)),
                human_input=draw(st.booleans()),
                human_minutes=draw(st.integers(0, 500)),
                async_execution=draw(st.booleans()),
            )
        )
    manager = draw(st.none() | st.builds(Manager, role=texts, goal=texts, backstory=texts))
    return Crew(
        name=draw(texts.filter(str.strip)),
        objective=draw(texts),
        process="hierarchical" if manager else "sequential",
        manager=manager,
        agents=agents,
        tasks=tuple(tasks),
    )
