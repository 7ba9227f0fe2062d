"""The whole schema. The newest migration makes exactly these tables; a test compares them."""

from crewgen_core.storage.tables import (
    columns,
    crew_tables,
    demo_tables,
    job_tables,
    model_tables,
    people_tables,
    request_tables,
    run_tables,
    template_tables,
)

PARTS = (people_tables, crew_tables, request_tables, job_tables, model_tables, template_tables, run_tables, demo_tables)
"""Importing them makes their tables known."""

metadata = columns.metadata
"""Knows every table."""
