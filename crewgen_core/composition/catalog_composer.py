"""The built-in composer: a crew from the catalog, without a model."""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.crew_names import name_crew
from crewgen_core.composition.depth import BALANCED, Depth
from crewgen_core.composition.graph import WorkGraph
from crewgen_core.composition.job_titles import write_job_title
from crewgen_core.composition.management import write_manager
from crewgen_core.composition.pieces import Piece
from crewgen_core.composition.plan import plan_pieces
from crewgen_core.composition.structure import Structure, decide_structure, needs_a_person
from crewgen_core.composition.team import STRETCH_PROFICIENCY, Seat, find_team
from crewgen_core.composition.texts import Voice, list_work
from crewgen_core.composition.toolbox import grant_tools, hand_out_named_tools
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.models.design import Draft, Provenance
from crewgen_core.models.report import Report

_MOST_SHOWN_SKILLS = 6
_ITEM_SHARE = 0.35
"""A further item of the same kind (the second blog post) takes about a third of the first's time [assumption]."""


class CatalogComposer:
    """Composes crews from work patterns and roles; the same analysis always gives the same crew."""

    def __init__(self, catalog: Catalog) -> None:
        """Take the catalog to compose from."""
        self._catalog = catalog

    async def compose(self, analysis: Analysis) -> Draft:
        """Return a crew for the analysis."""
        return Draft(crew=self.build(analysis), provenance=Provenance(engine="catalog", cost_usd=Decimal(0)))

    async def repair(self, draft: Draft, analysis: Analysis, report: Report) -> Draft:
        """Return the draft with every fix of an error applied."""
        del analysis  # the fixes say all there is to do
        crew = draft.crew
        for finding in report.errors:
            if finding.fix:
                crew = apply_change(crew, finding.fix)
        return draft.model_copy(update={"crew": crew})

    def build(self, analysis: Analysis, depth: Depth = BALANCED) -> Crew:
        """Compose the crew: pieces of work, their graph, the team, the way of working, the words."""
        graph = WorkGraph(plan_pieces(analysis, self._catalog, depth), self._catalog)
        seats = self._find_seats(graph, analysis, depth)
        structure = decide_structure(analysis, graph, len(seats), self._catalog, depth)
        voice = Voice(analysis, graph.ordered, self._catalog)
        tasks = self._write_tasks(graph, seats, structure, analysis, voice)
        if needs_a_person(analysis, depth):
            tasks = (*tasks[:-1], tasks[-1].model_copy(update={"human_input": True}))
        agents = tuple(
            self._write_agent(seat, graph.ordered, tasks, structure, analysis, voice)
            for seat in self._in_working_order(seats, tasks)
        )
        return Crew(
            name=name_crew(analysis),
            objective=analysis.objective.text,
            process=structure.process,
            coordination=structure.coordination,
            oversight=structure.oversight,
            manager=write_manager(analysis, agents, structure.why) if structure.managed else None,
            agents=agents,
            tasks=tasks,
        )

    def _find_seats(self, graph: WorkGraph, analysis: Analysis, depth: Depth) -> tuple[Seat, ...]:
        pieces = graph.ordered
        skills = tuple(dict.fromkeys(piece.step.skill for piece in pieces))
        checking = [piece for piece in pieces if self._is_check(piece)]
        apart = {check.step.skill: {p.step.skill for p in pieces if not self._is_check(p)} for check in checking}
        roles, most = self._catalog.roles.values(), analysis.constraints.max_agents
        return find_team(skills, roles, analysis.domain, apart, most, depth.role_price)

    def _is_check(self, piece: Piece) -> bool:
        return self._catalog.artefacts[piece.step.produces].stage in ("review", "final")

    def _write_tasks(
        self, graph: WorkGraph, seats: Sequence[Seat], structure: Structure, analysis: Analysis, voice: Voice
    ) -> tuple[Task, ...]:
        ordered = [piece for level in graph.levels() for piece in level] if structure.at_once else list(graph.ordered)
        names = _unique([voice.title(piece) for piece in ordered])
        keys = dict(
            zip(
                [piece.step.key for piece in ordered],
                _unique_keys(names, {seat.role.key for seat in seats}),
                strict=True,
            )
        )
        titles = dict(zip([piece.step.key for piece in ordered], names, strict=True))
        quantities = {deliverable.artefact: deliverable.quantity for deliverable in analysis.deliverables}
        tasks: list[Task] = []
        for piece in ordered:
            sources = graph.sources_of(piece)
            items = min(quantities.get(piece.step.produces, 1), 20)
            tasks.append(
                Task(
                    key=keys[piece.step.key],
                    name=titles[piece.step.key],
                    description=voice.description(piece, [f'"{titles[source]}"' for source in sources]),
                    expected_output=voice.expected_output(piece),
                    agent=next(seat.role.key for seat in seats if piece.step.skill in seat.skills),
                    depends_on=tuple(keys[source] for source in sources),
                    skills=(piece.step.skill,),
                    tools=grant_tools(piece, analysis, self._catalog, starts=not sources),
                    human_minutes=round(piece.step.minutes * (1 + _ITEM_SHARE * (items - 1)), 1),
                    async_execution=piece.step.key in structure.at_once,
                    why=piece.why,
                )
            )
        return hand_out_named_tools(tasks, analysis, self._catalog)

    def _in_working_order(self, seats: Sequence[Seat], tasks: Sequence[Task]) -> list[Seat]:
        first = {task.agent: i for i, task in reversed(list(enumerate(tasks)))}
        return sorted(seats, key=lambda seat: first[seat.role.key])

    def _works_on(self, pieces: Sequence[Piece], analysis: Analysis, voice: Voice) -> list[str]:
        """Return what an agent's pieces are about, those that the objective names first; a check, about the result."""
        ranked = sorted(pieces, key=lambda piece: not piece.named)
        return [*(voice.deliverable if self._is_check(piece) else piece.focus for piece in ranked), analysis.subject]

    def _write_agent(
        self,
        seat: Seat,
        pieces: Sequence[Piece],
        tasks: Sequence[Task],
        structure: Structure,
        analysis: Analysis,
        voice: Voice,
    ) -> Agent:
        role = seat.role
        own = [piece for piece in pieces if piece.step.skill in seat.skills]
        mine = [task for task in tasks if task.agent == role.key]
        focus = next((piece.focus for piece in own if piece.named), own[0].focus)
        shown = list(seat.skills) + [skill for skill in role.skills if skill not in seat.skills]
        only_checks = all(self._is_check(piece) for piece in own)
        work = f"You answer for {voice.deliverable}." if only_checks else list_work(mine)
        return Agent(
            key=role.key,
            role=write_job_title(role, self._works_on(own, analysis, voice), analysis, self._catalog),
            goal=voice.speak(role.goal, focus),
            backstory=f"{voice.speak(role.style, focus)} {work}",
            skills=tuple(
                SkillLevel(
                    name=self._catalog.skills[skill].name, proficiency=role.skills.get(skill, STRETCH_PROFICIENCY)
                )
                for skill in shown[:_MOST_SHOWN_SKILLS]
            ),
            tools=tuple(dict.fromkeys(tool for task in mine for tool in task.tools)),
            model=analysis.objective.allowed_models[0] if analysis.objective.allowed_models else None,
            why=_why_agent(seat, mine, structure, analysis, self._catalog),
        )


def _why_agent(seat: Seat, tasks: Sequence[Task], structure: Structure, analysis: Analysis, catalog: Catalog) -> str:
    """Say which skills it is there for, what calls for them, words or else a task, and why it is alone if it is."""
    reasons: list[str] = []
    for skill in seat.skills:
        evidence = next((required.evidence for required in analysis.skills if required.key == skill), ())
        needing = [task.name for task in tasks if skill in task.skills]
        said = f' ("{evidence[0]}")' if evidence else f' (for "{needing[0]}")' if needing else ""
        stretched = ", which is not its trade: more agents would do it better" if skill in seat.stretched else ""
        reasons.append(f"{catalog.skills[skill].name}{said}{stretched}")
    alone = f" {structure.why}" if structure.coordination == "solo" else ""
    return f"Covers {'; '.join(reasons)}.{alone}"


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _unique_keys(names: Sequence[str], taken: Collection[str]) -> list[str]:
    keys: list[str] = []
    for number, name in enumerate(names, start=1):
        slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:50].strip("_") or f"task_{number}"
        keys.append(slug if slug not in keys and slug not in taken else f"{slug}_{number}")
    return keys
