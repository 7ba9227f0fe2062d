"""Many crews as one ZIP of crewgen files."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath

from crewgen_core.exports.crew_file import export_crewgen_json
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import unique_names
from crewgen_core.models.batch import BatchRow, CheckedFile

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""A fixed time (the earliest that ZIP knows), so that the same crews give the same bytes."""


def zip_crews(rows: Sequence[BatchRow]) -> Exported:
    """Return a ZIP with a crewgen file (JSON) for each crew, named after the file that it was read from."""
    checked = [row for row in rows if isinstance(row, CheckedFile)]
    files = [row.file for row in checked]
    stems = [file.removesuffix(PurePosixPath(file).suffix) for file in files]
    wishes = stems if len(set(stems)) == len(files) else files
    names = unique_names(wishes, "crew")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for row, wish in zip(checked, wishes, strict=True):
            member = zipfile.ZipInfo(f"{names[wish]}.crewgen.json", _ZIP_TIME)
            archive.writestr(member, export_crewgen_json(row.crew).content, zipfile.ZIP_DEFLATED)
    return Exported("crews.zip", buffer.getvalue(), "application/zip")
