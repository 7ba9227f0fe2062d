"""What goes out of commands: results on standard output or into a file, everything else on standard error."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from crewgen_core.errors import CannotExport
from crewgen_core.exports.exported import Exported

DONE, HAS_ERRORS, FAILED = 0, 1, 2
"""Exit codes: it is done; the crew has errors; it could not be done."""


def print_json(document: object) -> int:
    """Print one JSON document and return the exit code for it."""
    print(json.dumps(document, ensure_ascii=False, indent=2))
    return DONE


def print_notes(notes: Iterable[str]) -> None:
    """Tell each on standard error."""
    for note in notes:
        print(note, file=sys.stderr)


def tell(sentence: str) -> None:
    """Tell it on standard error, at once."""
    print(sentence, file=sys.stderr, flush=True)


def write_file(file: Exported, out: str, force: bool) -> Path:
    """Write a file to a path, or into a folder, and return its path; ``force`` replaces one. Raises CannotExport."""
    path = Path(out)
    if path.is_dir() or out.endswith("/"):
        path = path / file.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb" if force else "xb") as target:
            target.write(file.content)
    except FileExistsError as error:
        raise CannotExport(f"{path} is there already.", "Choose another path, or replace it with --force.") from error
    except OSError as error:
        raise CannotExport(f"{path} cannot be written: {error.strerror}.", "Choose another path.") from error
    return path
