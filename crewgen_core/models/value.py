"""The common base of every word: frozen, closed to unknown fields, compared by content."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


class Value(BaseModel):
    """A frozen value. A change makes a copy (``model_copy(update=...)``); unknown fields are refused by name."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        ser_json_inf_nan="constants",  # an infinite figure stays one in JSON text, as in ``model_dump``
        json_schema_serialization_defaults_required=True,  # what is written has every field, and its schema says so
    )


Usd = Annotated[
    Decimal,
    Field(ge=0, le=1_000_000),
    PlainSerializer(float, return_type=float, when_used="json"),
]
"""US dollars, exact (``Decimal``, rounded to micro-dollars where it is computed); a plain number in JSON."""


class Quantiles(Value):
    """A prediction with its interval: in 10 %, 50 % and 90 % of the simulated runs the figure is at most this."""

    p10: float
    p50: float
    p90: float


class UsdQuantiles(Value):
    """The same for money, in US dollars."""

    p10: Usd
    p50: Usd
    p90: Usd
