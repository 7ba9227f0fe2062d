"""Figures of a crew and its estimate, made with Plotly: one module and one ``build_…`` function for each.

They take values of ``models`` and return a ``plotly.graph_objects.Figure``. Colours come from the theme of whoever
shows them; backgrounds are transparent. ``canvas`` is what they have in common, ``labels`` makes texts harmless.
"""
