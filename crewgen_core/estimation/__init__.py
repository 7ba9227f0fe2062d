"""What one run of a crew will probably cost, take and achieve.

``models`` joins what is known about a model (with ``speed`` and ``endings``; ``corrected`` puts in what people
entered), ``known_models`` lists it for people, ``candidates`` says which models a crew could use. ``work`` reads a
crew task by task, ``tokens`` counts prompts and answers, ``cost`` prices them, ``duration`` replays the order in
which CrewAI runs tasks, ``success`` turns difficulty into a probability, ``shares`` gives each task its typical
figures, ``simulation`` and ``totals`` give intervals, ``basis`` names every figure used, and ``estimate`` puts it
together. ``computation`` tells how, line by line, and what moves it most; ``schedule`` who starts when and why.
Formulas, sources and weak points: ``docs/estimator.md``.
"""
