"""What each command of the command line does: ask the front door, and print what comes back.

``register`` knows every command by its name. ``options`` adds what a command understands to the parser; ``arguments``
reads the values of options, ``objectives`` and ``crew_files`` what is worked on; ``output`` is what goes out.
"""
