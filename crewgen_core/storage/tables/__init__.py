"""Every table and column, by what it is about.

``columns`` has what tables have in common, ``schema`` knows all of them: the newest migration makes exactly these.
Times are UTC. Money is in whole millionths of a US dollar (``micro_usd``), so that sums stay exact.
"""
