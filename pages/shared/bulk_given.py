"""What a person gave for a new job: a file or pasted lines, and how it is to be read; kept in the session, once.

The bytes are taken out of the uploader at once, so that a file of a hundred thousand rows is held one time; what was
found out about them is kept until something changes that it depends on.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.job import Forecast
from crewgen_core.models.upload import SharedRequirements, UploadReport
from pages.shared.draft import find_draft, name_draft_in_address, own_draft
from pages.shared.session import front_door

_KEY = "bulk_given"
MOST_FOR_RELOAD = 5_000_000
"""Bytes of a file that are kept with the draft: there may be hundreds of drafts."""

PASTED = "pasted objectives.csv"
"""What messages call pasted lines."""


@dataclass
class Given:
    """A table of objectives, and what a person chose about how to read it; None leaves it to be found out."""

    name: str
    content: bytes
    pasted: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    tab: str | None = None
    mapping: Mapping[str, str] | None = None
    token: str = field(default_factory=lambda: token_hex(4))
    """Keeps the widgets of two uploads apart."""
    asked: object = None
    """What the report answers."""
    report: UploadReport | None = None
    problem: CrewgenError | None = None
    """Why there is no report."""
    forecast: Forecast | None = None

    def reading(self) -> dict[str, Any]:
        """Return how it is to be read, as the front door takes it."""
        return {"mapping": self.mapping, "encoding": self.encoding, "delimiter": self.delimiter, "tab": self.tab}

    def inspect(self, shared: SharedRequirements) -> None:
        """Find out what it holds, unless that is known already."""
        asked = (self.encoding, self.delimiter, self.tab, tuple((self.mapping or {}).items()), shared)
        if asked == self.asked:
            return
        self.report = self.forecast = self.problem = None
        bulk = front_door().bulk
        try:
            self.report = bulk.inspect(self.name, self.content, shared=shared, **self.reading())
            self.forecast = bulk.forecast(self.report)
        except CrewgenError as problem:
            self.problem = problem
        self.asked = asked


def given() -> Given | None:
    """Return what was given in this session."""
    if _KEY not in st.session_state:  # after a reload: what the draft has
        draft = find_draft()
        st.session_state[_KEY] = draft.form.get(_KEY) if draft else None
    return st.session_state[_KEY]


def keep_given(new: Given | None) -> None:
    """Keep what was given for the reruns of this session, files of up to 5 MB for a reload too; None forgets it."""
    st.session_state[_KEY] = new
    kept = new if new is not None and not new.pasted and len(new.content) <= MOST_FOR_RELOAD else None
    if kept is not None or find_draft() is not None:
        own_draft().form[_KEY] = kept
    if new is None or not new.pasted:  # pasted lines are kept as they are typed
        name_draft_in_address(kept is not None)


def take_pasted(text: str) -> None:
    """Take pasted lines, one objective each; nothing changes where they were taken already."""
    content = _write_lines(text) if text.strip() else b""
    known = given()
    if known is not None and known.content == content:
        return
    keep_given(Given(PASTED, content, pasted=True, delimiter=",", encoding="UTF-8") if content else None)


def _write_lines(text: str) -> bytes:
    """Return lines as a table of one column; blank ones stay, so that rows can be counted."""
    table = io.StringIO()
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerow(["objective"])
    writer.writerows([line] for line in text.splitlines())
    return table.getvalue().encode("utf-8", "replace")
