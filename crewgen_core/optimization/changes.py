"""Turns a choice into changes of the crew: each can be read, applied and undone by itself."""

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.change import Change
from crewgen_core.models.crew import Crew
from crewgen_core.optimization.assignment import Assignment
from crewgen_core.optimization.problem import Choice
from crewgen_core.optimization.reading import Reading
from crewgen_core.optimization.review_changes import add_reviews
from crewgen_core.optimization.team_changes import change_models, drop_agents, move_tasks, split_agents
from crewgen_core.optimization.work_changes import change_order, change_style


def list_changes(crew: Crew, reading: Reading, choice: Choice, catalog: Catalog) -> tuple[Change, ...]:
    """Return what turns the crew into the chosen one, in an order in which all of it can be applied.

    ``crew`` is today's, ``reading`` the way of working together that the choice was made in. Each change also fits by
    itself.
    """
    own = Assignment(crew, reading, choice)
    return (
        *change_style(own),
        *drop_agents(own),
        *move_tasks(own),
        *change_models(own),
        *split_agents(own),
        *change_order(own),
        *add_reviews(own, catalog),
    )
