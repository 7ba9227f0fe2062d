"""What people read on a terminal: the words of crewgen as plain text, at most 80 columns wide."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from crewgen_core.doctor import Check
from crewgen_core.models.alternative import Alternative, Comparison
from crewgen_core.models.analysis import Analysis, Deliverable
from crewgen_core.models.batch import BatchRow, CheckedFile, Verdict
from crewgen_core.models.computation import Computation, Line, Portion, Sensitivity
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import BUILT_IN, Design, Provenance
from crewgen_core.models.difference import Difference, mark_words
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.explanation import Absence, CoveredSkill, Explanation, Reason, RuleNote
from crewgen_core.models.failure import Cause, FailureStudy
from crewgen_core.models.known_model import KnownModel
from crewgen_core.models.refinement import Refinement
from crewgen_core.models.report import Report
from crewgen_core.models.stored import StoredCrew
from crewgen_core.models.value import Quantiles, UsdQuantiles
from crewgen_core.numbers import format_count
from crewgen_core.terminal import cut, join, list_items, wrap

MOST_CAUSES = 5
"""Causes of failure shown where no finding leaves one open."""

_VERDICTS: Mapping[Verdict, str] = {"can run": "can run", "has errors": "with errors", "unreadable": "unreadable"}

_MINUTE, _HOUR = 60, 3_600
_CENT = 0.01

MOST_LEVERS = 6
"""Levers that are worth reading on a terminal."""


def describe_design(design: Design, crew_id: int) -> str:
    """Return everything about a generated crew."""
    return join(
        wrap(f"Crew {crew_id}: {design.crew.name}"),
        _describe_provenance(design.provenance),
        describe_crew(design.crew),
        describe_report(design.report),
        describe_estimate(design.estimate, design.crew),
    )


def describe_models(models: Sequence[KnownModel]) -> str:
    """Return the models that are known, two lines each: what it is called and costs, what it can do and how fast."""
    return join(f"Models ({len(models)}), the most capable first", "\n".join(map(_describe_model, models)))


def _describe_model(model: KnownModel) -> str:
    price = f"{model.prices} USD per million" if model.input_usd is not None else model.prices
    context = f"{model.context_tokens:,} tokens of context" if model.context_tokens else ""
    horizon = f"{model.horizon_minutes:,.0f} min horizon" if model.horizon_minutes is not None else ""
    capability = f"ECI {model.capability}" if model.eci is not None else model.capability
    own = "added" if not model.shipped else "corrected" if model.correction else ""
    end = f"{model.end}!" if model.ending != "none" else model.end
    facts = (capability, horizon, price, model.speed, context, end, own)
    title = model.label if model.label == model.name else f"{model.label} ({model.name})"
    return "\n".join([wrap(title, 2), wrap(", ".join(fact for fact in facts if fact), 4)])


def describe_comparison(comparison: Comparison) -> str:
    """Return the crews to choose from, the best bet first: what each is, costs and gives, and why it stands there."""
    count = len(comparison.alternatives)
    return join(
        f"Alternatives ({count}), the best bet first" if count > 1 else "Alternatives: none that clearly differs",
        *map(_describe_alternative, comparison.alternatives),
        list_items("Mind", comparison.remarks),
    )


def _describe_alternative(alternative: Alternative) -> str:
    crew, estimate = alternative.crew, alternative.estimate
    roles = ", ".join(agent.role or agent.key for agent in crew.agents)
    own = {task.key: " (only here)" for task in crew.tasks if task.key in alternative.only_here}
    tasks = "; ".join(f"{task.name or task.key}{own.get(task.key, '')}" for task in crew.tasks)
    by = "" if alternative.made_by == BUILT_IN else f", by {alternative.made_by}"
    shown = ", shown above" if alternative.shown and alternative.kind != "given" else ""
    return "\n".join(
        [
            wrap(f"{alternative.rank}. {alternative.title}{by}{shown}", 2),
            *_note(f"Agents ({len(crew.agents)}): ", roles),
            *_note(f"Tasks ({len(crew.tasks)}): ", tasks),
            f"    Success   {_percent(estimate.success)}",
            f"    Cost      {_dollars(estimate.cost_usd)}",
            f"    Duration  {_times(estimate.duration_s)}",
            f"    Tokens    {_counts(estimate.tokens)}",
            f"    Score     {alternative.report.score:.1f} of 10, {crew.coordination} coordination",
            *(wrap(f"- {reason}", 4, 6) for reason in alternative.reasons),
        ]
    )


def describe_crew(crew: Crew) -> str:
    """Return who does what in which order, and what waits for what."""
    lines = [f"Agents ({len(crew.agents)}), {crew.process} process, {crew.coordination} coordination"]
    if crew.manager:
        lines.append(wrap(f"Manager: {crew.manager.role}", 2))
    for agent in crew.agents:
        skills = ", ".join(f"{skill.name} {skill.proficiency}" for skill in agent.skills)
        lines += [wrap(agent.role or agent.key, 2), *_note("skills: ", skills), *_note("tools: ", agent.tools)]
    numbers = {task.key: str(number) for number, task in enumerate(crew.tasks, 1)}
    lines += ["", f"Tasks ({len(crew.tasks)}), in order"]
    for task in crew.tasks:
        after = [numbers.get(key, key) for key in task.depends_on]
        facts = [f"by {_role_of(crew, task.agent)}", f"{task.human_minutes:g} min of human work"]
        facts += [f"after {', '.join(after)}"] if after else []
        facts += ["a person confirms the result"] if task.human_input else []
        lines += [wrap(f"{numbers[task.key]}. {task.name or task.key}", 2, 5), wrap("; ".join(facts), 5)]
    return "\n".join(lines)


def describe_report(report: Report) -> str:
    """Return verdict, score and findings, each with where it is and what would mend it."""
    lines = [f"Findings ({len(report.findings)}), score {report.score:.1f} of 10", wrap(report.verdict, 2)]
    for finding in report.findings:
        lines.append(f"  {finding.severity} {finding.code} at {finding.where}")
        lines.append(wrap(finding.message, 4))
        lines += _note("Fix: ", finding.fix.title if finding.fix else "")
    return "\n".join(lines)


def describe_causes(causes: Sequence[Cause], study: FailureStudy) -> str:
    """Return the failure modes that findings leave open, or the most frequent ones where there are none."""
    shown = [cause for cause in causes if cause.open] or causes[:MOST_CAUSES]
    lines = [f"Most likely causes of failure ({study.short}, {study.source}: {study.traces:,} runs)"]
    for cause in shown:
        share = f", {cause.mode.share:g} % of failures" if cause.mode.share else ""
        left = f", left open by {', '.join(cause.open)}" if cause.open else ""
        lines.append(wrap(f"- {cause.mode.name}{share}{left}. {cause.mode.meaning}", 2, 4))
    return "\n".join(lines)


def describe_batch(rows: Sequence[BatchRow]) -> str:
    """Return two lines for each file of a batch: its figures, or why it could not be read."""
    counts = Counter(row.verdict for row in rows)
    told = ", ".join(f"{counts[verdict]} {words}" for verdict, words in _VERDICTS.items() if counts[verdict])
    heads = ("score", "errors", "warnings", "skills", "success", "cost", "time")
    lines = [f"Crews ({len(rows)}): {told}", "  " + "".join(f"{head:>10}" for head in heads)]
    for row in rows:
        name = f", {row.crew.name}" if isinstance(row, CheckedFile) else ""
        lines.append(wrap(f"{row.file}: {row.verdict}{name}", 0, 2))
        lines.append(_figures(row) if isinstance(row, CheckedFile) else wrap(f"{row.reason} {row.hint}", 2))
    return "\n".join(lines)


def _figures(row: CheckedFile) -> str:
    report, estimate = row.report, row.estimate
    figures = (
        f"{report.score:.1f}",
        str(report.count("error")),
        str(report.count("warning")),
        "-" if report.covered is None else f"{report.covered:.0%}",
        f"{estimate.success.p50:.0%}",
        _dollars_before(estimate.cost_usd),
        _time(estimate.duration_s.p50),
    )
    return "  " + "".join(f"{figure:>10}" for figure in figures)


def describe_estimate(estimate: Estimate, crew: Crew) -> str:
    """Return what one run will probably cost, take and achieve, with the interval of each figure, and by task."""
    models = ", ".join(dict.fromkeys(task.model for task in estimate.by_task))
    lines = [
        "Estimate of one run (in brackets: 8 of 10 runs fall between)",
        f"  Success   {_percent(estimate.success)}",
        f"  Cost      {_dollars(estimate.cost_usd)}",
        f"  Duration  {_times(estimate.duration_s)}",
        f"  Tokens    {_counts(estimate.tokens)}",
        *([wrap(f"Model     {models}", 2, 12)] if models else []),
        wrap(f"Rests on  {_calibration(estimate.own_outcomes)}", 2, 12),
        *(wrap(unknown, 2, 4) for unknown in estimate.unknowns),
    ]
    names = {task.key: task.name or task.key for task in crew.tasks}
    if estimate.by_task:
        lines += ["", f"By task{'success':>51}{'cost':>11}{'time':>11}"]
    for share in estimate.by_task:
        cost = _usd(float(share.cost_usd.p50)) if share.cost_usd else "unknown"
        name = cut(names.get(share.task, share.task), 48)
        lines.append(f"  {name:<49}{share.success.p50:>6.0%} {cost:>10} {_time(share.duration_s.p50):>10}")
    return "\n".join(lines)


def describe_computation(computation: Computation) -> str:
    """Return how an estimate was computed: models, tasks, crew, shares, and what moves the figures most."""
    return join(
        "How this was computed",
        *(_lines(f"Model {it.model}", it.lines) for it in computation.models),
        _lines("For all tasks", computation.factors),
        *(
            _lines(f"Task: {task.name or task.task}", (*task.success, *task.tokens, *task.cost, *task.duration))
            for task in computation.tasks
        ),
        _lines("Success of the crew", computation.success),
        _lines("Tokens of the crew", computation.tokens),
        _lines("Cost of the crew", computation.cost),
        _lines("Duration of the crew", computation.duration),
        _describe_portions(computation.portions),
        _describe_swings(computation.sensitivity),
        _describe_levers(computation.sensitivity),
    )


def _lines(title: str, lines: Sequence[Line]) -> str:
    shown = [wrap(f"{line} ({line.why})" if line.why else str(line), 2, 6) for line in lines]
    return "\n".join([wrap(title), *shown]) if shown else ""


def _describe_portions(portions: Sequence[Portion]) -> str:
    if not portions:
        return ""
    lines = [f"Shares of the whole{'load':>27}{'cost':>11}{'tokens':>11}{'time':>11}"]
    for portion in portions:
        cost = "unknown" if portion.of_cost is None else f"{portion.of_cost:.0%}"
        name = cut(f"{portion.kind} {portion.name or portion.key}", 38)
        figures = f"{portion.of_load:>5.0%} {cost:>10} {portion.of_tokens:>10.0%} {portion.of_seconds:>10.0%}"
        lines.append(f"  {name:<39}{figures}")
    return "\n".join(lines)


def _describe_swings(sensitivity: Sensitivity) -> str:
    lines: list[str] = []
    for swing in sensitivity.swings:
        low, high = swing.low, swing.high
        cost = "unknown" if low.cost_usd is None or high.cost_usd is None else ""
        cost = cost or f"{_usd(low.cost_usd or 0)} to {_usd(high.cost_usd or 0)}"
        figures = (
            f"success {low.success:.0%} to {high.success:.0%}, cost {cost}, "
            f"time {_time(low.duration_s)} to {_time(high.duration_s)}"
        )
        lines.append(f"{swing.name}, {swing.low_setting} to {swing.high_setting} ({swing.status}): {figures}")
    return list_items("What moves the figures most, success first", lines)


def _describe_levers(sensitivity: Sensitivity) -> str:
    gains = (
        f"{lever.name or lever.task}. {lever.change}: success {lever.outcome.success:.0%}"
        for lever in sensitivity.levers[:MOST_LEVERS]
    )
    return list_items(f"What one task can do (success now {sensitivity.base.success:.0%})", gains)


def describe_refinement(made: Refinement, stored: StoredCrew | None) -> str:
    """Return what a wish changed, what it did not, what that means for a run, and what is different in detail."""
    before, after = made.before, made.after
    figures = (
        f"  Success   {before.success.p50:.0%} -> {after.success.p50:.0%}\n"
        f"  Cost      {_dollars_before(before.cost_usd)} -> {_dollars_before(after.cost_usd)}\n"
        f"  Duration  {_time(before.duration_s.p50)} -> {_time(after.duration_s.p50)}"
    )
    title = f"Crew {stored.crew_id}, version {stored.number}" if stored and made.changed else ""
    return join(
        title or ("" if made.changed else "Nothing was changed."),
        list_items("Done", made.done),
        list_items("To know", made.remarks),
        list_items("Not understood", (one.why for one in made.not_understood)),
        _describe_provenance(made.provenance.model_copy(update={"notes": ()})) if made.provenance.calls else "",
        f"Estimate of one run, before and after\n{figures}" if made.changed else "",
        list_items("Differences", map(_difference, made.differences)),
    )


def _difference(one: Difference) -> str:
    name = f'{one.part} "{one.name}"' if one.part in ("agent", "task") else one.part
    if one.kind != "changed":
        return f"{name}: {one.kind}"
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    runs = (marks[run.kind].format(run.text) for run in mark_words(one.before, one.after))
    return f"{name}, {one.field}: {' '.join(runs)}"


def _dollars_before(cost: UsdQuantiles | None) -> str:
    return "unknown" if cost is None else _usd(float(cost.p50))


def describe_reasons(reasons: Sequence[Reason]) -> str:
    """Return every part of a crew with its path and its reason."""
    return "\n".join(
        f"{wrap(reason.path, 2 * ('/tools/' in reason.path), 4)}\n{wrap(f'{reason.name}: {reason.sentence}', 4)}"
        for reason in reasons
    )


def describe_explanation(explanation: Explanation) -> str:
    """Return why a part is there: words, skills, neighbours, rules, and what happens without it."""
    tool = explanation.tool
    keys = ", ".join(f"{name} (not set)" if name in tool.missing else name for name in tool.environment) if tool else ""
    return join(
        wrap(f"Why {explanation.name}? {explanation.sentence}"),
        list_items("Whoever made the crew wrote", [explanation.told] if explanation.told else []),
        list_items("Words of the objective", [f"“{quote.words}” {quote.says}" for quote in explanation.quotes])
        or wrap(explanation.unquoted),
        list_items("Skills", map(_skill, explanation.skills)),
        list_items("Works from", explanation.works_from),
        list_items("Its result is taken up by", explanation.taken_up_by),
        list_items("The tool", [f"is to {tool.purpose}", f"{tool.risk} risk. {tool.risk_reason}"] if tool else []),
        list_items("It needs", [keys] if keys else []),
        list_items("Rules", map(_rule, explanation.rules)),
        _describe_absence(explanation.absence),
    )


def _describe_absence(absence: Absence) -> str:
    now, then = absence.before, absence.after
    lines = [
        wrap(absence.summary),
        wrap(absence.title, 2),
        *(wrap(f"- {loss}", 2, 4) for loss in absence.losses),
        *(wrap(f"+ {found.severity} {found.code}: {found.message}", 2, 4) for found in absence.found),
        "  One run now, and then (in brackets: 8 of 10 runs fall between)",
        wrap(f"Success   {_percent(now.success)}, then {_percent(then.success)}", 4, 14),
        wrap(f"Cost      {_dollars(now.cost_usd)}, then {_dollars(then.cost_usd)}", 4, 14),
        wrap(f"Duration  {_times(now.duration_s)}, then {_times(then.duration_s)}", 4, 14),
        wrap(f"Tokens    {_counts(now.tokens)}, then {_counts(then.tokens)}", 4, 14),
        *(wrap(caveat, 2) for caveat in absence.caveats),
    ]
    return "\n".join(lines)


def _skill(skill: CoveredSkill) -> str:
    asked = ", which the objective calls for" if skill.required else ""
    others = f"; also {', '.join(skill.others)}" if skill.others else ""
    level = f"{skill.proficiency} of 10" if skill.proficiency else "which its agent does not have"
    return f"{skill.name}, {level}{asked}{others}"


def _rule(note: RuleNote) -> str:
    stance = {"asks": "asks for it", "objects": "objects", "watches": "watches"}[note.stance]
    return f"{note.code} {stance}: {note.title}. {note.message}".rstrip()


def describe_analysis(analysis: Analysis) -> str:
    """Return what was understood of an objective, with the words that say so."""
    skills = (f"{skill.name} ({skill.weight:.1f}){_because(skill.evidence)}" for skill in analysis.skills)
    risks = (f"{risk.name} ({risk.severity}){_because(risk.evidence)}: {risk.care}" for risk in analysis.risks)
    return join(
        wrap(f"About: {analysis.subject}"),
        f"Domain: {analysis.domain_name}\n"
        f"Complexity: {analysis.complexity} of 10\n"
        f"Human work: about {_time(analysis.human_minutes * _MINUTE)}",
        list_items("Why this complexity", analysis.complexity_reasons),
        list_items("To do", (stream.text for stream in analysis.workstreams)),
        list_items("Skills (weight), and the words that call for them", skills),
        list_items("Deliverables", map(_deliverable, analysis.deliverables)),
        list_items("Tools named", analysis.tools),
        list_items("Limits", _limits(analysis)),
        list_items("Risks", risks),
        list_items("Unclear", analysis.warnings),
    )


def describe_checks(checks: Sequence[Check]) -> str:
    """Return what the doctor found, with what to do about it."""
    lines: list[str] = []
    for check in checks:
        lines.append(wrap(f"{check.status:<9} {check.name}: {check.message}", 0, 10))
        lines += [wrap(check.hint, 10)] if check.hint else []
    return "\n".join(lines)


def _describe_provenance(provenance: Provenance) -> str:
    cost = ""
    if provenance.calls:
        cost = ", cost unknown" if provenance.cost_usd is None else f", {_usd(float(provenance.cost_usd))}"
    lines = [wrap(f"Made by {provenance.label} in {provenance.seconds:.2f} s{cost}.")]
    if provenance.fallback_reason:
        lines.append(wrap(f"{provenance.model} was asked, but: {provenance.fallback_reason}", 2))
    if provenance.source:
        lines.append(wrap(f"{provenance.source} Ask the model again with --fresh.", 2))
    if used := provenance.template:
        lines += [wrap(used.label), *(wrap(adaptation, 2, 4) for adaptation in used.adaptations)]
    return "\n".join([*lines, *(wrap(note, 2, 4) for note in (*provenance.cautions, *provenance.notes))])


def _limits(analysis: Analysis) -> Iterable[str]:
    stated = analysis.constraints
    if stated.budget_usd is not None:
        yield f"at most {_usd(float(stated.budget_usd))} a run"
    if stated.deadline_minutes is not None:
        yield f"at most {_time(stated.deadline_minutes * _MINUTE)} a run"
    if stated.max_agents is not None:
        yield f"at most {stated.max_agents} agents"
    named = {"due": stated.due, "for": stated.audience, "in": stated.language, "tone": stated.tone}
    yield from (f"{name} {words}" for name, words in named.items() if words)
    yield from (f"works from {words}" for words in stated.inputs)
    yield from (f"keeps to: {words}" for words in stated.exclusions)


def _deliverable(item: Deliverable) -> str:
    count = f"{item.quantity} × " if item.quantity > 1 else ""
    details = ", ".join(detail for detail in (item.length, item.file_format) if detail and detail not in item.name)
    return f"{count}{item.name}{f' ({details})' if details else ''}"


def _role_of(crew: Crew, key: str | None) -> str:
    agent = crew.agent(key)
    if agent:
        return agent.role or agent.key
    if key is None:
        return "whom the manager chooses" if crew.process == "hierarchical" else "no agent"
    return f"{key}, who is not in the crew"


def _because(evidence: Sequence[str]) -> str:
    return f": “{'”, “'.join(evidence)}”" if evidence else ""


def _calibration(own_outcomes: int) -> str:
    if not own_outcomes:
        return "published figures; no own runs are recorded yet"
    return f"published figures and {format_count(own_outcomes, 'own run')}"


def _percent(chance: Quantiles) -> str:
    return f"{chance.p50:.0%} ({chance.p10:.0%} to {chance.p90:.0%})"


def _dollars(cost: UsdQuantiles | None) -> str:
    if cost is None:
        return "unknown: the price of a model is not known"
    return f"{_usd(float(cost.p50))} ({_usd(float(cost.p10))} to {_usd(float(cost.p90))})"


def _times(seconds: Quantiles) -> str:
    return f"{_time(seconds.p50)} ({_time(seconds.p10)} to {_time(seconds.p90)})"


def _counts(tokens: Quantiles) -> str:
    return f"{tokens.p50:,.0f} ({tokens.p10:,.0f} to {tokens.p90:,.0f})"


def _usd(amount: float) -> str:
    """Return US dollars with cents, below a dollar to a tenth of a cent, below a cent to a hundredth of one."""
    if amount >= 1 or amount == 0:
        return f"${amount:,.2f}"
    if amount >= _CENT:
        return f"${amount:.3f}"
    return f"${amount:.4f}" if amount >= _CENT / 100 else "under $0.0001"


def _time(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def _note(label: str, words: str | Sequence[str]) -> list[str]:
    text = words if isinstance(words, str) else ", ".join(words)
    return [wrap(label + text, 4, 6)] if text else []
