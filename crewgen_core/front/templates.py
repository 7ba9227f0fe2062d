"""The front door's part for templates: crews that are used again, with blanks that are filled for each use."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crewgen_core.errors import UnusableTemplate
from crewgen_core.exports.exported import Exported
from crewgen_core.front.generating import Generated
from crewgen_core.front.shelf import Shelf
from crewgen_core.front.template_measuring import measure_all, measure_template
from crewgen_core.logs import get_log
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.difference import Difference, compare_crews
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.models.template import (
    StoredTemplate,
    Suggestion,
    Template,
    TemplateQuery,
    TemplateRow,
    TemplateType,
    TemplateVersionRow,
)
from crewgen_core.models.template_figures import SuccessFigure, TemplateFigures
from crewgen_core.storage import crews, template_figures, templates
from crewgen_core.storage.database import Database
from crewgen_core.templates.checking import check_template, find_faults
from crewgen_core.templates.file import LARGEST, read_template, write_template
from crewgen_core.templates.filling import fill_crew, fill_text
from crewgen_core.templates.proposing import EMPTY, propose_template
from crewgen_core.templates.suggesting import Record, SuggestionIndex
from crewgen_core.templates.values import complete_values, read_values

Review = Callable[[Crew, Objective | None], tuple[Report, Estimate]]
Generate = Callable[[Objective, str | None, Callable[[str], None] | None, bool], Generated]
Understand = Callable[[Objective | None], Analysis | None]

ALL = TemplateQuery()

LARGEST_FILE = LARGEST
"""Bytes that a template file may have."""

MOST_COMPARED = 200
"""Templates whose success is shown side by side."""


@dataclass(frozen=True)
class Preview:
    """What a template gives with certain values, before anything is generated or stored."""

    objective: Objective
    """With the template and all values, ready to generate from."""
    crew: Crew
    report: Report
    estimate: Estimate


class Templates:
    """Everything that can be asked about templates."""

    def __init__(self, shelf: Shelf, review: Review, generate: Generate, understand: Understand) -> None:
        """Take what the front door knows; no database is opened before templates are first asked for."""
        self._shelf = shelf
        self._review = review
        self._generate = generate
        self._understand = understand
        self._index: tuple[object, SuggestionIndex] | None = None
        self._log = get_log("templates")

    @property
    def database(self) -> Database:
        """The database with the templates that come with crewgen."""
        return self._shelf.database

    # --- looking --------------------------------------------------------------------------------------------------

    def get(self, key: str, number: int | None = None) -> StoredTemplate:
        """Return a template, its newest version unless a number is given. Raises NotFound."""
        return self._shelf.get(key, number)

    def list(self, query: TemplateQuery = ALL, limit: int = 50, before: int | None = None) -> tuple[TemplateRow, ...]:
        """Return the templates that a query finds, the newest first, from the id ``before`` on."""
        with self.database.read() as connection:
            return templates.list_templates(connection, query, limit, before)

    def count(self, query: TemplateQuery = ALL) -> int:
        """Return how many templates a query finds."""
        with self.database.read() as connection:
            return templates.count_templates(connection, query)

    def list_labels(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return all categories and all tags that there are."""
        with self.database.read() as connection:
            return templates.list_labels(connection)

    def versions(self, key: str) -> tuple[TemplateVersionRow, ...]:
        """Return the versions of a template, the newest first. Raises NotFound."""
        with self.database.read() as connection:
            return templates.versions(connection, key)

    def compare_versions(self, key: str, number: int, with_number: int) -> tuple[Difference, ...]:
        """Return what version ``number`` of a template has otherwise than version ``with_number``. Raises NotFound."""
        with self.database.read() as connection:
            before, after = (templates.get(connection, key, it).template for it in (with_number, number))
        return (*_compare_heads(before, after), *compare_crews(before.crew, after.crew))

    def check(self, template: Template) -> tuple[str, ...]:
        """Return a sentence for each thing that keeps a template from being used."""
        return tuple(find_faults(template))

    # --- using ----------------------------------------------------------------------------------------------------

    def preview(self, key: str, values: Mapping[str, str] | None = None, number: int | None = None) -> Preview:
        """Return the filled objective and crew, checked and priced; blanks without a value take their default.

        Raises NotFound, UnusableTemplate.
        """
        stored = self.get(key, number)
        return self.preview_template(stored.template, values, stored.number)

    def preview_template(
        self, template: Template, values: Mapping[str, str] | None = None, number: int | None = None
    ) -> Preview:
        """Do the same for a template that is not stored as it is, like one being edited."""
        check_template(template)
        filled = read_values(template, values or {})
        crew = fill_crew(template, filled)
        typed = complete_values(template, values or {})
        objective = Objective(text=crew.objective, template=template.key, template_number=number, template_values=typed)
        report, figures = self._review(crew, objective)
        return Preview(objective, crew, report, figures)

    def use(
        self,
        key: str,
        values: Mapping[str, str] | None = None,
        text: str = "",
        model: str | None = None,
        tell: Callable[[str], None] | None = None,
        number: int | None = None,
        fresh: bool = False,
        base: Objective | None = None,
    ) -> Generated:
        """Generate a crew from a template and store it with its request, like any other.

        ``text`` is the objective in the person's own words: the template is then adapted to it, and blanks without a
        value are filled from it. Without, it is the template's own. ``base`` has limits and context that hold beside.
        Raises NotFound, UnusableTemplate, CrewgenError.
        """
        return self._generate(self.write_objective(key, values, text, number, base), model, tell, fresh)

    def write_objective(
        self,
        key: str,
        values: Mapping[str, str] | None = None,
        text: str = "",
        number: int | None = None,
        base: Objective | None = None,
    ) -> Objective:
        """Return the objective that ``use`` generates from. Raises NotFound, UnusableTemplate."""
        stored, given = self._shelf.get_usable(key, number), dict(values or {})
        if text.strip():
            objective = Objective(text=text)
            read_values(stored.template, given, self._understand(objective))
        else:
            objective = Objective(text=fill_text(stored.template.objective, read_values(stored.template, given)))
            given = complete_values(stored.template, given)
        limits = base.model_dump(exclude={"text", "template", "template_number", "template_values"}) if base else {}
        named = {"template": key, "template_number": stored.number, "template_values": given}
        return Objective.model_validate({"text": objective.text, **limits, **named})

    def suggest(self, text: str, most: int = 3) -> tuple[Suggestion, ...]:
        """Return the templates that fit a text, the best first; none where none fits.

        Ranked by how well the words fit, times how well crews made from it do; see ``templates.suggesting``.
        """
        active = self._shelf.list_active()
        if self._index is None or self._index[0] is not active:
            self._index = (active, SuggestionIndex(active))
        with self.database.read() as connection:
            records = template_figures.read_records(connection)
        known = {key: Record(*record) for key, record in records.items()}
        return self._index[1].suggest(text, known, most)

    def measure(self, key: str) -> TemplateFigures:
        """Return uses, success, cost and time of the crews made from a template. Raises NotFound."""
        return measure_template(self.database, key, self.get(key).uses)

    def compare_all(self) -> tuple[SuccessFigure, ...]:
        """Return the success of the crews of each template that was used, the best mean first."""
        names = {row.key: row.name for row in self.list(TemplateQuery(archived=None), limit=MOST_COMPARED)}
        return measure_all(self.database, names)

    # --- making and changing --------------------------------------------------------------------------------------

    def create(self, template: Template, note: str = "Made") -> StoredTemplate:
        """Store a new template. Raises UnusableTemplate."""
        check_template(template)
        with self.database.begin() as connection:
            stored = templates.create(connection, template, note)
        self._log.info("template made", template=template.key)
        return stored

    def create_empty(
        self, name: str, type: TemplateType = "task_based", category: str = "", description: str = ""
    ) -> StoredTemplate:
        """Store a new template with one agent, one task and one blank to begin from. Raises UnusableTemplate."""
        fields = {"name": name.strip(), "type": type, "category": category, "description": description}
        return self.create(_rebuild(EMPTY, {"key": self.find_free_key(name), **fields}))

    def propose_from_crew(self, crew_id: int, name: str = "") -> Template:
        """Return a template made of a stored crew, with proposed blanks; nothing is stored. Raises NotFound."""
        with self.database.read() as connection:
            stored = crews.get(connection, crew_id)
        title = name.strip() or stored.crew.name
        objective = stored.objective or (Objective(text=stored.crew.objective) if stored.crew.objective else None)
        analysis = self._understand(objective)
        return propose_template(
            stored.crew,
            self.find_free_key(title),
            title[:255],
            objective.text if objective else "",
            analysis.subject if analysis else "",
        )

    def create_from_crew(self, crew_id: int, name: str = "", **fields: object) -> StoredTemplate:
        """Store a template made of a stored crew; ``fields`` replace what is proposed. Raises NotFound."""
        proposed = self.propose_from_crew(crew_id, name)
        return self.create(_rebuild(proposed, fields), f"Made from crew {crew_id}")

    def rebuild(self, template: Template, fields: Mapping[str, object]) -> Template:
        """Return the template with other fields; nothing is stored. Raises UnusableTemplate, naming the first fault."""
        return _rebuild(template, fields)

    def edit(self, key: str, template: Template, note: str, expected: int) -> StoredTemplate:
        """Store an edited template as the version after ``expected``. Raises EditConflict, UnusableTemplate."""
        check_template(template)
        with self.database.begin() as connection:
            return templates.save_version(connection, key, template, note, expected)

    def revert(self, key: str, number: int, expected: int) -> StoredTemplate:
        """Make the state of an earlier version the newest one again. Raises EditConflict, NotFound."""
        return self.edit(key, self.get(key, number).template, f"Went back to version {number}", expected)

    def duplicate(self, key: str, name: str = "") -> StoredTemplate:
        """Store a copy under a name and a key of its own. Raises NotFound."""
        original = self.get(key).template
        title = (name.strip() or f"{original.name} (copy)")[:255]
        copy = _rebuild(original, {"key": self.find_free_key(title), "name": title})
        return self.create(copy, f"Copied from {original.name}")

    def archive(self, key: str) -> StoredTemplate:
        """Put a template away: it is neither suggested nor used until it is restored. Raises NotFound."""
        with self.database.begin() as connection:
            return templates.set_archived(connection, key, archived=True)

    def restore(self, key: str) -> StoredTemplate:
        """Bring an archived template back. Raises NotFound."""
        with self.database.begin() as connection:
            return templates.set_archived(connection, key, archived=False)

    def share(self, key: str, shared: bool) -> StoredTemplate:
        """Let everybody look at a template and use it, or its owner alone again. Raises NotFound, NotAllowed."""
        with self.database.begin() as connection:
            return templates.share(connection, key, shared)

    def delete(self, key: str) -> None:
        """Delete a template; the crews and outcomes that came of it stay. It can be brought back for 30 days.

        Raises NotFound, NotAllowed.
        """
        with self.database.begin() as connection:
            templates.remove(connection, key)
        self._log.info("template deleted", template=key)

    def find_free_key(self, name: str) -> str:
        """Return a key made of a name that no template has yet."""
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-") or "template"
        with self.database.read() as connection:
            return templates.find_free_key(connection, plain)

    # --- travelling -----------------------------------------------------------------------------------------------

    def export(self, key: str, number: int | None = None) -> Exported:
        """Return a template as a file. Raises NotFound."""
        template = self.get(key, number).template
        return Exported(f"{template.key}.template.json", write_template(template), "application/json")

    def read(self, content: bytes) -> Template:
        """Return the template that a file holds; nothing is stored. Raises UnreadableTemplate."""
        return read_template(content)

    def import_file(self, content: bytes, *, as_version: bool = False) -> StoredTemplate:
        """Store the template that a file holds: where its key is taken, under a new key, or as a new version there.

        Raises UnreadableTemplate.
        """
        template = read_template(content)
        with self.database.read() as connection:
            taken = templates.is_there(connection, template.key)
            present = templates.get(connection, template.key) if templates.is_seen(connection, template.key) else None
        if not taken:
            return self.create(template, "Imported")
        if as_version and present is not None:
            return self.edit(template.key, template, "Imported", present.newest)
        return self.create(_rebuild(template, {"key": self.find_free_key(template.key)}), "Imported")

    def is_there(self, key: str) -> bool:
        """Tell whether there is a template of this key, archived or not."""
        with self.database.read() as connection:
            return templates.is_seen(connection, key)


def _rebuild(template: Template, fields: Mapping[str, object]) -> Template:
    """Return the template with other fields. Raises UnusableTemplate for one that does not fit."""
    try:
        return Template.model_validate(template.model_dump() | dict(fields))
    except ValueError as error:
        first = str(error).splitlines()
        raise UnusableTemplate(f"The template cannot be made so: {' '.join(first[1:3]).strip()}.") from error


def _compare_heads(before: Template, after: Template) -> tuple[Difference, ...]:
    """Return what is different beside the crew."""
    fields = {
        "name": (before.name, after.name),
        "description": (before.description, after.description),
        "objective": (before.objective, after.objective),
        "type": (before.type, after.type),
        "category": (before.category, after.category),
        "tags": (", ".join(before.tags), ", ".join(after.tags)),
        "blanks": (_tell_blanks(before), _tell_blanks(after)),
        "optional tasks": (", ".join(before.optional), ", ".join(after.optional)),
    }
    return tuple(
        Difference(kind="changed", part="template", name="Template", field=field, before=old, after=new)
        for field, (old, new) in fields.items()
        if old != new
    )


def _tell_blanks(template: Template) -> str:
    told = (f"{blank.name} ({blank.type})" + f": {blank.default}" * bool(blank.default) for blank in template.blanks)
    return "; ".join(told)
