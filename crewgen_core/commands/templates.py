"""What the command ``templates`` does: list, show, use, make, change and suggest templates, and carry them as files."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_id, read_pairs
from crewgen_core.commands.output import DONE, print_json, write_file
from crewgen_core.console.crew import describe_crew
from crewgen_core.console.design import describe_design
from crewgen_core.console.templates import (
    describe_figures,
    describe_stored,
    describe_suggestions,
    describe_template,
    describe_templates,
    describe_versions,
)
from crewgen_core.errors import NotFound, UnreadableTemplate, UnusableTemplate
from crewgen_core.front.templates import LARGEST_FILE
from crewgen_core.models.template import StoredTemplate, TemplateQuery

MOST_LISTED = 1_000
MOST_SUGGESTED = 20


def run_templates(crewgen: Crewgen, options: Namespace) -> int:
    """Do to templates what the options ask for, and return the exit code. Raises CrewgenError."""
    return ACTIONS[options.action](crewgen, options)


def _list(crewgen: Crewgen, options: Namespace) -> int:
    query = TemplateQuery(
        search=options.search,
        type=options.type,
        category=options.category,
        tag=options.tag,
        archived=bool(options.archived),
    )
    rows = crewgen.templates.list(query, MOST_LISTED)
    if options.json:
        return print_json({"templates": [row.model_dump(mode="json") for row in rows]})
    print(describe_templates(rows, crewgen.templates.count(query)))
    return DONE


def _show(crewgen: Crewgen, options: Namespace) -> int:
    stored = crewgen.templates.get(options.key, options.version)
    versions, figures = crewgen.templates.versions(options.key), crewgen.templates.measure(options.key)
    if options.json:
        return print_json(
            {
                **stored.model_dump(mode="json"),
                "versions": [row.model_dump(mode="json") for row in versions],
                "figures": figures.model_dump(mode="json"),
            }
        )
    print(describe_template(stored), describe_crew(stored.template.crew), sep="\n\n")
    print(f"\n{describe_versions(versions)}\n\n{describe_figures(figures)}")
    return DONE


def _use(crewgen: Crewgen, options: Namespace) -> int:
    values = read_pairs("--set", options.set, "region=Norway", UnusableTemplate)
    made = crewgen.templates.use(
        options.key, values, options.objective, options.model, None, options.version, options.fresh
    )
    if options.json:
        return print_json(made.document())
    print(describe_design(made.design, made.crew_id))
    return DONE


def _create(crewgen: Crewgen, options: Namespace) -> int:
    said = {"type": options.type, "category": options.category, "description": options.description}
    fields = {name: value for name, value in said.items() if value is not None}
    if options.crew is None:
        return _tell(crewgen.templates.create_empty(options.name, **fields), options, "made")
    crew_id = read_id(options.crew)
    if crew_id is None:
        raise NotFound(f'There is no stored crew "{options.crew[:30]}".', "A stored crew is named by its number.")
    return _tell(crewgen.templates.create_from_crew(crew_id, options.name, **fields), options, "made")


def _export(crewgen: Crewgen, options: Namespace) -> int:
    path = write_file(crewgen.templates.export(options.key, options.version), options.out, options.force)
    if options.json:
        return print_json({"written": str(path)})
    print(path)
    return DONE


def _import(crewgen: Crewgen, options: Namespace) -> int:
    try:
        with Path(options.file).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise UnreadableTemplate(f"{options.file} cannot be read: {reason}.", "Give the path of a file.") from error
    return _tell(crewgen.templates.import_file(content, as_version=options.as_version), options, "imported")


def _duplicate(crewgen: Crewgen, options: Namespace) -> int:
    return _tell(crewgen.templates.duplicate(options.key, options.name), options, "made")


def _archive(crewgen: Crewgen, options: Namespace) -> int:
    return _tell(crewgen.templates.archive(options.key), options, "archived")


def _restore(crewgen: Crewgen, options: Namespace) -> int:
    return _tell(crewgen.templates.restore(options.key), options, "restored")


def _delete(crewgen: Crewgen, options: Namespace) -> int:
    stored = crewgen.templates.get(options.key)
    if not options.yes:
        raise UnusableTemplate(
            f"“{stored.template.name}” would be deleted, with its {stored.newest} versions."
            if stored.newest > 1
            else f"“{stored.template.name}” would be deleted.",
            "Say --yes to delete it; `templates archive` puts it away instead.",
        )
    crewgen.templates.delete(options.key)
    if options.json:
        return print_json({"deleted": options.key})
    print(f"Template {options.key} is deleted; crews made from it stay. For 30 days, Settings can bring it back.")
    return DONE


def _suggest(crewgen: Crewgen, options: Namespace) -> int:
    found = crewgen.templates.suggest(options.objective, max(1, min(options.most, MOST_SUGGESTED)))
    if options.json:
        return print_json({"suggestions": [{**it.model_dump(mode="json"), "score": it.score} for it in found]})
    print(describe_suggestions(found))
    return DONE


def _tell(stored: StoredTemplate, options: Namespace, what: str) -> int:
    if options.json:
        return print_json(stored.model_dump(mode="json"))
    print(describe_stored(stored, what))
    return DONE


ACTIONS: Mapping[str, Callable[[Crewgen, Namespace], int]] = {
    "list": _list,
    "show": _show,
    "use": _use,
    "create": _create,
    "export": _export,
    "import": _import,
    "duplicate": _duplicate,
    "archive": _archive,
    "restore": _restore,
    "delete": _delete,
    "suggest": _suggest,
}
