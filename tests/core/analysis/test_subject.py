import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.models.objective import Objective


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Write a blog post about remote work", "remote work"),
        ("Build a mobile app for a community garden", "a mobile app for a community garden"),
        ("Build a REST API for booking meeting rooms", "a REST API for booking meeting rooms"),
        ("Design a voice assistant for a museum", "a voice assistant for a museum"),
        ("Report the breach of our newsletter database", "the breach of our newsletter database"),
        ("Design a cooperative board game about beekeeping", "a cooperative board game about beekeeping"),
    ],
)
def test_a_text_is_about_its_topic_and_a_thing_that_is_built_about_itself(text: str, subject: str) -> None:
    assert analyze(Objective(text=text), load_catalog()).subject == subject
