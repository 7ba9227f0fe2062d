"""How much the built-in composer puts into a crew: three settings of one composer, from the same analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crewgen_core.models.analysis import Severity

DepthName = Literal["lean", "balanced", "thorough"]
Checks = Literal["where risk asks", "at the end", "facts and the end"]


@dataclass(frozen=True)
class Depth:
    """What a crew prepares, checks and is staffed with, beyond what the objective names."""

    name: DepthName
    full_plan: Mapping[int, int]
    """Number of pieces, by the number that the objective names, up to which a plan is filled; empty fills none."""
    most_added: Mapping[int, int]
    """Most pieces that one named piece brings along, by the same number."""
    checks: Checks
    checks_from: Severity
    """Severity of a risk from which its own check is added."""
    person_from: Severity
    """Severity of a risk from which a person confirms the last task."""
    role_price: float
    """What one more agent must be worth, where ``team.PROFICIENCY_PRICE`` is the worth of a point of proficiency."""

    @property
    def prepares(self) -> bool:
        """True when the plan takes up more than the objective names and its results cannot do without."""
        return bool(self.full_plan)


LEAN = Depth(
    name="lean",
    full_plan={},
    most_added={},
    checks="where risk asks",
    checks_from="medium",
    person_from="high",
    role_price=20.0,
)
"""The fewest agents and tasks that cover what is asked for.

One agent is the rule for a language model: it succeeds 67.7 times in 1,000 tokens, independent agents 42.4, coordinated
ones 13.6 to 23.9 times (Kim et al., arXiv 2512.08296 v3). So dear an agent is taken only where nobody else has a skill,
or to check what others made.
"""

BALANCED = Depth(
    name="balanced",
    full_plan={1: 4, 2: 4, 3: 5},
    most_added={1: 2, 2: 1, 3: 1},
    checks="at the end",
    checks_from="medium",
    person_from="high",
    role_price=1.0,
)
"""What is composed unless somebody asks for something else [its figures are assumptions, tuned on own cases]."""

THOROUGH = Depth(
    name="thorough",
    full_plan={1: 6, 2: 6, 3: 7, 4: 7, 5: 8},
    most_added={1: 3, 2: 2, 3: 2, 4: 1, 5: 1},
    checks="facts and the end",
    checks_from="low",
    person_from="medium",
    role_price=0.6,
)
"""More preparation, facts checked before they are used, specialists, a person's second look from medium risk on.

Money goes into checks before more agents: adding verification at a high level gained 15.6 % (MAST, arXiv 2503.13657
v3). How much more is prepared is an assumption.
"""

_SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")


def at_least(severity: Severity, least: Severity) -> bool:
    """Tell whether a severity reaches another one."""
    return _SEVERITIES.index(severity) >= _SEVERITIES.index(least)
