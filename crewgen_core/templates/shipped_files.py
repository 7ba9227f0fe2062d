"""The templates that come with crewgen: YAML files, checked when they are read."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml
from pydantic import ValidationError

from crewgen_core.errors import CatalogFault, UnusableTemplate
from crewgen_core.models.template import Template
from crewgen_core.templates.checking import check_template

FOLDER = Path(__file__).parent / "shipped"

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def list_fingerprints() -> dict[str, str]:
    """Return the keys of all templates that come with crewgen, each with the SHA-256 of its file."""
    return {path.stem: sha256(path.read_bytes()).hexdigest() for path in sorted(FOLDER.glob("*.yaml"))}


def read_shipped(key: str) -> Template:
    """Return the template of a key. Raises CatalogFault where its file is wrong."""
    path = FOLDER / f"{key}.yaml"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 a safe loader
        return check_template(Template.model_validate({"key": key, **content}))
    except (OSError, yaml.YAMLError, ValidationError, UnusableTemplate, TypeError) as error:
        raise CatalogFault(f"The template file {path.name} is wrong: {error}") from error
