"""Changes of the tools: who gets one, what is taken away, and what the objective no longer allows."""

import re
from collections.abc import Callable, Iterator

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.catalog.words import split_words
from crewgen_core.composition.names import find_name, plain_names
from crewgen_core.models.crew import Agent, Crew
from crewgen_core.models.objective import Objective
from crewgen_core.refinement.parts import find_agents, find_tasks, means_all, share_of, words_of
from crewgen_core.refinement.wishes import Hand, Remove, Replace
from crewgen_core.refinement.work import Declined, Outcome, Work, change_tasks, join_words, name_of, quote

_WEB = re.compile(
    r"^(?:the\s+)?(?:web|internet|online|browsing|browser|websites?)(?:\s+(?:access|search(?:es|ing)?|tools?|use|browsing|research|sources?))*$",
    re.I,
)
_NETWORK = re.compile(
    r"^(?:the\s+)?(?:network|external|outside)(?:\s+(?:access|tools?|services?|calls?|connections?|use))*$", re.I
)
_CODE = re.compile(
    r"^(?:(?:run(?:ning)?|execut(?:e|ing))\s+)?(?:the\s+)?(?:code|python|shell|scripts?|commands?)(?:\s+(?:execution|running|interpreter|sandbox|tools?|commands?|access))*$",
    re.I,
)
_ANY = re.compile(r"^(?:(?:all|any|every)\s+)?(?:of\s+)?(?:the\s+)?tools?(?:\s+(?:at all|use))?$", re.I)
_RISKY = re.compile(r"^(?:high[- ]risk|risky|dangerous)\s+tools?$", re.I)

_OF_THE_WEB = re.compile(
    r"\b(?:web|websites?|page|url|online|google|youtube|articles|arxiv|amazon|job postings|stocks)\b", re.I
)
_OF_CODE = re.compile(r"\b(?:run|execute)\b.*\b(?:code|commands?)\b", re.I)

_NAMES_NO_TOOL = frozenset("tool tools access use using search reading".split())


def tools_meant(words: str, catalog: Catalog) -> tuple[str, ...]:
    """Return the keys of a kind of tools that is named ("web access", "code execution"); empty for anything else."""
    kinds: tuple[tuple[re.Pattern[str], Callable[[Tool], bool]], ...] = (
        (_ANY, lambda _: True),
        (
            _WEB,
            lambda tool: (
                tool.network
                and bool(_OF_THE_WEB.search(f"{tool.name} {tool.purpose}"))
                and "Microsoft" not in tool.purpose
            ),
        ),
        (_NETWORK, lambda tool: tool.network),
        (_CODE, lambda tool: bool(_OF_CODE.search(tool.purpose))),
        (_RISKY, lambda tool: tool.risk == "high"),
    )
    for pattern, belongs in kinds:
        if pattern.match(words.strip()):
            return tuple(key for key, tool in catalog.tools.items() if belongs(tool))
    return ()


def find_tool(words: str, catalog: Catalog) -> Tool | None:
    """Return the tool that is meant: "the CSV tool", "arxiv", "web search"."""
    bare = re.sub(r"^(?:(?:the|an?|access to|use|to|with)\s+)+|\s+(?:tool|access)s?$", "", words.strip(), flags=re.I)
    bare = re.sub(r"^(?:the|an?)\s+", "", bare, flags=re.I)
    if not bare:
        return None
    named = catalog.tool_names.get(bare.lower()) or find_name(bare, plain_names(catalog.tool_names))
    if named:
        return catalog.tools[named]
    if _WEB.match(bare):
        return catalog.tools.get("web_search")
    matches = catalog.tool_phrases.find(split_words(bare))
    if matches:
        return catalog.tools[matches[0].owner]
    wanted = [word for word in words_of(bare) if word not in _NAMES_NO_TOOL]
    fits = [(share_of(wanted, f"{tool.name} {tool.key.replace('_', ' ')}"), tool) for tool in catalog.tools.values()]
    best = max(fits, key=lambda fit: fit[0], default=None) if wanted else None
    return best[1] if best and best[0] == 1.0 else None


def without_tools(crew: Crew, gone: set[str], agents: set[str] | None = None, tasks: set[str] | None = None) -> Crew:
    """Return the crew without these tools, everywhere or at some agents and tasks only."""

    def kept(tools: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(tool for tool in tools if tool not in gone)

    here = crew.agents if agents is None else tuple(a for a in crew.agents if a.key in agents)
    there = crew.tasks if tasks is None else tuple(t for t in crew.tasks if t.key in tasks)
    at_agents = {id(agent) for agent in here}
    at_tasks = {id(task) for task in there}
    return crew.model_copy(
        update={
            "agents": tuple(
                a.model_copy(update={"tools": kept(a.tools)}) if id(a) in at_agents else a for a in crew.agents
            ),
            "tasks": tuple(
                t.model_copy(update={"tools": kept(t.tools)}) if id(t) in at_tasks else t for t in crew.tasks
            ),
        }
    )


def take_tools(wish: Remove, work: Work) -> Outcome | None:
    """Take tools away, and let the objective no longer allow a kind of them; None where no tool is named."""
    kind = tools_meant(wish.what, work.catalog)
    if not kind:
        return _take_one(wish, work)
    crew = without_tools(work.crew, set(kind)) if not wish.whom else _without_at(wish.whom, set(kind), work)
    lost = _lost(work.crew, crew)
    if wish.whom:
        if not lost:
            raise Declined(f"{quote(wish.whom)} has no such tool.")
        return Outcome(crew, f"Took {_names(lost, work.catalog)} from {quote(wish.whom)}.")
    objective = _allow_no_more(work.objective, kind, work.catalog)
    if crew == work.crew and objective == work.objective:
        raise Declined(f"The crew has no such tool: {quote(wish.what)}.")
    done = f"Took out {_names(lost, work.catalog)}." if lost else "The crew has no such tool."
    crew = _work_without(work.crew, crew, wish.what)
    if objective is not None:
        done += f" The objective allows it no more: no {re.sub(r'^(?:the|any|all) ', '', wish.what.lower())}."
    return Outcome(crew, done, objective, _say_loss(lost, work))


def _take_one(wish: Remove, work: Work) -> Outcome | None:
    tool = find_tool(wish.what, work.catalog)
    granted = {key for part in (*work.crew.agents, *work.crew.tasks) for key in part.tools}
    if tool is None or tool.key not in granted:
        return None
    if (
        not wish.whom
        and (find_agents(wish.what, work) or find_tasks(wish.what, work))
        and not re.search(r"\btool\b", wish.what, re.I)
        and tool.name.lower() != wish.what.lower()
    ):
        return None
    crew = _without_at(wish.whom, {tool.key}, work) if wish.whom else without_tools(work.crew, {tool.key})
    if crew == work.crew:
        raise Declined(f"{quote(wish.whom)} does not have {tool.name}.")
    where = f" from {quote(wish.whom)}" if wish.whom else ""
    objective = None if wish.whom else _allow_no_more(work.objective, (tool.key,), work.catalog)
    return Outcome(crew, f"Took {tool.name} away{where}.", objective, _say_loss({tool.key}, work))


def _without_at(whom: str, gone: set[str], work: Work) -> Crew:
    agents, tasks = find_agents(whom, work), find_tasks(whom, work)
    if means_all(whom):
        return without_tools(work.crew, gone)
    keys = {agent.key for agent in agents}
    named = {task.key for task in (tasks if not agents else ())} | {t.key for t in work.crew.tasks if t.agent in keys}
    return without_tools(work.crew, gone, keys, named)


def _lost(before: Crew, after: Crew) -> set[str]:
    lost: set[str] = set()
    for old, new in (*zip(before.agents, after.agents, strict=True), *zip(before.tasks, after.tasks, strict=True)):
        lost |= set(old.tools) - set(new.tools)
    return lost


def _work_without(before: Crew, after: Crew, what: str) -> Crew:
    """Tell the tasks that lost a tool of the web to work from what is there."""
    if not _WEB.match(what.strip()) and not _NETWORK.match(what.strip()):
        return after
    changed = {new.key for old, new in zip(before.tasks, after.tasks, strict=True) if old.tools != new.tools}
    for task in (task for task in after.tasks if task.key in changed):
        after = change_tasks(after, {task.key}, description=f"{task.description} {_OFFLINE}".strip())
    return after


_OFFLINE = "Work from the material at hand only: there is no access to the web. Name what could not be looked up."


def _allow_no_more(objective: Objective | None, tools: tuple[str, ...], catalog: Catalog) -> Objective | None:
    if objective is None:
        return None
    allowed = objective.allowed_tools if objective.allowed_tools is not None else tuple(catalog.tools)
    return objective.model_copy(update={"allowed_tools": tuple(key for key in allowed if key not in tools)})


def _say_loss(lost: set[str], work: Work) -> tuple[str, ...]:
    needed = [key for key in (work.analysis.tools if work.analysis else ()) if key in lost]
    if not needed:
        return ()
    return (
        f"The objective asks for {_names(set(needed), work.catalog)}; without it, give the crew the "
        "material that it would have looked up.",
    )


def _names(keys: set[str], catalog: Catalog) -> str:
    return join_words(sorted(catalog.tools[key].name if key in catalog.tools else key for key in keys)) or "nothing"


# --- giving -----------------------------------------------------------------------------------------------------------


def give_tool(wish: Hand, work: Work) -> Outcome | None:
    """Grant a tool to an agent, or to every agent whose work it fits; None where the words name no tool."""
    for agent_words, tool_words in _splits(wish.text):
        tool = find_tool(tool_words, work.catalog)
        if tool is None:
            continue
        agents = list(work.crew.agents) if means_all(agent_words) and agent_words else find_agents(agent_words, work)
        if agents and (len(agents) == 1 or means_all(agent_words)):
            return grant(tool, agents, work)
    return None


def grant(tool: Tool, agents: list[Agent], work: Work) -> Outcome:
    """Grant a tool to agents and to their tasks that name tools of their own."""
    lacking = [agent for agent in agents if tool.key not in agent.tools]
    if not lacking:
        raise Declined(f"{join_words([name_of(agent) for agent in agents])} can use {tool.name} already.")
    keys = {agent.key for agent in lacking}
    crew = work.crew.model_copy(
        update={
            "agents": tuple(
                a.model_copy(update={"tools": (*a.tools, tool.key)}) if a.key in keys else a for a in work.crew.agents
            ),
            "tasks": tuple(
                t.model_copy(update={"tools": (*t.tools, tool.key)})
                if t.agent in keys and t.tools and tool.key not in t.tools
                else t
                for t in work.crew.tasks
            ),
        }
    )
    objective = work.objective
    if objective and objective.allowed_tools is not None and tool.key not in objective.allowed_tools:
        objective = objective.model_copy(update={"allowed_tools": (*objective.allowed_tools, tool.key)})
    done = f"{join_words([name_of(agent) for agent in lacking])} can use {tool.name} now."
    return Outcome(crew, done, objective, tuple(_say_care(tool, work)))


def _say_care(tool: Tool, work: Work) -> Iterator[str]:
    if tool.risk == "high":
        yield f"{tool.name} is a high-risk tool. {tool.risk_reason}".strip()
    missing = [name for name in tool.environment if name not in work.knowledge.environment]
    if missing:
        yield f"{tool.name} needs {join_words(missing)}, which is not set here."


def replace_tool(wish: Replace, work: Work) -> Outcome | None:
    """Grant one tool wherever another was; None where the words name no granted tool."""
    old, new = find_tool(wish.old, work.catalog), find_tool(wish.new, work.catalog)
    granted = {key for part in (*work.crew.agents, *work.crew.tasks) for key in part.tools}
    if old is None or new is None or old.key not in granted or old.key == new.key:
        return None

    def swap(tools: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new.key if tool == old.key else tool for tool in tools))

    crew = work.crew.model_copy(
        update={
            "agents": tuple(a.model_copy(update={"tools": swap(a.tools)}) for a in work.crew.agents),
            "tasks": tuple(t.model_copy(update={"tools": swap(t.tools)}) for t in work.crew.tasks),
        }
    )
    objective = work.objective
    if objective and objective.allowed_tools is not None and new.key not in objective.allowed_tools:
        objective = objective.model_copy(update={"allowed_tools": (*objective.allowed_tools, new.key)})
    return Outcome(crew, f"{new.name} takes the place of {old.name}.", objective, tuple(_say_care(new, work)))


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Yield every way to read agent and tool: "X access to Y", "Y to X", "Y for X", then wherever a word ends."""
    told = re.fullmatch(r"(?P<agent>.+?)\s+(?:access to|the use of|with|use|to use)\s+(?P<tool>.+)", text, re.I)
    if told:
        yield told["agent"], told["tool"]
    turned = re.fullmatch(r"(?P<tool>.+?)\s+(?:to|for)\s+(?P<agent>.+)", text, re.I)
    if turned:
        yield turned["agent"], turned["tool"]
    words = text.split()
    for at in range(min(len(words) - 1, _LONGEST_NAME), 0, -1):
        yield " ".join(words[:at]), " ".join(words[at:])


_LONGEST_NAME = 8
"""Words of an agent's name that are tried."""
