"""Migrations: numbered steps from the oldest schema to the present one, run by ``storage.migration``."""
