"""The forms in which a crew is written, by the names that pages and commands call them."""

from collections.abc import Callable, Mapping
from typing import Literal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.exports.crew_file import export_crewgen_json, export_crewgen_yaml
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.exports.exported import Exported
from crewgen_core.models.crew import Crew

ExportFormat = Literal["crewai-json", "crewai-yaml", "crewgen", "crewgen-yaml"]

EXPORTS: Mapping[ExportFormat, Callable[[Crew, Catalog, str], Exported]] = {
    "crewai-json": export_crewai_json,
    "crewai-yaml": export_crewai_yaml,
    "crewgen": lambda crew, _, __: export_crewgen_json(crew),
    "crewgen-yaml": lambda crew, _, __: export_crewgen_yaml(crew),
}
