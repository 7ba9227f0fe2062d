"""Upload: a table of objectives, checked row by row, and what is to be told of it.

Rows are tuples with names, not pydantic values: a file has up to 200,000 of them, and their cells are checked one by
one.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from pydantic import Field, JsonValue, field_validator

from crewgen_core.models.job import Priority
from crewgen_core.models.objective import MAX_CONTEXT_CHARACTERS, clean_text
from crewgen_core.models.value import Usd, Value

ColumnField = Literal[
    "objective",
    "name",
    "context",
    "domain",
    "budget_usd",
    "deadline_minutes",
    "max_agents",
    "template",
    "model",
    "priority",
    "tags",
    "preferences",
]
"""What a column may mean; only the objective must be there."""

COLUMN_FIELDS: tuple[ColumnField, ...] = get_args(ColumnField)

Requirements = Mapping[str, JsonValue]
"""Fields of an ``Objective`` other than its text that differ from their defaults, as it dumps them to JSON."""

ROWS_IN_PREVIEW = 20
"""First rows that a report keeps whole."""

MOST_TOLD = 10_000
"""Bad rows and duplicates that a report keeps; their counts are exact."""


class ObjectiveRow(NamedTuple):
    """A row that can become a crew: ``Objective(text=row.text, **row.requirements)`` is valid."""

    row: int
    """Where a person finds it: the line of a CSV file in a text editor (the first one, where cells have line breaks),
    or the row of the spreadsheet."""
    name: str
    """What the person calls it; may be empty."""
    text: str
    """The objective, cleaned as ``models.objective.clean_text`` does."""
    requirements: Requirements
    """The shared ones, and above them what the row says itself."""
    model: str
    """LiteLLM name; empty for Built-in."""
    priority: Priority
    tags: tuple[str, ...]
    extra: Mapping[str, str]
    """Cells of columns that mean no field, by column, without the empty ones."""
    duplicate_of: int | None
    """The first row with the same objective (but for case and white space), requirements and model."""


class BadRow(NamedTuple):
    """A row that cannot become a crew, and why; with several faults, all of them are named."""

    row: int
    """As in ``ObjectiveRow``."""
    column: str
    """The columns at fault, separated by "; "; empty when it is the row as a whole."""
    value: str
    """What stands there, shortened, likewise separated."""
    reason: str
    """One plain sentence for each fault: what is wrong, and what would be right."""


class DuplicateRow(NamedTuple):
    """A row that asks for the same crew as an earlier one."""

    row: int
    duplicate_of: int
    text: str
    """Its objective, shortened."""


class SharedRequirements(Value):
    """What holds for every row of an upload that says nothing else itself."""

    context: str = Field(default="", max_length=MAX_CONTEXT_CHARACTERS)
    domain: str | None = None
    """Key or name of a catalog domain."""
    budget_usd: Usd | None = None
    deadline_minutes: float | None = Field(default=None, gt=0, le=525_600)
    max_agents: int | None = Field(default=None, ge=1, le=50)
    template: str | None = None
    preferences: str = Field(default="", max_length=MAX_CONTEXT_CHARACTERS)
    model: str = ""
    """LiteLLM name; empty for Built-in."""
    priority: Priority = "normal"

    @field_validator("context", "preferences", mode="before")
    @classmethod
    def _drop_unstorable_characters(cls, value: object) -> object:
        return clean_text(value) if isinstance(value, str) else value

    def dump_requirements(self) -> dict[str, JsonValue]:
        """Return those that are fields of an ``Objective`` and set, as JSON."""
        return self.model_dump(mode="json", exclude={"model", "priority"}, exclude_defaults=True)


class UploadReport(Value):
    """What an uploaded file holds, after all its rows were checked."""

    name: str
    """The file's."""
    kind: Literal["csv", "xlsx"]
    digest: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    encoding: str
    """How its letters were read, as people call it ("UTF-8"); empty for a spreadsheet."""
    delimiter: str
    """What separates its cells; empty for a spreadsheet, and where each line is one cell."""
    tab: str
    """The spreadsheet's sheet that was read; empty for CSV."""
    tabs: tuple[str, ...]
    """All sheets that can be chosen."""
    columns: tuple[str, ...]
    """Names of the columns, each unique, as the header has them."""
    mapping: dict[str, str]
    """Column by field."""
    rows: int
    """Rows that are not blank, the header not counted: good and bad."""
    good: int
    """Rows that can become a crew, duplicates among them."""
    bad: int
    duplicates: int
    preview: tuple[ObjectiveRow | BadRow, ...]
    """The first 20 rows, good or bad."""
    bad_rows: tuple[BadRow, ...]
    """The first 10,000."""
    duplicate_rows: tuple[DuplicateRow, ...]
    """The first 10,000."""
    models: dict[str, int]
    """How many good rows go to each model; "" is Built-in."""
    notes: tuple[str, ...]
    """What was assumed or will not be used, in plain sentences."""
