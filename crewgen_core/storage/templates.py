"""Templates and their versions: every save makes a new version, and no version is ever changed.

Every function works within a transaction of ``Database``: ``begin()`` for those that write, else ``read()``.
Deleting a template leaves its key with the requests, crews and outcomes that came of it.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Text, cast, func, insert, or_, select, update

from crewgen_core.errors import EditConflict, NotFound, UnusableTemplate
from crewgen_core.models.template import StoredTemplate, Template, TemplateQuery, TemplateRow, TemplateVersionRow
from crewgen_core.storage import audit, ownership
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.paging import cut_page
from crewgen_core.storage.rows import number_rows
from crewgen_core.storage.tables import crew_tables, template_tables

_templates, _versions = template_tables.dynamic_crew_templates, template_tables.template_versions

ALL = TemplateQuery(archived=None)


def create(connection: Connection, template: Template, note: str = "Made", *, shipped: bool = False) -> StoredTemplate:
    """Store a new template of who asks as its version 1 and return it; a ``shipped`` one is everybody's.

    Crews that an earlier one of its key made count as its own. Raises UnusableTemplate where the key is taken.
    """
    now = tell_time()
    if is_there(connection, template.key):
        raise UnusableTemplate(f"There is a template with the key {template.key} already.", "Choose another key.")
    uses = connection.scalar(select(func.count()).where(crew_tables.crews.c.template_key == template.key))
    head = {**_write_head(template), "key": template.key, "newest_number": 1, "usage_count": uses, "shipped": shipped}
    head["owner_id"] = None if shipped else ownership.owner(connection)
    (template_id,) = number_rows(connection, _templates, [head | {"created_at": now, "updated_at": now}])
    _add_version(connection, template_id, 1, template, note)
    if not shipped:
        audit.record(connection, "created", "template", template.key, _tell(1, template, note))
    return get(connection, template.key)


def save_version(
    connection: Connection, key: str, template: Template, note: str, expected_version: int
) -> StoredTemplate:
    """Store an edited template as the version after ``expected_version`` and return it; the key stays as it is.

    Raises EditConflict when there is a newer version already, NotFound when there is no such template, NotAllowed for
    one of somebody else.
    """
    template_id = _check_change(connection, key)
    number, now = expected_version + 1, tell_time()
    template = template.model_copy(update={"key": key})
    moved = connection.execute(
        update(_templates)
        .where(_templates.c.key == key, _templates.c.newest_number == expected_version)
        .values(**_write_head(template), newest_number=number, updated_at=now)
    )
    if moved.rowcount == 0:
        raise _explain_conflict(connection, key, expected_version)
    _add_version(connection, template_id, number, template, note)
    audit.record(connection, "changed", "template", key, _tell(number, template, note))
    return get(connection, key)


def get(connection: Connection, key: str, number: int | None = None) -> StoredTemplate:
    """Return a version of a template, the newest when no number is given. Raises NotFound."""
    wanted = _templates.c.newest_number if number is None else number
    row = connection.execute(
        select(
            _templates.c.newest_number,
            _templates.c.usage_count,
            _templates.c.is_active,
            _templates.c.shipped,
            _templates.c.demo,
            _templates.c.owner_id,
            _templates.c.shared,
            _versions.c.number,
            _versions.c.note,
            _versions.c.created_at,
            cast(_versions.c.template_config, Text).label("document"),
        )
        .join_from(_templates, _versions, _versions.c.template_id == _templates.c.id)
        .where(_templates.c.key == key, _versions.c.number == wanted, *ownership.narrow(connection, _templates))
    ).first()
    if row is None:
        raise _tell_missing(f"template {key}" if number is None else f"version {number} of template {key}")
    return StoredTemplate(
        **ownership.tell_owners(connection, [row])[0],
        template=read_value(Template, row.document, f"version {row.number} of template {key}"),
        number=row.number,
        newest=row.newest_number,
        note=row.note,
        uses=row.usage_count,
        archived=not row.is_active,
        shipped=row.shipped,
        created_at=row.created_at,
    )


def is_there(connection: Connection, key: str) -> bool:
    """Tell whether the key is taken by any template, archived or not, whoever may see it."""
    return connection.scalar(select(func.count()).where(_templates.c.key == key)) == 1


def find_free_key(connection: Connection, wanted: str) -> str:
    """Return this key where no template has it, else one like it."""
    number, key = 2, wanted
    while is_there(connection, key):
        number, key = number + 1, f"{wanted[:90]}-{number}"
    return key


def is_seen(connection: Connection, key: str) -> bool:
    """Tell whether there is a template of this key for who asks, archived or not."""
    seen = ownership.narrow(connection, _templates)
    return connection.scalar(select(func.count()).where(_templates.c.key == key, *seen)) == 1


def list_templates(
    connection: Connection, query: TemplateQuery = ALL, limit: int = 50, before: int | None = None
) -> tuple[TemplateRow, ...]:
    """Return the templates that a query finds, the newest first, from the id ``before`` on."""
    found = select(_templates).where(*_conditions(query), *ownership.narrow(connection, _templates))
    rows = connection.execute(cut_page(found, _templates.c.id, limit, before)).all()
    owners = ownership.tell_owners(connection, rows)
    return tuple(_read_row(row, owned) for row, owned in zip(rows, owners, strict=True))


def count_templates(connection: Connection, query: TemplateQuery = ALL) -> int:
    """Return how many templates ``list_templates`` would list without a limit."""
    wanted = (*_conditions(query), *ownership.narrow(connection, _templates))
    return connection.scalar(select(func.count()).select_from(_templates).where(*wanted)) or 0


def list_labels(connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all categories and all tags that templates have, each in alphabetical order."""
    seen = ownership.narrow(connection, _templates)
    rows = connection.execute(select(_templates.c.category, _templates.c.tags).where(*seen)).all()
    tags = {tag for row in rows for tag in row.tags}
    return tuple(sorted({row.category for row in rows if row.category})), tuple(sorted(tags))


def read_active(connection: Connection) -> tuple[tuple[Template, int], ...]:
    """Return the newest version of every template that is not archived nor the demo's, with its number."""
    rows = connection.execute(
        select(_templates.c.key, _versions.c.number, cast(_versions.c.template_config, Text).label("document"))
        .join_from(
            _templates,
            _versions,
            (_versions.c.template_id == _templates.c.id) & (_versions.c.number == _templates.c.newest_number),
        )
        .where(
            _templates.c.is_active.is_(True), _templates.c.demo.is_(False), *ownership.narrow(connection, _templates)
        )
        .order_by(_templates.c.id)
    ).all()
    return tuple((read_value(Template, row.document, f"template {row.key}"), row.number) for row in rows)


def tell_state(connection: Connection) -> tuple[object, ...]:
    """Return what is different after every change of a template: what is kept in memory is good as long as it holds."""
    active = func.sum(cast(_templates.c.is_active, Integer))
    numbers, changed = func.sum(_templates.c.newest_number), func.max(_templates.c.updated_at)
    row = connection.execute(select(func.count(), func.max(_templates.c.id), numbers, active, changed)).one()
    return tuple(row)


def versions(connection: Connection, key: str) -> tuple[TemplateVersionRow, ...]:
    """Return all versions of a template, newest first. Raises NotFound when there is no such template."""
    rows = connection.execute(
        select(_versions.c.number, _versions.c.note, _versions.c.created_at, _versions.c.made_by)
        .join_from(_templates, _versions, _versions.c.template_id == _templates.c.id)
        .where(_templates.c.key == key, *ownership.narrow(connection, _templates))
        .order_by(_versions.c.number.desc())
    ).all()
    if not rows:
        raise _tell_missing(f"template {key}")
    names = ownership.name_people(connection, (row.made_by for row in rows))
    return tuple(
        TemplateVersionRow(
            number=row.number, note=row.note, created_at=row.created_at, made_by_name=names.get(row.made_by, "")
        )
        for row in rows
    )


def set_archived(connection: Connection, key: str, archived: bool) -> StoredTemplate:
    """Archive a template, so that it is neither listed nor used, or restore it; return it.

    Raises NotFound, NotAllowed.
    """
    _check_change(connection, key)
    moved = {"is_active": not archived, "updated_at": tell_time()}
    connection.execute(update(_templates).where(_templates.c.key == key).values(moved))
    stored = get(connection, key)
    audit.record(connection, "archived" if archived else "restored", "template", key, f'"{stored.template.name}".')
    return stored


def share(connection: Connection, key: str, shared: bool) -> StoredTemplate:
    """Let everybody look at a template and use it, or its owner alone again; return it. Raises NotFound, NotAllowed."""
    template_id = _check_change(connection, key)
    name = get(connection, key).template.name
    ownership.share(connection, _templates, template_id, shared, "template", name, key)
    return get(connection, key)


def remove(connection: Connection, key: str) -> int:
    """Delete a template with all its versions; its key is free from now on. Return its id.

    Until it is brought back, its row is named by what is no key; the key stands in its versions.
    Raises NotFound, NotAllowed.
    """
    template_id = _check_change(connection, key)
    name = connection.scalar(select(_templates.c.name).where(_templates.c.id == template_id))
    audit.record(connection, "deleted", "template", key, f'"{name}".')
    now = tell_time()
    deleted = {"deleted_at": now, "updated_at": now, "key": f"~{template_id}"}
    connection.execute(update(_templates).where(_templates.c.id == template_id).values(deleted))
    return template_id


def bring_back(connection: Connection, template_id: int, key: str) -> str:
    """Bring a deleted template back under its key, or under one like it where another has that by now; return it."""
    free = find_free_key(connection, key)
    if free != key:
        of_template = select(_versions.c.id, _versions.c.template_config).where(_versions.c.template_id == template_id)
        for row in connection.execute(of_template).all():
            renamed = {"template_config": {**row.template_config, "key": free}}
            connection.execute(update(_versions).where(_versions.c.id == row.id).values(renamed))
    back = {"deleted_at": None, "updated_at": tell_time(), "key": free}
    connection.execute(update(_templates).where(_templates.c.id == template_id).values(back))
    return free


def add_uses(connection: Connection, uses: Mapping[str, int]) -> None:
    """Count generations, by key of the template; keys of deleted ones count nowhere."""
    for key, count in sorted(uses.items()):  # always in one order, so that two writers never wait for each other
        connection.execute(
            update(_templates).where(_templates.c.key == key).values(usage_count=_templates.c.usage_count + count)
        )


def _check_change(connection: Connection, key: str) -> int:
    """Return the id of a template that who asks may change. Raises NotFound, NotAllowed."""
    seen = ownership.narrow(connection, _templates)
    template_id = connection.scalar(select(_templates.c.id).where(_templates.c.key == key, *seen))
    if template_id is None:
        raise _tell_missing(f"template {key}")
    ownership.check_change(connection, _templates, template_id, f"template {key}")
    return template_id


def _tell_missing(what: str) -> NotFound:
    return NotFound(f"There is no {what}.", "The Templates page and `templates list` name those that there are.")


def _tell(number: int, template: Template, note: str) -> str:
    """Return what the audit says of a version."""
    return f'Version {number} of "{template.name}": {note}.' if note else f'Version {number} of "{template.name}".'


def _write_head(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "description": template.description,
        "template_type": template.type,
        "category": template.category,
        "tags": list(template.tags),
    }


def _add_version(connection: Connection, template_id: int, number: int, template: Template, note: str) -> None:
    connection.execute(
        insert(_versions).values(
            template_id=template_id,
            number=number,
            note=note,
            template_config=template,
            made_by=ownership.owner(connection),
            created_at=tell_time(),
        )
    )


def _conditions(query: TemplateQuery) -> list[ColumnElement[bool]]:
    texts = (_templates.c.name, _templates.c.description, _templates.c.category, cast(_templates.c.tags, Text))
    conditions: list[ColumnElement[bool]] = [
        or_(*(text.icontains(word, autoescape=True) for text in texts)) for word in query.search.split()
    ]
    if query.type:
        conditions.append(_templates.c.template_type == query.type)
    if query.category:
        conditions.append(_templates.c.category == query.category)
    if query.tag:
        quoted = (json.dumps(query.tag), json.dumps(query.tag, ensure_ascii=False))
        conditions.append(or_(*(cast(_templates.c.tags, Text).contains(tag, autoescape=True) for tag in quoted)))
    if query.archived is not None:
        conditions.append(_templates.c.is_active.is_(not query.archived))
    return conditions


def _read_row(row: Row[*tuple[Any, ...]], owned: Mapping[str, Any]) -> TemplateRow:
    return TemplateRow(
        **owned,
        id=row.id,
        key=row.key,
        name=row.name,
        description=row.description,
        type=row.template_type,
        category=row.category,
        tags=tuple(row.tags),
        number=row.newest_number,
        uses=row.usage_count,
        archived=not row.is_active,
        shipped=row.shipped,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _explain_conflict(connection: Connection, key: str, expected: int) -> EditConflict | NotFound:
    row = connection.execute(
        select(_versions.c.number, _versions.c.note, _versions.c.created_at)
        .join_from(
            _templates,
            _versions,
            (_versions.c.template_id == _templates.c.id) & (_versions.c.number == _templates.c.newest_number),
        )
        .where(_templates.c.key == key)
    ).first()
    if row is None:
        return _tell_missing(f"template {key}")
    if row.number < expected:
        return NotFound(f"There is no version {expected} of template {key}; its newest is version {row.number}.")
    saved = f"saved at {row.created_at:%H:%M} UTC on {row.created_at.day} {row.created_at:%B %Y}"
    return EditConflict(f"Version {row.number} of this template was {saved}; your edit started from {expected}.")
