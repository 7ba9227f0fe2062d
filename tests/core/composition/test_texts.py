import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.depth import THOROUGH
from crewgen_core.composition.plan import plan_pieces
from crewgen_core.composition.texts import Voice, list_work
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Task
from crewgen_core.models.objective import Objective
from tests.support.objectives import BENCHMARKED


def read(text: str, **limits: object) -> Analysis:
    return analyze(Objective.model_validate({"text": text, **limits}), load_catalog())


@pytest.mark.parametrize("text", BENCHMARKED)
def test_texts_have_no_doubled_words_or_blanks_and_say_when_they_are_accepted(text: str) -> None:
    catalog, analysis = load_catalog(), read(text)
    pieces = plan_pieces(analysis, catalog)
    voice = Voice(analysis, pieces, catalog)
    for piece in pieces:
        written = f"{voice.title(piece)} | {voice.description(piece, [])} | {voice.expected_output(piece)}"
        assert "{" not in written
        assert "  " not in written
        assert "the the " not in written.lower()
        assert "Accepted when: " in written
        assert len(voice.title(piece)) <= 200


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("Prepare the launch of our refillable water bottle and write ten posts.", "Hand the launch to the reader"),
        ("Compare five heat pumps and write a report for the board.", "Hand the report on "),
    ],
)
def test_a_result_that_is_what_the_work_is_about_is_named_once(text: str, goal: str) -> None:
    crew = CatalogComposer(load_catalog()).build(read(text), THOROUGH)
    assert any(agent.goal.startswith(goal) for agent in crew.agents), [agent.goal for agent in crew.agents]


def test_posts_are_not_posts_on_the_posts() -> None:
    text = "Prepare the launch of our bottle: research what hikers look for, and write two newsletters and ten posts."
    crew = CatalogComposer(load_catalog()).build(read(text), THOROUGH)
    said = " ".join(f"{task.description} {task.expected_output}" for task in crew.tasks)
    assert "Numbered posts by channel" in said
    assert "posts on the posts" not in said and "post on the posts" not in said


def test_a_translator_is_told_the_language_that_the_objective_names() -> None:
    analysis = read("Translate our restaurant menu into French")
    voice = Voice(analysis, plan_pieces(analysis, load_catalog()), load_catalog())
    assert voice.speak("Carry {focus} into {language}", "the menu") == "Carry the menu into French"


def test_the_work_of_an_agent_is_a_sentence_in_which_abbreviations_stay() -> None:
    tasks = [Task(key="a", name="API tests"), Task(key="b", name="Ask: who buys tea?")]
    assert list_work(tasks) == "Your tasks: API tests; ask: who buys tea."
    assert list_work([]) == ""
