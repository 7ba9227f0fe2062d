"""Refining a crew by words: ``refine`` joins; ``reader`` reads wishes by their ``forms``, and each family of
changes has a file of its own.

``work`` holds the crew that is being changed, ``parts`` finds what a word means in it, ``settling`` puts it in order
after each wish, ``by_model`` asks a model for what no reader understands.
"""
