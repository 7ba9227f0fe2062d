"""Bulk work that outlives everything: rows are worked on in chunks by worker processes, and nothing is done twice.

``workplace`` starts worker processes where there is work and ends them when there is none; ``worker`` is one of them.
It opens the ``queue`` (DBOS, which nobody else knows), works on each ``chunk`` that the queue gives it, brings the
queue to what people want of their jobs (``reconciliation``), and takes over what a dead worker had in hand
(``takeover``). ``craft`` is what is done with a row. ``gate`` lets calls of models pass as the limits of providers and
the budgets of jobs allow.

The truth about jobs and their rows is in ``storage.jobs`` and ``storage.job_items``; the queue only says what is next.
"""
