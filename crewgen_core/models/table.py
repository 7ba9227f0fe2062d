"""Table: figures in rows and columns, as a chart or a list shows them and a spreadsheet reads them."""

from typing import Self

from pydantic import model_validator

from crewgen_core.models.value import Value

Cell = str | int | float | None
"""Text, a number, or nothing where a figure is not known."""


class Table(Value):
    """Rows of cells below the names of their columns. A unit belongs into the name of its column ("cost, USD")."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @model_validator(mode="after")
    def _check_widths(self) -> Self:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell for each column")
        return self
