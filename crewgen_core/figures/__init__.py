"""Figures of a crew and its estimate, made with Plotly: one module and one ``build_…`` function for each.

They take values of ``models`` and return a ``plotly.graph_objects.Figure``. Colours come from the theme of whoever
shows them; backgrounds are transparent. Beside it, ``describe_…`` says the same in words, for who does not see it, and
``tabulate_…`` gives the figures as a table to download. ``canvas`` is what they have in common, ``labels`` makes texts
harmless, ``placing`` keeps labels apart.
"""
