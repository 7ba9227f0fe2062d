import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.crew_names import name_crew
from crewgen_core.models.objective import Objective


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Write a privacy notice for our app", "Privacy notice for our app"),
        ("Forecast demand for a bakery chain and decide what to bake", "Demand for a bakery chain"),
        ("Cut the electricity bill of an ice rink", "Electricity bill of an ice rink"),
        ("Which of our support tickets are about billing?", "Our support tickets"),
        ("Estimate the cost of moving to another cloud", "Moving to another cloud"),
        ("Write a blog post about remote work", "Remote work"),
    ],
)
def test_a_crew_is_named_so_that_it_stands_alone_in_a_list(text: str, name: str) -> None:
    assert name_crew(analyze(Objective(text=text), load_catalog())) == name
