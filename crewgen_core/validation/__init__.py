"""Says what is wrong with a crew, why it matters and what mends it; pure, and it never raises.

``validate`` is the door. ``rules`` is the one table of all rules with code, severity and title; the rules are
grouped by what they look at: ``parts``, ``order``, ``management`` (CG1xx, structure), ``coverage``, ``tools`` (CG2xx),
``wording``, ``staffing``, ``care`` (CG3xx, substance). ``context`` is what they share, computed once; ``rule`` is their
form; ``fixes`` builds the changes that mend a crew; ``asynchronous`` knows what CrewAI accepts; ``texts`` looks into
words; ``matrix`` and ``score`` sum it up.
"""
