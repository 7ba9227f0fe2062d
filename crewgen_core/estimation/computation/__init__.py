"""How an estimate was computed, worked out with the crew's own numbers; made on request, beside the estimate.

``explain`` puts it together. ``model_lines``, ``success_lines``, ``token_lines``, ``cost_lines`` and ``time_lines``
write formulas with their numbers filled in (``writing`` says how), ``portions`` gives tasks and agents their shares,
``figures`` computes the headline figures alone, ``inputs`` and ``sensitivity`` change one input at a time, ``levers``
one thing about one task, and ``histogram`` sorts the simulated runs into bins.
"""
