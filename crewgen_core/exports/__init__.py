"""Crews as files for other worlds.

``crew_file`` writes the crewgen file (JSON, YAML) and ``schema`` its JSON Schema, ``design_document`` puts a whole
generation around one; ``crewai_json`` and ``crewai_yaml`` write CrewAI projects as ZIP; ``table`` writes CSV;
``job_table`` and ``job_archive`` write what came of a bulk job, ``run_results`` what came of a run; ``forms`` names the
forms of a crew. Below them:
``exported`` (the result), ``parts`` (order, inputs and tools of a crew as CrewAI takes them), ``names`` (safe
identifiers), ``tool_calls`` (how a tool is constructed), ``yaml_text`` and ``project_files`` (README, pyproject,
.env.example, ZIP).
"""
