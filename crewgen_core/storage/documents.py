"""Words out of the JSON documents of columns. Into a column, a word goes as it is (``engine``)."""

from typing import Any, TypeVar

from pydantic import ValidationError

from crewgen_core.errors import StorageFault
from crewgen_core.models.objective import Objective
from crewgen_core.models.value import Value

AnyValue = TypeVar("AnyValue", bound=Value)


def read_value(word: type[AnyValue], document: object, where: str) -> AnyValue:
    """Return the value that a column kept, read from its text, or from what JSON made of it, which takes longer.

    ``where`` is what a person calls the row.
    Raises StorageFault when the document is no such value (somebody edited the database by hand).
    """
    try:
        return word.model_validate_json(document) if isinstance(document, str) else word.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"]) or "all of it"
        raise StorageFault(
            f"What is stored as the {word.__name__.lower()} of {where} cannot be read: {field}: {fault['msg']}.",
            "It was changed outside of crewgen: restore the database from a backup.",
        ) from error


def write_limits(objective: Objective) -> dict[str, Any]:
    """Return everything about an objective but its text, which has a column of its own."""
    return objective.model_dump(mode="json", exclude={"text"})


def read_objective(text: str, limits: dict[str, Any], where: str) -> Objective:
    """Return the objective with its limits. Raises StorageFault."""
    return read_value(Objective, {"text": text, **limits}, where)
