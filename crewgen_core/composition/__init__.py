"""Turns an analysis into a crew. Two composers answer the same two calls, ``compose`` and ``repair``.

``catalog_composer`` works without a model: ``plan`` picks the pieces of work, ``graph`` orders them, ``team`` finds the
fewest agents that cover them, ``structure`` decides how they work together, ``texts`` words it as the objective does,
``crew_names`` names it. ``model`` asks a model to refine that crew, and grounds its answer in the catalog again.
"""
