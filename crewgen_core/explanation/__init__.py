"""Answers "why?" about each part of a crew: which words ask for it, which rules watch it, what happens without it.

``explain`` joins the rest: ``parts`` finds what is asked about, ``quotes`` the words of the objective, ``sentences``
puts the reason into one sentence, ``removal`` takes the part out, ``absence`` compares the crew with and without it,
``notes`` names the rules. Nothing here judges or prices a crew: the rooms below do that, twice.
"""
