"""Grants tools to pieces of work: only what the work needs and the objective allows."""

import re

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.plan import Piece
from crewgen_core.models.analysis import Analysis

MOST_TOOLS = 3
"""More tools only cost tokens: each one's schema is sent with every call."""

_NO_NETWORK = re.compile(r"\b(?:web|internet|online|browsing|network|external)\b", re.I)


def grant_tools(piece: Piece, analysis: Analysis, catalog: Catalog) -> tuple[str, ...]:
    """Return the tools of a piece: those that the objective names first, then what its step usually needs.

    A tool of high risk is granted only where the objective names the work or the tool itself.
    """
    named = [tool for tool in piece.step.tools if tool in analysis.tools]
    wanted = dict.fromkeys((*named, *piece.tools, *piece.step.tools))
    granted = [
        key
        for key in wanted
        if is_allowed(key, analysis, catalog)
        and (catalog.tools[key].risk != "high" or piece.named or key in analysis.tools)
    ]
    return tuple(granted[:MOST_TOOLS])


def is_allowed(tool: str, analysis: Analysis, catalog: Catalog) -> bool:
    """Tell whether the objective leaves this tool open: not outside its list, not online where it must not be."""
    allowed = analysis.objective.allowed_tools
    offline = any(_NO_NETWORK.search(exclusion) for exclusion in analysis.constraints.exclusions)
    return (allowed is None or tool in allowed) and not (offline and catalog.tools[tool].network)
