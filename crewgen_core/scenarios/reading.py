"""Reads the scenarios that come with crewgen."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from crewgen_core.errors import CatalogFault
from crewgen_core.models.objective import Objective
from crewgen_core.scenarios.scenario import BRIEFS_FILE, Brief, Scenario

DATA = Path(__file__).parent / "data"

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_OWN = ("days_ago", "runs")
"""What a data file says of an objective beside its own fields."""


@cache
def read_scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios in the order of their files. Raises CatalogFault for a wrong file."""
    return tuple(_read(path) for path in sorted(DATA.glob("*.yaml")))


@cache
def read_briefs() -> tuple[Brief, ...]:
    """Return the rows of the demo's bulk job. Raises CatalogFault for a wrong file."""
    path = DATA / BRIEFS_FILE
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return tuple(
            Brief(line=at, name=row["name"], tags=row["tags"], objective=_read_row(row))
            for at, row in enumerate(rows, start=2)  # the header is row 1
        )
    except (OSError, ValidationError, KeyError) as error:
        raise CatalogFault(f"The demo's file {path.name} is wrong: {error}") from error


def _read(path: Path) -> Scenario:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 a safe loader
        content["crews"] = [_split(entry) for entry in content["crews"]]
        if template := content.get("template"):
            template["use"] = _split(template["use"])
        return Scenario.model_validate(content)
    except (OSError, yaml.YAMLError, ValidationError, TypeError, KeyError) as error:
        raise CatalogFault(f"The demo's file {path.name} is wrong: {error}") from error


def _split(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with the fields of its objective apart."""
    own = {name: entry[name] for name in _OWN if name in entry}
    return {"objective": {name: value for name, value in entry.items() if name not in _OWN}, **own}


def _read_row(row: dict[str, str]) -> Objective:
    """Return the objective of a row; an empty field is not set."""
    fields = {name: row[name] for name in ("budget_usd", "deadline_minutes", "max_agents") if row.get(name)}
    return Objective.model_validate({"text": row["objective"], **fields})
