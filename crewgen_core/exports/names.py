"""Safe names: keys and names of a crew are text that people typed; none of them becomes a path or code as it is."""

import keyword
import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 60
"""Characters of a name made here; leaves room for folders within the 255 that file systems allow."""

_SAFE = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(10))})
"""Names that Windows keeps for devices, also with an ending."""

CREW_CLASS_NAMES = frozenset({
    "agent", "agents", "agents_config", "base_directory", "close_mcp_server", "crew", "get_mcp_tools", "is_crew_class",
    "load_configurations", "load_yaml", "map_all_agent_variables", "map_all_task_variables", "mcp_connect_timeout",
    "mcp_server_params", "original_agents_config_path", "original_tasks_config_path", "task", "tasks", "tasks_config",
})  # fmt: skip
"""Attributes that a class decorated with CrewAI's ``@CrewBase`` has already (crewai/project/crew_base.py, 1.15)."""


def safe_name(text: str, otherwise: str) -> str:
    """Return the text as a lower-case ASCII identifier and safe file name; ``otherwise`` if nothing is left."""
    if _SAFE.fullmatch(text) is None:
        ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
        text = re.sub(r"[^a-z0-9]+", "_", ascii_text).strip("_")[:LONGEST_NAME].strip("_") or otherwise
    if not text[0].isalpha():
        text = f"{otherwise}_{text}"[:LONGEST_NAME]
    if keyword.iskeyword(text) or keyword.issoftkeyword(text) or text in _DEVICES:
        text = f"{text}_{otherwise}"
    return text


def unique_names(texts: Iterable[str], otherwise: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a safe name for each text, different from each other and from the names that are taken."""
    used = set(taken)
    names: dict[str, str] = {}
    for text in texts:
        first = safe_name(text, otherwise)
        name, number = first, 2
        while name in used:
            name, number = f"{first}_{otherwise}" if number == 2 else f"{first}_{number - 1}", number + 1
        names[text] = name
        used.add(name)
    return names
