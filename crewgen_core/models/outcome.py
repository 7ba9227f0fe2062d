"""Outcome: what came of one run of a crew, beside what was predicted for it."""

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import Field, field_validator

from crewgen_core.models.objective import clean_text
from crewgen_core.models.run import Judge, Prediction
from crewgen_core.models.upload import BadRow
from crewgen_core.models.value import Usd, Value

CheckState = Literal["met", "not met", "cannot tell"]

LONGEST_COMMENT = 5_000
"""Characters of a comment."""


class Outcome(Value):
    """One run that was judged, as learning reads it.

    Predictions are the uncorrected ones, typical values (P50) from before the run. They must not be corrected by
    earlier outcomes: a correction that is learned from corrected figures forgets itself.
    """

    predicted_success: float = Field(ge=0, le=1)
    """Chance of success, 0 to 1."""
    succeeded: bool
    """Whether the objective was met."""
    template: str | None = None
    """Key of the template that the crew was made from; None for a crew made without one."""
    predicted_cost_usd: Usd | None = None
    """None when the price of a model was not known."""
    actual_cost_usd: Usd | None = None
    """None when nobody knows what the run cost."""
    predicted_duration_s: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    actual_duration_s: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class Check(Value):
    """One thing that was expected of a result, and whether it is there."""

    state: CheckState
    sentence: str
    """What was looked for and found, in one plain sentence."""
    quote: str = ""
    """The words of the expectation, or of the result, that it rests on."""


class TaskVerdict(Value):
    """What a judge says about the result of one task."""

    task: str
    """Its key."""
    name: str
    state: CheckState
    reason: str = ""
    """In a sentence or two; empty where the checks speak for themselves."""
    checks: tuple[Check, ...] = ()
    """What was checked by rule; empty for a model's verdict."""


class Judgement(Value):
    """What one judge says about a run. Checks look at form and never read for truth; a model may be wrong."""

    by: Judge
    model: str = ""
    """LiteLLM name of the model that judged; empty otherwise."""
    succeeded: bool | None
    """None: cannot tell, so nothing is recorded."""
    reason: str
    tasks: tuple[TaskVerdict, ...] = ()


class OutcomeEntry(Value):
    """What is recorded about a run."""

    succeeded: bool
    """Whether the objective was met."""
    rating: int | None = Field(default=None, ge=1, le=5)
    """1 (useless) to 5 (as good as wished); None for none."""
    comment: str = Field(default="", max_length=LONGEST_COMMENT)

    @field_validator("comment", mode="before")
    @classmethod
    def _drop_unstorable_characters(cls, value: object) -> object:
        return clean_text(value) if isinstance(value, str) else value


class OutsideRun(OutcomeEntry):
    """What is recorded about a run that was made elsewhere."""

    crew_id: int
    number: int | None = Field(default=None, ge=1)
    """The version that ran; None is the newest."""
    cost_usd: Usd | None = None
    """What it cost; None where nobody knows."""
    tokens: int | None = Field(default=None, ge=0, le=10**15)
    """All tokens, in and out."""
    duration_s: float | None = Field(default=None, gt=0, le=31_536_000, allow_inf_nan=False)
    """From start to end, without waiting for people."""
    ran_at: datetime | None = None
    """When it began; None is now."""


class StoredOutcome(OutcomeEntry):
    """An outcome with everything that belongs to it."""

    id: int
    run_id: int | None
    """None for a run made elsewhere."""
    crew_id: int
    number: int = Field(ge=1)
    """The version of the crew that ran."""
    crew_name: str
    template: str | None
    """Key of the template that the crew was made from."""
    template_number: int | None
    judged_by: Judge
    """Who had the last word."""
    judgements: tuple[Judgement, ...] = ()
    """What checks and models said, also where a person had the last word."""
    predicted: Prediction
    cost_usd: Usd | None
    """None where nobody knows, and for a run that did not come to its end."""
    tokens: int | None
    duration_s: float | None
    ran_at: datetime
    created_at: datetime
    updated_at: datetime
    demo: bool = False
    """Whether it is demo data: simulated to show crewgen, and removed with the demo."""


class OutcomeQuery(Value):
    """Which outcomes are wanted; what is None does not matter."""

    crew_id: int | None = None
    template: str | None = None
    """Key of a template; empty: crews made without one."""
    judged_by: Judge | None = None
    succeeded: bool | None = None


class OutcomeRow(NamedTuple):
    """A row of an uploaded table that can be recorded."""

    row: int
    """Where a person finds it, as in ``models.upload.ObjectiveRow``."""
    run: OutsideRun
    fingerprint: str
    """What tells it from all other rows: the same row of the same file again has the same one."""


class KnownRow(NamedTuple):
    """A row that is recorded already."""

    row: int
    outcome_id: int


class OutcomeImport(Value):
    """What came of an uploaded table of outcomes."""

    name: str
    """The file's."""
    rows: int
    """Rows that are not blank, the header not counted."""
    recorded: int
    known: tuple[KnownRow, ...]
    """Rows that were recorded before and were left out, or recorded again where that was wanted."""
    bad_rows: tuple[BadRow, ...]
    notes: tuple[str, ...]
    """What was assumed or not used, in plain sentences."""


class Judged(Value):
    """What came of having a run judged."""

    judgement: Judgement | None
    """None where nobody judges but a person, or where the model gave no answer."""
    outcome: StoredOutcome | None
    """None where nothing was recorded."""
    note: str
    """What was done, or why nothing was, and what to do next, in plain sentences."""
