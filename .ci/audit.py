"""Looks every library that is installed up among known vulnerabilities: ``make audit``.

What runs is looked at (``.venv``, with everything that the requirements bring along), not what the requirements say.
Exit code 1 for a vulnerability that a newer version mends; one without such a version is only told, and so is what is
in CrewAI's environment, whose versions CrewAI pins. Without network nothing is audited, which is said and is no fault.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / ".venv-audit"
REQUIREMENTS = ROOT / "requirements-audit.txt"
TAKES_AT_MOST_S = 600

ACCEPTED: dict[str, str] = {}
"""Ids of vulnerabilities that a newer version mends which cannot be taken yet, each with the reason."""


def main() -> int:
    """Audit both environments and return the exit code."""
    fault = set_up()
    if fault:
        return tell_not_audited(fault)
    code = 0
    for name, binds in ((".venv", True), (".venv-crewai", False)):
        places = sorted((ROOT / name).glob("lib/python*/site-packages"))
        if not places:
            print(f"{name} is not there, and is not audited.")
            continue
        found, fault = audit(places[0])
        if fault:
            return tell_not_audited(fault)
        mendable = tell(name, found)
        if mendable and binds:
            code = 1
    return code


def set_up() -> str:
    """Install pip-audit where it is missing, and return why that was not possible, "" where it was."""
    done = TOOL / ".done"
    if done.exists() and done.stat().st_mtime >= REQUIREMENTS.stat().st_mtime:
        return ""
    venv.create(TOOL, with_pip=True)
    command = [TOOL / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    installed = subprocess.run([*command, "--retries=1", "-r", REQUIREMENTS], capture_output=True, text=True)
    if installed.returncode:
        return f"pip-audit cannot be installed ({last_line(installed.stderr)})"
    done.touch()
    return ""


def audit(place: Path) -> tuple[list[dict], str]:
    """Return the libraries with known vulnerabilities, and why they could not be looked up, "" where they were."""
    options = ["--path", place, "--format", "json", "--progress-spinner", "off", "--timeout", "20"]
    command = [TOOL / "bin" / "python", "-m", "pip_audit", *options]
    environment = os.environ | {"PIP_AUDIT_NO_COLOR": "1"}
    try:
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=TAKES_AT_MOST_S)
    except subprocess.TimeoutExpired:
        return [], f"the advisory service took longer than {TAKES_AT_MOST_S} s"
    try:
        looked_up = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):  # it prints no document where it did not get through
        return [], f"the advisory service does not answer ({last_line(ran.stderr)})"
    return [one for one in looked_up if one.get("vulns")], ""


def tell(name: str, found: list[dict]) -> int:
    """Print what was found, and return how much of it a newer version would mend."""
    mendable = 0
    for library in found:
        for fault in library["vulns"]:
            mended = ", ".join(fault["fix_versions"])
            accepted = ACCEPTED.get(fault["id"])
            mendable += bool(mended) and accepted is None
            what = f"accepted: {accepted}" if accepted else f"mended in {mended}" if mended else "no version mends it"
            print(f"{name}: {library['name']} {library['version']} has {fault['id']} ({what})")
    print(f"{name}: {len(found) or 'no'} libraries with known vulnerabilities.")
    return mendable


def tell_not_audited(fault: str) -> int:
    """Say so where nobody can miss it; it is no failure."""
    print(f"NOT AUDITED: {fault}.")
    return 0


def last_line(text: str) -> str:
    """Return the last words of a program."""
    return (text.strip().splitlines() or ["it said nothing"])[-1][:200]


if __name__ == "__main__":
    sys.exit(main())
