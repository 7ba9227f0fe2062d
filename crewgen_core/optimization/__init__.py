"""Finds the best crew within limits: exactly, with a proof, and as a list of changes."""
