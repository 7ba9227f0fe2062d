"""Templates in the database: versions, lists, the lock against lost edits, and those that come with crewgen."""

import pytest

from crewgen_core.errors import EditConflict, NotFound, UnusableTemplate
from crewgen_core.models.template import Template, TemplateQuery
from crewgen_core.storage import shipped_templates, templates
from crewgen_core.storage.database import Database
from tests.support.templates import market_template


def store(database: Database, **changes: object) -> Template:
    template = market_template(**changes)
    with database.begin() as connection:
        templates.create(connection, template)
    return template


def keys(database: Database, **query: object) -> list[str]:
    with database.read() as connection:
        found = templates.list_templates(connection, TemplateQuery.model_validate(query))
        assert templates.count_templates(connection, TemplateQuery.model_validate(query)) == len(found)
    return [row.key for row in found]


def test_a_stored_template_comes_back_as_it_was(database: Database) -> None:
    template = store(database)
    with database.read() as connection:
        stored = templates.get(connection, template.key)
    assert stored.template == template
    assert (stored.number, stored.newest, stored.uses, stored.archived, stored.shipped) == (1, 1, 0, False, False)


def test_a_key_is_given_once(database: Database) -> None:
    store(database)
    with pytest.raises(UnusableTemplate, match="with the key market-brief already"):
        store(database, name="Another")


def test_saving_makes_a_new_version_and_keeps_the_old_one(database: Database) -> None:
    template = store(database)
    with database.begin() as connection:
        edited = template.model_copy(update={"name": "Market note", "key": "another"})
        stored = templates.save_version(connection, template.key, edited, "Renamed", 1)
    assert (stored.number, stored.template.name, stored.template.key) == (2, "Market note", "market-brief")
    with database.read() as connection:
        assert templates.get(connection, template.key, 1).template == template
        assert [(row.number, row.note) for row in templates.versions(connection, template.key)] == [
            (2, "Renamed"), (1, "Made"),
        ]  # fmt: skip


def test_saving_over_a_newer_version_is_refused_and_says_which_it_is(database: Database) -> None:
    template = store(database)
    with database.begin() as connection:
        templates.save_version(connection, template.key, template, "Theirs", 1)
    with pytest.raises(EditConflict, match="Version 2 of this template was saved at"), database.begin() as connection:
        templates.save_version(connection, template.key, template, "Mine", 1)


@pytest.mark.parametrize("wanted", ["get", "versions", "remove", "save"])
def test_what_is_not_there_is_said(database: Database, wanted: str) -> None:
    with pytest.raises(NotFound, match="no template nothing"), database.begin() as connection:
        match wanted:
            case "get":
                templates.get(connection, "nothing")
            case "versions":
                templates.versions(connection, "nothing")
            case "remove":
                templates.remove(connection, "nothing")
            case _:
                templates.save_version(connection, "nothing", market_template(), "", 1)


def test_lists_are_searched_and_filtered(database: Database) -> None:
    store(database, key="one", name="Compare options", category="General", tags=("decide", "größe"), type="task_based")
    store(database, key="two", name="Launch plan", category="Marketing", tags=("launch",))
    assert keys(database) == ["two", "one"]
    assert keys(database, search="LAUNCH plan") == ["two"]
    assert keys(database, search="100%") == []
    assert keys(database, type="task_based") == ["one"]
    assert keys(database, category="Marketing") == ["two"]
    assert keys(database, tag="größe") == ["one"]
    assert keys(database, tag="launc") == []
    with database.read() as connection:
        assert templates.list_labels(connection) == (("General", "Marketing"), ("decide", "größe", "launch"))
        assert [row.key for row in templates.list_templates(connection, limit=1, before=2)] == ["one"]


def test_archived_ones_are_listed_only_where_asked_for(database: Database) -> None:
    template = store(database)
    with database.begin() as connection:
        before = templates.tell_state(connection)
        assert templates.set_archived(connection, template.key, archived=True).archived
        assert templates.tell_state(connection) != before
        assert templates.read_active(connection) == ()
    assert (keys(database), keys(database, archived=True), keys(database, archived=None)) == (
        [], [template.key], [template.key],
    )  # fmt: skip
    with database.begin() as connection:
        assert not templates.set_archived(connection, template.key, archived=False).archived


def test_uses_are_counted_and_a_deleted_template_is_gone(database: Database) -> None:
    template = store(database)
    with database.begin() as connection:
        templates.add_uses(connection, {template.key: 3, "deleted": 2})
        assert templates.get(connection, template.key).uses == 3
        templates.remove(connection, template.key)
    assert keys(database, archived=None) == []


def put_in(database: Database, fingerprint: str, template: Template) -> None:
    with database.begin() as connection:
        shipped_templates.put_in(connection, {template.key: fingerprint}, lambda _: template)


def test_a_shipped_template_is_put_in_once_and_renewed_where_its_text_is_newer(database: Database) -> None:
    first, newer = market_template(), market_template(name="Market brief, newer")
    put_in(database, "a", first)
    put_in(database, "a", newer)
    with database.read() as connection:
        assert templates.get(connection, first.key).template == first
        assert templates.get(connection, first.key).shipped
    put_in(database, "b", newer)
    with database.read() as connection:
        assert (templates.get(connection, first.key).number, templates.get(connection, first.key).template) == (
            2, newer,
        )  # fmt: skip


def test_a_shipped_template_that_a_person_edited_or_deleted_stays_as_they_left_it(database: Database) -> None:
    first, newer = market_template(), market_template(name="Market brief, newer")
    put_in(database, "a", first)
    with database.begin() as connection:
        mine = templates.save_version(connection, first.key, market_template(name="Mine"), "Mine", 1)
    put_in(database, "b", newer)
    with database.begin() as connection:
        assert templates.get(connection, first.key).template == mine.template
        templates.remove(connection, first.key)
    put_in(database, "c", newer)
    assert keys(database, archived=None) == []
