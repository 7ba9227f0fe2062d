"""CrewAI's interpreter: the Python of the environment in which CrewAI is installed."""

import re
from pathlib import Path

from crewgen_core.settings import ROOT

USUAL = ROOT / ".venv-crewai" / "bin" / "python"
"""Where `make crewai` puts it."""

MISSING = "CrewAI is not set up here, so crews cannot run."

_UNIFIED = re.compile(r"[-_.]+")


def find_interpreter(chosen: str = "") -> Path | None:
    """Return the interpreter, the ``chosen`` one where one is named; None where it or CrewAI in it is missing."""
    python = Path(chosen).expanduser() if chosen else USUAL
    return python if python.is_file() and "crewai" in list_packages(python) else None


def explain_missing(chosen: str = "") -> str | None:
    """Return None where CrewAI can be used, else a sentence what to do."""
    if find_interpreter(chosen) is not None:
        return None
    if chosen:
        return f"{MISSING} CREWGEN_CREWAI_PYTHON names {chosen}, which is no Python with crewai installed."
    return f"{MISSING} `make crewai` sets it up in an environment of its own (1.5 GB)."


def list_packages(python: Path) -> frozenset[str]:
    """Return the names of the packages that an interpreter of an environment has, in small letters with hyphens."""
    folders = (python.parent.parent / "lib").glob("python3*/site-packages/*.dist-info")
    return frozenset(unify(folder.name.partition("-")[0]) for folder in folders)


def unify(package: str) -> str:
    """Return a package's name as every spelling of it is compared (packaging.python.org, name normalization)."""
    return _UNIFIED.sub("-", package).lower()
