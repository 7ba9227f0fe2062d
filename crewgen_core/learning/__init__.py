"""Corrects estimates by the outcomes of own runs."""
