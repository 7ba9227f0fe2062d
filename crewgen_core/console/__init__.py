"""What people read on a terminal: the words of crewgen as plain text, at most 80 columns wide.

A file for each thing that is told; ``figures`` writes numbers, ``terminal`` wraps lines and takes out what could steer
a terminal.
"""
