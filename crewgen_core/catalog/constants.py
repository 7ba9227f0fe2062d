"""The numbers that estimates rest on, each with unit, source, date and status, read from ``data/constants.yaml``.

The classes name every constant, so that a missing, misspelt or superfluous one is refused when the file is read, and
a formula that uses one is checked by the type checker. What they mean in formulas is told in ``docs/estimator.md``.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from crewgen_core.catalog.entries import Activity, Text
from crewgen_core.errors import CatalogFault
from crewgen_core.models.crew import Coordination
from crewgen_core.models.estimate import BasisStatus
from crewgen_core.models.value import Value

PATH = Path(__file__).parent / "data" / "constants.yaml"

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Constant(Value):
    """One number with where it comes from."""

    value: Annotated[float, Field(allow_inf_nan=False)]
    unit: Text
    source: Text
    date: datetime.date
    """When the source stated it, or it was derived, measured or assumed; the first where only the month is known."""
    status: BasisStatus


class HorizonConstants(Value):
    """From a score on the Epoch Capabilities Index (ECI) to the minutes of human work a model masters half the time."""

    reference_eci: Constant
    reference_minutes: Constant
    doublings_per_point_below: Constant
    doublings_per_point_above: Constant
    cap_minutes: Constant
    effort_shift: Constant
    """What a reasoning model loses when it runs at medium instead of top effort, in ECI points."""
    prior_eci_large: Constant
    prior_eci_middle: Constant
    prior_eci_small: Constant
    prior_sd: Constant


class SuccessConstants(Value):
    """From load to probability."""

    slope: Constant
    discount: Constant
    sigma: Constant
    default_difficulty: Constant
    generalist: Constant
    tool_gain: Constant
    tools_counted: Constant
    least_minutes: Constant


class ReviewConstants(Value):
    """What reviews remove and what they send back."""

    model: Constant
    human: Constant
    false_alarm: Constant
    detection: Constant


class TeamConstants(Value):
    """What working as a team changes."""

    weight: Constant
    saturation: Constant
    delegations: Constant


class PromptConstants(Value):
    """What a CrewAI prompt is made of, in tokens."""

    characters_per_token: Constant
    role_playing: Constant
    task: Constant
    expected_output: Constant
    context: Constant
    tool_call: Constant
    tool_schema: Constant
    manager_persona: Constant
    delegation_schemas: Constant
    tool_turn_output: Constant
    tool_result: Constant
    cache_min: Constant


class SpeedConstants(Value):
    """How fast models of a price class answer."""

    tokens_per_s_large: Constant
    tokens_per_s_middle: Constant
    tokens_per_s_small: Constant
    first_answer_large: Constant
    first_answer_middle: Constant
    first_answer_small: Constant
    base_latency: Constant
    tool_seconds: Constant


class SpreadConstants(Value):
    """How much runs of the same crew differ."""

    task: Constant
    common: Constant
    calls: Constant


class LearningConstants(Value):
    """What is believed of corrections before there are outcomes, and how much that counts."""

    shift_sd: Constant
    slope_sd: Constant
    template_sd: Constant
    ratio_sd: Constant
    ratio_outcomes: Constant
    """Outcomes of exactly the predicted cost that the belief in no bias is worth."""
    ratio_degrees: Constant
    """Degrees of freedom of the belief in ``ratio_sd``: a whole number."""


class Range(Value):
    """How far an input of the estimate may be off: both ends, or factors on it, with where that comes from."""

    low: Annotated[float, Field(allow_inf_nan=False)]
    high: Annotated[float, Field(allow_inf_nan=False)]
    unit: Text
    source: Text
    date: datetime.date
    status: BasisStatus


class UncertaintyConstants(Value):
    """What each input may well be instead; from it follows what an estimate hangs on most."""

    human_minutes: Range
    difficulty: Range
    default_difficulty: Range
    """For a domain of which nothing is known."""
    horizon: Range
    eci: Range
    """Points that a score may be off where its publisher gives no interval."""
    effort_shift: Range
    slope: Range
    discount: Range
    review_model: Range
    review_human: Range
    tool_gain: Range
    generalist: Range
    team_weight: Range
    calls: Range
    output: Range
    tool_result: Range
    thinking: Range
    speed: Range
    tool_seconds: Range
    false_alarm: Range
    delegations: Range


class Constants(Value):
    """All of them."""

    horizon: HorizonConstants
    success: SuccessConstants
    review: ReviewConstants
    style: dict[str, Constant]
    """Effect of a team by "activity/coordination"; a pair that nobody measured is not there."""
    team: TeamConstants
    prompt: PromptConstants
    calls: dict[Activity, Constant]
    output: dict[Activity, Constant]
    speed: SpeedConstants
    spread: SpreadConstants
    learning: LearningConstants
    uncertainty: UncertaintyConstants

    def find_team_effect(self, kinds: Iterable[Activity], coordination: Coordination) -> Constant | None:
        """Return the measured effect of a team that works together like this, on the kind of work that most tasks are.

        ``kinds`` are those of the tasks, in list order and without reviews; of equally many the first counts. None
        without a task, and where nobody measured the pair. In logit; below 0 the team does worse than one agent.
        """
        most = Counter(kinds).most_common(1)
        return self.style.get(f"{most[0][0]}/{coordination}") if most else None


@cache
def load_constants(path: Path = PATH) -> Constants:
    """Read and check the constants; read once per process.

    Raises CatalogFault for a file that cannot be read, and for a constant that is missing, unknown or incomplete.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogFault(f"The catalog file {path.name} cannot be read.") from error
    except yaml.YAMLError as error:
        raise CatalogFault(f"The catalog file {path.name} is not valid YAML.") from error
    try:
        return Constants.model_validate(content)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise CatalogFault(f"Catalog file {path.name}, constant {where or '(top)'}: {fault['msg']}.") from error
