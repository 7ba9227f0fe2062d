"""Text never becomes a statement: it is found as it is, and the tables stay."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.models.job import ItemQuery, NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.models.template import TemplateQuery
from tests.support.crews import sequential_crew

STATEMENTS = (
    "'; DROP TABLE crews; --",
    '" OR 1=1 --',
    "') UNION SELECT name FROM sqlite_master --",
    "%' OR '1'='1",
    "100% of _ \\ %",
    "crew MATCH 'a' OR *",
    '"NEAR(a b)"',
)

SEARCHES: dict[str, Callable[[Crewgen, str], object]] = {
    "crews": lambda crewgen, text: crewgen.crews.list(text),
    "count of crews": lambda crewgen, text: crewgen.crews.count(text),
    "templates": lambda crewgen, text: crewgen.templates.list(TemplateQuery(search=text)),
    "audit": lambda crewgen, text: crewgen.audit.list_events(search=text),
    "audit of a thing": lambda crewgen, text: crewgen.audit.list_events(thing=text, thing_id=text),
}


@pytest.mark.parametrize("search", SEARCHES, ids=SEARCHES)
@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_in_a_search_is_a_text_to_look_for(crewgen: Crewgen, search: str, text: str) -> None:
    crewgen.crews.save(sequential_crew())
    found = SEARCHES[search](crewgen, text)
    assert found in ((), 0)
    assert crewgen.crews.count() == 1


@pytest.mark.parametrize("text", STATEMENTS)
def test_what_reads_like_a_statement_is_kept_and_found_as_it_is(crewgen: Crewgen, text: str) -> None:
    crew = sequential_crew().model_copy(update={"name": text})
    other = crewgen.crews.save(sequential_crew())
    stored = crewgen.crews.save(crew, Objective(text=f"Report about {text}"))
    assert crewgen.crews.get(stored.crew_id).crew == crew
    assert [row.id for row in crewgen.crews.list(text)] == [stored.crew_id]
    assert crewgen.crews.get(other.crew_id).crew.name != text


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=40), st.sampled_from(STATEMENTS).map(lambda text: text + "x")))
def test_any_text_may_be_searched_for(crewgen: Crewgen, text: str) -> None:
    for search in SEARCHES.values():
        try:
            search(crewgen, text)
        except CrewgenError as refusal:
            assert str(refusal)
    crewgen.count_everything()


@pytest.mark.parametrize("text", STATEMENTS)
def test_rows_of_a_job_are_searched_by_text_alone(crewgen: Crewgen, text: str) -> None:
    rows = [NewItem(2, "Write a report about solar panels"), NewItem(3, f"Write a report about {text}", name=text)]
    job = crewgen.bulk.start_items(NewJob(name=text), rows)
    assert [item.position for item in crewgen.bulk.list_items(job.id, ItemQuery(search=text)).items] == [2]
    assert crewgen.bulk.list_items(job.id, ItemQuery(domain=text)).items == ()
