"""Execution: crews carried out by CrewAI, which lives in an environment and a process of its own.

``interpreter`` finds that environment, ``environment`` says which keys a crew needs there and which may be seen,
``crew_to_run`` makes the project that CrewAI loads, ``processes`` starts what carries out a run and tells whether it
lives, ``session`` speaks with ``crewai_program``, the one program that CrewAI's own interpreter runs. ``secrecy`` takes
keys out of texts, ``wording`` says events in plain English.
"""
