"""The front door's part for outcomes: what came of runs is recorded, and estimates learn from it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Lock

from crewgen_core.errors import CrewgenError, NotFound, StorageFault, UnusableOutcome
from crewgen_core.exports.exported import Exported
from crewgen_core.imports.sheet.mapping import quote_names
from crewgen_core.imports.sheet.outcome_rows import check_outcome_rows, list_unused, sample_outcomes_csv
from crewgen_core.imports.sheet.sheet import read_sheet
from crewgen_core.learning.calibration import Calibration, calibrate
from crewgen_core.logs import get_log
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import (
    KnownRow,
    OutcomeEntry,
    OutcomeImport,
    OutcomeQuery,
    OutcomeRow,
    OutsideRun,
    StoredOutcome,
)
from crewgen_core.models.run import OPEN_RUN_STATES, Prediction
from crewgen_core.models.upload import MOST_TOLD, BadRow
from crewgen_core.pipeline import Knowledge, price_raw
from crewgen_core.storage import crews, outcomes
from crewgen_core.storage.database import Database
from crewgen_core.storage.outcomes import EndedRun

MOST_LEARNED_FROM = 2_000
"""Newest outcomes that teach: more move nothing that can be seen, and older ones speak of older models."""

ALL = OutcomeQuery()


class Outcomes:
    """Everything that can be asked about what came of runs."""

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        understand: Callable[[Objective | None], Analysis | None],
        database: Callable[[], Database],
        find_database: Callable[[], Database | None],
    ) -> None:
        """``find_database`` returns None as long as there is no database; nothing is opened before it is needed."""
        self._knowledge = knowledge
        self._understand = understand
        self._database = database
        self._find_database = find_database
        self._lock = Lock()
        self._stamp: tuple[int, datetime | None] = (0, None)
        self._calibration = calibrate(())
        self._log = get_log("outcomes")

    # --- recording ------------------------------------------------------------------------------------------------

    def record_run(self, run_id: int, entry: OutcomeEntry) -> StoredOutcome:
        """Store what a person says about a run of here that has ended; what was said before is replaced.

        Raises NotFound, and UnusableOutcome for a run that goes on still, or was a dry run.
        """
        with self._database().begin() as connection:
            run = outcomes.read_run(connection, run_id)
            _refuse_untaught(run)
            recorded = outcomes.record(connection, run, entry, "person")
        self._log.info("outcome recorded", run=run_id, succeeded=entry.succeeded, by="person")
        return recorded

    def record_outside(self, run: OutsideRun) -> StoredOutcome:
        """Store what came of a run that was made elsewhere, beside what is predicted for that version now.

        Raises NotFound for a crew or version that is not there.
        """
        number, predicted = self._predict_stored(run.crew_id, run.number)
        with self._database().begin() as connection:
            outcomes.record_outside(connection, [(run, number, predicted, None)])
            (recorded,) = outcomes.list_outcomes(connection, OutcomeQuery(crew_id=run.crew_id), limit=1)
        self._log.info("outcome recorded", crew=run.crew_id, succeeded=run.succeeded, by="person")
        return recorded

    def change(self, outcome_id: int, entry: OutcomeEntry) -> StoredOutcome:
        """Store what a person says now about an outcome; what was predicted and measured stays. Raises NotFound."""
        with self._database().begin() as connection:
            return outcomes.change(connection, outcome_id, entry)

    def delete(self, outcome_id: int) -> None:
        """Forget an outcome: nothing is learned from it any more. Raises NotFound."""
        with self._database().begin() as connection:
            outcomes.remove(connection, outcome_id)

    # --- files ----------------------------------------------------------------------------------------------------

    def import_file(self, name: str, content: bytes, again: bool = False, only_check: bool = False) -> OutcomeImport:
        """Record every good row of a CSV or XLSX table; bad ones are told and hold nobody back.

        Rows that were recorded from a file before are left out, unless they are wanted ``again``; ``only_check`` stores
        nothing. Raises UnreadableUpload where the file holds no table of outcomes.
        """
        sheet = read_sheet(name, content)
        unused = list_unused(sheet.columns)
        predictions = _Predictions(self._predict_stored)
        good: list[OutcomeRow] = []
        bad: list[BadRow] = []
        for row in check_outcome_rows(sheet, predictions.find_fault, datetime.now(UTC)):
            if isinstance(row, OutcomeRow):
                good.append(row)
            else:
                bad.append(row)
        with self._database().begin() as connection:
            known = outcomes.find_known(connection, [row.fingerprint for row in good])
            new = [row for row in good if row.fingerprint not in known]
            repeated = [row for row in good if row.fingerprint in known]
            if not only_check:
                outcomes.record_outside(connection, predictions.join(new, repeated if again else ()))
        recorded = len(good) if again else len(new)
        if not only_check:
            self._log.info("outcomes imported", recorded=recorded, bad=len(bad), known=len(repeated))
        return OutcomeImport(
            name=sheet.name,
            rows=len(good) + len(bad),
            recorded=recorded,
            known=tuple(KnownRow(row.row, known[row.fingerprint]) for row in repeated[:MOST_TOLD]),
            bad_rows=tuple(bad[:MOST_TOLD]),
            notes=(*sheet.notes, *([f"Not used: {quote_names(unused)}."] if unused else [])),
        )

    def sample(self) -> Exported:
        """Return a file that shows all columns, with some rows."""
        return Exported("crewgen_outcomes_sample.csv", sample_outcomes_csv(), "text/csv")

    # --- looking --------------------------------------------------------------------------------------------------

    def get(self, outcome_id: int) -> StoredOutcome:
        """Return an outcome. Raises NotFound."""
        with self._database().read() as connection:
            return outcomes.get(connection, outcome_id)

    def find_of_run(self, run_id: int) -> StoredOutcome | None:
        """Return what came of a run; None where nobody judged it."""
        with self._database().read() as connection:
            return outcomes.find_of_run(connection, run_id)

    def list_outcomes(
        self, query: OutcomeQuery = ALL, limit: int = 20, before: int | None = None
    ) -> tuple[StoredOutcome, ...]:
        """Return outcomes, the newest first, from the id ``before`` on."""
        with self._database().read() as connection:
            return outcomes.list_outcomes(connection, query, limit, before)

    def count(self, query: OutcomeQuery = ALL) -> int:
        """Return how many outcomes a query finds."""
        with self._database().read() as connection:
            return outcomes.count_outcomes(connection, query)

    def list_templates(self) -> tuple[str, ...]:
        """Return the keys of the templates that outcomes have."""
        with self._database().read() as connection:
            return outcomes.list_templates(connection)

    # --- learning -------------------------------------------------------------------------------------------------

    def predict(self, crew: Crew, objective: Objective | None = None) -> Prediction:
        """Return what is stored with a run: typical values, not corrected by own outcomes."""
        analysis = self._understand(objective)
        raw = price_raw(crew, self._knowledge(), analysis.domain if analysis else None)
        return Prediction(
            success=raw.success.p50,
            cost_usd=None if raw.cost_usd is None else raw.cost_usd.p50,
            duration_s=raw.duration_s.p50,
            tokens=raw.tokens.p50,
        )

    def calibration(self) -> Calibration:
        """Return what is learned from the outcomes that are stored now; the very same one as long as none changed."""
        try:
            database = self._find_database()
            if database is None:
                return self._calibration
            with database.read() as connection:
                stamp = outcomes.read_stamp(connection)
                if stamp == self._stamp:
                    return self._calibration
                newest = outcomes.read_newest(connection, MOST_LEARNED_FROM)
        except StorageFault as fault:  # estimates do not fail because what corrects them cannot be read
            self._log.warning("outcomes unreadable", reason=str(fault))
            return self._calibration
        learned = calibrate(newest)
        with self._lock:
            self._stamp, self._calibration = stamp, learned
        return learned

    def _predict_stored(self, crew_id: int, number: int | None) -> tuple[int, Prediction]:
        """Return the version that is meant, and what is predicted for it. Raises NotFound."""
        with self._database().read() as connection:
            stored = crews.get(connection, crew_id, number)
        return stored.number, self.predict(stored.crew, stored.objective)


class _Predictions:
    """What is predicted for versions of crews, each worked out once."""

    def __init__(self, predict: Callable[[int, int | None], tuple[int, Prediction]]) -> None:
        self._predict = predict
        self._made: dict[tuple[int, int | None], tuple[int, Prediction] | str] = {}

    def find_fault(self, crew_id: int, number: int | None) -> str:
        """Say why there is no prediction; empty where there is one."""
        found = self._find(crew_id, number)
        return found if isinstance(found, str) else ""

    def join(
        self, new: Sequence[OutcomeRow], again: Sequence[OutcomeRow]
    ) -> Iterator[tuple[OutsideRun, int, Prediction, str | None]]:
        """Yield rows with their predictions; those that come again have no fingerprint of their own."""
        for rows, marked in ((new, True), (again, False)):
            for row in rows:
                found = self._find(row.run.crew_id, row.run.number)
                if not isinstance(found, str):
                    yield row.run, *found, row.fingerprint if marked else None

    def _find(self, crew_id: int, number: int | None) -> tuple[int, Prediction] | str:
        key = (crew_id, number)
        if key not in self._made:
            try:
                self._made[key] = self._predict(crew_id, number)
            except NotFound as fault:
                self._made[key] = f"{fault} Write the number that the list of crews shows."
            except CrewgenError as fault:
                self._made[key] = str(fault)
        return self._made[key]


def _refuse_untaught(run: EndedRun) -> None:
    """Raise UnusableOutcome for a run of which nothing can be learned."""
    if run.state in OPEN_RUN_STATES:
        raise UnusableOutcome(f"Run {run.id} has not ended yet.", "Wait for its end, or stop it first.")
    if run.dry:
        raise UnusableOutcome(
            f"Run {run.id} was a dry run: a stand-in answered in the place of the model, so nothing can be learned.",
            "Run the crew with its model, then record what came of it.",
        )
