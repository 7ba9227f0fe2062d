"""Uploaded bytes as named files: sizes are limited, ZIPs are read in memory, nothing is written to a disk."""

import io
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from crewgen_core.errors import UnreadableCrew

LARGEST_TOTAL = 5_000_000
"""Bytes of all files together, unpacked. A crew of 200 agents and 500 tasks has about one million."""

MOST_MEMBERS = 1_000
"""Members of a ZIP: 200 agents as files, with room for what else a project has."""

LARGEST_RATIO = 200
"""Unpacked to packed bytes of one member; text packs to about 10, at most 100 when it repeats itself."""

_SMALL = 100_000
"""Bytes up to which the ratio does not matter."""

_READ_ENDINGS = frozenset({".json", ".jsonc", ".yaml", ".yml", ".py"})

ENDINGS_OF_MANY = _READ_ENDINGS | {".zip"}
"""What a ZIP of many crews may hold: also projects that are ZIPs themselves."""


def unpack(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return all files by name, the members of a ZIP in its place; of those only the ones that can hold a crew.

    Raises UnreadableCrew for too many bytes or members, a ZIP that is damaged, encrypted or packed like a bomb.
    """
    if sum(map(len, files.values())) > LARGEST_TOTAL:
        raise UnreadableCrew(
            f"The files are larger than {LARGEST_TOTAL // 1_000_000} MB.", "Give the crew's files only."
        )
    unpacked: dict[str, bytes] = {}
    for name, content in files.items():
        if is_zip(content):
            unpacked |= unpack_zip(name, content)
        else:
            unpacked[name] = content
    return unpacked


def is_zip(content: bytes) -> bool:
    """Say whether the bytes begin as a ZIP does, whatever the file is called."""
    return content.startswith(b"PK\x03\x04")


def unpack_zip(name: str, content: bytes, endings: Collection[str] = _READ_ENDINGS) -> dict[str, bytes]:
    """Return the members of a ZIP that have one of the endings. Raises UnreadableCrew, see ``unpack``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(name, archive.infolist())
            members = [info for info in archive.infolist() if _may_hold_a_crew(info, endings)]
            return {info.filename: _read(archive, info) for info in members}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError) as error:
        raise UnreadableCrew(f"The ZIP file {name} is damaged, encrypted or packed in an unusual way.") from error


def _check_sizes(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise UnreadableCrew(f"The ZIP file {name} has more than {MOST_MEMBERS} files.", "Pack the crew's files only.")
    if sum(info.file_size for info in members) > LARGEST_TOTAL:
        size = LARGEST_TOTAL // 1_000_000
        raise UnreadableCrew(f"The ZIP file {name} unpacks to more than {size} MB.", "Pack the crew's files only.")
    for info in members:
        if info.file_size > max(_SMALL, LARGEST_RATIO * info.compress_size):
            raise UnreadableCrew(f"A file in the ZIP file {name} is packed so densely that it cannot be a crew.")


def _may_hold_a_crew(info: zipfile.ZipInfo, endings: Collection[str]) -> bool:
    path = PurePosixPath(info.filename)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not info.is_dir() and not hidden and path.suffix.lower() in endings


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Read no more than the member claims to have: a false claim is how a bomb is hidden."""
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) > info.file_size:
        raise UnreadableCrew("A file in the ZIP is larger than it says.")
    return content
