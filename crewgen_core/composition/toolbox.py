"""Grants tools to pieces of work: only what the work needs and the objective allows."""

import re
from collections.abc import Collection, Iterator, Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.pieces import Piece
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Task

MOST_TOOLS = 3
"""More tools only cost tokens: each one's schema is sent with every call."""

_FILE_READER, _WEB_SEARCH = "file_read", "web_search"

_NO_NETWORK = re.compile(r"\b(?:web|internet|online|browsing|network|external)\b", re.I)


def grant_tools(piece: Piece, analysis: Analysis, catalog: Catalog, *, starts: bool = True) -> tuple[str, ...]:
    """Return the tools of a piece: those that the objective names first, then what its step usually needs.

    A special tool ("CSV search") stands for a plain one ("file reading") only where the objective names its kind; a
    tool for a system of one's own ("mailbox") is there only where it names the system, and a tool of high risk only
    where it names the work or the tool itself. Files are read by pieces that start the work (``starts``), and by all
    where the objective brings material: what comes out of other tasks is handed on by CrewAI.
    """
    asked = {*analysis.tools, *piece.tools}
    reads = starts or bool(analysis.constraints.inputs)
    usual = (_plain_unless(key, asked, catalog) for key in piece.step.tools)
    wanted = dict.fromkeys((*(key for key in piece.step.tools if key in asked), *piece.tools, *usual))
    granted = [
        key
        for key in wanted
        if is_allowed(key, analysis, catalog)
        and (key in asked or not catalog.tools[key].private)
        and (key in asked or reads or not _reads_files(key, catalog))
        and (key in asked or catalog.tools[key].risk != "high" or _needs_risk(piece, analysis, catalog))
    ]
    return tuple(granted[:MOST_TOOLS])


def _needs_risk(piece: Piece, analysis: Analysis, catalog: Catalog) -> bool:
    """True where the objective names the work, and an analysis has material to run code on."""
    computes = catalog.skills[piece.step.skill].activity == "analyze"
    return piece.named and (not computes or bool(analysis.constraints.inputs))


def _reads_files(key: str, catalog: Catalog) -> bool:
    return _FILE_READER in (key, catalog.tools[key].instead_of)


def hand_out_named_tools(tasks: Sequence[Task], analysis: Analysis, catalog: Catalog) -> tuple[Task, ...]:
    """Return the tasks, the first of them with the tools for files that the objective names and nobody has yet.

    "Given a CSV of open positions, ..." names a file before the first order is given. Where nobody would have a tool
    and nothing is given, whoever finds out or judges first can search the web: else the crew could only make it up.
    """
    granted = {tool for task in tasks for tool in task.tools}
    first, *others = tasks
    left = [
        tool
        for tool in analysis.tools
        if tool not in granted and catalog.tools[tool].instead_of and is_allowed(tool, analysis, catalog)
    ]
    tools = tuple(dict.fromkeys((*first.tools, *left)))[:MOST_TOOLS]
    tasks = (first.model_copy(update={"tools": tools}), *others)
    blind = not analysis.constraints.inputs and not any(task.tools for task in tasks)
    return tuple(_let_search(tasks, catalog)) if blind and is_allowed(_WEB_SEARCH, analysis, catalog) else tasks


def _let_search(tasks: Sequence[Task], catalog: Catalog) -> Iterator[Task]:
    """Yield the tasks, the first that finds out or judges something with a search of the web."""
    wants = ("research", "analyze")
    first = next((t.key for t in tasks if any(catalog.skills[s].activity in wants for s in t.skills)), None)
    for task in tasks:
        yield task.model_copy(update={"tools": (_WEB_SEARCH,)}) if task.key == first else task


def _plain_unless(key: str, asked: Collection[str], catalog: Catalog) -> str:
    """Return the plainer tool in a special one's place, unless the objective asks for the special one."""
    return key if key in asked else catalog.tools[key].instead_of or key


def is_allowed(tool: str, analysis: Analysis, catalog: Catalog) -> bool:
    """Tell whether the objective leaves this tool open: not outside its list, not online where it must not be."""
    allowed = analysis.objective.allowed_tools
    offline = any(_NO_NETWORK.search(exclusion) for exclusion in analysis.constraints.exclusions)
    return (allowed is None or tool in allowed) and not (offline and catalog.tools[tool].network)
