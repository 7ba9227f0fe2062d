"""A batch of crews in this session: what waits, what is done, and the steps that make the one from the other.

All of it is in the session's state and changes row by row, so that a click elsewhere interrupts the work without losing
any: the next run of the page goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.errors import UnreadableCrew
from crewgen_core.models.batch import BatchRow, CheckedFile, CrewFiles, UnreadableFile
from crewgen_core.numbers import format_count
from pages.shared.crew_input import GivenCrew

_KEY = "crew_batch"


@dataclass
class Batch:
    """The crews of one upload."""

    given: GivenCrew
    """What was uploaded, to see whether the inputs have been changed since."""
    waiting: list[CrewFiles | UnreadableFile]
    """What is not checked yet, in order."""
    rows: list[BatchRow] = field(default_factory=list[BatchRow])
    mending: list[int] = field(default_factory=list[int])
    """Rows whose fixes are still to be applied."""
    before: list[BatchRow] | None = None
    """The rows before all fixes were applied; None when there is nothing to undo."""
    left_out: int = 0
    """Crews that were not checked, or not mended, because somebody stopped it."""

    @property
    def fixes(self) -> Mapping[int, int]:
        """The number of fixes that can be applied, by row; only rows with one are there."""
        found = {at: count_fixes(row) for at, row in enumerate(self.rows)}
        return {at: count for at, count in found.items() if count}

    def mend(self) -> None:
        """Let all fixes of all crews be applied, step by step; the state before is kept for ``undo``."""
        self.before, self.left_out = list(self.rows), 0
        self.mending = list(self.fixes)

    def undo(self) -> None:
        """Bring back the state before all fixes were applied."""
        if self.before is not None:
            self.rows, self.before = self.before, None

    def stop(self) -> None:
        """Leave undone what waits."""
        self.left_out = len(self.waiting) + len(self.mending)
        self.waiting.clear()
        self.mending.clear()


def count_fixes(row: BatchRow) -> int:
    """Return how many findings of a row have a fix."""
    return sum(one.fix is not None for one in row.report.findings) if isinstance(row, CheckedFile) else 0


def begin(crewgen: Crewgen, given: GivenCrew) -> Batch:
    """Find the crews in the files. Raises UnreadableCrew when there are none, or too many."""
    if not given.files:
        raise UnreadableCrew("There is nothing to check yet.", "Upload the files of your crews first.")
    return Batch(given, list(crewgen.checking.split(given.files)))


def keep_batch(batch: Batch | None) -> None:
    """Keep the batch for the reruns of this session; None forgets it."""
    st.session_state[_KEY] = batch


def kept_batch() -> Batch | None:
    """Return the batch of this session."""
    return st.session_state.get(_KEY)


def work_on(crewgen: Crewgen, batch: Batch) -> None:
    """Check and mend what waits, with progress; returns when all is done."""
    if not batch.waiting and not batch.mending:
        return
    st.button("Stop here", key="stop_batch", icon=":material/stop_circle:", on_click=batch.stop)
    if batch.waiting:
        _check_waiting(crewgen, batch)
    if batch.mending:
        _mend_waiting(crewgen, batch)
    st.rerun()  # the same page without progress


def _check_waiting(crewgen: Crewgen, batch: Batch) -> None:
    whole = len(batch.rows) + len(batch.waiting)
    bar = st.progress(0.0)
    while batch.waiting:
        bar.progress(len(batch.rows) / whole, f"Checked {len(batch.rows)} of {format_count(whole, 'crew')}")
        batch.rows.append(crewgen.checking.check_one(batch.waiting[0], batch.given.objective))
        batch.waiting.pop(0)


def _mend_waiting(crewgen: Crewgen, batch: Batch) -> None:
    whole = len(batch.mending)
    bar = st.progress(0.0)
    while batch.mending:
        bar.progress(1 - len(batch.mending) / whole, f"{format_count(len(batch.mending), 'crew')} to mend")
        row = batch.rows[batch.mending[0]]
        if isinstance(row, CheckedFile):
            batch.rows[batch.mending[0]] = crewgen.checking.mend(row)
        batch.mending.pop(0)
