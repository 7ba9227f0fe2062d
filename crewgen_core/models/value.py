"""The common base of every word: frozen, closed to unknown fields, compared by content."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema


class Value(BaseModel):
    """A frozen value. A change makes a copy (``model_copy(update=...)``); unknown fields are refused by name."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        ser_json_inf_nan="constants",  # an infinite figure stays one in JSON text, as in ``model_dump``
        json_schema_serialization_defaults_required=True,  # what is written has every field, and its schema says so
    )


MOST_USD = 1_000_000
PLAIN_USD = r"^(-?0([.]0+)?|[0-9]{1,6}([.][0-9]{1,30})?|[0-9]([.][0-9]{1,30})?e-[0-9]{1,3}|1000000([.]0+)?)$"
"""An amount as text, as JSON writes its number: no separators, and no word such as "Infinity"."""


def _read_plainly(amount: Any) -> Any:  # noqa: ANN401 whatever somebody sends
    """Refuse an amount as text that is not written plainly. Raises ValueError."""
    if isinstance(amount, str) and not re.match(PLAIN_USD, amount):
        raise ValueError("should be an amount in US dollars from 0 to 1000000, such as 2.50")
    return amount


Usd = Annotated[
    Decimal,
    Field(ge=0, le=MOST_USD),
    BeforeValidator(_read_plainly),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": MOST_USD}, {"type": "string", "pattern": PLAIN_USD}]},
        mode="validation",
    ),
]
"""US dollars, exact (``Decimal``, rounded to micro-dollars where it is computed); a plain number in JSON, read from a
number or from plain digits."""


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
