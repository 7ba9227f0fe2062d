"""What the goal "quality" demands beside success: results are checked, and nobody works outside their skills."""

from dataclasses import replace

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.estimation.work import hand_over
from crewgen_core.models.crew import Agent
from crewgen_core.optimization.problem import Option
from crewgen_core.optimization.reading import Reading


def demand_quality(reading: Reading, catalog: Catalog) -> Reading:
    """Return the reading with only the options in which every final result is checked and specialists do the work.

    Where no option does, the task keeps all it has: a manager's crew is reviewed by the manager.
    """
    worked_from = {source for work in reading.works for source in work.sources}
    options: list[tuple[Option, ...]] = []
    for at, own in enumerate(reading.problem.options):
        work = reading.works[at]
        skilled = tuple(
            option
            for option in own
            if hand_over(work, _agent(reading, option), work.profile, reading.style.crew, catalog).specialist
        )
        chosen = skilled or own
        if at not in worked_from:
            chosen = tuple(option for option in chosen if option.reviewed) or chosen
        options.append(chosen)
    return replace(reading, problem=replace(reading.problem, options=tuple(options)))


def _agent(reading: Reading, option: Option) -> Agent:
    return reading.agents[reading.problem.seats[option.seat].agent]
