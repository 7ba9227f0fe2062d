"""Prints the CPU time that an estimate takes, by number of tasks: median and slowest of 50, after one to warm up.

Run from the project's folder: ``python -m benchmarks.estimate``
"""

import statistics
import time

from benchmarks.tables.measured import note
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.estimate import estimate
from crewgen_core.estimation.models import profiles_for
from crewgen_core.llm.prices import price_of
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task

MODEL = "gpt-5.6-luna"
REPEATS = 50


def make_crew(tasks: int, process: str) -> Crew:
    """Return a crew with an agent for every two tasks, which have skills and tools of the catalog."""
    skills = list(load_catalog().skills)
    tools = list(load_catalog().tools)[:2]
    agents = max(1, tasks // 2)
    return Crew.model_validate(
        {
            "process": process,
            "oversight": "moderate",
            "manager": Manager() if process == "hierarchical" else None,
            "agents": [
                Agent(
                    key=f"a{at}",
                    role="Retention Analyst",
                    goal="Find what drives churn",
                    backstory="You start from cohorts and distrust averages. " * 3,
                    skills=(SkillLevel(name=skills[at]),),
                    tools=tuple(tools),
                )
                for at in range(agents)
            ],
            "tasks": [
                Task(
                    key=f"t{at}",
                    name="Find what drives churn",
                    description="Compare cohorts by month, plan and channel. " * 6,
                    expected_output="A table and half a page of text. " * 3,
                    agent=f"a{at % agents}",
                    skills=(skills[at % agents],),
                    depends_on=(f"t{at - 1}",) if at else (),
                    async_execution=at % 3 == 0,
                )
                for at in range(tasks)
            ],
        }
    )


def time_estimate(crew: Crew) -> list[float]:
    """Return the milliseconds of each repetition, sorted."""
    profiles = profiles_for([MODEL], load_model_facts(), price_of)
    took: list[float] = []
    for _ in range(REPEATS + 1):
        start = time.process_time()
        estimate(crew, profiles, load_catalog(), default_model=MODEL)
        took.append((time.process_time() - start) * 1_000)
    return sorted(took[1:])


def main() -> None:
    """Print one line for each size of crew."""
    print(f"{'tasks':>5}  {'process':<12}  {'median ms':>9}  {'slowest ms':>10}")
    for tasks in (1, 6, 20, 50):
        for process in ("sequential", "hierarchical"):
            took = time_estimate(make_crew(tasks, process))
            if process == "sequential" and tasks in (6, 50):
                note(f"Estimate of {tasks} tasks: CPU, median", statistics.median(took), "ms")
            print(f"{tasks:>5}  {process:<12}  {statistics.median(took):>9.2f}  {took[-1]:>10.2f}")


if __name__ == "__main__":
    main()
