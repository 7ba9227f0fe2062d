"""What ``run_crew`` is made of; it knows CrewAI, and nothing of crewgen.

``line`` speaks with the supervisor, ``place`` knows which task and agent something is about, ``watching`` says what
happens, ``limits`` keeps budget and deadline, ``people`` asks and waits for them, ``stand_in`` answers in dry runs.
"""
