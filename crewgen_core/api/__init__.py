"""The REST API: what the front door can do, as HTTP. ``application.create_api`` makes it; a process of its own
carries it out, to which connections on which it is asked are handed over (``apart``, ``handover``).

``gate`` lets callers in, ``callers`` says who they are, ``repeats`` answers a request that comes twice with the first
answer, ``routing`` reads requests strictly, ``routes`` is one file for each thing that can be asked about, ``problems``
and ``faults`` are what callers read when something cannot be done, ``document`` and ``docs_page`` describe it all.
"""
