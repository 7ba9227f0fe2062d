"""Crews from other worlds, read without trusting them: nothing is executed, nothing becomes a path.

``reader.read_crew`` is the way in. It unpacks (``unpacking``: sizes, ZIP), parses (``parsing``: JSON with comments,
YAML without aliases), recognises the format by its content, and hands over to ``crewgen_file``, ``crewai_json`` or
``crewai_yaml`` (which reads ``crew.py`` with ``crew_source``). ``foreign`` turns what CrewAI projects say into a crew.
"""
