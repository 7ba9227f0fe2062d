"""Crews that somebody picked, side by side."""

from datetime import UTC, datetime

import pytest

from crewgen_core.alternatives.side_by_side import compare_items
from crewgen_core.errors import UnusableJob
from crewgen_core.models.crew import Crew
from crewgen_core.models.side_by_side import ComparedFact, SideBySide
from crewgen_core.models.stored import StoredCrew
from crewgen_core.models.value import Quantiles
from tests.support.crews import sequential_crew
from tests.support.designs import KNOWLEDGE, UNPRICED, make_design

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
CREW = sequential_crew()
SMALL = CREW.model_copy(update={"name": "Small", "agents": CREW.agents[:1], "tasks": CREW.tasks[:1]})


def store(
    crew: Crew = CREW, crew_id: int = 1, number: int = 1, text: str = "Write a brief.", **made: object
) -> StoredCrew:
    design = make_design(text, crew, UNPRICED if made.pop("unpriced", False) else KNOWLEDGE)
    return StoredCrew(
        crew_id=crew_id,
        number=number,
        newest=number,
        parent_number=None,
        note="",
        crew=crew,
        report=design.report,
        estimate=design.estimate.model_copy(update=made),
        objective=design.objective,
        request_id=None,
        created_at=MOMENT,
    )


def facts_of(compared: SideBySide) -> dict[str, ComparedFact]:
    return {fact.name: fact for fact in compared.facts}


def test_the_better_crew_is_marked_fact_by_fact() -> None:
    compared = compare_items([store(), store(SMALL, 2)])
    facts = facts_of(compared)
    assert compared.crews == (CREW.name, "Small")
    assert facts["Cost"].best == facts["Duration"].best == facts["Tokens"].best == (1,)
    assert facts["Agents"].values == (str(len(CREW.agents)), "1")
    assert facts["Agents"].best == ()
    assert " to " in facts["Success"].values[0]
    assert facts["Process"].values == ("sequential", "sequential")
    assert not facts["Process"].differs
    assert facts["Agents"].differs


def test_alike_crews_have_no_best_and_are_told_apart_by_number_and_version() -> None:
    compared = compare_items([store(), store(crew_id=2), store(crew_id=2, number=3)])
    assert compared.crews == (
        f"{CREW.name} (crew 1)",
        f"{CREW.name} (crew 2) (version 1)",
        f"{CREW.name} (crew 2) (version 3)",
    )
    assert all(fact.best == () and not fact.differs for fact in compared.facts)
    assert compared.remarks == ()


def test_overlapping_chances_different_objectives_and_unknown_prices_are_said() -> None:
    near = store(success=Quantiles(p10=0.2, p50=0.5, p90=0.7), text="Plan a launch.")
    far = store(success=Quantiles(p10=0.3, p50=0.6, p90=0.8), crew_id=2, unpriced=True)
    compared = compare_items([near, far])
    assert [remark.split(":")[0] for remark in compared.remarks] == [
        "The intervals of success overlap",
        "The crews are for different objectives",
        "The cost of a crew is not known, because the price of a model is not.",
    ]
    facts = facts_of(compared)
    assert facts["Success"].best == (1,)
    assert facts["Cost"].best == ()
    assert facts["Cost"].values[1] == "unknown"


@pytest.mark.parametrize("count", [0, 1, 7])
def test_too_few_or_too_many_crews_are_refused_with_what_to_do(count: int) -> None:
    with pytest.raises(UnusableJob, match="cannot be put side by side") as refusal:
        compare_items([store(crew_id=at) for at in range(count)])
    assert refusal.value.hint == "Choose 2 to 6 crews."


def test_the_table_to_download_has_a_row_for_each_fact() -> None:
    compared = compare_items([store(), store(SMALL, 2)])
    assert compared.table.columns == ("", CREW.name, "Small")
    assert [row[0] for row in compared.table.rows] == [fact.name for fact in compared.facts]
