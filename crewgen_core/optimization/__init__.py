"""Finds the best crew within limits: exactly, with a proof, and as a list of changes.

``styles`` lists the ways of working together, ``layout`` what can run at once, ``reading`` reads a crew as a
``problem`` in plain numbers, ``pruning`` drops what cannot win, ``solver`` finds the best choice. ``assignment`` reads
a choice back; ``team_changes``, ``work_changes`` and ``review_changes`` write it as ``changes``. ``optimizer`` holds
one crew ready for any question; ``goals``, ``quality``, ``optimize``, ``frontier`` and ``verdict`` ask and answer.
How it works, what it brings and what is weak: ``docs/optimizer.md``.
"""
