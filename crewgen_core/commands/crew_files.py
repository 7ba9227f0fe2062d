"""Crews that come into commands: by their number, as files or folders, or from standard input."""

from collections.abc import Iterable
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import STANDARD_INPUT, read_id, read_standard_input
from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.imported import Imported
from crewgen_core.imports.unpacking import LARGEST_TOTAL, MOST_MEMBERS
from crewgen_core.models.batch import UnreadableFile
from crewgen_core.models.crew import Crew
from crewgen_core.models.stored import StoredCrew

CREW_ENDINGS = frozenset({".json", ".jsonc", ".yaml", ".yml", ".py"})
"""Files of a project's folder that can say something about its crew."""


def find_crew(crewgen: Crewgen, argument: str) -> Crew:
    """Return a stored crew by its number, or the crew of a file."""
    stored = find_stored(crewgen, argument)
    return stored.crew if stored else read_crew(crewgen, argument).crew


def find_stored(crewgen: Crewgen, argument: str) -> StoredCrew | None:
    """Return a stored crew by its number, None for the name of a file; a file whose name is a number is "./12"."""
    crew_id = read_id(argument)
    return None if crew_id is None else crewgen.crews.get(crew_id)


def read_crew(crewgen: Crewgen, argument: str) -> Imported:
    """Return the crew of a file, a folder, or of standard input. Raises UnreadableCrew."""
    return crewgen.read_crew(read_files(argument))


def read_files(argument: str) -> dict[str, bytes]:
    """Return the file that an argument names, the files of its folder, or standard input. Raises UnreadableCrew."""
    if argument == STANDARD_INPUT:
        return {"standard input": read_standard_input()}
    path = Path(argument)
    try:
        return {path.name: _read_file(path)} if not path.is_dir() else _read_folder(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise UnreadableCrew(f"{argument} cannot be read: {reason}.", "Give the path of a crew file.") from error


def read_all(arguments: Iterable[str]) -> tuple[dict[str, bytes], list[UnreadableFile]]:
    """Return all files by their paths, and the arguments that cannot be read."""
    files: dict[str, bytes] = {}
    faults: list[UnreadableFile] = []
    for argument in dict.fromkeys(arguments):
        try:
            read = read_files(argument)
        except UnreadableCrew as fault:
            shown = argument.encode("utf-8", "replace").decode()  # a path may hold bytes that are no text
            faults.append(UnreadableFile(file=shown, reason=str(fault), hint=fault.hint))
            continue
        folder = Path(argument)
        within = folder if folder.is_dir() else folder.parent
        files |= {argument if argument == STANDARD_INPUT else (within / name).as_posix(): read[name] for name in read}
    return files, faults


def _read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files that can describe a crew, by their path within the folder; hidden folders are passed over."""
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix.lower() not in CREW_ENDINGS or any(part.startswith(".") for part in place.parts):
            continue
        if len(files) == MOST_MEMBERS:
            raise UnreadableCrew(f"{folder} has more than {MOST_MEMBERS} files.", "Give the folder of one project.")
        files[str(place)] = _read_file(path)
    return files


def _read_file(path: Path) -> bytes:
    """Return at most one byte more than is allowed: enough to refuse a file that is too large."""
    with path.open("rb") as file:
        return file.read(LARGEST_TOTAL + 1)
