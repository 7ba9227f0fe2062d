"""The key of a model's answer: two requests with the same key would be asked and answered in the same way."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from crewgen_core.models.objective import Objective

_ROOMS = (
    "analysis",
    "catalog",
    "composition",
    "llm",
    "models",
    "templates",
    "validation",
    "pipeline.py",
    "standard.py",
)
"""The rooms whose code and data shape the question, what becomes of the answer, and what is accepted."""

_ENDINGS = frozenset({".py", ".yaml", ".csv"})


def answer_key(objective: Objective, model: str, address: str = "", template: str = "") -> str:
    """Return the key, 64 hexadecimal digits, of what shapes an answer.

    That is the objective with all its limits, the model, the address of its server, the template, and this version of
    crewgen: its prompt, its catalog and its rules. ``address`` is "" for the provider's usual one. ``template`` is the
    text of the template that the objective names: after a deletion, another may have its key and number.
    """
    asked = json.dumps([objective.model_dump(mode="json"), model, address, template, _version()], sort_keys=True)
    return sha256(asked.encode()).hexdigest()


@cache
def _version() -> str:
    """Return a fingerprint of everything in the rooms, so that no change of them can be forgotten."""
    root = Path(__file__).parent
    found = sha256()
    files = (path for room in _ROOMS for path in (root / room, *(root / room).rglob("*")))
    for path in sorted(path for path in files if path.suffix in _ENDINGS):
        found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
