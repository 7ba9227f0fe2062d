"""The front door's part for reading runs: foreseen before, compared with that afterwards, and taken away as files."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from crewgen_core.errors import CrewgenError
from crewgen_core.execution.crew_to_run import name_roles
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.parts import take_apart
from crewgen_core.exports.run_results import export_results
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.run import RunSettings
from crewgen_core.models.run_comparison import RunComparison, compare_run
from crewgen_core.models.stored import StoredCrew
from crewgen_core.pipeline import Knowledge, price, price_raw
from crewgen_core.storage import crews, run_records, runs
from crewgen_core.storage.database import Database


class RunReports:
    """Everything that can be asked about runs beside running them."""

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        database: Callable[[], Database],
        understand: Callable[[Objective | None], Analysis | None],
    ) -> None:
        """``understand`` analyzes an objective where there is one."""
        self._knowledge = knowledge
        self._database = database
        self._understand = understand

    def foresee(self, crew_id: int, number: int | None, settings: RunSettings) -> Estimate:
        """Estimate a run of a version of a crew (None: the newest), corrected by own outcomes. Raises NotFound."""
        with self._database().read() as connection:
            stored = crews.get(connection, crew_id, number)
        return self._price(stored, settings.model, corrected=True)

    def list_placeholders(self, crew_id: int, number: int | None = None) -> tuple[str, ...]:
        """Return the names in braces in a crew's texts, each of which a run can be given a value for. Raises NotFound.

        Nothing for a crew that CrewAI refuses: what is wrong with it, ``preflight`` says.
        """
        with self._database().read() as connection:
            stored = crews.get(connection, crew_id, number)
        try:
            return tuple(take_apart(stored.crew, self._knowledge().catalog).inputs)
        except CrewgenError:
            return ()

    def compare(self, run_id: int) -> RunComparison:
        """Hold what a run took against what is predicted for it from published figures alone. Raises NotFound."""
        with self._database().read() as connection:
            run = runs.get(connection, run_id)
            stored = crews.get_of_run(connection, run.crew_id, run.number)
            tasks = run_records.list_tasks(connection, run_id)
            agents = run_records.list_agents(connection, run_id, name_roles(stored.crew))
        return compare_run(run, tasks, agents, stored.crew, self._price(stored, run.model, corrected=False))

    def export(self, run_id: int) -> Exported:
        """Return what the tasks of a run resulted in, as one text file. Raises NotFound."""
        with self._database().read() as connection:
            return export_results(runs.get(connection, run_id), run_records.list_tasks(connection, run_id))

    def read_crew(self, run_id: int) -> Crew:
        """Return the crew that runs, as it was then: whoever sees a run sees what it is of. Raises NotFound."""
        with self._database().read() as connection:
            run = runs.get(connection, run_id)
            return crews.get_of_run(connection, run.crew_id, run.number).crew

    def list_crews(self) -> Mapping[int, str]:
        """Return the names of the crews of the newest 1,000 runs, by id, the one with the newest run first."""
        with self._database().read() as connection:
            return runs.list_crews(connection)

    def _price(self, stored: StoredCrew, model: str, *, corrected: bool) -> Estimate:
        knowledge = self._knowledge()
        knowledge = replace(knowledge, run_model=model or knowledge.run_model)
        analysis = self._understand(stored.objective)
        domain = analysis.domain if analysis else None
        if not corrected:
            return price_raw(stored.crew, knowledge, domain)
        return price(stored.crew, knowledge, domain, stored.objective.template if stored.objective else None)
