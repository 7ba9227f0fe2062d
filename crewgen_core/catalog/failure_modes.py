"""The failure modes that rules prevent, read from ``data/failure_modes.yaml`` with their source."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from crewgen_core.errors import CatalogFault
from crewgen_core.models.failure import FailureModes

PATH = Path(__file__).parent / "data" / "failure_modes.yaml"

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load_failure_modes(path: Path = PATH) -> FailureModes:
    """Read and check the failure modes; read once per process.

    Raises CatalogFault for a file that cannot be read, a wrong field, a key or code that is there twice, a mode of an
    unknown group, and modes of a group that together have a larger share than the group.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 a safe loader
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogFault(f"The catalog file {path.name} cannot be read.") from error
    except yaml.YAMLError as error:
        raise CatalogFault(f"The catalog file {path.name} is not valid YAML.") from error
    try:
        found = FailureModes.model_validate(content)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise CatalogFault(f"Catalog file {path.name}, field {where or '(top)'}: {fault['msg']}.") from error
    _check(path.name, found)
    return found


def _check(file: str, found: FailureModes) -> None:
    names = [name for mode in found.modes for name in (mode.key, mode.code)]
    for name in names:
        if names.count(name) > 1:
            raise CatalogFault(f'Catalog file {file}, entry "{name}": it is there twice.')
    groups = {group.key: group.share for group in found.groups}
    for mode in found.modes:
        if mode.group not in groups:
            raise CatalogFault(f'Catalog file {file}, entry "{mode.key}", field group: "{mode.group}" does not exist.')
    for key, share in groups.items():
        if round(sum(mode.share or 0 for mode in found.modes if mode.group == key), 2) > share:
            raise CatalogFault(f'Catalog file {file}, entry "{key}", field share: its modes have a larger one.')
