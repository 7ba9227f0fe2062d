"""Entries of the catalog as Markdown: a heading, then lines of details. Keys become the names they stand for."""

import re
from collections.abc import Iterable, Iterator

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Domain, Pattern, Role, Skill, Tool
from crewgen_core.numbers import count_minutes
from pages.shared.plain_text import plain

_RISK_COLORS = {"low": "green", "medium": "orange", "high": "red"}


def describe_skill(skill: Skill, catalog: Catalog) -> Iterator[str]:
    """Name and meaning; kind of work, other names, what calls for it, and the roles that have it."""
    yield f"**{plain(skill.name)}** — {plain(skill.gloss)}"
    yield f":gray[Kind of work] {skill.activity}"
    yield from _line("Also called", skill.aliases)
    yield f":gray[Called for by] {_phrases(skill.triggers)}"
    roles = [f"{role.title} ({role.skills[skill.key]}/10)" for role in catalog.roles_by_skill[skill.key]]
    yield from _line("Roles that have it, with their proficiency", roles)


def describe_role(role: Role, catalog: Catalog) -> Iterator[str]:
    """Title and focus; domains, skills with proficiency, tools, goal and working style."""
    yield f"**{plain(role.title)}** — {plain(role.focus)}"
    yield f":gray[At home in] {plain(_join(catalog.domains[key].name for key in role.domains) or 'any domain')}"
    skills = sorted(role.skills.items(), key=lambda entry: -entry[1])
    yield from _line("Skills", (f"{catalog.skills[key].name} {level}/10" for key, level in skills))
    yield from _line("Typical tools", (catalog.tools[key].name for key in role.tools))
    yield f":gray[Goal] {plain(_open(role.goal))}"
    yield f":gray[Working style] {plain(role.style)}"


def describe_pattern(pattern: Pattern, catalog: Catalog) -> Iterator[str]:
    """Name; domains, deliverable, and the steps in their order."""
    yield f"**{plain(pattern.name)}** — {len(pattern.steps)} steps"
    yield f":gray[Applies in] {plain(_join(catalog.domains[key].name for key in pattern.domains) or 'any domain')}"
    if pattern.deliverable:
        yield f":gray[Ends in] {plain(catalog.artefacts[pattern.deliverable].name)}"
    yield from _line("Asked for as", pattern.nouns)
    yield "\n".join(
        f"{number}. {plain(_open(step.title))} — {plain(catalog.skills[step.skill].name)}, "
        f"{count_minutes(step.minutes)} for a person, gives {plain(catalog.artefacts[step.produces].name)}"
        for number, step in enumerate(pattern.steps, start=1)
    )


def describe_tool(tool: Tool, catalog: Catalog) -> Iterator[str]:
    """Name, purpose and risk; class, what it needs, what calls for it."""
    del catalog  # tools name no other entries
    yield f"**{plain(tool.name)}** — {plain(tool.purpose)} :{_RISK_COLORS[tool.risk]}-badge[{tool.risk} risk]"
    yield f":gray[CrewAI class] `{tool.crewai_class}`"
    if tool.risk_reason:
        yield f":gray[Why this risk] {plain(tool.risk_reason)}"
    yield f":gray[Goes to the network] {'yes' if tool.network else 'no'}"
    yield f":gray[Environment variables] {_codes(tool.environment) or 'none'}"
    if tool.packages:
        yield f":gray[Python packages] {_codes(tool.packages)}"
    yield from _line("Also called", tool.aliases)
    if tool.triggers:
        yield f":gray[Called for by] {_phrases(tool.triggers)}"


def describe_domain(domain: Domain, catalog: Catalog) -> Iterator[str]:
    """Name; how hard its work is for agents, its roles, its vocabulary."""
    roles = [role.title for role in catalog.roles.values() if domain.key in role.domains]
    yield f"**{plain(domain.name)}** — {len(roles)} {'role' if len(roles) == 1 else 'roles'} at home here"
    yield f"A minute of its work is as hard for agents as {domain.difficulty:g} minutes of a benchmark"
    yield from _line("Roles", roles)
    yield from _line("Words that point to it", domain.vocabulary)


def _line(label: str, texts: Iterable[str]) -> Iterator[str]:
    """Yield a labelled line, none where there is nothing to list."""
    if listed := _join(texts):
        yield f":gray[{label}] {plain(listed)}"


def _join(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def _phrases(triggers: Iterable[str]) -> str:
    """Trigger phrases without their signs: "~" is a matter of ranking, "=word" is that word, "@find" one like it."""
    return plain(_join(_readable(phrase) for phrase in triggers))


def _readable(phrase: str) -> str:
    words = phrase.removeprefix("~").strip().split()
    return " ".join(f"({word[1:]} …)" if word.startswith("@") else word.removeprefix("=") for word in words)


def _open(template: str) -> str:
    """Return a text with its slots left open: "Find what drives …"."""
    return re.sub(r"\{\w+\}", "…", template)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
