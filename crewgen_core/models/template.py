"""Template: a crew that can be used again, with blanks that are filled for each use.

A blank stands in the texts of a template as ``[[name]]``. CrewAI fills ``{name}`` when a crew runs, and takes
``{{name}}`` for one too; square brackets are neither, so a template may hold both.
"""

import re
from datetime import datetime
from typing import Literal, get_args

from pydantic import Field, field_validator

from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, clean_text
from crewgen_core.models.ownership import Owned
from crewgen_core.models.value import Value

TemplateType = Literal["task_based", "domain_specific"]
"""A way of working that fits any field ("compare options and recommend"), or the work of one field."""

BlankType = Literal["text", "number", "choice", "list", "date"]

Source = Literal["", "subject", "audience", "language", "tone", "inputs", "due"]
"""What of an objective's analysis fills a blank that nobody filled; "" takes the default."""

TEMPLATE_TYPES: tuple[TemplateType, ...] = get_args(TemplateType)
BLANK_TYPES: tuple[BlankType, ...] = get_args(BlankType)
SOURCES: tuple[Source, ...] = get_args(Source)

BLANK = re.compile(r"\[\[([a-z][a-z0-9_]{0,49})\]\]")
"""A blank in a text; its group is the name."""

KEY = r"^[a-z0-9][a-z0-9_-]{0,99}$"
"""What the key of a template looks like."""

LONGEST_VALUE = 500
"""Characters of what a blank is filled with."""

MOST_BLANKS = 20
MOST_TAGS = 20


class Blank(Value):
    """One thing that has to be known before a template becomes a crew."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")
    """How the texts name it: ``[[name]]``."""
    label: str = Field(default="", max_length=100)
    """How people read it; empty takes the name."""
    type: BlankType = "text"
    default: str = Field(default="", max_length=LONGEST_VALUE)
    """What fills it when nobody says anything; dates as YYYY-MM-DD, lists with commas."""
    choices: tuple[str, ...] = Field(default=(), max_length=30)
    """Of a choice: all that there is to choose from."""
    required: bool = True
    """Whether it must be filled when it has no default."""
    help: str = Field(default="", max_length=300)
    takes: Source = ""

    @property
    def title(self) -> str:
        """What people read."""
        return self.label or self.name.replace("_", " ").capitalize()


class Template(Value):
    """A crew skeleton with its blanks, and what it is good for."""

    key: str = Field(pattern=KEY)
    """How objectives, crews and outcomes name it."""
    name: str = Field(min_length=1, max_length=255)
    description: str = Field(default="", max_length=2_000)
    """What it is for and what comes of it, in a sentence or two."""
    type: TemplateType = "task_based"
    category: str = Field(default="", max_length=100)
    tags: tuple[str, ...] = Field(default=(), max_length=MOST_TAGS)
    objective: str = Field(default="", max_length=MAX_OBJECTIVE_CHARACTERS)
    """The objective of a crew made from it, with blanks."""
    blanks: tuple[Blank, ...] = Field(default=(), max_length=MOST_BLANKS)
    crew: Crew
    """The skeleton: a crew whose texts may hold blanks."""
    optional: tuple[str, ...] = ()
    """Keys of tasks that are left out where an objective does not call for them."""

    @field_validator("name", "description", "category", "objective", mode="before")
    @classmethod
    def _drop_unstorable_characters(cls, value: object) -> object:
        return clean_text(value) if isinstance(value, str) else value

    @field_validator("tags")
    @classmethod
    def _tidy_tags(cls, tags: tuple[str, ...]) -> tuple[str, ...]:
        cleaned = (" ".join(clean_text(tag).lower().replace('"', "").split())[:50] for tag in tags)
        return tuple(dict.fromkeys(tag for tag in cleaned if tag))

    def blank(self, name: str) -> Blank | None:
        """Return the blank of this name, or None."""
        return next((blank for blank in self.blanks if blank.name == name), None)


class TemplateRow(Owned):
    """One template in a list, as its newest version has it."""

    id: int
    key: str
    name: str
    description: str
    type: TemplateType
    category: str
    tags: tuple[str, ...]
    number: int = Field(ge=1)
    """Its newest version."""
    uses: int = Field(ge=0)
    """Crews that were generated from it."""
    archived: bool
    shipped: bool
    """Whether it came with crewgen."""
    created_at: datetime
    updated_at: datetime


class StoredTemplate(Owned):
    """One version of a template with everything that belongs to it."""

    template: Template
    number: int = Field(ge=1)
    newest: int = Field(ge=1)
    note: str
    """Why this version was made."""
    uses: int = Field(ge=0)
    archived: bool
    shipped: bool
    created_at: datetime
    """When this version was made."""


class TemplateVersionRow(Value):
    """One version of a template in a list."""

    number: int = Field(ge=1)
    note: str
    created_at: datetime
    made_by_name: str = ""
    """Who saved it; empty without login, and for what crewgen itself made."""


class TemplateUse(Value):
    """That a crew was made from a template, and what was changed to fit the objective."""

    key: str
    name: str
    number: int = Field(ge=1)
    """The version that was used."""
    adaptations: tuple[str, ...] = ()
    """What was filled, added and left out, in plain sentences."""

    @property
    def label(self) -> str:
        """Where the crew is from, in a sentence."""
        return f"From template “{self.name}”, version {self.number}."


class TemplateQuery(Value):
    """Which templates a list shows."""

    search: str = ""
    """Words in name, description, category or tags."""
    type: TemplateType | None = None
    category: str = ""
    tag: str = ""
    archived: bool | None = False
    """None lists archived ones too, True only them."""


class Suggestion(Value):
    """A template that fits an objective, with the reasons."""

    key: str
    name: str
    description: str
    number: int
    fit: float = Field(ge=0, le=1)
    """How much of the objective's words the template has, weighted by how telling they are."""
    words: tuple[str, ...]
    """The objective's words that the template has too, the most telling first."""
    success: float = Field(ge=0, le=1)
    """Posterior mean of the chance that a crew made from it succeeds."""
    sd: float = Field(ge=0)
    """How uncertain that is (standard deviation)."""
    succeeded: int = Field(ge=0)
    runs: int = Field(ge=0)
    """Runs of crews made from it whose outcome is known."""
    worth_trying: bool = False
    """Whether it stands here only because too little is known of it: by its mean alone it would stand lower."""

    @property
    def score(self) -> float:
        """What suggestions are ranked by: fit × (mean + half a standard deviation)."""
        return self.fit * (self.success + 0.5 * self.sd)
