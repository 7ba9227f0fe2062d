"""Objectives that come into commands: typed, from standard input, or within a crew file."""

from argparse import Namespace
from typing import Any

from pydantic import ValidationError

from crewgen_core.commands.arguments import STANDARD_INPUT, read_standard_input, tell_unusable
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective, clean_text


def make_objective(**fields: Any) -> Objective:  # noqa: ANN401 pydantic reads the options, texts that may be numbers
    """Return the objective. Raises UnusableObjective with what is wrong about a field."""
    try:
        return Objective(**fields)
    except ValidationError as error:
        raise tell_unusable(error) from error


def refuse_two_from_standard_input(options: Namespace, crew: str) -> None:
    """Raise UnusableObjective where both should be read from it."""
    if options.objective == crew == STANDARD_INPUT:
        raise UnusableObjective(
            "Crew and objective cannot both come from standard input.", "Give one of them as a file."
        )


def read_text(argument: str) -> str:
    """Return the argument, or what standard input holds when the argument is "-"."""
    if argument != STANDARD_INPUT:
        return argument
    try:
        return read_standard_input().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableObjective("The objective on standard input is not text in UTF-8.") from error


def find_objective(crew: Crew) -> Objective | None:
    """Return the objective that a crew file holds, None where it holds none."""
    text = clean_text(crew.objective)[:MAX_OBJECTIVE_CHARACTERS]
    return make_objective(text=text) if text else None
