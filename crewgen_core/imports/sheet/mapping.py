"""What the columns of a table mean: by usual names in any case and spacing, in four languages."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.cells import shorten
from crewgen_core.models.upload import COLUMN_FIELDS, ColumnField

_NAMES: dict[ColumnField, str] = {
    "objective": "objective, objectives, goal, goals, aim, objective text, task, tasks, prompt, request, what to do, "
    "todo, job, assignment, mission, ziel, zielsetzung, aufgabe, auftrag, objectif, but, tâche, demande, objetivo, "
    "meta, tarea, description, beschreibung, descripción, text",
    "name": "name, title, label, crew, crew name, short name, titel, bezeichnung, nom, titre, nombre, título",
    "context": "context, background, details, additional information, kontext, hintergrund, einzelheiten, contexte, "
    "contexto, antecedentes, description, beschreibung, descripción",
    "domain": "domain, industry, sector, domäne, bereich, fachgebiet, branche, domaine, secteur, dominio",
    "budget_usd": "budget usd, budget, budget in usd, budget $, max budget, max cost, max cost usd, cost limit, "
    "kosten, budget maximal, coût maximal, presupuesto",
    "deadline_minutes": "deadline minutes, deadline, deadline min, deadline in minutes, max minutes, max duration, "
    "time limit, minutes, duration, frist, zeitlimit, dauer, délai, durée, plazo, duración",
    "max_agents": "max agents, maximum agents, agents, most agents, number of agents, team size, max team size, "
    "agenten, teamgröße, agents max, nombre d'agents, agentes, agentes máximos",
    "template": "template, template id, vorlage, modèle de crew, plantilla",
    "model": "model, llm, engine, model name, modell, modèle, modelo",
    "priority": "priority, prio, priorität, priorité, prioridad",
    "tags": "tags, tag, labels, keywords, schlagwörter, stichwörter, mots-clés, étiquettes, etiquetas",
    "preferences": "preferences, preference, wishes, style, instructions, vorlieben, wünsche, préférences, "
    "preferencias",
}
"""Usual names of each field, the clearest first."""


def guess_mapping(header: Sequence[str]) -> dict[str, str]:
    """Return the column that each field probably is in, by the field's name; fields without a column are left out."""
    columns: dict[str, str] = {}
    for column in header:
        columns.setdefault(plain_name(column), column)
    mapping: dict[str, str] = {}
    for field in COLUMN_FIELDS:
        found = next((columns[name] for name in _PLAIN_NAMES[field] if name in columns), None)
        if found is not None and found not in mapping.values():
            mapping[field] = found
    return mapping


def name_columns(header: Iterable[str]) -> tuple[str, ...]:
    """Return a name for each column: as in the header, numbered where it is empty or was there before."""
    names: list[str] = []
    taken = set[str]()
    for number, cell in enumerate(header, start=1):
        name = " ".join(_UNSEEN.sub(" ", cell).split())[:_LONGEST_NAME] or f"column {number}"
        unique, count = name, 1
        while unique in taken:
            count += 1
            unique = f"{name} ({count})"
        taken.add(unique)
        names.append(unique)
    return tuple(names)


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[ColumnField, int]:
    """Return the place of each field's column. Raises UnreadableUpload for unknown names and without an objective."""
    places: dict[ColumnField, int] = {}
    for field in COLUMN_FIELDS:
        if field in mapping:
            if mapping[field] not in columns:
                raise UnreadableUpload(
                    f'There is no column "{shorten(mapping[field])}" for {field}.',
                    f"The file has {quote_names(columns)}: choose one of them.",
                )
            places[field] = columns.index(mapping[field])
    if unknown := mapping.keys() - set(COLUMN_FIELDS):
        raise UnreadableUpload(f"Nothing is called {shorten(min(unknown))}.", f"Fields are {', '.join(COLUMN_FIELDS)}.")
    if "objective" not in places:
        fault = UnreadableUpload(
            f"No column is recognised as the objective; the first row has {quote_names(columns)}.",
            "Name a column “objective” in the first row, or choose the column that holds the objectives.",
        )
        fault.columns, fault.mapping = tuple(columns), dict(mapping)
        raise fault
    return places


def quote_names(names: Sequence[str]) -> str:
    """Return the first names in quotation marks, shortened, for a sentence."""
    shown = ", ".join(f'"{shorten(name, 40)}"' for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def plain_name(text: str) -> str:
    """Return a name without case, accents, spaces and punctuation, for comparing."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return _PUNCTUATION.sub("", text.casefold())


_LONGEST_NAME = 100
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u200b]")
_MARKS = re.compile(r"[\u0300-\u036f]")
_PUNCTUATION = re.compile(r"[\W_]+")
_PLAIN_NAMES = {field: [plain_name(name) for name in names.split(",")] for field, names in _NAMES.items()}
