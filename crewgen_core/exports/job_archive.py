"""The crews of a job as one ZIP: a folder for each row, and an index of all of them.

Folders are numbered by the row and named after it, so that no text of a row ever becomes a path as it is. A crew that
cannot be written holds none of the others back: the index says why.
"""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import PurePosixPath
from typing import BinaryIO, Literal, get_args

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import CannotExport, CrewgenError
from crewgen_core.exports.crew_file import export_crewgen_json
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.exports.table import write_csv
from crewgen_core.models.crew import Crew
from crewgen_core.models.job import Item
from crewgen_core.models.table import Cell
from crewgen_core.settings import DEFAULT_RUN_MODEL

ArchiveForm = Literal["crewai-json", "crewai-yaml", "crewgen"]
ARCHIVE_FORMS: tuple[ArchiveForm, ...] = get_args(ArchiveForm)

MAX_CREWS = 2_000
"""Most crews of one ZIP: about 20,000 files, which is what people still unpack without waiting."""

INDEX_COLUMNS = (
    "row",
    "name",
    "folder",
    "crew_id",
    "version",
    "crew_name",
    "success",
    "cost_usd",
    "duration_s",
    "says",
)
"""``folder`` is empty for a crew that is not in the ZIP; ``says`` tells why."""

LONGEST_FOLDER = 40
"""Characters of a folder's name without its number; Windows allows 260 for a whole path."""

_IN_MEMORY = 16_000_000
"""Bytes up to which the ZIP is built in memory rather than on the disk."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""A fixed time (the earliest that ZIP knows), so that the same crews give the same bytes."""


def export_job_archive(
    name: str,
    items: Iterable[Item],
    load: Callable[[Item], Crew],
    form: ArchiveForm,
    catalog: Catalog,
    run_model: str = DEFAULT_RUN_MODEL,
) -> Exported:
    """Return a ZIP with the crews of the job with this name; see ``write_job_archive``."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        write_job_archive(file, items, load, form, catalog, run_model)
        file.seek(0)
        return Exported(f"{safe_name(name, 'job')}_crews.zip", file.read(), "application/zip")


def write_job_archive(
    file: BinaryIO | tempfile.SpooledTemporaryFile[bytes],
    items: Iterable[Item],
    load: Callable[[Item], Crew],
    form: ArchiveForm,
    catalog: Catalog,
    run_model: str = DEFAULT_RUN_MODEL,
) -> None:
    """Write a ZIP with a folder for each row that has a crew, which ``load`` gives, and with ``index.csv``.

    A folder holds the CrewAI project ("crewai-json", "crewai-yaml") or the crewgen file of the crew.
    Raises CannotExport for more than ``MAX_CREWS`` rows with a crew, before anything is written.
    """
    rows = list(islice((item for item in items if item.crew_id is not None), MAX_CREWS + 1))
    if len(rows) > MAX_CREWS:
        raise CannotExport(
            f"A ZIP holds at most {MAX_CREWS:,} crews, and these are more.",
            "Filter the rows, for instance by domain or least success, and download each part; or write single crews "
            "on the command line: `python -m crewgen_core export CREW_ID --format FORMAT --out PATH`.",
        )
    digits = max(4, *(len(str(item.position)) for item in rows)) if rows else 4
    index: list[tuple[Cell, ...]] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in rows:
            folder = f"{item.position:0{digits}d}_{_short_name(item)}"
            try:
                exported = _export(load(item), form, catalog, run_model)
            except CrewgenError as error:
                index.append(_index_row(item, "", f"{error} {error.hint}"))
                continue
            for path, content in _unpack(exported):
                _add(archive, f"{folder}/{path}", content)
            index.append(_index_row(item, folder, ""))
        _add(archive, "index.csv", write_csv(INDEX_COLUMNS, index).encode("utf-8-sig", "replace"))


def _export(crew: Crew, form: ArchiveForm, catalog: Catalog, run_model: str) -> Exported:
    if form == "crewai-json":
        return export_crewai_json(crew, catalog, run_model)
    return export_crewai_yaml(crew, catalog, run_model) if form == "crewai-yaml" else export_crewgen_json(crew)


def _unpack(exported: Exported) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an export by their paths, those of a project without the folder around it."""
    if exported.media_type != "application/zip":
        yield exported.name, exported.content
        return
    with zipfile.ZipFile(io.BytesIO(exported.content)) as project:
        for path in project.namelist():
            yield str(PurePosixPath(*PurePosixPath(path).parts[1:])), project.read(path)


def _short_name(item: Item) -> str:
    return safe_name(item.name or item.crew_name, "crew")[:LONGEST_FOLDER].strip("_")


def _index_row(item: Item, folder: str, says: str) -> tuple[Cell, ...]:
    figures = item.figures
    return (
        item.line or item.position,
        item.name,
        folder,
        item.crew_id,
        item.version_number,
        item.crew_name,
        figures and figures.success,
        float(figures.cost_usd) if figures and figures.cost_usd is not None else None,
        figures and figures.duration_s,
        says,
    )


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(path, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
