"""The result of an export: a file to save or download."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exported:
    """A file: a safe name without folders, its content and its media type."""

    name: str
    content: bytes
    media_type: str
