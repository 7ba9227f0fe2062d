"""What people see. ``router`` is the script that the server runs; each page is a script that reads top to bottom.

Pages ask ``crewgen_core.app`` and show what it returns; ``shared`` holds what several of them show.
"""
