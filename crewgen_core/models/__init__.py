"""The words of crewgen as frozen values: one module per word, no behaviour beyond what keeps a value true.

``objective`` (what a person asked) -> ``analysis`` (what was understood) -> ``crew`` (agents, tasks, manager)
-> ``report`` (findings) and ``estimate`` (success, cost, duration, tokens) -> ``design`` (all of it, with provenance).
``outcome`` is what came of a run; ``computation`` is how an estimate came about;
``change`` edits a crew; ``table`` is figures in rows, for charts and spreadsheets;
``value`` is the common base.
"""
