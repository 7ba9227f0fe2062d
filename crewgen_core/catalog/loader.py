"""Reads the catalog's data files and refuses a wrong one, naming file, entry and field."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar, cast, get_args

import yaml
from pydantic import BaseModel, ValidationError

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity, FieldFile, Stage, Step, Tool
from crewgen_core.catalog.language import Language
from crewgen_core.catalog.phrases import find_fault
from crewgen_core.errors import CatalogFault
from crewgen_core.models.value import Value

DATA = Path(__file__).parent / "data"

SLOTS = frozenset({"focus", "subject", "audience", "deliverable", "inputs", "language", "points", "topic"})
"""Slots that texts of steps and roles may have (see ``entries.Step``)."""

Model = TypeVar("Model", bound=BaseModel)

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _ToolFile(Value):
    tools: tuple[Tool, ...]


@cache
def load_catalog(folder: Path = DATA) -> Catalog:
    """Read and check all data files below the folder; read once per process.

    Raises CatalogFault for a file that cannot be read, an entry with a wrong field, a key that is there twice, a
    reference to an entry that does not exist, or a phrase that could never be found in a text.
    """
    fields = {path.name: _read(path, FieldFile) for path in sorted((folder / "fields").glob("*.yaml"))}
    tools = _read(folder / "tools.yaml", _ToolFile)
    catalog = Catalog(
        domains=_by_key(fields, "domains"),
        artefacts=_by_key(fields, "artefacts"),
        skills=_by_key(fields, "skills"),
        roles=_by_key(fields, "roles"),
        tools=_by_key({"tools.yaml": tools}, "tools"),
        patterns=_by_key(fields, "patterns"),
        risks=_by_key(fields, "risks"),
        language=_read(folder / "language.yaml", Language),
    )
    _check_steps_are_unique(fields)
    for fault in _open_references(catalog, fields):
        raise CatalogFault(fault)
    for fault in _unusable_phrases(catalog.language.verb_groups, fields, tools):
        raise CatalogFault(fault)
    return catalog


def _read(path: Path, model: type[Model]) -> Model:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogFault(f"The catalog file {path.name} cannot be read.") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where else ""
        raise CatalogFault(f"The catalog file {path.name} is not valid YAML{line}.") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise CatalogFault(_describe(path.name, content, error)) from error


def _describe(file: str, content: object, error: ValidationError) -> str:
    """Name file, entry and field of the first fault."""
    fault = error.errors()[0]
    entry, at = "", content
    for part in fault["loc"]:
        try:
            at = cast("Any", at)[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(at, dict):
            entry = str(cast("dict[str, object]", at).get("key", entry))
    field = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
    return f'Catalog file {file}, entry "{entry or "(top)"}", field {field}: {fault["msg"]}.'


def _by_key(files: dict[str, Any], section: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file, content in files.items():
        for entry in getattr(content, section):
            if entry.key in found:
                raise CatalogFault(
                    f'Catalog file {file}, entry "{entry.key}", field key: it is there twice in {section}.'
                )
            found[entry.key] = entry
    return found


def _check_steps_are_unique(fields: dict[str, FieldFile]) -> None:
    seen: set[str] = set()
    for file, field in fields.items():
        for step in (step for pattern in field.patterns for step in pattern.steps):
            if step.key in seen:
                raise CatalogFault(f'Catalog file {file}, entry "{step.key}", field key: it is there twice in steps.')
            seen.add(step.key)


def _open_references(catalog: Catalog, fields: dict[str, FieldFile]) -> Iterator[str]:
    """Describe every reference to an entry that does not exist, and every text with an unknown slot."""
    for file, field in fields.items():
        for domain in field.domains:
            kinds = {*catalog.language.verb_groups, *get_args(Activity)}
            yield from _missing(file, domain.key, "trades", domain.trades, kinds)
            yield from _missing(file, domain.key, "trades", domain.trades.values(), catalog.skills)
        for role in field.roles:
            yield from _missing(file, role.key, "skills", role.skills, catalog.skills)
            yield from _missing(file, role.key, "tools", role.tools, catalog.tools)
            yield from _missing(file, role.key, "domains", role.domains, catalog.domains)
            yield from _unknown_slots(file, role.key, "goal", role.goal)
            yield from _unknown_slots(file, role.key, "style", role.style)
        for pattern in field.patterns:
            yield from _missing(file, pattern.key, "domains", pattern.domains, catalog.domains)
            if pattern.deliverable:
                yield from _missing(file, pattern.key, "deliverable", [pattern.deliverable], catalog.producers)
            for step in pattern.steps:
                yield from _open_step_references(file, step, catalog)
        for risk in field.risks:
            if risk.review:
                yield from _missing(file, risk.key, "review", [risk.review], catalog.steps)
    for file, field in fields.items():
        for skill in field.skills:
            if skill.key not in catalog.steps_by_skill:
                yield f'Catalog file {file}, entry "{skill.key}": no step of a pattern has this skill.'


def _open_step_references(file: str, step: Step, catalog: Catalog) -> Iterator[str]:
    named = [artefact for artefact in step.uses if not artefact.startswith("stage:")]
    stages = [use.removeprefix("stage:") for use in step.uses if use.startswith("stage:")]
    yield from _missing(file, step.key, "uses", stages, get_args(Stage))
    yield from _missing(file, step.key, "skill", [step.skill], catalog.skills)
    yield from _missing(file, step.key, "needs", step.needs, catalog.artefacts)
    yield from _missing(file, step.key, "uses", named, catalog.artefacts)
    yield from _missing(file, step.key, "produces", [step.produces], catalog.artefacts)
    yield from _missing(file, step.key, "tools", step.tools, catalog.tools)
    yield from _missing(file, step.key, "brings", step.brings or (), catalog.steps)
    for name in ("title", "description", "output"):
        yield from _unknown_slots(file, step.key, name, getattr(step, name))
    for check in step.checks:
        yield from _unknown_slots(file, step.key, "checks", check)


def _unusable_phrases(groups: Collection[str], fields: dict[str, FieldFile], tools: _ToolFile) -> Iterator[str]:
    """Describe every phrase of nothing but verbs, or with a verb group or an exact word that there is not."""
    for file, field in fields.items():
        steps = [step for pattern in field.patterns for step in pattern.steps]
        yield from _unusable(file, "vocabulary", groups, [(domain.key, domain.vocabulary) for domain in field.domains])
        yield from _unusable(file, "given", groups, [(artefact.key, artefact.given) for artefact in field.artefacts])
        yield from _unusable(file, "nouns", groups, [(pattern.key, pattern.nouns) for pattern in field.patterns])
        for entries in (field.skills, steps, field.risks):
            yield from _unusable(file, "triggers", groups, [(entry.key, entry.triggers) for entry in entries])
    yield from _unusable("tools.yaml", "triggers", groups, [(tool.key, tool.triggers) for tool in tools.tools])


def _unusable(
    file: str, field: str, groups: Collection[str], phrases: Iterable[tuple[str, Iterable[str]]]
) -> Iterator[str]:
    for entry, texts in phrases:
        for text in texts:
            fault = find_fault(text, groups)
            if fault:
                yield f'Catalog file {file}, entry "{entry}", field {field}: {fault}.'


def _missing(file: str, entry: str, field: str, keys: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for key in keys:
        if key not in known:
            yield f'Catalog file {file}, entry "{entry}", field {field}: "{key}" does not exist.'


def _unknown_slots(file: str, entry: str, field: str, text: str) -> Iterator[str]:
    try:
        slots = {slot for _, slot, _, _ in Formatter().parse(text) if slot is not None}
    except ValueError:
        yield f'Catalog file {file}, entry "{entry}", field {field}: unbalanced braces.'
        return
    for slot in sorted(slots - SLOTS):
        yield f'Catalog file {file}, entry "{entry}", field {field}: "{{{slot}}}" is no known slot.'
