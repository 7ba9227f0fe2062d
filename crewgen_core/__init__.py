"""crewgen: turns a plain-language objective into a checked, priced crew of AI agents.

Start reading in ``pipeline.py`` (the whole job in one sentence), then open the room named by each verb:
``analysis``, ``composition``, ``validation``, ``estimation``. ``app.py`` is the front door for pages and programs.
"""
