"""The front door's part for outcomes: what came of runs is recorded, and estimates learn from it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Lock

from crewgen_core.errors import CrewgenError, LimitReached, ModelFault, NotFound, StorageFault, UnusableOutcome
from crewgen_core.exports.exported import Exported
from crewgen_core.imports.sheet.mapping import quote_names
from crewgen_core.imports.sheet.outcome_rows import check_outcome_rows, list_unused, sample_outcomes_csv
from crewgen_core.imports.sheet.sheet import read_sheet
from crewgen_core.jobs.gate import AskModel
from crewgen_core.judging.checks import check_run
from crewgen_core.learning.calibration import Calibration, calibrate
from crewgen_core.learning.report import report_calibration
from crewgen_core.llm.loop import shared_loop
from crewgen_core.logs import get_log
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.calibration import CalibrationReport
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import (
    Judged,
    Judgement,
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
from crewgen_core.storage import crews, outcomes, runs
from crewgen_core.storage.database import Database
from crewgen_core.storage.judged_runs import EndedRun, read_run
from crewgen_core.storage.lessons import read_newest, read_stamp

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
        ask: AskModel,
    ) -> None:
        """``find_database`` returns None as long as there is no database; ``ask`` asks the model that judges."""
        self._knowledge = knowledge
        self._understand = understand
        self._database = database
        self._find_database = find_database
        self._ask = ask
        self._lock = Lock()
        self._stamp: tuple[int, datetime | None] = (0, None)
        self._calibration = calibrate(())
        self._log = get_log("outcomes")

    # --- recording ------------------------------------------------------------------------------------------------

    def record_run(self, run_id: int, entry: OutcomeEntry) -> StoredOutcome:
        """Store what a person says about a run of here that has ended; what was said before is replaced.

        Raises NotFound, NotAllowed for a run of somebody else, and UnusableOutcome for one that goes on still, was a
        dry run, or belongs to the demo.
        """
        with self._database().begin() as connection:
            run = read_run(connection, run_id)
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
        """Store what a person says now about an outcome; what was predicted and measured stays.

        Raises NotFound, and UnusableOutcome for one of the demo.
        """
        with self._database().begin() as connection:
            if outcomes.get(connection, outcome_id).demo:
                raise _tell_simulated()
            return outcomes.change(connection, outcome_id, entry)

    def delete(self, outcome_id: int) -> None:
        """Delete an outcome: nothing is learned from it any more, unless it is brought back within 30 days.

        Raises NotFound, NotAllowed.
        """
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

    # --- judging --------------------------------------------------------------------------------------------------

    def check_run(self, run_id: int) -> Judgement:
        """Return what the results of a run look like, against what was expected; nothing is stored. Raises NotFound."""
        with self._database().read() as connection:
            run = read_run(connection, run_id)
            crew = crews.get_of_run(connection, run.crew_id, run.number).crew
        return check_run(crew, run.results, self._knowledge().catalog.language.stopwords)

    def judge_run(self, run_id: int) -> Judged:
        """Judge a run that has come to its end as its settings say, and record what came of it.

        Nothing is recorded where a person is to judge or judged already, where nothing can be told, for a dry run, and
        for a run that failed or was stopped: it says more about its surroundings than about its crew. Raises NotFound,
        NotAllowed for a run of somebody else.
        """
        with self._database().begin() as connection:  # who may not record is refused before a model is asked
            runs.check_change(connection, run_id)
            run = read_run(connection, run_id)
            before = outcomes.find_of_run(connection, run_id)
        settings = run.settings
        if why := _find_obstacle(run, before):
            return Judged(judgement=None, outcome=before, note=why)
        judgement = self.check_run(run_id)
        said = (judgement,)
        if settings.judge == "model":
            try:
                judgement = self._ask_judge(run, settings.judge_model or run.model, judgement)
            except (ModelFault, LimitReached) as fault:
                return Judged(judgement=None, outcome=None, note=f"No outcome was recorded. {fault} {fault.hint}")
            said = (*said, judgement)
        if judgement.succeeded is None:
            note = f"Nothing was recorded: say yourself whether it succeeded. {judgement.reason}"
            return Judged(judgement=judgement, outcome=None, note=note)
        entry = OutcomeEntry(succeeded=judgement.succeeded)
        with self._database().begin() as connection:
            recorded = outcomes.record(connection, run, entry, judgement.by, said)
        self._log.info("outcome recorded", run=run_id, succeeded=entry.succeeded, by=judgement.by)
        return Judged(judgement=judgement, outcome=recorded, note=judgement.reason)

    def _ask_judge(self, run: EndedRun, model: str, checks: Judgement) -> Judgement:
        # late: who asks no model need not wait for what asks one
        from crewgen_core.judging.by_model import judge_by_model

        with self._database().read() as connection:
            stored = crews.get_of_run(connection, run.crew_id, run.number)
        objective = stored.objective.text if stored.objective else ""
        asked = judge_by_model(stored.crew, run.results, checks, self._ask, model, objective)
        return shared_loop().run(asked)

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
                stamp = read_stamp(connection)
                if stamp == self._stamp:
                    return self._calibration
                newest = read_newest(connection, MOST_LEARNED_FROM)
        except StorageFault as fault:  # estimates do not fail because what corrects them cannot be read
            self._log.warning("outcomes unreadable", reason=str(fault))
            return self._calibration
        learned = calibrate(newest)
        with self._lock:
            self._stamp, self._calibration = stamp, learned
        return learned

    def report_calibration(self, template: str | None = None, of_demo: bool = False) -> CalibrationReport:
        """Return how good predictions were, of all crews or of those of a template; takes up to half a second.

        ``of_demo`` looks at the simulated runs of the demo instead, which show what such a report looks like.
        """
        with self._database().read() as connection:
            found = read_newest(connection, MOST_LEARNED_FROM, OutcomeQuery(template=template), of_demo)
        return report_calibration(found)

    def _predict_stored(self, crew_id: int, number: int | None) -> tuple[int, Prediction]:
        """Return the version that is meant, and what is predicted for it, to record what came of it.

        Raises NotFound, NotAllowed for a crew of somebody else.
        """
        with self._database().read() as connection:
            crews.check_change(connection, crew_id)
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


def _find_obstacle(run: EndedRun, before: StoredOutcome | None) -> str:
    """Say why a run is not judged by a program; empty where nothing is in the way."""
    if run.demo:
        return "Nothing more is recorded of a run of the demo: it was simulated."
    if run.dry:
        return "Nothing is recorded of a dry run: a stand-in answered in the place of the model."
    if run.state != "completed":
        return "Only a run that came to its end is judged by itself: say yourself whether it succeeded."
    if run.settings.judge == "person":
        return "Say whether it succeeded: estimates learn from it."
    if before and before.judged_by == "person":
        return "A person judged this run already, and that stands."
    return ""


def _refuse_untaught(run: EndedRun) -> None:
    """Raise UnusableOutcome for a run of which nothing can be learned."""
    if run.state in OPEN_RUN_STATES:
        raise UnusableOutcome(f"Run {run.id} has not ended yet.", "Wait for its end, or stop it first.")
    if run.demo:
        raise _tell_simulated()
    if run.dry:
        raise UnusableOutcome(
            f"Run {run.id} was a dry run: a stand-in answered in the place of the model, so nothing can be learned.",
            "Run the crew with its model, then record what came of it.",
        )


def _tell_simulated() -> UnusableOutcome:
    return UnusableOutcome(
        "This run belongs to the demo: it was simulated, so nothing can be learned from it.",
        "Run the crew with its model, then record what came of it.",
    )
