"""Crews to choose from: ``compare`` finds up to three that clearly differ, ``ranking`` puts them in order, ``reasons``
says why; ``side_by_side`` sets crews that somebody picked beside each other."""
