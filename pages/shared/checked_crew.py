"""A crew that was checked: what was found, the fixes applied since, and the ways on."""

from dataclasses import dataclass, replace

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.models.batch import CheckedFile
from crewgen_core.models.change import Change, apply_change
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from pages.shared.address import CREW, read_number
from pages.shared.crew_input import PASTED, GivenCrew, paste

_KEY = "checked_crew"

_TAKEN = "stored_crew_taken"
"""Key of the session's state: the stored crew that was put into the inputs last."""


@dataclass(frozen=True)
class CheckedCrew:
    """A crew as it was checked last, and how it came to be what it is."""

    given: GivenCrew
    """What was checked, to see whether the inputs have been changed since."""
    checked: CheckedFile
    before: "CheckedCrew | None" = None
    """The state before the last step; None for the crew as it was read."""
    row: int | None = None
    """Where it stands in the table of a batch, when it was opened from there."""

    @property
    def crew(self) -> Crew:
        """The crew with the fixes applied so far."""
        return self.checked.crew

    @property
    def objective(self) -> Objective | None:
        """What it is checked against."""
        return self.checked.objective

    @property
    def report(self) -> Report:
        """What was found."""
        return self.checked.report

    @property
    def estimate(self) -> Estimate:
        """What a run will cost, take and achieve."""
        return self.checked.estimate

    @property
    def notes(self) -> tuple[str, ...]:
        """What the import left out or assumed, and what the check could not use."""
        return self.checked.notes

    @property
    def changes(self) -> tuple[Change, ...]:
        """The fixes applied so far, in their order."""
        return self.checked.changes


def check(crewgen: Crewgen, given: GivenCrew) -> CheckedCrew:
    """Read, check and price a crew. Raises UnreadableCrew."""
    return CheckedCrew(given, crewgen.checking.check(given.usable_files(), given.objective))


def apply_fix(crewgen: Crewgen, checked: CheckedCrew, fix: Change) -> CheckedCrew:
    """Return the crew with one fix applied, checked again. Raises ChangeDoesNotFit."""
    crew = apply_change(checked.crew, fix)
    report, estimate = crewgen.review(crew, checked.objective)
    changes = (*checked.changes, fix)
    after = {"crew": crew, "report": report, "estimate": estimate, "changes": changes}
    return replace(checked, checked=checked.checked.model_copy(update=after), before=checked)


def apply_all_fixes(crewgen: Crewgen, checked: CheckedCrew) -> CheckedCrew:
    """Return the crew with every fix applied, one after the other, checked again."""
    return replace(checked, checked=crewgen.checking.mend(checked.checked), before=checked)


def stored_crew() -> int | None:
    """Return the stored crew that the address names; None where it names none."""
    return read_number(CREW) if CREW in st.query_params else None


def take_stored_crew(crewgen: Crewgen) -> None:
    """Put the stored crew that the address names into the inputs, and check it, once. Raises NotFound."""
    crew_id = stored_crew()
    if crew_id is None or st.session_state.get(_TAKEN) == crew_id:
        return
    stored = crewgen.crews.get(crew_id)
    text = crewgen.export(stored.crew, "crewgen-yaml").content.decode()
    paste(text, stored.objective.text if stored.objective else "")
    keep(check(crewgen, GivenCrew({PASTED: text.encode()}, st.session_state["crew_objective"])))
    st.session_state[_TAKEN] = crew_id


def keep(checked: CheckedCrew | None) -> None:
    """Keep what was checked for the reruns of this session; None forgets it."""
    st.session_state[_KEY] = checked


def kept() -> CheckedCrew | None:
    """Return what was checked last in this session."""
    return st.session_state.get(_KEY)
