from crewgen_core.app import Crewgen
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings


def faulty_crew() -> Crew:
    """Two tasks depend on each other, one names an agent that is not there, one agent has nothing to do."""
    return Crew(
        name="Faulty",
        agents=(
            Agent(key="writer", role="Brief Writer", goal="Write the brief."),
            Agent(key="idle", role="Onlooker"),
        ),
        tasks=(
            Task(key="write", name="Write", description="Write the brief.", agent="writer", depends_on=("check",)),
            Task(key="check", name="Check", description="Check the brief.", agent="nobody", depends_on=("write",)),
        ),
    )


def crewgen() -> Crewgen:
    return Crewgen(Settings(database_url="sqlite://"), environment={})


def test_mending_leaves_no_error_that_has_a_fix() -> None:
    mended, changes = crewgen().mend(faulty_crew())
    report, _ = crewgen().review(mended)

    assert changes
    assert not [finding for finding in report.errors if finding.fix]


def test_mending_a_mended_crew_changes_nothing() -> None:
    once, _ = crewgen().mend(faulty_crew())

    assert crewgen().mend(once) == (once, ())


def test_mending_ends_for_an_empty_crew() -> None:
    mended, changes = crewgen().mend(Crew())

    assert mended == Crew()
    assert changes == ()


def test_mending_takes_the_objective_into_account() -> None:
    objective = Objective(text="Find out why churn rose and write a two-page brief in French for the board.")
    alone, _ = crewgen().mend(faulty_crew())
    aimed, _ = crewgen().mend(faulty_crew(), objective)

    assert aimed != alone
