"""What several pages share.

``session`` is the front door, one per process. ``plain_text`` and ``numbers`` turn foreign text and figures into
harmless, readable labels; ``problems`` shows a fault as a sentence. ``report``, ``crew_view``, ``estimate`` and
``exports`` are parts: a model in, elements out. The rest belongs to one page each.
"""
