"""What crewgen knows about work, as data files that a person can edit, and their loader.

``data/fields/*.yaml`` one file per field of work (its domains, artefacts, skills, roles and work patterns),
``data/tools.yaml`` the tools of CrewAI, ``data/language.yaml`` words that are no field's own.
``entries`` says what each entry means, ``loader`` reads and checks the files, ``catalog`` is the result with its
look-ups, ``phrases`` finds trigger phrases in a text.
"""
