"""Many uploaded files as what they are: the files of one crew each, and those that hold none, with the reason.

A crewgen file is a crew by itself. ``crew.jsonc`` takes what is in its folder and below as its project, ``agents.yaml``
and ``tasks.yaml`` of one folder belong together with the Python files around them. What else the folder of a project
holds is passed over, as it is when the project is read alone.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from crewgen_core.errors import UnreadableCrew
from crewgen_core.imports.crewai_json import is_crew_json
from crewgen_core.imports.crewai_yaml import is_agents_yaml, is_tasks_yaml
from crewgen_core.imports.crewgen_file import is_crewgen
from crewgen_core.imports.parsing import parse
from crewgen_core.imports.unpacking import ENDINGS_OF_MANY, LARGEST_TOTAL, is_zip, unpack_zip
from crewgen_core.models.batch import CrewFiles, UnreadableFile

LARGEST_BATCH = 50_000_000
"""Bytes of all files of a batch, unpacked."""

MOST_CREWS = 1_000
"""Crews and unreadable files of one batch; at about 15 ms each that is a quarter of a minute."""

_CONFIG = "config"
"""The folder of a classic project's YAML files; its ``crew.py`` is one level up."""

Found = CrewFiles | UnreadableFile


def split_crews(files: Mapping[str, bytes]) -> tuple[Found, ...]:
    """Return the files of each crew, and each file without one, by their names in order; ZIPs are looked into.

    A ZIP keeps to the limits of ``unpacking``, and may hold ZIPs of projects, one level deep. Raises UnreadableCrew
    when all together there are too many bytes or too many crews; what is wrong with one file is told with that file.
    """
    found: list[Found] = []
    loose: dict[str, bytes] = {}
    size = 0
    for name, content in files.items():
        if is_zip(content):
            for label, members, alone in _open(name, content, found):
                size += sum(map(len, members.values()))
                _check_size(size)
                found += _split_zip(members, label, alone)
        elif len(content) > LARGEST_TOTAL:
            found.append(_refuse(name, f"The file is larger than {LARGEST_TOTAL // 1_000_000} MB."))
        else:
            loose[name] = content
            size += len(content)
            _check_size(size)
    found += _split(loose)
    if len(found) > MOST_CREWS:
        raise UnreadableCrew(f"There are more than {MOST_CREWS:,} crews in the files.", "Check them in several parts.")
    return tuple(sorted(found, key=_name_of))


def _open(name: str, content: bytes, found: list[Found]) -> Iterator[tuple[str, dict[str, bytes], bool]]:
    """Yield name and members of a ZIP, and of each ZIP in it, and whether no other ZIP is in it.

    One that cannot be opened is noted as found.
    """
    try:
        members = unpack_zip(name, content, ENDINGS_OF_MANY)
    except UnreadableCrew as fault:
        found.append(_tell(name, fault))
        return
    inner = {path: packed for path, packed in members.items() if path.lower().endswith(".zip")}
    for path, packed in inner.items():
        try:
            yield f"{name}/{path}", unpack_zip(path, packed), True
        except UnreadableCrew as fault:
            found.append(_tell(f"{name}/{path}", fault))
    rest = {path: content for path, content in members.items() if path not in inner}
    if rest or not inner:
        yield name, rest, not inner


def _split_zip(members: Mapping[str, bytes], label: str, alone: bool) -> list[Found]:
    """Return what a ZIP holds; a crew that is alone in it goes by the name of the ZIP."""
    found = list(_split(members, label)) or [_no_crew(label)]
    if alone and len(found) == 1 and isinstance(found[0], CrewFiles):
        return [CrewFiles(name=label, files=found[0].files)]
    return found


def _split(files: Mapping[str, bytes], label: str = "") -> Iterator[Found]:
    """Yield what the files of one place hold: an upload, or a ZIP of the name ``label``."""
    documents: dict[str, object] = {}
    for path, content in files.items():
        if path.lower().endswith(".py"):
            continue
        try:
            documents[path] = parse(path, content)
        except UnreadableCrew as fault:
            yield _tell(_join(label, path), fault)
    whole = [path for path, document in documents.items() if is_crewgen(document)]
    for path in whole:
        yield CrewFiles(name=_join(label, path), files={path: files[path]})
    rest = {path: document for path, document in documents.items() if path not in whole}
    leads = [path for path, document in rest.items() if is_crew_json(document)]
    classic = _pair({path: document for path, document in rest.items() if path not in leads})
    projects = {_folder(path) for path in leads} | set(classic)
    taken = {*whole, *leads, *(path for paths in classic.values() for path in paths)}
    for lead in leads:
        folder = _folder(lead)
        parts = [path for path in rest if path not in taken and _belongs(path, folder, projects)]
        alone = sum(_folder(other) == folder for other in leads) == 1
        name = (_join(label, folder) if alone else _join(label, lead)) or lead
        yield CrewFiles(name=name, files={path: files[path] for path in (lead, *parts)})
    for folder, paths in classic.items():
        sources = [path for path in files if path.lower().endswith(".py") and _belongs(path, folder, projects)]
        name = _join(label, folder) or paths[0]
        yield CrewFiles(name=name, files={path: files[path] for path in (*paths, *sources)})
    for path in rest:
        if path not in taken and not any(_is_below(path, folder) for folder in projects):
            yield _no_crew(_join(label, path))


def _pair(documents: Mapping[str, object]) -> dict[str, list[str]]:
    """Return the agents and tasks of classic projects by the folder of the project."""
    paths = [path for path, document in documents.items() if document and _is_part(document)]
    if len(paths) == 2 and len({is_tasks_yaml(documents[path]) for path in paths}) == 2:
        folders = {_project_of(path) for path in paths}  # wherever the two are, they can only mean each other
        return {folders.pop() if len(folders) == 1 else "": paths}
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(_project_of(path), []).append(path)
    return found


def _is_part(document: object) -> bool:
    return is_agents_yaml(document) or is_tasks_yaml(document)


def _project_of(path: str) -> str:
    folder = PurePosixPath(path).parent
    return _text(folder.parent if folder.name == _CONFIG else folder)


def _belongs(path: str, folder: str, projects: set[str]) -> bool:
    """Say whether a file is below the folder of a project, and not within another project below that."""
    inner = (other for other in projects if other != folder and _is_below(other, folder))
    return _is_below(path, folder) and not any(_is_below(path, other) for other in inner)


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _folder(path: str) -> str:
    return _text(PurePosixPath(path).parent)


def _text(folder: PurePosixPath) -> str:
    return "" if str(folder) == "." else str(folder)


def _join(label: str, path: str) -> str:
    return "/".join(part for part in (label, path) if part)


def _no_crew(name: str) -> UnreadableFile:
    return _tell(name, UnreadableCrew(f"There is no crew in {name}."))


def _tell(name: str, fault: UnreadableCrew) -> UnreadableFile:
    return UnreadableFile(file=name, reason=str(fault), hint=fault.hint)


def _refuse(name: str, reason: str) -> UnreadableFile:
    return UnreadableFile(file=name, reason=reason, hint="Give the crew's files only.")


def _check_size(size: int) -> None:
    if size > LARGEST_BATCH:
        raise UnreadableCrew(
            f"The files are larger than {LARGEST_BATCH // 1_000_000} MB together.", "Check them in several parts."
        )


def _name_of(found: Found) -> str:
    return found.name if isinstance(found, CrewFiles) else found.file
