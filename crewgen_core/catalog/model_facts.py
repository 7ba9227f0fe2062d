"""What is publicly known about models, read from ``data/models.csv``: capability, horizon, how they think and cache.

Prices are not here: they come from LiteLLM's own map (``crewgen_core.llm``). Scores are Epoch AI's (CC BY 4.0),
horizons METR's; every row says so.
"""

import csv
import datetime
import re
from functools import cache, cached_property
from pathlib import Path

from pydantic import Field, ValidationError

from crewgen_core.errors import CatalogFault
from crewgen_core.models.estimate import BasisStatus
from crewgen_core.models.value import Value

PATH = Path(__file__).parent / "data" / "models.csv"

_DATE_SUFFIX = re.compile(r"[-@](?:20\d{2}-?\d{2}-?\d{2}|latest)$")


class ModelFact(Value):
    """One model; what is not known is None or empty."""

    name: str = Field(min_length=1)
    """LiteLLM name."""
    label: str = Field(min_length=1)
    """What people call it."""
    eci: float | None = Field(default=None, ge=0, le=300)
    """Epoch Capabilities Index at top effort; GPT-5 is 150."""
    eci_low: float | None = None
    eci_high: float | None = None
    """Ends of the publisher's 90 % interval, where one is published."""
    eci_source: str = ""
    eci_date: datetime.date | None = None
    eci_status: BasisStatus = "published"
    metr_minutes: float | None = Field(default=None, gt=0)
    """METR's measured 50 % horizon in minutes of human work, at top effort."""
    metr_source: str = ""
    metr_date: datetime.date | None = None
    metr_status: BasisStatus = "published"
    reasons: bool = True
    """True when it thinks before it answers (LiteLLM's ``supports_reasoning``)."""
    cache_min_tokens: int | None = Field(default=None, gt=0)
    """Shortest prompt its provider caches, in tokens, where LiteLLM knows it."""
    note: str = ""


class ModelTable(Value):
    """All models with facts."""

    models: tuple[ModelFact, ...]

    @cached_property
    def _by_name(self) -> dict[str, ModelFact]:
        bare = {model.name.rsplit("/", 1)[-1].lower(): model for model in reversed(self.models)}
        return bare | {model.name.lower(): model for model in self.models}

    def find(self, name: str) -> ModelFact | None:
        """Return the facts of the model that this LiteLLM name means, or None.

        A provider in front ("anthropic/", "azure/") and a date behind ("-20251001") do not change the model.
        """
        lower = name.strip().lower()
        bare = lower.rsplit("/", 1)[-1]
        spellings = (lower, bare, _DATE_SUFFIX.sub("", bare))
        return next((self._by_name[spelling] for spelling in spellings if spelling in self._by_name), None)


def is_dated(name: str) -> bool:
    """Tell whether a LiteLLM name ends with the date of one state of the model, or with "latest"."""
    return _DATE_SUFFIX.search(name) is not None


@cache
def load_model_facts(path: Path = PATH) -> ModelTable:
    """Read and check the model facts; read once per process.

    Raises CatalogFault for a file that cannot be read, a wrong field, a name that is there twice, or a figure without
    its source.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogFault(f"The catalog file {path.name} cannot be read.") from error
    models = tuple(_read_row(path.name, row) for row in rows)
    for model in models:
        _check_sources(path.name, model)
    names = [model.name for model in models]
    for name in names:
        if names.count(name) > 1:
            raise CatalogFault(f'Catalog file {path.name}, entry "{name}", field name: it is there twice.')
    return ModelTable(models=models)


def _read_row(file: str, row: dict[str, str]) -> ModelFact:
    try:
        return ModelFact.model_validate({field: text for field, text in row.items() if text != ""})
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise CatalogFault(
            f'Catalog file {file}, entry "{row.get("name") or "(no name)"}", field {field}: {fault["msg"]}.'
        ) from error


def _check_sources(file: str, model: ModelFact) -> None:
    figures = {
        "eci_source": (model.eci, model.eci_source and model.eci_date),
        "metr_source": (model.metr_minutes, model.metr_source and model.metr_date),
    }
    for field, (figure, source) in figures.items():
        if figure is not None and not source:
            raise CatalogFault(f'Catalog file {file}, entry "{model.name}", field {field}: source or date is missing.')
