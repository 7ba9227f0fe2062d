"""Refines a crew by words: reads the wishes, does one after the other, and says what was done and what was not."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from crewgen_core.models.change import Change
from crewgen_core.models.crew import Agent, Crew
from crewgen_core.models.design import Provenance
from crewgen_core.models.difference import compare_crews
from crewgen_core.models.objective import Objective
from crewgen_core.models.refinement import NotUnderstood, Refinement
from crewgen_core.pipeline import Knowledge
from crewgen_core.refinement import adding, improving, tasks, team, thinking, tools, wording
from crewgen_core.refinement.edits import make_change
from crewgen_core.refinement.parts import find_agents, names_person, the_part
from crewgen_core.refinement.reader import read_wishes
from crewgen_core.refinement.settling import keep_valid, settle
from crewgen_core.refinement.wishes import (
    Add,
    AskPerson,
    AtOnce,
    Delegate,
    Hand,
    Improve,
    Lead,
    Limit,
    Merge,
    Move,
    Remove,
    Rename,
    Replace,
    Split,
    TeamSize,
    Think,
    Wish,
    Write,
)
from crewgen_core.refinement.work import Declined, Outcome, Work, quote

EXAMPLES = (
    "make it cheaper",
    "make it faster",
    "make it more thorough",
    "add a fact check",
    "no web access",
    "two agents only",
    "split the research in two",
    "let a person approve the last step",
    "write it in German for executives",
)
"""Wishes that show what can be asked for."""


def refine(crew: Crew, objective: Objective | None, wish: str, knowledge: Knowledge) -> Refinement:
    """Return the crew as the wish asks for it, without a model; it never raises.

    What is not understood, or cannot be done, leaves the crew as it is and is told. A sound crew never gets an error.
    """
    start = Work(crew, objective, knowledge)
    if any(len({part.key for part in parts}) < len(parts) for parts in (crew.agents, crew.tasks)):
        return conclude(wish, start, start, (), (), (_TWICE,), ())
    reading = read_wishes(wish, knowledge.catalog)
    if not any(reading):
        return conclude(wish, start, start, (), (), (f"The wish has no words. {_name_examples()}",), ())
    work, unclear = start, [NotUnderstood(words=words, why=explain(words)) for words in reading.not_understood]
    changes, done, remarks = list[Change](), list[str](), list[str]()
    parted = (part for one in reading.wishes for part in _part(one, start))
    for one in parted:
        try:
            after, outcome = _do(one, work)
        except Declined as refusal:
            if refusal.unclear:
                unclear.append(NotUnderstood(words=one.words, why=str(refusal)))
            else:
                remarks.append(str(refusal))
            continue
        changes.append(make_change(one.words, outcome.done, work.crew, after.crew))
        done.append(outcome.done)
        remarks += outcome.remarks
        work = after
    return conclude(wish, start, work, changes, done, remarks, unclear)


def conclude(
    wish: str,
    start: Work,
    work: Work,
    changes: Sequence[Change],
    done: Sequence[str],
    remarks: Sequence[str],
    unclear: Sequence[NotUnderstood],
    provenance: Provenance | None = None,
) -> Refinement:
    """Return what came of it all, with the figures before and after."""
    made_by = provenance or Provenance(engine="catalog", cost_usd=Decimal(0))
    return Refinement(
        wish=wish,
        crew=work.crew,
        objective=work.objective,
        changes=tuple(changes),
        differences=compare_crews(start.crew, work.crew),
        done=tuple(done),
        remarks=tuple(dict.fromkeys(remarks)),
        not_understood=tuple(unclear),
        before=start.effect,
        after=work.effect,
        provenance=made_by.model_copy(update={"notes": tuple(done)}),
    )


_TWICE = (
    "Several parts of this crew have the same key, so it is not clear which of them is meant. Apply the fixes of the "
    "check first."
)


def explain(words: str) -> str:
    """Return the sentences for a wish that is not understood, with examples of what can be asked for."""
    return f"{quote(words)} is not understood without a model. {_name_examples()}"


def _name_examples() -> str:
    examples = ", ".join(f"“{example}”" for example in EXAMPLES[:-1])
    return f"You can ask for: {examples} or “{EXAMPLES[-1]}”."


def _part(wish: Wish, work: Work) -> tuple[Wish, ...]:
    return adding.part_addition(wish, work) if isinstance(wish, Add) else (wish,)


def _do(wish: Wish, work: Work) -> tuple[Work, Outcome]:
    """Do one wish. Raises Declined where it cannot be done, or would leave the crew with an error."""
    outcome = _HANDLERS[type(wish)](wish, work)
    objective = outcome.objective if outcome.objective is not None else work.objective
    if outcome.crew == work.crew and objective == work.objective:
        raise Declined(f"The crew is so already: {quote(wish.words)} changes nothing.")
    settled = settle(work, outcome.crew)
    try:
        settled = Crew.model_validate(settled.model_dump())
    except ValidationError as error:
        raise Declined(f"{quote(wish.words)} would make a text or a list too long, so nothing was changed.") from error
    after = work.with_crew(settled)
    if objective != work.objective:
        after = after.with_objective(objective)
    return keep_valid(work, after), outcome


def _remove(wish: Remove, work: Work) -> Outcome:
    """Take out tools, an agent or a task, whatever is named."""
    taken = tools.take_tools(wish, work)
    if taken is not None:
        return taken
    part = the_part(wish.what, work)
    return team.remove_agent(part, work) if isinstance(part, Agent) else tasks.remove_task(part, work)


def _hand(wish: Hand, work: Work) -> Outcome:
    """Give a tool or a task to an agent."""
    given = team.hand_task(wish, work)
    if given is None and not re.match(r"(?:re)?assign|transfer|move", wish.words, re.I):
        given = tools.give_tool(wish, work)
    if given is None:
        hands = re.match(r"give|grant|assign|reassign|hand|let|move|transfer", wish.words, re.I)
        told = f"It is not clear who should get what in {quote(wish.words)}." if hands else explain(wish.words)
        raise Declined(told, unclear=True)
    return given


def _split(wish: Split, work: Work) -> Outcome:
    """Split an agent's work where somebody is named, else a task."""
    agents = find_agents(wish.what, work) if names_person(wish.what) else []
    parted = team.split_agent(agents[0], work) if len(agents) == 1 else None
    if parted is None and agents:
        (agent,) = agents[:1]
        wish = replace(wish, what=work.crew.tasks_of(agent.key)[0].name if work.crew.tasks_of(agent.key) else wish.what)
    return parted or tasks.split(wish, work)


def _replace(wish: Replace, work: Work) -> Outcome:
    """Put a tool or an agent in the place of another."""
    swapped = tools.replace_tool(wish, work)
    if swapped is not None:
        return swapped
    tool = tools.find_tool(wish.old, work.catalog)
    agents = find_agents(wish.old, work)
    if tool and not agents:
        raise Declined(f"No agent can use {tool.name}, so nothing can take its place.")
    if len(agents) == 1:
        return team.replace_agent(wish, agents[0], work)
    return team.rename(Rename(wish.words, wish.old, wish.new), work)


def _add(wish: Add, work: Work) -> Outcome:
    """Add a tool for everybody whose work it fits where a tool is named, else a piece of work."""
    tool = tools.find_tool(wish.what, work.catalog) if "tool" in wish.what.lower() else None
    return tools.grant(tool, list(work.crew.agents), work) if tool else adding.add(wish, work)


_HANDLERS: dict[type[Any], Callable[[Any, Work], Outcome]] = {  # Any: each handler takes its own kind of wish
    Improve: improving.improve,
    Limit: improving.limit_run,
    TeamSize: team.resize,
    Add: _add,
    Remove: _remove,
    Replace: _replace,
    Merge: team.merge,
    Split: _split,
    Rename: team.rename,
    Move: tasks.move,
    Hand: _hand,
    Think: thinking.use_model,
    AskPerson: tasks.ask_person,
    Lead: team.lead,
    AtOnce: tasks.run_at_once,
    Delegate: team.delegate,
    Write: wording.write_so,
}
