"""What a report says of demo data."""

DEMO = "Demo data, not a real project. "
"""Stands in front of what the report says of itself."""
