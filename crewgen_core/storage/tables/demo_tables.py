"""The demo."""

from sqlalchemy import Column, Integer, Table

from crewgen_core.storage.tables.columns import created_at, metadata, owner_id

demo_data = Table(
    "demo_data",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: there is one demo
    owner_id(),
    created_at(),
)
"""The demo that is loaded: one row, none without it. What belongs to it is marked in its own table."""
