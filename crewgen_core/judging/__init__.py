"""Says whether the results of a run are what its tasks were to bring.

``checks`` goes through a run by rule, without a model: ``presence`` (is there a result at all), ``form`` (JSON, table,
list), ``amount`` (how many, how long), ``content`` (language, sections, links), all on a ``result`` that was read once.
``by_model`` asks a model. Neither knows whether what a result says is true.
"""
