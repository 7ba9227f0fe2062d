"""A template made of a crew: which blanks it gets, and that its defaults give the crew again."""

from hypothesis import given, settings

from crewgen_core.models.crew import Crew, Task
from crewgen_core.templates.checking import find_faults
from crewgen_core.templates.filling import fill_crew
from crewgen_core.templates.proposing import EMPTY, propose_template
from crewgen_core.templates.values import read_values
from tests.support.crews import crews, sequential_crew

OBJECTIVE = "Find 20 prospects for “Ledgerly” in Germany and write 3 emails to each."


def crew_for(objective: str) -> Crew:
    first = sequential_crew()
    task = Task(
        key="find", name="Find prospects in Germany", description="Find 20 prospects for Ledgerly. Write 3 emails.",
        expected_output="20 prospects.", agent="analyst",
    )  # fmt: skip
    return first.model_copy(update={"objective": objective, "tasks": (task,)})


def test_names_places_and_numbers_become_blanks():
    template = propose_template(crew_for(OBJECTIVE), "prospects", "Prospects")
    assert {blank.name: (blank.type, blank.default) for blank in template.blanks} == {
        "name": ("text", "Ledgerly"),
        "place": ("text", "Germany"),
        "number_of_prospects": ("number", "20"),
        "number_of_emails": ("number", "3"),
    }
    assert template.crew.tasks[0].name == "Find prospects in [[place]]"
    assert list(find_faults(template)) == []


def test_the_subject_becomes_a_blank_that_an_objective_fills():
    crew = crew_for("Explain why churn rose and write a brief.")
    crew = crew.model_copy(update={"name": "Why churn rose", "tasks": crew.tasks[:1]})
    task = crew.tasks[0].model_copy(update={"name": "Find why churn rose", "description": "Explain why churn rose."})
    template = propose_template(crew.model_copy(update={"tasks": (task,)}), "k", "n", subject="why churn rose")
    assert [(blank.name, blank.takes) for blank in template.blanks] == [("subject", "subject")]
    assert template.crew.tasks[0].name == "Find why churn rose".replace("why churn rose", "[[subject]]")


@settings(max_examples=25)
@given(crews())
def test_defaults_give_any_crew_again(crew: Crew):
    template = propose_template(crew, "key", "Name", crew.objective, crew.name[:40])
    again = fill_crew(template, read_values(template, {}))
    assert again.model_copy(update={"objective": ""}) == crew.model_copy(update={"objective": ""})


def test_what_a_template_from_nothing_begins_with_can_be_used():
    assert list(find_faults(EMPTY)) == []
