"""Objective: the text that a person typed, with its constraints."""

import re

from annotated_types import MaxLen
from pydantic import Field, ValidationInfo, field_validator

from crewgen_core.errors import UnusableObjective
from crewgen_core.models.value import Usd, Value

MAX_OBJECTIVE_CHARACTERS = 20_000
MAX_CONTEXT_CHARACTERS = 20_000

VISIBLE = r"[^\s\u0000-\u001f\u007f-\u009f]"
"""Told to programs: something must be left of a text after ``clean_text``."""

_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters (category Cc) but line feed and tab, and lone surrogates (Cs)."""


class Objective(Value):
    """What a person wants done, in their own words, and the limits they set.

    The text is kept as typed, but for control characters (line breaks and tabs stay) and lone surrogates, which no
    database or file could hold.
    """

    text: str = Field(min_length=1, max_length=MAX_OBJECTIVE_CHARACTERS, json_schema_extra={"pattern": VISIBLE})
    """The objective as typed."""
    context: str = Field(default="", max_length=MAX_CONTEXT_CHARACTERS)
    """Background that helps: the company, the data at hand, what was tried."""
    domain: str | None = None
    """Key of a catalog domain, when the person chose one instead of letting it be detected."""
    budget_usd: Usd | None = None
    """Most that one run of the crew may cost, in USD."""
    deadline_minutes: float | None = Field(default=None, gt=0, le=525_600)
    """Longest that one run of the crew may take, in minutes."""
    max_agents: int | None = Field(default=None, ge=1, le=50)
    """Most agents the crew may have, its manager not counted."""
    allowed_tools: tuple[str, ...] | None = None
    """Catalog keys of the tools that may be granted; None allows all, an empty tuple none."""
    allowed_models: tuple[str, ...] | None = None
    """Names of the models that the agents may use; None allows all."""
    template: str | None = None
    """Key of the template to start from, when one was chosen."""
    template_number: int | None = Field(default=None, ge=1, le=2**31 - 1)
    """Version of the template; None takes the newest."""
    template_values: dict[str, str] = Field(default_factory=dict[str, str], max_length=50)
    """What fills the template's blanks, by their names; for others the objective itself or their default is taken."""
    preferences: str = Field(default="", max_length=MAX_CONTEXT_CHARACTERS)
    """Free words about how the crew should work."""

    def __hash__(self) -> int:
        """Hash the whole; pydantic's own way stops at the values of blanks, which are a mapping."""
        return hash(self.model_dump_json())

    @field_validator("text", "context", "preferences", mode="before")
    @classmethod
    def _drop_unstorable_characters(cls, value: object, info: ValidationInfo) -> object:
        """Clean a text; one that is too long stays as it was sent, and is refused for what its sender can count."""
        longest = next(
            it.max_length for it in cls.model_fields[str(info.field_name)].metadata if isinstance(it, MaxLen)
        )
        return clean_text(value) if isinstance(value, str) and len(value) <= longest else value


def clean_text(text: str) -> str:
    """Drop control characters and lone surrogates, unify line ends, trim the ends.

    Everything a person can see is kept: letters of every script, emoji, direction marks of right-to-left text.
    """
    if text.isprintable():  # most texts: no character of these kinds, and ten times as fast in files of many rows
        return text.strip()
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_objective(text: str) -> Objective:
    """Return typed text as an objective without limits. Raises UnusableObjective when it is empty or too long."""
    cleaned = clean_text(text)
    if not cleaned:
        raise UnusableObjective("There is no objective yet.")
    if len(cleaned) > MAX_OBJECTIVE_CHARACTERS:
        raise UnusableObjective(
            f"The objective has {len(cleaned):,} characters, and {MAX_OBJECTIVE_CHARACTERS:,} is the most.",
            "Say in fewer words what should exist in the end; background belongs into the context.",
        )
    return Objective(text=cleaned)
