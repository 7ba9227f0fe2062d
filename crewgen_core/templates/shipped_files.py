"""The templates that come with crewgen: YAML files, checked when they are read."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml
from pydantic import ValidationError

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.errors import CatalogFault, UnusableTemplate
from crewgen_core.models.crew import Agent, Crew, SkillLevel
from crewgen_core.models.template import Template
from crewgen_core.templates.checking import check_template

FOLDER = Path(__file__).parent / "shipped"

PROFICIENCY = 8
"""Proficiency of an agent of a shipped template in the skills of its tasks: each is written for its trade."""

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def list_fingerprints() -> dict[str, str]:
    """Return the keys of all templates that come with crewgen, each with the SHA-256 of its file."""
    return {path.stem: sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.yaml"))}


def read_shipped(key: str) -> Template:
    """Return the template of a key, its agents with the skills of their tasks. Raises CatalogFault for a wrong file."""
    path = FOLDER / f"{key}.yaml"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 a safe loader
        template = check_template(Template.model_validate({"key": key, **content}))
        return template.model_copy(update={"crew": _equip(template.crew)})
    except (OSError, yaml.YAMLError, ValidationError, UnusableTemplate, TypeError, KeyError) as error:
        raise CatalogFault(f"The template file {path.name} is wrong: {error}") from error


def _equip(crew: Crew) -> Crew:
    """Give each agent the skills of its tasks, by their catalog names."""
    catalog = load_catalog()
    agents: list[Agent] = []
    for agent in crew.agents:
        keys = dict.fromkeys(key for task in crew.tasks_of(agent.key) for key in task.skills)
        skills = tuple(SkillLevel(name=catalog.skills[key].name, proficiency=PROFICIENCY) for key in keys)
        agents.append(agent.model_copy(update={"skills": skills}))
    return crew.model_copy(update={"agents": tuple(agents)})
